"""The storyteller's table: every sheet of a chronicle with its tracks, and what waits for an answer."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, QuerySet, Sum

from accounts.actors import Actor
from campaigns import access
from campaigns.models import Campaign
from sheets import documents, experience, lines, portraits, queries
from sheets.lines.shape import Draft, Line
from sheets.models import Experience, Row, Sheet
from sheets.page import Boxes, tracks

MOST_SHEETS = 100
MOST_TOLD = 30
MOST_REQUESTS = 100
# What else a storyteller looks for at a glance, where the line has it.
AT_A_GLANCE = ("blood_potency",)


@dataclass(frozen=True)
class Seat:
    """A sheet at the table."""

    sheet: Sheet
    line: Line
    draft: Draft
    held: experience.Totals
    face: str = ""

    @property
    def plays(self) -> bool:
        return queries.plays(self.sheet)

    @cached_property
    def boxes(self) -> list[Boxes]:
        return tracks(self.line, self.draft)

    @property
    def glance(self) -> dict[str, Any]:
        """Label to value."""
        return {self.line.by_name[name].label: self.draft.fields[name] for name in _at_a_glance(self)}


def seats(campaign: Campaign) -> list[Seat]:
    """By line, then by name. Five queries."""
    order = list(lines.enabled())
    found = Sheet.objects.filter(campaign=campaign, line__in=order).select_related(*queries.RELATED)
    placed = sorted(found.order_by(*queries.BY_NAME)[:MOST_SHEETS], key=lambda sheet: order.index(sheet.line))
    rows, held, faces = _rows(placed), _held(placed), portraits.faces(placed)
    return [_seat(sheet, rows[sheet.pk], held[sheet.pk], faces.get(sheet.pk, "")) for sheet in placed]


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


def document(campaign: Campaign) -> dict[str, Any]:
    return {
        "sheets": [_seat_document(seat) for seat in seats(campaign)],
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
    return {**documents.head(seat.sheet), **glance, "tracks": seat.draft.tracks, "xp": held}


def _seat(sheet: Sheet, rows: dict[str, list[Row]], held: experience.Totals, face: str) -> Seat:
    line = lines.every()[sheet.line]
    return Seat(sheet, line, queries.draft(sheet, line, rows), held, face)


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
