"""How somebody takes a seat at the table: what `campaigns.seats` asks for."""

from uuid import UUID

from django.db.models import F
from django.urls import reverse

from accounts.actors import Actor
from accounts.models import User
from campaigns.models import Campaign
from characters.models import Character, Status
from characters.operations import lifecycle

MOST_OFFERED = 200


def named(campaign_id: UUID, character_id: UUID) -> str | None:
    found = Character.objects.filter(campaign_id=campaign_id, pk=character_id)
    return found.values_list("name", flat=True).first()


def offered(campaign_id: UUID) -> list[tuple[UUID, str]]:
    """Who can still be played, those without a player first."""
    alive = Character.objects.filter(campaign_id=campaign_id).exclude(status__in=(Status.RETIRED, Status.DEAD))
    return list(
        alive.order_by(F("player").asc(nulls_first=True), "name", "pk").values_list("pk", "name")[:MOST_OFFERED]
    )


def take(campaign: Campaign, character_id: UUID, user: User, actor: Actor) -> str | None:
    """A character that is gone meanwhile leaves the person a member without one."""
    character = Character.objects.filter(campaign=campaign, pk=character_id).first()
    if character is None:
        return None
    if character.player_id != user.pk:
        character = lifecycle.update(character, {"player": user}, actor=actor)
    if character.is_secret:  # its page answers to nobody but the GM
        return None
    return reverse("overlay:character", args=(campaign.slug, character.pk))
