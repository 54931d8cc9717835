"""Every function of the layout editor, and the keys that do it: driven in a browser by tests/e2e/test_layout_editor.py.

A press is a key as Playwright names it, `'text` typed in place of what a field holds, `@selector`: what Tab reaches,
or `!`: somebody else moves the first badge meanwhile.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from characters.models import Character
from overlay.models import Layout
from overlay.operations import layouts
from tests.factories import Table, acting

ISAURA, BRAM, NIM = "Isaura Vane", "Bram Oakhollow", "Nim"
FIRST, SECOND, THIRD = (f"@.marks .mark:nth-child({number})" for number in (1, 2, 3))
LEFT, BOTTOM = "@[data-focus='number x']", "@[data-focus='number y']"


@dataclass(frozen=True)
class Case:
    """`covers`: what the editor's element does, `key:` keys, `do:` buttons."""

    covers: str
    presses: tuple[str, ...]
    holds: Callable[[Table], Any]
    wanted: Any


def of(table: Table, name: str) -> Character:
    return Character.objects.get(campaign=table.campaign, name=name)


def document(table: Table, tier: str = "large") -> Any:
    found = Layout.objects.filter(campaign=table.campaign, tier=tier).first()
    return found.document if found else {}


def place(table: Table, name: str, tier: str = "large") -> Any:
    return document(table, tier).get("badges", {}).get(str(of(table, name).pk))


def at(*names: str, tier: str = "large") -> Callable[[Table], Any]:
    """Left and bottom edge in pixels and size in percent of each; None of one that flows."""

    def found(table: Table) -> Any:
        places = [place(table, name, tier) for name in names]
        return [p and (round(p["x"] * 1920), round(p["y"] * 1080), round(p.get("scale", 1) * 100)) for p in places]

    return found


def left(*names: str, tier: str = "large") -> Callable[[Table], Any]:
    return lambda table: [spot and spot[0] for spot in at(*names, tier=tier)(table)]


def flag(name: str, key: str) -> Callable[[Table], Any]:
    return lambda table: (place(table, name) or {}).get(key)


def front_first(table: Table) -> list[str]:
    placed = {name: place(table, name) for name in (ISAURA, BRAM, NIM)}
    return sorted((name for name in placed if placed[name]), key=lambda name: -placed[name].get("z", 0))


def placed(table: Table) -> int:
    return len(document(table).get("badges", {}))


def tall(table: Table) -> int:
    return len(document(table).get("tall", {}).get("badges", {}))


def card(*path: str) -> Callable[[Table], Any]:
    """What a card says: of all, or after `own` of the first badge."""

    def found(table: Table) -> Any:
        names = list(path)
        held = document(table)
        held = held.get("cards", {}).get(str(of(table, ISAURA).pk), {}) if names[0] == "own" else held.get("card", {})
        for name in names[1:] if names[0] == "own" else names:
            held = held.get(name) if held else None
        return held

    return found


def conditions_apart(table: Table) -> bool:
    return str(of(table, ISAURA).pk) in document(table).get("chips", {})


def theme(table: Table) -> Any:
    table.campaign.refresh_from_db()
    return table.campaign.theme.get("preset")


def accent(table: Table) -> str:
    return of(table, ISAURA).accent


def moved_by_another(table: Table) -> None:
    there = {"badges": {str(of(table, ISAURA).pk): {"x": 0.5, "y": 0.9}}}
    layouts.save(table.campaign.pk, "large", there, actor=acting(table.gm))


