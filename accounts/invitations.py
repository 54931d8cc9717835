"""Invitations, whatever they invite to: minted, found again by the digest of their secret, used up.

An app that has invitations registers a `Kind`; the page and the endpoint that accept one know no more of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts import tokens
from accounts.actors import Actor
from accounts.models import InvitationBase, User
from contract.refusals import Invalid

DEFAULT_DAYS = 7
LONGEST_DAYS = 90
MOST_USES = 500
MOST_OPEN = 100  # invitations to one team or campaign that are still good

# One sentence for every reason, so that nobody learns what an invitation was or whom it was for.
NOT_VALID = "This invitation is unknown, used up, withdrawn or expired, or it is for somebody else. Ask for a new one."

Row = TypeVar("Row", bound=InvitationBase)


@dataclass(frozen=True)
class Welcome:
    """What accepting led to, and where the person lands."""

    kind: str
    id: Any
    name: str
    role: str
    address: str


@dataclass(frozen=True)
class Kind:
    """`accept(digest, user, actor)` raises Invalid."""

    model: type[InvitationBase]
    accept: Callable[[str, User, Actor], Welcome]
    described: Callable[[Any], dict[str, Any]]  # what the page says: to, sort, role, character
    related: tuple[str, ...]  # what `described` looks at

    def good(self) -> QuerySet[Any]:
        return good(self.model).select_related("created_by", *self.related)


_kinds: dict[str, Kind] = {}


def register(token_kind: str, kind: Kind) -> None:
    _kinds[token_kind] = kind


def kinds() -> dict[str, Kind]:
    return dict(_kinds)


def kind_of(token: str) -> str:
    """The kind of a well-formed invitation. Raises Invalid."""
    found = tokens.kind_of(token.strip())
    if found not in _kinds:
        raise invalid()
    return str(found)


def kind_of_row(invitation: InvitationBase) -> str:
    """The registered kind that a stored invitation is of."""
    return next(name for name, kind in _kinds.items() if isinstance(invitation, kind.model))


def waiting_for(user: User) -> list[Any]:
    """The invitations of every kind that name the person and are still good; one query a kind."""
    found: list[Any] = []
    for kind in _kinds.values():
        found += kind.good().filter(invited=user).order_by("-created_at")[:MOST_OPEN]
    return found


def accept(token: str, user: User, *, via: Actor) -> Welcome:
    """Use an invitation. Raises Invalid, in the same words for every reason."""
    return _kinds[kind_of(token)].accept(tokens.digest(token.strip()), user, via)


def invalid() -> Invalid:
    return Invalid([("token", NOT_VALID)])


def minted(
    token_kind: str, *, actor: Actor, invited: User | None, uses: int | None, expires_at: datetime | None
) -> tuple[dict[str, Any], str]:
    """The fields of a new invitation, and its text. Raises Invalid."""
    faults = list(_faults(uses, expires_at))
    if faults:
        raise Invalid(faults)
    text = tokens.mint(token_kind)
    fields = {
        "digest": tokens.digest(text),
        "hint": tokens.hint(text),
        "created_by": actor.user,
        "invited": invited,
        "uses_left": 1 if invited is not None else uses,
        "expires_at": expires_at or timezone.now() + timedelta(days=DEFAULT_DAYS),
    }
    return fields, text


def _faults(uses: int | None, expires_at: datetime | None) -> list[tuple[str, str]]:
    found = []
    if uses is not None and not 1 <= uses <= MOST_USES:
        found.append(("uses", f"From 1 to {MOST_USES}, or nothing for any number of people."))
    now = timezone.now()
    if expires_at is not None and not now < expires_at <= now + timedelta(days=LONGEST_DAYS):
        found.append(("expires_at", f"A time that is still to come, at most {LONGEST_DAYS} days ahead."))
    return found


def good(model: type[Row]) -> QuerySet[Row]:
    """The invitations that somebody can still accept."""
    left = Q(uses_left=None) | Q(uses_left__gt=0)
    return model._default_manager.filter(left, revoked_at=None, expires_at__gt=timezone.now())


def open_to(model: type[Row], **to: Any) -> QuerySet[Row]:
    """Those to one team or campaign that somebody can still accept, the newest first."""
    return good(model).filter(**to).select_related("invited", "created_by").order_by("-created_at", "pk")


def refuse_too_many(open_ones: QuerySet[Any]) -> None:
    if open_ones.count() >= MOST_OPEN:
        raise Invalid([("", f"There are {MOST_OPEN} open invitations already. Revoke some first.")])


def locked(model: type[Row], digest: str, user: User) -> Row:
    """The invitation, locked until the transaction ends: who comes at the same moment waits. Raises Invalid."""
    # The lock before the look: PostgreSQL reads the row again once it has it, with the uses that are left by then.
    found = good(model).select_for_update(of=("self",)).filter(digest=digest).first()
    if found is None or (found.invited_id is not None and found.invited_id != user.pk):
        raise invalid()
    return found


def use(invitation: InvitationBase) -> None:
    """One person fewer can come. Only on a row that is `locked`."""
    if invitation.uses_left is not None:
        invitation.uses_left -= 1
        invitation.save(update_fields=["uses_left", "updated_at"])


def link(base: str, text: str) -> str:
    """Behind the `#`, the secret is in no server's log and in no referrer."""
    return f"{base.rstrip('/')}/invitations#{text}"
