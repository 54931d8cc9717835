"""What was done to a campaign, by whom: the ledger and the audit trail as one list, newest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import CharField, F, QuerySet, Value

from accounts.models import AuditEntry
from campaigns import events, sentences
from campaigns.models import Event
from content.operations import assets

MOST_COUNTED = 5000
# What the audit trail says of a campaign, besides the types of the ledger.
ACTIONS = (
    "campaign_created",
    "campaign_deleted",
    "campaign_handed_over",
    "member_joined",
    "member_role_changed",
    "member_removed",
    "invitation_issued",
    "invitation_accepted",
    "invitation_revoked",
    "token_issued",
    "token_rotated",
    "token_revoked",
    "episode_planned",
    "episode_changed",
    "episode_deleted",
    "team_assigned",
    # Of characters, in an app above as well.
    *("relationship_added", "relationship_changed", "relationship_removed"),
    # Of sheets, which an app above keeps.
    *("sheet_created", "sheet_changed", "sheet_deleted", "sheet_plays", "sheet_stops_playing", "chronicle_changed"),
    *("sheet_row_added", "sheet_row_changed", "sheet_row_deleted", "sheet_rolled"),
    *("group_created", "group_changed", "group_deleted", "group_joined", "group_left"),
    *("experience_award", "experience_spend", "experience_request", "experience_refusal", "experience_undo"),
)


@dataclass(frozen=True)
class Line:
    """One change. `before` and `after` are documents of what differs, or None."""

    at: datetime
    who: str
    credential: str
    request_id: str
    action: str
    what: str
    before: Any
    after: Any

    @property
    def label(self) -> str:
        return sentences.label(self.action)


class Trail:
    """The changes of one campaign; `who` is part of a name, `since` and `until` are moments (the second excluded)."""

    def __init__(
        self,
        campaign_id: UUID,
        *,
        who: str = "",
        action: str = "",
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> None:
        self.events = Event.objects.filter(campaign_id=campaign_id)
        self.entries = AuditEntry.objects.filter(campaign_id=campaign_id)
        if who:
            self._narrow(actor_name__icontains=who)
        if action:
            self.events, self.entries = self.events.filter(type=action), self.entries.filter(action=action)
        if since:
            self.events, self.entries = self.events.filter(occurred_at__gte=since), self.entries.filter(at__gte=since)
        if until:
            self.events, self.entries = self.events.filter(occurred_at__lt=until), self.entries.filter(at__lt=until)

    def _narrow(self, **by: Any) -> None:
        self.events, self.entries = self.events.filter(**by), self.entries.filter(**by)

    def __len__(self) -> int:
        """At most MOST_COUNTED; one query."""
        return int(self._keys().order_by()[:MOST_COUNTED].count())

    def __getitem__(self, part: slice) -> list[Line]:
        """Three queries: the keys of both, then the rows of each."""
        keys = list(self._keys().order_by("-at", "-id")[part])
        lines = {
            **{event.pk: of_event(event) for event in Event.objects.filter(pk__in=_of("event", keys))},
            **{entry.pk: of_entry(entry) for entry in AuditEntry.objects.filter(pk__in=_of("entry", keys))},
        }
        return [lines[key] for _source, key, _at in keys]

    def newest(self, most: int) -> Iterator[Line]:
        """Two queries, for an export."""
        by_ledger = (of_event(event) for event in self.events.order_by("-occurred_at", "-id")[:most])
        by_audit = (of_entry(entry) for entry in self.entries.order_by("-at", "-id")[:most])
        return islice(merge(by_ledger, by_audit, key=lambda line: line.at, reverse=True), most)

    def _keys(self) -> QuerySet[Any, tuple[str, UUID, datetime]]:
        source = Value("event", output_field=CharField())
        told = self.events.order_by().annotate(source=source, at=F("occurred_at")).values_list("source", "id", "at")
        other = Value("entry", output_field=CharField())
        noted = self.entries.order_by().annotate(source=other).values_list("source", "id", "at")
        return told.union(noted, all=True)


def of_event(event: Event) -> Line:
    before, after = _change(event.data)
    return Line(
        event.occurred_at,
        event.actor_name,
        event.credential,
        event.request_id,
        event.type,
        sentences.sentence(event.type, event.data),
        before,
        after,
    )


def of_entry(entry: AuditEntry) -> Line:
    what = f"{sentences.label(entry.action)}: {entry.subject_name}".rstrip(": ")
    return Line(
        entry.at, entry.actor_name, entry.credential, entry.request_id, entry.action, what, entry.before, entry.after
    )


def _change(data: Any) -> tuple[Any, Any]:
    """What an event changed, from what to what; events that carry whole rows are told by those."""
    if "changed" in data:
        pairs = data["changed"].items()
        return {name: old for name, (old, _new) in pairs}, {name: new for name, (_old, new) in pairs}
    if "from" in data and "to" in data:
        return {"hp": data["from"]}, {"hp": data["to"]}
    if "effect" in data:
        return _change(data["effect"]["data"])
    before = data.get("before", data.get("roster_before"))
    after = next((data[name] for name in ("layout", "roster", "character", "stats") if data.get(name)), None)
    return before, after if after is not None else data


def actions() -> list[tuple[str, str]]:
    """Every kind of change with its name, for a filter."""
    return [(name, sentences.label(name)) for name in (*events.TYPES, *ACTIONS, *assets.ACTIONS)]


def _of(source: str, keys: list[tuple[str, UUID, datetime]]) -> list[UUID]:
    return [key for kind, key, _at in keys if kind == source]
