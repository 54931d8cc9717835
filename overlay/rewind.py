"""The live state as it was at an earlier ledger position: what somebody who watches with a delay begins with.

Entries carry absolute state, so no entry need be undone: a character is what the last entry about it up to then says;
roster, layouts and campaign are what the first change after it says was there before. What is hidden now is hidden
then too (`characters.present`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Max, Q

from campaigns import events
from campaigns.documents import campaign_document
from campaigns.messages import GM, effect_of
from campaigns.models import Campaign, Event
from characters.present import present, tightened_document, tightened_roster
from characters.projection import projected
from characters.queries import roster_shown

Document = dict[str, Any]
Roster = list[dict[str, Any]]

DOCUMENTS = (events.CHARACTER_CREATED, events.CHARACTER_UPDATED, events.CHARACTER_DELETED)
EPISODES = (events.EPISODE_STARTED, events.EPISODE_ENDED)
TELL_BEFORE = (*DOCUMENTS, events.INITIATIVE, events.ROSTER_UPDATED, events.LAYOUT_UPDATED, events.CAMPAIGN_UPDATED)


@dataclass
class Earlier:
    """A campaign at ledger position `seq`, and what changed from there to `head`."""

    campaign: Campaign
    seq: int

    def __post_init__(self) -> None:
        self._entries = Event.objects.filter(campaign_id=self.campaign.pk)
        since = self._entries.filter(seq__gt=self.seq, seq__lte=self.campaign.seq)
        self._touched = _characters_touched(since)
        self._changes = [_told(event) for event in since.filter(_of(TELL_BEFORE)).order_by("seq")]
        self._episode_changed = since.filter(_of(EPISODES)).exists()
        self._now = present(self.campaign.pk, self._touched)

    def characters(self, documents: Iterable[Document], audience: str) -> list[Document]:
        """`documents` are all characters of the present, unprojected."""
        today = {document["id"]: document for document in documents}
        then, deleted = self._touched_then(today)
        absent = deleted | (self._born_later() - then.keys())
        existing = [document for id_, document in {**today, **then}.items() if id_ not in absent]
        existing.sort(key=lambda document: (document["name"], document["id"]))
        if audience != GM:
            existing = [tightened_document(document, self._now) for document in existing]
        shown = (projected(document, audience) for document in existing)
        return [document for document in shown if document is not None]

    def roster(self, roster: Roster, audience: str) -> dict[str, Any]:
        for event in self._changes:
            before = event.data.get("before" if event.type == events.ROSTER_UPDATED else "roster_before")
            if before is not None:
                roster = before
                break
        return roster_shown(tightened_roster(roster, self._now), audience)

    def layouts(self, layouts: dict[str, Document]) -> dict[str, Document]:
        before: dict[str, Document | None] = {}
        for event in self._changes:
            if event.type == events.LAYOUT_UPDATED:
                before.setdefault(event.data["tier"], event.data["before"])
        return {tier: layout for tier, layout in {**layouts, **before}.items() if layout is not None}

    def campaign_document(self) -> Document:
        before: dict[str, Any] = {}
        for event in self._changes:
            if event.type == events.CAMPAIGN_UPDATED:
                for name, (old, _new) in event.data["changed"].items():
                    before.setdefault(name, old)
        then = Campaign(pk=self.campaign.pk)
        for name in ("slug", "name", "game_system", "theme", "settings"):
            setattr(then, name, before.get(name, getattr(self.campaign, name)))
        return campaign_document(then)

    def initiative(self, initiative: Document | None) -> Document | None:
        for event in self._changes:
            if event.type == events.INITIATIVE:
                before: Document | None = event.data["before"]
                return before
        return initiative

    def episode(self, episode: Document | None) -> Document | None:
        last = self._entries.filter(_of(EPISODES), seq__lte=self.seq).order_by("-seq").first()
        if not self._episode_changed:
            return episode
        return _told(last).data["episode"] if last else None

    def _touched_then(self, today: dict[str, Document]) -> tuple[dict[str, Document], set[str]]:
        """The touched characters as the entries up to then tell of them, and which of them were deleted by then."""
        then: dict[str, Document] = {}
        deleted: set[str] = set()
        for event in self._last_entries():
            id_ = str(event.subject_id)
            if event.type in DOCUMENTS:
                then[id_] = event.data["character"]
                (deleted.add if event.type == events.CHARACTER_DELETED else deleted.discard)(id_)
            elif id_ in then or id_ in today:
                live = {"stats": event.data["stats"], "version": event.data["version"]}
                then[id_] = {**(then.get(id_) or today[id_]), **live}
        return then, deleted

    def _last_entries(self) -> list[Event]:
        """For each touched character the last entry with its whole document and the last with its stats, in order."""
        upto = self._entries.filter(subject_id__in=self._touched, seq__lte=self.seq)
        last: list[int] = []
        for types in (DOCUMENTS, events.CARRYING_STATS):
            last += [
                row["last"] for row in upto.filter(_of(types)).values("subject_id").order_by().annotate(last=Max("seq"))
            ]
        return [_told(event) for event in self._entries.filter(seq__in=last).order_by("seq")]

    def _born_later(self) -> set[str]:
        first: dict[str, str] = {}
        for event in self._changes:
            if event.type in DOCUMENTS:
                first.setdefault(str(event.subject_id), event.type)
        return {id_ for id_, type_ in first.items() if type_ == events.CHARACTER_CREATED}


def _of(types: Sequence[str]) -> Q:
    return Q(type__in=types) | Q(type=events.UNDO, data__effect__type__in=types)


def _told(event: Event) -> Event:
    return effect_of(event) if event.type == events.UNDO else event


def _characters_touched(since: Any) -> set[str]:
    found = since.filter(subject_kind=events.SUBJECT_CHARACTER).order_by().values_list("subject_id", flat=True)
    return {str(id_) for id_ in found.distinct() if isinstance(id_, UUID)}