# In this order: each begins with what the one before has left. Three badges, which flow at first.
CASES = (
    Case("setNumber", (FIRST, LEFT, "'100", "Enter", BOTTOM, "'500", "Enter"), at(ISAURA), [(100, 500, 100)]),
    Case("nudge key:ArrowRight key:ArrowUp", (FIRST, "ArrowRight", "ArrowRight", "Shift+ArrowUp"),
         at(ISAURA), [(102, 490, 100)]),
    Case("key:ArrowLeft key:ArrowDown", ("ArrowLeft", "ArrowDown"), at(ISAURA), [(101, 491, 100)]),
    Case("grow key:+ key:= key:-", ("+", "=", "+", "-"), at(ISAURA), [(101, 491, 110)]),
    Case("scaleTo", ("@[data-focus='number scale']", "'100", "Enter"), at(ISAURA), [(101, 491, 100)]),
    Case("undo redo key:z key:y", (FIRST, "Control+z", "Control+z", "Control+y"), at(ISAURA), [(101, 491, 110)]),
    Case("do:undo", ("@[data-do=undo]", "Enter"), at(ISAURA), [(101, 491, 100)]),
    Case("do:redo", ("@[data-do=redo]", "Enter"), at(ISAURA), [(101, 491, 110)]),
    Case("setFlag key:h", (FIRST, "h"), flag(ISAURA, "visible"), False),
    Case("key:l", ("h", "l"), flag(ISAURA, "locked"), True),
    Case("pin", ("l", SECOND, "@.inspect .sec.first .quiet", "Enter", LEFT, "'900", "Enter"), left(BRAM), [900]),
    Case("layer key:]", (SECOND, "]"), front_first, [BRAM, ISAURA]),
    Case("key:[", (SECOND, "["), front_first, [ISAURA, BRAM]),
    Case("key:}", (SECOND, "}"), front_first, [BRAM, ISAURA]),
    Case("key:{", (SECOND, "{"), front_first, [ISAURA, BRAM]),
    Case("select key:a align", (THIRD, LEFT, "'400", "Enter", FIRST, "Control+a",
         "@[data-focus='tool Align left edges']", "Enter"), left(ISAURA, BRAM, NIM), [101, 101, 101]),
    Case("toggle key:Escape", (FIRST, "Escape", "@.layers .row:nth-child(1) .pick", "Enter",
         "@.layers .row:nth-child(2) .pick", "Shift+Enter", "ArrowRight"),
         lambda table: sorted(left(ISAURA, BRAM, NIM)(table)), [101, 102, 102]),
    Case("distribute", (FIRST, "Enter", LEFT, "'10", "Enter", SECOND, "Enter", LEFT, "'300", "Enter",
         THIRD, "Enter", LEFT, "'1010", "Enter", THIRD, "Control+a", "@[data-focus='tool Same gaps, side to side']",
         "Enter"),
         lambda table: left(BRAM)(table)[0] > 300, True),
    Case("release key:Delete", (SECOND, "Enter", "Delete"), left(BRAM, NIM), [None, 1010]),
    Case("key:Backspace", (THIRD, "Backspace"), left(NIM), [None]),
    Case("template", ("@[data-template=foot]", "Enter"), placed, 3),
    Case("releaseAll do:flow-all", ("@[data-do=flow-all]", "Enter"), placed, 0),
    Case("detach", (FIRST, "@[data-focus='tick apart']", "Space"), conditions_apart, True),
    Case("setCard", (FIRST, "@[data-focus='tick part role']", "Space"), card("own", "role"), False),
    Case("setColour", (FIRST, "@.inspect [data-keep=own] summary", "Enter", "@[data-focus='hex hp']", "'#123456",
         "Enter"), card("own", "colours", "hp"), "#123456"),
    Case("setLook", (FIRST, "@[data-focus='hex accent']", "'#654321", "Enter"), accent, "#654321"),
    Case("setTheme", (FIRST, "Escape", "@[data-focus='choice preset']", "ArrowDown"),
         lambda table: theme(table) not in (None, "limelight"), True),
    Case("copyTo", ("@[data-part=copy]", "ArrowDown"), lambda table: "cards" in document(table, "medium"), True),
    Case("toTier", ("@.tier[aria-selected=true]", "ArrowRight", FIRST, LEFT, "'77", "Enter"),
         left(ISAURA, tier="medium"), [77]),
    Case("toFormat", ("@.tier[aria-selected=true]", "ArrowLeft", "@[name=ed-format]:checked", "ArrowRight", FIRST,
         "@.inspect .sec.first .quiet", "Enter"), tall, 1),
    Case("do:push push", ("@[name=ed-format]:checked", "ArrowLeft", "@[data-switch=auto]", "Space", FIRST, LEFT, "'640",
         "Enter", "@[data-do=push]", "Enter"), left(ISAURA), [640]),
    Case("settle do:keep-mine", (FIRST, "Shift+ArrowRight", "!", "@[data-do=keep-mine]", "Enter"), left(ISAURA), [650]),
    Case("do:take-theirs", (FIRST, "Shift+ArrowRight", "!", "@[data-do=take-theirs]", "Enter"), left(ISAURA), [960]),
    Case("do:files", ("@[data-do=files]", "Enter", "@#places-form tr:nth-child(1) input[name^=x-]", "'123", "Enter"),
         left(ISAURA), [123]),
)  # fmt: skip
# By the pointer alone: nudge, setNumber, grow and scaleTo are the same by key.
BY_POINTER = frozenset({"drag", "dropped"})
# What there is to see: nothing of it reaches the server.
LOOKS = frozenset({"pushSoon", "show", "draw", "say", "forget"})
