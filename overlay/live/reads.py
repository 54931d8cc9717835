"""What the live stream asks the database. Plain functions, each with a fixed number of queries, run in threads."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from campaigns import history, live, messages
from campaigns.documents import settings_of
from campaigns.models import Campaign, Visibility
from overlay.live.frames import Outgoing, Told
from overlay.snapshot import snapshot


@dataclass(frozen=True)
class Head:
    """A campaign as the live stream needs to know it; `delay` in seconds."""

    id: UUID
    slug: str
    epoch: str
    seq: int
    visibility: str
    owner_id: UUID
    delay: float

    @property
    def is_private(self) -> bool:
        return self.visibility == Visibility.PRIVATE


@dataclass(frozen=True)
class Missed:
    """Where the campaign stands, and the frames from the place asked for; None when there are too many."""

    epoch: str
    seq: int
    frames: dict[int, live.Frame] | None


@dataclass(frozen=True)
class Boot:
    """A BOOTSTRAP, serialised; `made` is monotonic."""

    epoch: str
    seq: int
    out: Outgoing
    made: float


def heads(ids: Collection[UUID]) -> dict[UUID, Head]:
    """One query for all."""
    return {head.id: head for head in map(_head, _campaigns().filter(pk__in=ids))}


def head_at(address: str) -> Head | None:
    """The campaign of this id or slug."""
    try:
        found = _campaigns().filter(pk=UUID(address))
    except ValueError:
        found = _campaigns().filter(slug=address)
    campaign = found.first()
    return _head(campaign) if campaign else None


def standing(campaign_id: UUID) -> tuple[str, int] | None:
    """Epoch and seq of the campaign now; None when it is gone."""
    return Campaign.objects.filter(pk=campaign_id).values_list("epoch", "seq").first()


def missed(campaign_id: UUID, since: int, limit: int) -> Missed | None:
    """None when the campaign is gone."""
    campaign = Campaign.objects.filter(pk=campaign_id).only("pk", "seq", "epoch").first()
    if campaign is None:
        return None
    if campaign.seq - since > limit:
        return Missed(campaign.epoch, campaign.seq, None)
    entries = history.entries_since(campaign_id, since, limit, until=campaign.seq)
    told = [history.as_messages(campaign_id, campaign.epoch, entries, audience) for audience in messages.AUDIENCES]
    frames = {both[0]["seq"]: live.frame(both) for both in zip(*told, strict=True)}
    return Missed(campaign.epoch, campaign.seq, frames)


def told(campaign_id: UUID, epoch: str, audience: str, since: int, until: int) -> list[Told]:
    """The messages after `since` up to `until` as the audience may see them today."""
    entries = history.entries_since(campaign_id, since, until - since, until=until)
    return [_told(message) for message in history.as_messages(campaign_id, epoch, entries, audience)]


def seq_behind(campaign_id: UUID, delay: float) -> int:
    """The ledger position `delay` seconds ago."""
    return history.seq_at(campaign_id, timezone.now() - timedelta(seconds=delay))


def bootstrap(campaign_id: UUID, audience: str, as_of_seq: int | None, made: float) -> Boot:
    """Raises NotVisible when the campaign is gone."""
    state = snapshot(campaign_id, audience, as_of_seq)
    return Boot(state["epoch"], state["seq"], Outgoing(live.serialised(state)), made)


def _told(message: messages.Message) -> Told:
    return Told(message["seq"], message["ts"], live.serialised(message))


def _campaigns() -> QuerySet[Campaign]:
    return Campaign.objects.only("pk", "slug", "epoch", "seq", "visibility", "owner_id", "settings")


def _head(campaign: Campaign) -> Head:
    return Head(
        id=campaign.pk,
        slug=campaign.slug,
        epoch=campaign.epoch,
        seq=campaign.seq,
        visibility=campaign.visibility,
        owner_id=campaign.owner_id,
        delay=float(settings_of(campaign)["viewer_delay"]),
    )
