"""What experience buys and costs, and what a ledger of it adds up to. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sheets.lines.shape import Dots, Draft, Line, Purchase

AWARD, SPEND, REQUEST, REFUSAL, UNDO = "award", "spend", "request", "refusal", "undo"
KINDS = (AWARD, SPEND, REQUEST, REFUSAL, UNDO)
EARNED, SPENT, NEITHER = "earned", "spent", ""  # the sides of the ledger
MOST_AWARDED = 500


class NotForSale(ValueError):
    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Totals:
    earned: int
    spent: int

    @property
    def available(self) -> int:
        return self.earned - self.spent


@dataclass(frozen=True)
class Offer:
    """`field` of the sheet, or of the row, is raised `before` → `after`; nothing is where both are 0."""

    purchase: Purchase
    label: str
    before: int
    after: int
    price: int


def totals(amounts: Iterable[tuple[str, int]]) -> Totals:
    """Of (side, amount): what is earned counts up, what is spent is noted below zero."""
    earned = spent = 0
    for side, amount in amounts:
        earned += amount if side == EARNED else 0
        spent -= amount if side == SPENT else 0
    return Totals(earned, spent)


def offer_for_field(line: Line, draft: Draft, name: str, to: int | None, chronicle: Mapping[str, Any]) -> Offer:
    """What it costs to raise a trait, by one where `to` is None. Raises NotForSale."""
    field = line.by_name.get(name)
    if not isinstance(field, Dots) or not field.purchase:
        raise NotForSale("field", "Experience does not raise this. Name an attribute, a skill or blood potency.")
    if name in line.absent(draft):
        raise NotForSale("field", f"{field.label}: this character has none, being what it is.")
    before = draft.fields[name]
    after = _raised(before, to, field.high)
    return _offer(line, field.purchase, field.label, before, after, chronicle)


def offer_for_row(
    line: Line, draft: Draft, kind_name: str, row: Mapping[str, Any], to: int | None, chronicle: Mapping[str, Any]
) -> Offer:
    """What it costs to raise a row's rating, or to have a row that has none. Raises NotForSale."""
    kind = line.kinds_by_name[kind_name]
    if not kind.purchase:
        raise NotForSale("row", f"{kind.label} cost no experience.")
    code = kind.purchase if isinstance(kind.purchase, str) else kind.purchase(draft, row, chronicle)
    label = next((str(row[name]) for name in ("name", "discipline", "edge") if row.get(name)), kind.one)
    if kind.rating:
        before, highest = row[kind.rating], getattr(kind.by_name[kind.rating], "high", 0)
        return _offer(line, code, label, before, _raised(before, to, highest), chronicle)
    if to is not None:
        raise NotForSale("to", "This has no rating to raise: leave it out.")
    return _offer(line, code, label, 0, row.get("level", 0), chronicle)


def _raised(before: int, to: int | None, high: int) -> int:
    after = before + 1 if to is None else to
    if not before < after <= high:
        raise NotForSale("to", f"A whole number above {before}, up to {high}." if before < high else "This is full.")
    return after


def _offer(line: Line, code: str, label: str, before: int, after: int, chronicle: Mapping[str, Any]) -> Offer:
    purchase = line.purchases_by_code[code]
    price = purchase.cost(before, after, chronicle["prices"].get(code))
    if price is None:
        raise NotForSale("price", f"No source settles what this costs. Set prices.{code} in the chronicle first.")
    return Offer(purchase, label, before, after, price)
