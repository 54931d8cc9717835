"""Who may see and change a sheet: its owner, the storyteller of its chronicle, and the table where it is shared."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.actors import Actor
from accounts.models import User
from campaigns import access
from campaigns.documents import settings_of
from campaigns.models import Campaign, Role, TokenKind
from characters.access import may_play
from contract.refusals import NotAllowed, NotSignedIn, NotVisible
from sheets import lines
from sheets.lines.shape import EVERYBODY, OWNER, STORYTELLER
from sheets.models import Shared, Sheet


@dataclass(frozen=True)
class Standing:
    """What an actor is to a sheet. Without a chronicle its owner is their own storyteller."""

    owns: bool
    tells: bool
    sees: bool

    def may(self, reader: str) -> bool:
        """Read and write the fields that are for `reader`."""
        return {EVERYBODY: self.sees, OWNER: self.owns, STORYTELLER: self.tells}[reader]

    @property
    def edits(self) -> bool:
        return self.owns or self.tells


def standing(actor: Actor, sheet: Sheet) -> Standing:
    if actor.via == "system":
        return Standing(owns=True, tells=True, sees=True)
    owns = actor.user is not None and actor.user.is_active and actor.user.pk == sheet.owner_id
    tells = access.may_manage(actor, sheet.campaign) if sheet.campaign is not None else owns
    return Standing(owns, tells, owns or tells or _shares(actor, sheet))


def _shares(actor: Actor, sheet: Sheet) -> bool:
    if sheet.campaign is None:
        return False
    if access.holds_token(actor, sheet.campaign, TokenKind.READ):
        return True
    return sheet.shared == Shared.TABLE and access.role_of(actor, sheet.campaign) is not None


def visible(actor: Actor) -> QuerySet[Sheet]:
    """Sheets that appear in the actor's lists."""
    if actor.token is not None:
        reads = actor.token.kind in (TokenKind.CONTROL, TokenKind.READ)
        return Sheet.objects.filter(campaign_id=actor.token.campaign_id) if reads else Sheet.objects.none()
    if actor.user is None:
        return Sheet.objects.none()
    managed = access.managed(actor).values("pk")
    shared = Q(shared=Shared.TABLE, campaign__in=access.own_ids(actor))
    return Sheet.objects.filter(Q(owner=actor.user) | Q(campaign__in=managed) | shared)


def person(actor: Actor) -> User:
    """Who is to own a new sheet. Raises NotSignedIn, and NotAllowed for a campaign's token."""
    if actor.is_anonymous:
        raise NotSignedIn
    if actor.user is None:
        raise NotAllowed("A campaign's token owns no sheets. Sign in.", code="insufficient_scope")
    return actor.user


def require_signed_in(actor: Actor) -> None:
    """Raises NotSignedIn: lists of sheets are somebody's."""
    if actor.is_anonymous:
        raise NotSignedIn


def require_seen(actor: Actor, sheet: Sheet) -> Standing:
    """Raises NotVisible."""
    found = standing(actor, sheet)
    if not found.sees:
        raise NotVisible
    return found


def require_edit(found: Standing) -> None:
    if not found.edits:
        raise NotAllowed("Only the sheet's owner and the storyteller change it.")


def require_tell(found: Standing) -> None:
    if not found.tells:
        raise NotAllowed("Only the storyteller does this.")


def may_move_tracks(actor: Actor, sheet: Sheet, found: Standing) -> bool:
    """Of a character on stage as the campaign has it, whoever owns the sheet."""
    if sheet.campaign is None or sheet.character is None:
        return found.edits
    return found.tells or (found.owns and may_play(actor, sheet.campaign, sheet.character))


def require_tracks(actor: Actor, sheet: Sheet, found: Standing) -> None:
    if not may_move_tracks(actor, sheet, found):
        raise NotAllowed("In this campaign the storyteller moves the tracks of characters.")


def may_move_shared(sheet: Sheet, found: Standing) -> bool:
    """The tracks of its group, which are live whether or not the sheet itself is on stage."""
    if found.tells or sheet.group is None or sheet.group.character is None:
        return found.edits
    return found.owns and settings_of(sheet.group.campaign)["players_change_live"]


def require_shared(sheet: Sheet, found: Standing, names: Collection[str]) -> None:
    """Where one of these tracks is the group's."""
    together = lines.every()[sheet.line].together
    shared = sheet.group is not None and together is not None and set(names) & set(together.tracks)
    if shared and not may_move_shared(sheet, found):
        raise NotAllowed("In this campaign the storyteller moves the tracks of groups.")


def require_in_group(actor: Actor, campaign: Campaign) -> None:
    """Begin and change groups: players and storyteller. Raises as `campaigns.access.require` does."""
    role = access.role_of(actor, campaign)
    may = access.may_manage(actor, campaign) or role in (Role.GM, Role.PLAYER)
    access.require(actor, campaign, allowed=may)


def may_join(user: User, campaign: Campaign) -> bool:
    """Put an own sheet into a campaign: whoever is in it."""
    return access.own_role(user, campaign) is not None
