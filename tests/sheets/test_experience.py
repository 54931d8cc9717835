"""Prices, and what a ledger adds up to."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheets import chronicle, experience
from sheets.experience import NotForSale, offer_for_field, offer_for_row
from sheets.lines import hunter, vampire
from tests.sheets.drafts import a_hunter_draft, a_vampire_draft, discipline

SETTINGS = chronicle.merged({})


@pytest.mark.parametrize(
    ("name", "to", "price"),
    [
        ("manipulation", None, 10),
        ("stamina", 4, 35),
        ("academics", None, 3),
        ("academics", 3, 18),
        ("blood_potency", 2, 20),
        ("blood_potency", None, 20),
    ],
)
def test_traits(name: str, to: int | None, price: int) -> None:
    assert offer_for_field(vampire.LINE, a_vampire_draft(), name, to, SETTINGS).price == price


@pytest.mark.parametrize(
    ("clan", "origin", "settings", "price"),
    [
        ("brujah", "clan", {}, 15),
        ("ventrue", "", {}, 21),
        ("caitiff", "", {}, 18),
        ("ventrue", "predator", {}, 15),
        ("ventrue", "predator", {"predator_discipline_is_clan": False}, 21),
        ("brujah", "clan", {"prices": {"clan_discipline": 4}}, 12),
    ],
)
def test_disciplines(clan: str, origin: str, settings: Any, price: int) -> None:
    draft, row = a_vampire_draft(clan=clan), discipline("celerity", 2, origin)
    offer = offer_for_row(vampire.LINE, draft, "disciplines", row, None, chronicle.merged(settings))
    assert (offer.before, offer.after, offer.price) == (2, 3, price)


@pytest.mark.parametrize(
    ("kind", "row", "to", "price"),
    [
        ("rituals", {"type": "ritual", "name": "Blood Walk", "level": 2}, None, 6),
        ("specialties", {"skill": "brawl", "name": "Grappling"}, None, 3),
        ("advantages", {"type": "merit", "name": "Looks", "dots": 1}, 3, 6),
    ],
)
def test_rows(kind: str, row: Any, to: int | None, price: int) -> None:
    assert offer_for_row(vampire.LINE, a_vampire_draft(), kind, row, to, SETTINGS).price == price


REFUSED: list[tuple[str, int | None, str]] = [
    ("name", None, "field"),
    ("nonsense", None, "field"),
    ("strength", 3, "to"),
    ("strength", 6, "to"),
    ("hunger", None, "field"),
]


@pytest.mark.parametrize(("name", "to", "field"), REFUSED)
def test_what_is_not_for_sale(name: str, to: int | None, field: str) -> None:
    with pytest.raises(NotForSale) as refused:
        offer_for_field(vampire.LINE, a_vampire_draft(), name, to, SETTINGS)
    assert refused.value.field == field


def test_no_price_is_made_up_for_edges() -> None:
    row = {"edge": "arsenal", "description": ""}
    with pytest.raises(NotForSale, match=r"prices\.edge"):
        offer_for_row(hunter.LINE, a_hunter_draft(), "edges", row, None, SETTINGS)
    priced = chronicle.merged({"prices": {"edge": 7}})
    assert offer_for_row(hunter.LINE, a_hunter_draft(), "edges", row, None, priced).price == 7


def test_a_row_without_a_price_or_a_rating() -> None:
    with pytest.raises(NotForSale, match="no experience"):
        offer_for_row(vampire.LINE, a_vampire_draft(), "touchstones", {"name": "A"}, None, SETTINGS)
    with pytest.raises(NotForSale, match="no rating"):
        offer_for_row(vampire.LINE, a_vampire_draft(), "specialties", {"name": "A"}, 2, SETTINGS)


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["earned", "spent", ""]), st.integers(-50, 50))))
def test_totals_are_the_ledger(amounts: list[tuple[str, int]]) -> None:
    found = experience.totals(amounts)
    assert found.available == sum(amount for side, amount in amounts if side)
