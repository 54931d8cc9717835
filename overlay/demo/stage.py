"""Sets the demo up through the same operations as everybody else; doing it again changes nothing."""

import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.templatetags.static import static
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import User
from campaigns import clock
from campaigns.models import Campaign, CampaignToken, Role, TokenKind
from campaigns.operations import campaigns, episodes, members, tokens
from characters.models import Character
from characters.operations import lifecycle, posters, relationships, roster
from content import background
from overlay.demo import fight, lowmere
from overlay.operations import layouts

Say = Callable[[str], None]

TOKEN_NAME = "Demo"  # noqa: S105  a name, no secret
FIGHT_BEGINS = timedelta(minutes=84)
# The script runs a minute and a quarter; told of an evening, it fills most of three hours.
STRETCH = 110


def set_up(say: Say) -> Campaign:
    """The demo campaign, made unless it is there."""
    existing = Campaign.objects.filter(slug=lowmere.SLUG).first()
    if existing is not None:
        return existing
    gm = _person(lowmere.GM, "Maren Holt")
    actor = Actor(user=gm, via="command")
    campaign = campaigns.create(gm, actor=actor, slug=lowmere.SLUG, **lowmere.CAMPAIGN)
    say("People")
    players = {name: _person(name, shown) for name, shown in lowmere.PLAYERS.items()}
    for player in players.values():
        members.set_role(campaign, player, Role.PLAYER, actor=actor)
    with clock.at(timezone.now() - timedelta(weeks=19)):
        say("Characters")
        cast = {row["name"]: _character(campaign, row, players, actor) for row in lowmere.ON_STAGE + lowmere.CAST}
        roster.set_roster(campaign.pk, [(cast[row["name"]], "") for row in lowmere.ON_STAGE], actor=actor)
        layouts.save(campaign.pk, "large", {"card": {"stats": []}}, actor=actor)
    say("Episodes")
    _past_episodes(campaign, actor)
    say("A fight")
    _last_evening(campaign, cast, actor)
    say("Ties")
    _ties(campaign, cast, actor)
    return campaign


def hang_poster(campaign: Campaign) -> None:
    """Now: a command ends before what it has sent to the background is done. Without it, the next change draws it."""
    with suppress(background.Again):
        posters.draw(str(campaign.pk))


def credentials(campaign: Campaign) -> dict[str, Any]:
    """Fresh pass phrases and tokens for the demo; those handed out before stop working."""
    actor = Actor(user=campaign.owner, via="command")
    for token in CampaignToken.objects.filter(campaign=campaign, name=TOKEN_NAME, revoked_at=None):
        tokens.revoke(campaign, token.pk, actor=actor)
    kinds = (TokenKind.CONTROL, TokenKind.OVERLAY)
    return {
        "tokens": {str(kind): tokens.issue(campaign, kind, TOKEN_NAME, actor=actor)[1] for kind in kinds},
        "users": [_log_in(member.user, member.role) for member in campaign.members.select_related("user")],
    }


def _person(username: str, shown: str) -> User:
    user, _ = User.objects.get_or_create(username=username, defaults={"display_name": shown})
    return user


def _log_in(user: User, role: str) -> dict[str, str]:
    password = secrets.token_urlsafe(12)
    user.set_password(password)
    user.save(update_fields=["password"])
    return {"username": user.username, "password": password, "role": role}


def _character(campaign: Campaign, row: dict[str, Any], players: dict[str, User], actor: Actor) -> UUID:
    fields = {key: value for key, value in row.items() if key not in {"player", "portrait"}}
    if "player" in row:
        player = players[row["player"]]
        fields |= {"player": player, "player_name": player.display_name}
    if "portrait" in row:
        fields["portrait_url"] = static(f"demo/portraits/{row['portrait']}.svg")
        fields["background_url"] = static("demo/scenes/lowmere.svg")
    return lifecycle.create(campaign, actor=actor, **fields).pk


def _past_episodes(campaign: Campaign, actor: Actor) -> None:
    today = timezone.now().date()
    for number, season, title, weeks, minutes, summary in lowmere.EPISODES:
        episodes.create(
            campaign,
            actor=actor,
            number=number,
            season=season,
            title=title,
            date=today - timedelta(weeks=weeks),
            runtime_minutes=minutes,
            summary=summary,
        )


def _last_evening(campaign: Campaign, cast: dict[str, UUID], actor: Actor) -> None:
    """Tell the fight as part of last week's episode, hours and all."""
    began = timezone.now() - timedelta(weeks=1)
    episode = episodes.create(campaign, actor=actor, date=began.date(), **lowmere.LAST_EPISODE)
    with clock.at(began):
        episodes.start(episode, actor=actor)
    for step in fight.STEPS:
        with clock.at(_moment(began, step)):
            fight.play(step, campaign.pk, cast, actor)
    with clock.at(began + timedelta(hours=3, minutes=41)):
        episodes.end(episode, actor=actor)
    episodes.create(campaign, actor=actor, date=timezone.now().date(), **lowmere.NEXT_EPISODE)


def _ties(campaign: Campaign, cast: dict[str, UUID], actor: Actor) -> None:
    told = [(row, False) for row in lowmere.RELATIONSHIPS] + [(row, True) for row in lowmere.SECRET_RELATIONSHIPS]
    for (source, target, words, since, note), is_secret in told:
        fields = {"words": words, "since_episode": since, "note": note, "is_secret": is_secret}
        relationships.add(campaign.pk, cast[source], cast[target], actor=actor, **fields)


def _moment(began: datetime, step: fight.Step) -> datetime:
    return began + FIGHT_BEGINS + timedelta(seconds=step.at * STRETCH)


def cast_of(campaign: Campaign) -> dict[str, UUID]:
    return dict(Character.objects.filter(campaign=campaign).values_list("name", "pk"))
