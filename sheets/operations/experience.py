"""The ledger of experience: awarded, spent, asked for, refused, taken back. Entries are only ever added."""

from typing import Any
from uuid import UUID

from django.db.models import Max

from accounts.actors import Actor
from campaigns import ledger
from campaigns.models import Campaign
from contract.refusals import Conflict, Invalid
from sheets import editing, experience, lines, queries
from sheets.access import Standing
from sheets.editing import Edit
from sheets.experience import AWARD, EARNED, NEITHER, REFUSAL, REQUEST, SPEND, SPENT, UNDO, NotForSale, Offer
from sheets.lines.shape import Draft
from sheets.models import Experience, Sheet
from sheets.operations import rows


def award(sheet: Sheet, amount: int, *, actor: Actor, reason: str = "") -> Experience:
    """From the storyteller; below zero it is a correction. Raises Invalid where more was spent than is left."""
    with editing.editing(sheet.pk, actor) as edit:
        if amount == 0 or abs(amount) > experience.MOST_AWARDED:
            raise Invalid([("amount", f"A whole number from 1 to {experience.MOST_AWARDED}, or below zero.")])
        _refuse_debt(edit, amount, "amount")
        return _add(edit, AWARD, EARNED, amount, label="Award", reason=reason)


def award_all(campaign: Campaign, amount: int, *, actor: Actor, reason: str = "") -> list[Experience]:
    """To every sheet of the chronicle, or to none. Raises Conflict where there is none, Invalid with the name of the
    sheet that has not enough for a correction.
    """
    with ledger.writing(campaign.pk, actor):
        found = list(Sheet.objects.filter(campaign=campaign, line__in=list(lines.enabled())).order_by("pk"))
        if not found:
            raise Conflict("No sheet is in this chronicle yet.")
        return [_awarded(sheet, amount, actor, reason) for sheet in found]


def _awarded(sheet: Sheet, amount: int, actor: Actor, reason: str) -> Experience:
    try:
        return award(sheet, amount, actor=actor, reason=reason)
    except Invalid as error:
        raise Invalid([(field, f"{sheet.name}: {message}") for field, message in error.details]) from error


def carry_over(sheet: Sheet, earned: int, spent: int, *, actor: Actor, source: str) -> None:
    """What was earned and spent before the sheet came here, as two entries."""
    with editing.editing(sheet.pk, actor) as edit:
        reason = f"Before, in {source}"
        _add(edit, AWARD, EARNED, earned, label="Award", reason=reason)
        if spent:
            _add(edit, SPEND, SPENT, -spent, label="Spent", reason=reason)


def spend(
    sheet: Sheet,
    *,
    actor: Actor,
    standing: Standing,
    field: str = "",
    row_id: UUID | None = None,
    to: int | None = None,
    reason: str = "",
) -> Experience:
    """Raise a trait or the rating of a row, by one or `to` a number, at the price that the line has for it.

    Where the chronicle wants it so, what its storyteller does not spend is a request that waits. Raises Invalid.
    """
    with editing.editing(sheet.pk, actor) as edit:
        offer, target = _offer(edit, field, row_id, to)
        _refuse_debt(edit, -offer.price, "to")
        bought = {"purchase": offer.purchase.code, **target, "before": offer.before, "after": offer.after}
        facts: dict[str, Any] = {"label": offer.label, "reason": reason, "bought": {**bought, "price": offer.price}}
        if queries.settings_of(edit.sheet.campaign_id)["xp_approval"] and not standing.tells:
            return _add(edit, REQUEST, NEITHER, 0, **facts)
        entry = _add(edit, SPEND, SPENT, -offer.price, **facts)
        _raise(edit, bought, offer.after)
        return entry


def approve(entry: Experience, *, actor: Actor) -> Experience:
    """What was asked for is bought, at the price of then. Raises Conflict where that cannot be any more."""
    with editing.editing(entry.sheet_id, actor) as edit:
        _refuse_answered(entry, REQUEST)
        bought = entry.bought or {}
        if _now(edit, bought) != bought["before"]:
            raise Conflict("It is rated otherwise now. Refuse this, and let it be asked for again.")
        _refuse_debt(edit, -bought["price"], "entry")
        facts = {"label": entry.label, "reason": entry.reason, "bought": bought, "answers": entry}
        answer = _add(edit, SPEND, SPENT, -bought["price"], **facts)
        _raise(edit, bought, bought["after"])
        return answer


