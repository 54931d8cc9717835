"""The storyteller's table: every sheet of a chronicle with its tracks, and what waits for an answer."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, QuerySet, Sum
from django.utils import timezone

from accounts.actors import Actor
from campaigns import access
from campaigns.models import Campaign
from sheets import documents, experience, lines, pools, portraits, queries
from sheets.lines.shape import Draft, Line
from sheets.models import Experience, Roll, Row, Sheet
from sheets.page import Boxes, tracks
from sheets.pools import Offered

MOST_SHEETS = 100
MOST_TOLD = 30
MOST_REQUESTS = 100
EVENING = timedelta(hours=12)
# What else a storyteller looks for at a glance, where the line has it.
AT_A_GLANCE = ("blood_potency",)


@dataclass(frozen=True)
class Seat:
    """A sheet at the table."""

    sheet: Sheet
    line: Line
    draft: Draft
    held: experience.Totals
    offered: Offered
    face: str = ""
    last: dict[str, Any] | None = None  # what fell for it last, of this evening: the document of a roll

    @property
    def plays(self) -> bool:
        return queries.plays(self.sheet)

    @cached_property
    def boxes(self) -> list[Boxes]:
        return tracks(self.line, self.draft)

    @property
    def faces(self) -> dict[str, list[tuple[int, str]]]:
        return pools.faces(self.last) if self.last else {}

    @property
    def glance(self) -> dict[str, Any]:
        """Label to value."""
        return {self.line.by_name[name].label: self.draft.fields[name] for name in _at_a_glance(self)}


def seats(campaign: Campaign, *, tells: bool = True) -> list[Seat]:
    """By line, then by name; with hidden rolls for who tells the campaign. Seven queries, and an eighth where dice of
    this evening fell on stage.
    """
    order = list(lines.enabled())
    found = Sheet.objects.filter(campaign=campaign, line__in=order).select_related(*queries.RELATED)
    placed = sorted(found.order_by(*queries.BY_NAME)[:MOST_SHEETS], key=lambda sheet: order.index(sheet.line))
    rows, held, faces, fallen = _rows(placed), _held(placed), portraits.faces(placed), _fallen(placed, tells=tells)
    settings = queries.settings_of(campaign.pk)

    def seat(sheet: Sheet) -> Seat:
        line, kept = lines.every()[sheet.line], rows[sheet.pk]
        draft = queries.draft(sheet, line, kept)
        offered = pools.offered(line, draft, kept, settings)
        return Seat(sheet, line, draft, held[sheet.pk], offered, faces.get(sheet.pk, ""), fallen.get(sheet.pk))

    return [seat(sheet) for sheet in placed]


def requests(campaign: Campaign) -> list[Experience]:
    """What players ask to buy and nobody has answered, the oldest first."""
    found = Experience.objects.filter(
        sheet__campaign=campaign,
        sheet__line__in=list(lines.enabled()),
        kind=experience.REQUEST,
        answered_by__isnull=True,
    )
    return list(found.select_related("sheet").order_by("at", "pk")[:MOST_REQUESTS])


def is_there(campaign_id: UUID) -> bool:
    """Whether a sheet is at this table, so that pages of its storyteller lead there."""
    return Sheet.objects.filter(campaign_id=campaign_id, line__in=list(lines.enabled())).exists()


def told(actor: Actor) -> QuerySet[Campaign]:
    """Campaigns that the actor tells, by name."""
    return access.managed(actor).order_by("name", "pk")[:MOST_TOLD]


def state(campaign: Campaign) -> tuple[object, ...]:
    """Differs when the table does; one query. A change of a ledger of experience is one of its sheet."""
    told = Sheet.objects.filter(campaign=campaign).aggregate(last=Max("updated_at"), count=Count("pk"))
    return (campaign.pk, campaign.epoch, campaign.seq, campaign.updated_at, told["last"], told["count"])


def document(campaign: Campaign, *, tells: bool) -> dict[str, Any]:
    return {
        "sheets": [_seat_document(seat) for seat in seats(campaign, tells=tells)],
        "requests": [
            {**documents.entry_document(entry), "sheet": str(entry.sheet_id), "sheet_name": entry.sheet.name}
            for entry in requests(campaign)
        ],
    }


def _at_a_glance(seat: Seat) -> list[str]:
    known = seat.line.by_name.keys() - seat.line.absent(seat.draft)
    return [name for name in AT_A_GLANCE if name in known]


def _seat_document(seat: Seat) -> dict[str, Any]:
    glance = {name: seat.draft.fields[name] for name in _at_a_glance(seat)}
    held = {"earned": seat.held.earned, "spent": seat.held.spent, "available": seat.held.available}
    dice = {"pool": seat.offered.mark, "last_roll": seat.last}
    return {**documents.head(seat.sheet), **glance, "tracks": seat.draft.tracks, "xp": held, **dice}


def _fallen(sheets: list[Sheet], *, tells: bool) -> dict[UUID, dict[str, Any]]:
    """Sheet to the document of what fell for it last. The sheets keep few rolls, and those of an evening are fewer."""
    found = Roll.objects.filter(sheet__in=sheets, at__gte=timezone.now() - EVENING).order_by("number")
    last = {roll.sheet_id: roll for roll in (found if tells else found.filter(hidden=False))}
    gone = queries.taken_back(last.values())
    return {sheet_id: documents.roll_document(roll, gone) for sheet_id, roll in last.items()}


def _rows(sheets: list[Sheet]) -> Mapping[UUID, dict[str, list[Row]]]:
    """Sheet to kind to rows: the length of a track follows from them, too."""
    found: dict[UUID, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in Row.objects.filter(sheet__in=sheets).order_by("position", "created_at", "pk"):
        found[row.sheet_id][row.kind].append(row)
    return found


def _held(sheets: list[Sheet]) -> Mapping[UUID, experience.Totals]:
    sides: dict[UUID, list[tuple[str, int]]] = defaultdict(list)
    summed = Experience.objects.filter(sheet__in=sheets).order_by().values_list("sheet_id", "side")
    for sheet_id, side, amount in summed.annotate(total=Sum("amount")):
        sides[sheet_id].append((side, amount))
    return {sheet.pk: experience.totals(sides[sheet.pk]) for sheet in sheets}
