"""How a chronicle is played where printings differ and where no source settles a price. Pure."""

from collections.abc import Mapping
from typing import Any

from sheets.lines import blood
from sheets.lines.shape import Finding

Settings = dict[str, Any]

DEFAULTS: Settings = {
    "bane_table": blood.CURRENT,
    "strict_creation": False,
    "xp_approval": False,
    "prices": {},
    "predator_discipline_is_clan": True,
    "rolls_shown": True,
}
HIGHEST_PRICE = 100
MOST_PRICES = 40
_FLAGS = ("strict_creation", "xp_approval", "predator_discipline_is_clan", "rolls_shown")


def merged(stored: Mapping[str, Any], changes: Mapping[str, Any] | None = None) -> Settings:
    """With the defaults below; prices merge by name, and null gives the default back."""
    changes = changes or {}
    prices = {**stored.get("prices", {}), **changes.get("prices", {})}
    return {
        **DEFAULTS,
        **stored,
        **changes,
        "prices": {name: price for name, price in prices.items() if price is not None},
    }


def problems(changes: Any, known_prices: set[str]) -> list[Finding]:
    """What is wrong with settings that somebody sends, every field of it."""
    if not isinstance(changes, dict):
        return [("", "Send a JSON object in braces.")]
    found: list[Finding] = [(name, "unknown field") for name in changes if name not in DEFAULTS]
    found += [
        (name, "Send true or false without quotes.")
        for name in _FLAGS
        if name in changes and type(changes[name]) is not bool
    ]
    if "bane_table" in changes and changes["bane_table"] not in (blood.CURRENT, blood.FIRST_PRINTING):
        found.append(("bane_table", f"One of: {blood.CURRENT}, {blood.FIRST_PRINTING}."))
    return found + (_price_problems(changes["prices"], known_prices) if "prices" in changes else [])


def _price_problems(prices: Any, known: set[str]) -> list[Finding]:
    if not isinstance(prices, dict):
        return [("prices", "Send a JSON object in braces.")]
    found = []
    for name, price in prices.items():
        if name not in known:
            found.append((f"prices.{name}", f"Nothing of this name is bought. One of: {', '.join(sorted(known))}."))
        elif price is not None and (type(price) is not int or not 0 <= price <= HIGHEST_PRICE):
            found.append((f"prices.{name}", f"A whole number from 0 to {HIGHEST_PRICE}, or null for the default."))
    return found
