"""Questions about a campaign and what belongs to it. Each costs a fixed number of queries.

An address that no row can have is answered like one that no row has.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Case, Count, F, Max, OuterRef, Q, QuerySet, Subquery, Sum, Value, When

from accounts import invitations
from accounts.actors import Actor
from accounts.queries import one
from campaigns import access, events
from campaigns.messages import GM
from campaigns.models import Campaign, CampaignInvitation, CampaignToken, Episode, Event, Member
from campaigns.trail import Trail
from contract.prepared import Lookup, Parameter
from contract.refusals import NotVisible

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NUMBER = re.compile(r"[1-9][0-9]{0,3}")

BY_KEY = Lookup(lambda: Campaign.objects.filter(pk=Parameter("key", Campaign._meta.pk)).order_by())
BY_SLUG = Lookup(lambda: Campaign.objects.filter(slug=Parameter("slug", Campaign._meta.get_field("slug"))).order_by())
BY_NAME = ("name", "pk")
IN_ORDER = ("seq",)


def key(text: str) -> UUID:
    """The UUID of an address, written as we write it. Raises NotVisible."""
    if not _UUID.fullmatch(text):
        raise NotVisible
    return UUID(text)


def campaign(name: str, actor: Actor) -> Campaign:
    """By UUID or slug. Raises NotVisible, also for one that the actor may not know of."""
    found = BY_KEY.get(key=UUID(name)) if _UUID.fullmatch(name) else BY_SLUG.get(slug=name)
    if found is None:
        raise NotVisible
    access.require_visible(actor, found)
    return found


def campaigns(
    actor: Actor, *, search: str = "", game_system: str = "", visibility: str = "", ordering: Sequence[str] = BY_NAME
) -> QuerySet[Campaign]:
    """The public campaigns and the actor's own."""
    found = access.visible(actor)
    if search:
        found = found.filter(Q(name__icontains=search) | Q(description__icontains=search))
    if game_system:
        found = found.filter(game_system__iexact=game_system)
    if visibility:
        found = found.filter(visibility=visibility)
    return found.order_by(*ordering)


def state_of(found: QuerySet[Campaign]) -> tuple[Any, ...]:
    """What changes whenever a list of campaigns does; one query."""
    state = found.order_by().aggregate(count=Count("pk"), seq=Sum("seq"), changed=Max("updated_at"))
    return state["count"], state["seq"], state["changed"]


def played_last(found: QuerySet[Campaign]) -> QuerySet[Campaign]:
    """Where something happened last comes first; at the end those in which nothing has, the newest first."""
    last = Event.objects.filter(campaign=OuterRef("pk")).order_by("-seq").values("occurred_at")[:1]
    return found.annotate(played=Subquery(last)).order_by(F("played").desc(nulls_last=True), "-created_at", "pk")


def shown_whole(actor: Actor, found: Iterable[Campaign]) -> set[UUID]:
    """Those of the campaigns that the actor sees as their GM does; one query at most."""
    if actor.token is not None:
        return {each.pk for each in found if access.audience(actor, each) == GM}
    keys = [each.pk for each in found]
    return set(access.managed(actor).filter(pk__in=keys).values_list("pk", flat=True))


def episodes(campaign: Campaign, audience: str, *, ordering: Sequence[str] = ("-number",)) -> QuerySet[Episode]:
    """The campaign's episodes; only the GM knows those that are not published."""
    found = Episode.objects.filter(campaign=campaign)
    return (found if audience == GM else found.filter(published=True)).order_by(*ordering)


def episode(campaign: Campaign, number: str, audience: str) -> Episode:
    """Raises NotVisible."""
    numbered = episodes(campaign, audience).filter(number=int(number)) if _NUMBER.fullmatch(number) else None
    found = numbered.first() if numbered is not None else None
    if found is None:
        raise NotVisible
    return found


def entry(campaign: Campaign, event_id: UUID) -> Event:
    """One entry of the ledger. Raises NotVisible."""
    found = Event.objects.filter(campaign=campaign, pk=event_id).select_related("episode").first()
    if found is None:
        raise NotVisible
    return found


def entry_to_undo(campaign: Campaign, seq: int | None = None) -> Event:
    """The entry at `seq`; without it the last step that is neither taken back nor takes back. Raises NotVisible."""
    found = Event.objects.filter(campaign=campaign).select_related("episode")
    if seq is not None:
        return one(found, seq=seq)
    last = found.filter(undone_by__isnull=True, continues=None).exclude(type=events.UNDO).order_by("-seq").first()
    if last is None:
        raise NotVisible
    return last


def entries(
    campaign: Campaign,
    audience: str,
    *,
    since: int = 0,
    type_: str = "",
    character_id: UUID | None = None,
    episode: int | None = None,
    secret: QuerySet[Any],
    ordering: Sequence[str] = IN_ORDER,
) -> QuerySet[Event]:
    """The ledger after `since`; `secret` are the keys of subjects that viewers may not know of today.

    Unfiltered it is whole, for every audience; under a filter it leaves out what the audience may not know of, whose
    presence would tell its type, its character or its hour.
    """
    found = Event.objects.filter(campaign=campaign, seq__gt=since).select_related("episode")
    if (type_ or character_id or episode) and audience != GM:
        found = _known(found, audience).exclude(subject_id__in=secret, subject_id__isnull=False)
    if type_:
        found = found.filter(type=type_)
    if character_id:
        found = found.filter(subject_kind=events.SUBJECT_CHARACTER, subject_id=character_id)
    if episode:
        found = found.filter(episode__number=episode)
    return found.order_by(*ordering)


def _known(found: QuerySet[Event], audience: str) -> QuerySet[Event]:
    """Without what viewers see as HIDDEN (see `characters.telling`). CASE, because NOT keeps no row without the key."""
    if audience == GM:
        return found
    secret = _about_secret("data__") | _about_secret("data__effect__data__")
    hidden = Case(When(secret, then=Value(True)), default=Value(False), output_field=BooleanField())
    return found.filter(audience=audience).annotate(hidden=hidden).filter(hidden=False)


def _about_secret(data: str) -> Q:
    vitals = Q(**{f"{data}is_secret": True})
    secret = Q(**{f"{data}character__is_secret": True})
    always_was = Q(**{f"{data}was_secret": True}) | Q(**{f"{data}was_secret__isnull": True})
    return vitals | (secret & always_was)


def tokens(campaign: Campaign) -> QuerySet[CampaignToken]:
    return CampaignToken.objects.filter(campaign=campaign).order_by("created_at", "pk")


def token(campaign: Campaign, token_id: UUID) -> CampaignToken:
    """Raises NotVisible."""
    return one(tokens(campaign), pk=token_id)


def members(campaign: Campaign) -> QuerySet[Member]:
    return Member.objects.filter(campaign=campaign).select_related("user").order_by("user__username", "pk")


def member(campaign: Campaign, user_id: UUID) -> Member:
    """Raises NotVisible."""
    return one(members(campaign), user_id=user_id)


def open_invitations(campaign: Campaign) -> QuerySet[CampaignInvitation]:
    return invitations.open_to(CampaignInvitation, campaign=campaign)


def invitation(campaign: Campaign, invitation_id: UUID) -> CampaignInvitation:
    """Raises NotVisible."""
    return one(CampaignInvitation.objects.filter(campaign=campaign), pk=invitation_id)


def audit(campaign: Campaign, **filters: Any) -> Trail:
    """What was done to the campaign, from the ledger and the audit trail; `filters` are those of `Trail`."""
    return Trail(campaign.pk, **filters)
