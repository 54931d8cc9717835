"""Who may watch what: credentials of a socket, checked when it opens and every few seconds after."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib import auth
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from rest_framework.exceptions import AuthenticationFailed

from accounts import scopes
from accounts.actors import Actor
from accounts.credentials import KEY_KIND, by_access_token, by_api_key
from accounts.hashed_sessions import SessionStore, stored
from accounts.jwt import Access
from accounts.models import ApiKey, RefreshFamily, User
from campaigns import access
from campaigns.authentication import token_from
from campaigns.messages import GM, VIEWER
from campaigns.models import Campaign, CampaignToken, Role
from overlay.live import codes, origins, reads
from overlay.live.reads import Head
from overlay.operations import tickets

# Stands for the campaign of an address that has none: it is answered as a campaign that keeps others out.
NOWHERE = UUID(int=0)


@dataclass(frozen=True)
class Grant:
    """Why a socket may see what it sees. A socket that shows what anybody may see has none."""

    campaign_id: UUID
    audience: str
    token_id: UUID | None = None
    user_id: UUID | None = None
    session_key: str = ""
    key_id: UUID | None = None
    family_id: UUID | None = None
    # What ends it when it changes: the digest of a token or key, the session hash of who signed in.
    standing: str = ""

    @classmethod
    def read(cls, text: str) -> "Grant":
        """From what `written` made."""
        parts: dict[str, Any] = json.loads(text)
        ids = {name: UUID(part) for name, part in parts.items() if part and name.endswith("_id")}
        return cls(**{**parts, **ids})

    @property
    def written(self) -> str:
        return json.dumps(asdict(self), default=str)


class Denied(Exception):
    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


def presented(scope: origins.Scope) -> list[str]:
    """The texts of all tokens and keys in the handshake's headers."""
    named = [value.partition(" ")[2] for value in origins.header(scope, b"authorization")]
    return origins.header(scope, b"x-token") + named


def by_auth(campaign_id: UUID, text: str, view: str) -> Grant:
    """What the text of an AUTH opens: a ticket, or whatever `by_token` knows. Raises Denied."""
    if text.startswith(f"trp_{tickets.KIND}_"):
        return _by_ticket(campaign_id, text, view)
    return by_token(campaign_id, text, view)


def _by_ticket(campaign_id: UUID, text: str, view: str) -> Grant:
    written = tickets.redeem(text)
    if written is None:
        raise Denied(codes.NOT_VALID, "This ticket is unknown, used or older than a minute.")
    grant = Grant.read(written)
    if grant.campaign_id != campaign_id:
        raise Denied(codes.NOT_ALLOWED, "This ticket is for another campaign.")
    if code := withdrawn([grant], reads.heads([campaign_id])).get(grant, 0):
        raise Denied(code, "What the ticket was issued for is no longer good.")
    if view == GM and grant.audience != GM:
        raise Denied(codes.NOT_ALLOWED, "This ticket does not open the GM's view.")
    return replace(grant, audience=VIEWER) if view == VIEWER else grant


def of_request(request: Any, actor: Actor, campaign: Campaign) -> Grant:
    """What the credential of an API request opens."""
    audience = access.audience(actor, campaign)
    return Grant(campaign.pk, audience, **_held(request.user, request.auth, request.session.session_key or ""))


def by_token(campaign_id: UUID, text: str, view: str) -> Grant:
    """What an X-Token, an API key or an access token opens. Raises Denied.

    The view "viewer" shows even a GM's token what the audience sees.
    """
    try:
        actor, held = _holder(text)
    except AuthenticationFailed as error:
        raise Denied(codes.NOT_VALID, str(error.detail)) from error
    if actor.scopes is not None and scopes.CAMPAIGNS_READ not in actor.scopes:
        raise Denied(codes.NOT_ALLOWED, f"This API key lacks the scope {scopes.CAMPAIGNS_READ}.")
    if actor.token is not None and actor.token.campaign_id != campaign_id:
        raise Denied(codes.NOT_ALLOWED, "This token is for another campaign.")
    campaign = Campaign.objects.filter(pk=campaign_id).first()
    if campaign is None or (actor.user is not None and access.role_of(actor, campaign) is None):
        raise Denied(codes.NOT_ALLOWED, "This is for the members of the campaign.")
    most = access.audience(actor, campaign)
    if view == GM and most != GM:
        raise Denied(codes.NOT_ALLOWED, "This token does not open the GM's view.")
    return Grant(campaign_id, VIEWER if view == VIEWER else most, **held)


def _holder(text: str) -> tuple[Actor, dict[str, Any]]:
    """Who sent this text, and what a Grant keeps of it. Raises AuthenticationFailed."""
    if text.startswith(f"trp_{KEY_KIND}_"):
        user, key = by_api_key(text)
        return Actor(user=user, via="api-key", key_id=key.pk, scopes=frozenset(key.scopes)), _held(user, key)
    if text.count(".") == 2:
        user, said = by_access_token(text)
        return Actor(user=user, via="bearer", key_id=said.family_id), _held(user, said)
    token = token_from(text)
    return Actor(token=token, via="x-token"), _held(None, token)


