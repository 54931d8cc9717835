"""Campaigns in bulk: rows are written as they are, without operations, because nobody watches yet."""

from itertools import islice
from typing import Any

from django.db import connection

from accounts.actors import SYSTEM
from accounts.models import User
from campaigns.models import Campaign, Episode, TokenKind
from campaigns.operations import tokens
from characters import stats
from characters.models import Character, RosterEntry

BATCH = 2000
ON_STAGE = 6
BIOGRAPHY = "Grew up on the quay, left it twice, and came back with a debt and a lute. " * 4


def owner() -> User:
    return User.objects.get_or_create(username="bench-gm")[0]


def campaigns(count: int, characters: int, *, hp: int = 45, episodes: int = 0) -> list[Campaign]:
    """Public campaigns with so many characters each, up to six of them on the roster."""
    first = Campaign.objects.count()
    made = [
        Campaign(slug=f"bench-{number}", name=f"Campaign {number:05}", owner=owner())
        for number in range(first, first + count)
    ]
    Campaign.objects.bulk_create(made, batch_size=BATCH)
    people = [_character(campaign, number, hp) for campaign in made for number in range(characters)]
    Character.objects.bulk_create(people, batch_size=BATCH)
    on_stage = [
        RosterEntry(campaign=campaign, character=character, position=position)
        for index, campaign in enumerate(made)
        for position, character in enumerate(islice(people, index * characters, index * characters + ON_STAGE))
        if position < characters
    ]
    RosterEntry.objects.bulk_create(on_stage, batch_size=BATCH)
    told = [Episode(campaign=campaign, number=number, title=f"Episode {number}") for campaign in made
            for number in range(1, episodes + 1)]  # fmt: skip
    Episode.objects.bulk_create(told, batch_size=BATCH)
    return made


def _character(campaign: Campaign, number: int, hp: int) -> Character:
    document: dict[str, Any] = {**stats.blank(), "hp": {"current": hp, "max": hp, "temp": 0}, "ac": 16}
    return Character(
        campaign=campaign,
        name=f"Hero {number:03}",
        class_name="Bard",
        race="Half-elf",
        level=7,
        stats=document,
        summary=BIOGRAPHY,
    )


def control_token(campaign: Campaign) -> str:
    return tokens.issue(campaign, TokenKind.CONTROL, "bench", actor=SYSTEM)[1]


def tidy() -> None:
    """Let the planner know what there is, as autovacuum would have done by the next day."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