def refuse(entry: Experience, *, actor: Actor, reason: str = "") -> Experience:
    with editing.editing(entry.sheet_id, actor) as edit:
        _refuse_answered(entry, REQUEST)
        return _add(edit, REFUSAL, NEITHER, 0, label=entry.label, reason=reason, answers=entry)


def undo(entry: Experience, *, actor: Actor) -> Experience:
    """A compensating entry; what was raised is lowered again. Raises Conflict where it was changed since."""
    with editing.editing(entry.sheet_id, actor) as edit:
        _refuse_answered(entry, AWARD, SPEND)
        bought = entry.bought
        if bought and bought["after"] != bought["before"]:
            if _now(edit, bought) not in (bought["after"], None):
                raise Conflict("It was raised or lowered since. Undo the later change first.")
            _raise(edit, bought, bought["before"])
        if entry.kind == AWARD:
            _refuse_debt(edit, -entry.amount, "entry")
        return _add(edit, UNDO, entry.side, -entry.amount, label=entry.label, bought=bought, answers=entry)


def _add(edit: Edit, kind: str, side: str, amount: int, **facts: Any) -> Experience:
    last = Experience.objects.filter(sheet=edit.sheet).aggregate(last=Max("number"))["last"] or 0
    by = {"actor_id": edit.actor.user.pk if edit.actor.user else None, "actor_name": edit.actor.name[:120]}
    entry = Experience.objects.create(
        sheet=edit.sheet, number=last + 1, kind=kind, side=side, amount=amount, **facts, **by
    )
    edit.write()
    after = {"kind": kind, "amount": amount, "label": entry.label, "reason": entry.reason, "id": entry.pk}
    edit.told(f"experience_{kind}", after=after)
    return entry


def _offer(edit: Edit, field: str, row_id: UUID | None, to: int | None) -> tuple[Offer, dict[str, str]]:
    if bool(field) == bool(row_id):  # exactly one of the two
        raise Invalid([("field", "Name either the field of the sheet or the id of the row that is raised.")])
    chronicle = queries.settings_of(edit.sheet.campaign_id)
    try:
        if field:
            return experience.offer_for_field(edit.line, edit.before, field, to, chronicle), {"field": field}
        row = edit.sheet.rows.filter(pk=str(row_id)).first()
        if row is None or row.kind not in edit.line.kinds_by_name:
            raise Invalid([("row", "There is no such row on this sheet.")])
        values = queries.whole(edit.line.kinds_by_name[row.kind], row.values)
        offer = experience.offer_for_row(edit.line, edit.before, row.kind, values, to, chronicle)
    except NotForSale as reason:
        raise Invalid([(reason.field, str(reason))]) from reason
    return offer, {"row": str(row_id), "kind": row.kind}


def _now(edit: Edit, bought: dict[str, Any]) -> int | None:
    """How what was bought is rated; None where the row is gone. What has no rating is as it was bought."""
    if "field" in bought:
        value: int = edit.before.fields[bought["field"]]
        return value
    row = edit.sheet.rows.filter(pk=bought["row"]).first()
    rating = edit.line.kinds_by_name[bought["kind"]].rating
    if row is None:
        return None
    return row.values[rating] if rating else bought["before"]


def _raise(edit: Edit, bought: dict[str, Any], rating: int) -> None:
    if "field" in bought:
        edit.sheet.fields = {**edit.sheet.fields, bought["field"]: rating}
        edit.changed.add(bought["field"])
        plain = Draft({**edit.before.fields, bought["field"]: rating}, edit.before.tracks, edit.before.rows)
        if any(bought["field"] in track.follows for track in edit.line.tracks):
            edit.refit(queries.sized(edit.line, plain))
        edit.write()
        return
    kind = edit.line.kinds_by_name[bought["kind"]]
    if kind.rating and _now(edit, bought) is not None:
        rows.rating_set(edit, UUID(bought["row"]), kind, rating)
        edit.write()


def _refuse_debt(edit: Edit, amount: int, field: str) -> None:
    left = queries.totals(edit.sheet).available
    if amount < 0 and left + amount < 0:
        raise Invalid([(field, f"This takes {-amount} experience, and {left} are available.")])


def _refuse_answered(entry: Experience, *kinds: str) -> None:
    if entry.kind not in kinds:
        raise Conflict("This entry cannot be answered so.")
    if Experience.objects.filter(answers=entry).exists():
        raise Conflict("This entry has been answered already.")
