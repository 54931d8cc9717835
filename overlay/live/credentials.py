"""Who may watch what: credentials of a socket, checked when it opens and every few seconds after."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from uuid import UUID

from django.conf import settings
from django.contrib import auth
from django.contrib.sessions.backends.base import SessionBase
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from rest_framework.exceptions import AuthenticationFailed

from accounts.actors import Actor
from accounts.models import User
from campaigns import access
from campaigns.authentication import token_from
from campaigns.messages import GM, VIEWER
from campaigns.models import Campaign, CampaignToken, Member, Role
from overlay.live import codes
from overlay.live.reads import Head


@dataclass(frozen=True)
class Grant:
    """Why a socket may see what it sees. A socket that shows what anybody may see has none."""

    campaign_id: UUID
    audience: str
    token_id: UUID | None = None
    user_id: UUID | None = None
    session_key: str = ""
    password: str = ""  # the stored hash: changing it ends every session


class Denied(Exception):
    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


def by_token(campaign_id: UUID, text: str, view: str) -> Grant:
    """What an X-Token opens. Raises Denied; the view "viewer" shows even a GM's token what the audience sees."""
    try:
        token = token_from(text)
    except AuthenticationFailed as error:
        raise Denied(codes.NOT_VALID, str(error.detail)) from error
    campaign = _campaign(campaign_id)
    if token.campaign_id != campaign_id:
        raise Denied(codes.NOT_ALLOWED, "This token is for another campaign.")
    most = access.audience(Actor(token=token, via="x-token"), campaign)
    if view == GM and most != GM:
        raise Denied(codes.NOT_ALLOWED, "This token does not open the GM's view.")
    return Grant(campaign_id, VIEWER if view == VIEWER else most, token_id=token.pk)


def by_session(campaign_id: UUID, session_key: str, view: str) -> Grant | None:
    """What a session cookie opens; None for somebody who is not signed in or not a member. Raises Denied."""
    user = _user_of(session_key)
    if user is None:
        return None
    campaign, actor = _campaign(campaign_id), Actor(user=user, via="session")
    if view == GM and not access.may_manage(actor, campaign):
        raise Denied(codes.NOT_ALLOWED, "The GM's view is for the campaign's GM.")
    if access.role_of(actor, campaign) is None:
        return None
    return Grant(
        campaign_id,
        GM if view == GM else VIEWER,
        user_id=user.pk,
        session_key=session_key,
        password=user.password,
    )


def withdrawn(grants: Collection[Grant], heads: Mapping[UUID, Head]) -> dict[Grant, int]:
    """The grants that hold no longer, with the code to close by, in at most four queries for all."""
    tokens = _valid_tokens(grant.token_id for grant in grants if grant.token_id)
    by_user = [grant for grant in grants if grant.user_id]
    people = _People(by_user)
    found: dict[Grant, int] = {}
    for grant in grants:
        if grant.token_id:
            code = 0 if grant.token_id in tokens else codes.NOT_VALID
        else:
            code = people.code(grant, heads.get(grant.campaign_id))
        if code:
            found[grant] = code
    return found


class _People:
    """The users behind grants, as they are now."""

    def __init__(self, grants: Collection[Grant]) -> None:
        ids = {grant.user_id for grant in grants if grant.user_id is not None}
        users = User.objects.filter(pk__in=ids, is_active=True).values_list("pk", "password", "is_superuser")
        self.users = {pk: (password, is_superuser) for pk, password, is_superuser in users} if ids else {}
        members = Member.objects.filter(user__in=ids, campaign__in={grant.campaign_id for grant in grants})
        self.roles: dict[tuple[UUID, UUID | None], str] = {}
        if ids:
            self.roles = {(one.campaign_id, one.user_id): one.role for one in members}
        self.sessions = _open_sessions({grant.session_key for grant in grants}) if ids else set()

    def code(self, grant: Grant, head: Head | None) -> int:
        user = self.users.get(grant.user_id) if grant.user_id is not None else None
        if user is None or user[0] != grant.password or grant.session_key not in self.sessions:
            return codes.NOT_VALID
        is_gm = user[1] or (head is not None and head.owner_id == grant.user_id)
        role = Role.GM if is_gm else self.roles.get((grant.campaign_id, grant.user_id))
        allowed = role == Role.GM if grant.audience == GM else role is not None
        return 0 if allowed else codes.NOT_ALLOWED


def _valid_tokens(ids: Iterable[UUID]) -> set[UUID]:
    wanted = set(ids)
    if not wanted:
        return set()
    unexpired = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    return set(CampaignToken.objects.filter(unexpired, pk__in=wanted, revoked_at=None).values_list("pk", flat=True))


def _open_sessions(keys: set[str]) -> set[str]:
    """The sessions that nobody has ended. Stores other than the database cannot be asked for all at once."""
    if settings.SESSION_ENGINE != "django.contrib.sessions.backends.db":
        return {key for key in keys if _session(key).exists(key)}
    from django.contrib.sessions.models import Session

    alive = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    return set(alive.values_list("session_key", flat=True))


def _user_of(session_key: str) -> User | None:
    request = HttpRequest()
    request.session = _session(session_key)
    user = auth.get_user(request)
    return user if isinstance(user, User) and user.is_active else None


def _session(key: str) -> SessionBase:
    store: type[SessionBase] = import_module(settings.SESSION_ENGINE).SessionStore
    return store(key)


def _campaign(campaign_id: UUID) -> Campaign:
    campaign = Campaign.objects.filter(pk=campaign_id).first()
    if campaign is None:
        raise Denied(codes.NOT_FOUND, "There is no such campaign.")
    return campaign
