"""Who may change a character's sheet data and its live state."""

from uuid import UUID

from accounts.actors import Actor
from campaigns import access
from campaigns.documents import settings_of
from campaigns.models import Campaign
from characters.models import Character
from contract.refusals import NotAllowed


def may_play(actor: Actor, campaign: Campaign, character: Character) -> bool:
    """The GM always; the character's own player where the campaign lets players change live state."""
    if access.may_manage(actor, campaign):
        return True
    own = actor.user is not None and actor.user.pk == character.player_id
    return own and settings_of(campaign)["players_change_live"] and access.role_of(actor, campaign) is not None


def may_play_any(actor: Actor, campaign: Campaign) -> bool:
    """May play some character, if there is one of theirs: worth asking which."""
    allowed = settings_of(campaign)["players_change_live"] and actor.user is not None
    return access.may_manage(actor, campaign) or (allowed and access.role_of(actor, campaign) is not None)


def require_play(actor: Actor, campaign: Campaign, character: Character) -> None:
    """Raises as `campaigns.access.require_manage` does."""
    if may_play(actor, campaign, character):
        return
    access.require_manage(actor, campaign)
    raise NotAllowed


def may_dress(actor: Actor, campaign: Campaign, character_id: UUID) -> bool:
    """May change what a character looks like: the GM, and the character's own player."""
    if access.may_manage(actor, campaign):
        return True
    own = Character.objects.filter(campaign=campaign, pk=character_id, player=actor.user, is_secret=False)
    return actor.user is not None and access.role_of(actor, campaign) is not None and own.exists()


def require_dress(actor: Actor, campaign: Campaign, character_id: UUID) -> None:
    """Raises as `campaigns.access.require_manage` does."""
    if may_dress(actor, campaign, character_id):
        return
    access.require_manage(actor, campaign)
    raise NotAllowed
