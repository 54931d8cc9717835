"""The programme: which campaigns there are, what is on tonight, what was played last."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Case, Count, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from accounts.actors import Actor
from campaigns import access, queries
from campaigns.messages import VIEWER
from campaigns.models import Campaign, Episode, Event

RUNNING = Q(started_at__isnull=False, ended_at__isnull=True)


def systems(actor: Actor) -> list[str]:
    """The game systems to choose from."""
    named = access.visible(actor).exclude(game_system="")
    return list(named.order_by("game_system").values_list("game_system", flat=True).distinct())


def live(actor: Actor, most: int) -> QuerySet[Campaign]:
    """Campaigns whose episode is running, the one that began last first."""
    found = access.visible(actor).filter(episodes__started_at__isnull=False, episodes__ended_at__isnull=True)
    return found.annotate(on_since=F("episodes__started_at")).order_by("-on_since")[:most]  # one runs at most in each


def billed(found: Sequence[Campaign]) -> list[Campaign]:
    """The campaigns with `running`, `latest` (episodes or None) and `episode_count`, in two queries for any number."""
    ids = [campaign.pk for campaign in found]
    newest = _played().filter(campaign=OuterRef("pk")).order_by("-number").values("pk")[:1]
    running = Episode.objects.filter(RUNNING, campaign=OuterRef("pk")).values("pk")[:1]
    published = Episode.objects.filter(published=True, campaign=OuterRef("pk")).order_by().values("campaign")
    # A count by a join would read the episodes of all campaigns.
    counted = Coalesce(Subquery(published.values(counted=Count("pk"))), 0)
    rows = Campaign.objects.filter(pk__in=ids).annotate(last=Subquery(newest), on=Subquery(running), counted=counted)
    bills = {pk: bill for pk, *bill in rows.values_list("pk", "last", "on", "counted")}
    wanted = [pk for latest, running_id, _count in bills.values() for pk in (latest, running_id) if pk]
    by_id = Episode.objects.in_bulk(wanted)
    for campaign in found:
        latest, running_id, count = bills[campaign.pk]
        campaign.latest, campaign.running = by_id.get(latest), by_id.get(running_id)  # type: ignore[attr-defined]
        campaign.episode_count = count  # type: ignore[attr-defined]
    return list(found)


def latest_episodes(actor: Actor, most: int) -> QuerySet[Episode]:
    """What was played last in any campaign of the actor's list."""
    found = _played().filter(campaign__in=access.visible(actor)).select_related("campaign")
    return found.order_by(Coalesce("date", TruncDate("ended_at")).desc(nulls_last=True), "-number")[:most]


def episodes(campaign: Campaign, *, season: int | None = None) -> QuerySet[Episode]:
    """The published episodes, newest first, each with `is_running`."""
    found = queries.episodes(campaign, VIEWER)
    if season is not None:
        found = found.filter(season=season)
    running = Case(When(RUNNING, then=Value(True)), default=Value(False), output_field=BooleanField())
    return found.annotate(is_running=running)


def seasons(campaign: Campaign) -> list[dict[str, Any]]:
    """[{"season", "episodes"}], the newest first."""
    counted = queries.episodes(campaign, VIEWER, ordering=["-season"]).values("season").annotate(episodes=Count("pk"))
    return [dict(row) for row in counted]


def latest(campaign: Campaign) -> Episode | None:
    return _played().filter(campaign=campaign).order_by("-number").first()


def upcoming(campaign: Campaign) -> Episode | None:
    """The next evening that is planned."""
    planned = queries.episodes(campaign, VIEWER, ordering=["date", "number"])
    open_ = planned.filter(started_at__isnull=True, runtime_minutes__isnull=True, vod_url="")
    return open_.filter(date__gte=timezone.localdate()).first()


def neighbours(episode: Episode) -> tuple[Episode | None, Episode | None]:
    """The published episodes before and after."""
    others = queries.episodes(episode.campaign, VIEWER)
    earlier = others.filter(number__lt=episode.number).order_by("-number").first()
    return earlier, others.filter(number__gt=episode.number).order_by("number").first()


def appearances(campaign: Campaign, subject: UUID, *, until: int) -> list[dict[str, Any]]:
    """Every episode begun so far, the oldest first: {number, present, live}.

    A character was present when anything happened to it, up to the ledger position `until`.
    """
    seen = Event.objects.filter(campaign=campaign, subject_id=subject, seq__lte=until, episode__isnull=False).order_by()
    present = set(seen.values_list("episode_id", flat=True).distinct())
    found = queries.episodes(campaign, VIEWER, ordering=["number"])
    return [
        {"number": number, "present": pk in present, "live": started is not None and ended is None}
        for pk, number, started, ended in found.values_list("pk", "number", "started_at", "ended_at")
        if started is not None
    ]


def _played() -> QuerySet[Episode]:
    """Over, or noted down afterwards. What is planned for today is still to come."""
    today = timezone.localdate()
    noted = Q(date__lt=today) | Q(date=today, runtime_minutes__isnull=False)
    over = Q(ended_at__isnull=False) | (Q(started_at__isnull=True) & noted) | ~Q(vod_url="")
    return Episode.objects.filter(over, published=True).exclude(RUNNING)
