"""Every function of the desk, and the keys that do it: driven in a browser by tests/e2e/test_desk.py.

A press is a key as Playwright names it, `'text` typed as it is, or `@selector`: what Tab reaches, and there the next.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from campaigns.models import Episode, Event
from characters import queries
from characters.models import Character
from tests.factories import Table


@dataclass(frozen=True)
class Case:
    """`covers`: buttons as `deeds` names them, `key:` shortcuts and `tap:` buttons of the script alone."""

    covers: str
    presses: tuple[str, ...]
    holds: Callable[[Table], Any]
    wanted: Any


def stats(table: Table, name: str) -> Any:
    return Character.objects.get(campaign=table.campaign, name=name).stats


def hp(name: str) -> Callable[[Table], Any]:
    return lambda table: [stats(table, name)["hp"][part] for part in ("current", "max", "temp")]


def conditions(name: str) -> Callable[[Table], Any]:
    return lambda table: stats(table, name)["conditions"]


def saves(table: Table) -> Any:
    return [stats(table, BRAM)["death_saves"][result] for result in ("success", "failure")]


def stage(table: Table) -> list[tuple[str, str]]:
    named = {str(one.pk): one.name for one in Character.objects.filter(campaign=table.campaign)}
    return [(named[row["id"]], row["tier"]) for row in queries.roster(table.campaign.pk)]


def turn(table: Table) -> Any:
    now = queries.turn_order(table.campaign.pk)
    return now and (now["round"], next(one["name"] for one in now["order"] if one["id"] == now["turn"]))


def last(table: Table) -> Any:
    event = Event.objects.filter(campaign=table.campaign).latest("seq")
    return event.type, event.data.get("total") or event.data.get("name")


def episode(table: Table) -> Any:
    one = Episode.objects.get(campaign=table.campaign)
    return one.started_at is not None, one.ended_at is not None


ISAURA, BRAM = "Isaura Vane", "Bram Oakhollow"
SECOND = "#roster li:nth-child(2)"
BEGIN = "#begin [value='turn begin']"


def both(table: Table) -> Any:
    return hp(ISAURA)(table), hp(BRAM)(table)


def bram_is_prone_for(table: Table) -> Any:
    return stats(table, BRAM)["condition_rounds"].get("prone")


# In this order: each begins with what the one before has left. Bram has 30 hit points, Isaura 45.
CASES = (
    Case("typed key:choose key:d", ("1", "d", "'12", "Enter"), hp(ISAURA), [33, 45, 0]),
    Case("key:h", ("1", "h", "'4", "Enter"), hp(ISAURA), [37, 45, 0]),
    Case("key:t", ("1", "t", "'6", "Enter"), hp(ISAURA), [37, 45, 6]),
    Case("key:a key:f", ("a", "f", "d", "'8", "Enter"), both, ([37, 45, 2], [26, 30, 0])),
    Case("amount", ("2", "@[name=mode]:checked", "ArrowLeft", "ArrowRight", "@[value='amount 6']", "Enter"),
         hp(BRAM), [20, 30, 0]),
    Case("tap:for", ("a", "@#tray li:nth-child(1) button", "Enter", "Enter", "d", "'2", "Enter"),
         both, ([37, 45, 2], [18, 30, 0])),
    Case("tap:all tap:type", ("@.tray [data-all]", "Enter", "@#type", "Enter", "'1", "Enter"),
         both, ([37, 45, 1], [17, 30, 0])),
    Case("condition key:c", ("2", "c", "Enter", "Escape"), conditions(BRAM), ["prone"]),
    Case("key:Escape tap:clear", ("1", "2", "@#clear", "Enter", "2", "c", "@[name=condition]", "'Dazed",
         "@[name=rounds]", "'3", "@.conds .own button", "Enter", "Escape", "Escape"),
         conditions(BRAM), ["prone", "dazed"]),
    Case("inspire key:i", ("1", "i", "Escape"), lambda table: stats(table, ISAURA)["inspiration"], True),
    Case("typed", ("2", "d", "'17", "Enter"), hp(BRAM), [0, 30, 0]),
    Case("key:s", ("2", "s"), saves, [1, 0]),
    Case("key:x", ("x", "Escape"), saves, [1, 1]),
    Case("save", ("@#rows li:nth-child(2) [data-save=critical_success]", "Enter"), hp(BRAM), [1, 30, 0]),
    Case("undo key:u", ("u",), saves, [1, 1]),
    Case("stage", (f"@{SECOND} .switch", "Enter"), stage, [(ISAURA, "")]),
    Case("key:o", ("2", "o", "Escape"), stage, [(ISAURA, ""), (BRAM, "")]),
    Case("move", (f"@{SECOND} [data-move=up]", "Enter"), stage, [(BRAM, ""), (ISAURA, "")]),
    Case("tier", (f"@{SECOND} select", "ArrowDown"), stage, [(BRAM, ""), (ISAURA, "large")]),
    Case("episode", ("@#episode button", "Enter"), episode, (True, False)),
    Case("episode", ("@#episode button", "Enter"), episode, (True, True)),
    Case("turn", ("@#begin summary", "Enter", "@#scores li:nth-child(1) input", "'9", "@#scores li:nth-child(2) input",
         "'16", f"@{BEGIN}", "Enter"), turn, (1, ISAURA)),
    Case("key:n", ("@#h-log", "n"), turn, (1, BRAM)),
    Case("turn", ("@#turns li:nth-child(1) button", "Enter"), turn, (1, ISAURA)),
    Case("turn", ("@[value='turn end']", "Enter"), turn, None),
    Case("roll key:r", ("@#h-log", "r", "'Stealth", "@[name=roll_total]", "'17", "@[value=roll]", "Enter"),
         last, ("roll", 17)),
    Case("cue key:e", ("@#h-log", "e", "'Bell rings", "@[value=cue]", "Enter"), last, ("custom", "Bell rings")),
    Case("key:l tap:help key:?", ("l", "?", "Escape", "@[data-help]", "Enter", "Escape", "u"), last, ("undo", None)),
)  # fmt: skip
# What has its own test: an order that failed, or that has not been sent yet (test_the_network_goes…).
ELSEWHERE = frozenset({"tap:retry", "tap:drop"})