def _held(user: Any, credential: Any, session_key: str = "") -> dict[str, Any]:
    """What a Grant keeps of a credential; without one it is the session."""
    if isinstance(credential, CampaignToken):
        return {"token_id": credential.pk, "standing": credential.digest}
    if isinstance(credential, ApiKey):
        return {"user_id": user.pk, "key_id": credential.pk, "standing": credential.digest}
    held = {"user_id": user.pk, "standing": user.get_session_auth_hash()}
    if isinstance(credential, Access):
        return {**held, "family_id": credential.family_id}
    return {**held, "session_key": session_key}


def by_session(campaign_id: UUID, session_key: str, view: str) -> Grant | None:
    """What a session cookie opens; None for somebody who is not signed in or not a member. Raises Denied."""
    user = _user_of(session_key)
    if user is None:
        return None
    campaign, actor = Campaign.objects.filter(pk=campaign_id).first(), Actor(user=user, via="session")
    if view == GM and (campaign is None or not access.may_manage(actor, campaign)):
        raise Denied(codes.NOT_ALLOWED, "The GM's view is for the campaign's GM.")
    if campaign is None or access.role_of(actor, campaign) is None:
        return None
    return Grant(campaign_id, GM if view == GM else VIEWER, **_held(user, None, session_key))


def withdrawn(grants: Collection[Grant], heads: Mapping[UUID, Head]) -> dict[Grant, int]:
    """The grants that hold no longer, with the code to close by, in at most seven queries for all."""
    tokens = _standing(CampaignToken, (grant.token_id for grant in grants))
    people = _People([grant for grant in grants if grant.user_id])
    found: dict[Grant, int] = {}
    for grant in grants:
        if grant.token_id:
            code = 0 if tokens.get(grant.token_id) == grant.standing else codes.NOT_VALID
        else:
            code = people.code(grant, heads.get(grant.campaign_id))
        if code:
            found[grant] = code
    return found


class _People:
    """The users behind grants, as they are now."""

    def __init__(self, grants: Collection[Grant]) -> None:
        ids = {grant.user_id for grant in grants if grant.user_id is not None}
        known = User.objects.only("pk", "password", "session_epoch", "is_superuser")
        self.users: dict[UUID, User] = {user.pk: user for user in known.filter(pk__in=ids, is_active=True)}
        self.roles = access.roles(ids, {grant.campaign_id for grant in grants}) if ids else {}
        self.sessions = _open_sessions({grant.session_key for grant in grants if grant.session_key})
        self.keys = _standing(ApiKey, (grant.key_id for grant in grants))
        self.families = _open_families({grant.family_id for grant in grants if grant.family_id})

    def code(self, grant: Grant, head: Head | None) -> int:
        user = self.users.get(grant.user_id) if grant.user_id is not None else None
        if user is None or not self._is_valid(grant, user):
            return codes.NOT_VALID
        is_gm = user.is_superuser or (head is not None and head.owner_id == user.pk)
        role = Role.GM if is_gm else self.roles.get((grant.campaign_id, user.pk))
        allowed = role == Role.GM if grant.audience == GM else role is not None
        return 0 if allowed else codes.NOT_ALLOWED

    def _is_valid(self, grant: Grant, user: User) -> bool:
        if grant.key_id is not None:
            return self.keys.get(grant.key_id) == grant.standing
        is_open = grant.family_id in self.families if grant.family_id else grant.session_key in self.sessions
        return is_open and user.get_session_auth_hash() == grant.standing


def _standing(model: type[CampaignToken] | type[ApiKey], ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Id to digest of those that are valid now."""
    wanted = {one for one in ids if one is not None}
    if not wanted:
        return {}
    unexpired = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    valid = model._default_manager.filter(unexpired, pk__in=wanted, revoked_at=None)
    return dict(valid.values_list("pk", "digest"))


def _open_families(ids: set[UUID]) -> set[UUID]:
    """The sign-ins of programs that have not ended. An access token may run out meanwhile; its sign-in goes on."""
    if not ids:
        return set()
    alive = RefreshFamily.objects.filter(pk__in=ids, revoked_at=None, expires_at__gt=timezone.now())
    return set(alive.values_list("pk", flat=True))


def _open_sessions(keys: set[str]) -> set[str]:
    """The sessions that nobody has ended."""
    if not keys:
        return set()
    by_stored = {stored(key): key for key in keys}
    alive = Session.objects.filter(session_key__in=by_stored, expire_date__gt=timezone.now())
    return {by_stored[found] for found in alive.values_list("session_key", flat=True)}


def _user_of(session_key: str) -> User | None:
    request = HttpRequest()
    request.session = _session(session_key)
    user = auth.get_user(request)
    return user if isinstance(user, User) and user.is_active else None


def _session(key: str) -> SessionBase:
    return SessionStore(key)
