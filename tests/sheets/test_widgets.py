"""Fields as HTML: parsed again, so that what is held is what a browser would make of it."""

from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets import widgets
from sheets.lines.shape import Choice, Dots, Field, Flag, Text, Whole
from sheets.page import Shown
from sheets.widgets import Place

FORM = Place("sheet", may_edit=True)
READ = Place("sheet", may_edit=False)
HOSTILE = "</textarea><b class='x'>\"&amp;<script>"
CODES = {"brawl": "Brawl", "melee": "Melée"}
FIELDS: dict[str, Field] = {
    "text": Text(name="sire", label="Sire", suggestions=("Nobody", "The <Prince>")),
    "prose": Text(name="history", label="History", multiline=True, longest=3000),
    "choice": Choice(name="skill", label="Skill", codes=CODES, default="brawl"),
    "free": Choice(name="clan", label="Clan", codes=CODES, free=50),
    "flag": Flag(name="done", label="Done"),
    "dots": Dots(name="strength", label="Strength", low=1),
    "number": Whole(name="age", label="Age", low=0, high=9999),
}


class Parsed(HTMLParser):
    """Each tag with its attributes and the text right after it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None], str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append((tag, dict(attrs), ""))

    def handle_data(self, data: str) -> None:
        if self.tags:
            tag, attributes, text = self.tags[-1]
            self.tags[-1] = (tag, attributes, text + data)

    def all(self, name: str) -> list[tuple[dict[str, str | None], str]]:
        return [(attributes, text) for tag, attributes, text in self.tags if tag == name]

    def one(self, name: str) -> tuple[dict[str, str | None], str]:
        (found,) = self.all(name)
        return found


def drawn(name: str, value: Any, place: Place = FORM, error: str = "") -> Parsed:
    return Parsed(widgets.fields([Shown(FIELDS[name], value, "f-x", error)], place))


def test_a_line_of_text() -> None:
    page = drawn("text", "Ren")
    known = {"id": "f-x", "name": "sire", "form": "sheet", "value": "Ren", "maxlength": "100", "list": "f-x-s"}
    assert page.one("input")[0] == {**known, "class": "input", "placeholder": " ", "autocomplete": "off"}
    assert page.one("label") == ({"for": "f-x", "id": "f-x-l"}, "Sire")
    assert [attributes["value"] for attributes, _ in page.all("option")] == ["Nobody", "The <Prince>"]
    assert page.one("datalist")[0] == {"id": "f-x-s"}


def test_plain_has_its_label_inside_too() -> None:
    assert drawn("text", "", Place("row", may_edit=True, plain=True)).one("input")[0]["placeholder"] == "Sire"


def test_prose_keeps_the_empty_line_that_it_begins_with() -> None:
    page = drawn("prose", "\nBorn in Lisbon")
    assert page.one("textarea")[1] == "\n\nBorn in Lisbon"  # of which a browser drops one
    assert page.one("textarea")[0]["maxlength"] == "3000"
    assert page.one("div")[0]["class"] == "field wide"


def test_a_choice_has_the_one_that_is_chosen() -> None:
    chosen = {attributes["value"]: "selected" in attributes for attributes, _ in drawn("choice", "melee").all("option")}
    assert chosen == {"brawl": False, "melee": True}


def test_a_choice_of_one_s_own_is_among_them() -> None:
    page = drawn("free", 'Ours "and" <theirs>')
    assert page.one("select")[0]["data-own"] == "50"
    texts = {attributes["value"]: (text, "selected" in attributes) for attributes, text in page.all("option")}
    assert texts['Ours "and" <theirs>'] == ('Ours "and" <theirs>', True)
    assert texts[""] == ("—", False)


def test_an_empty_choice_is_chosen() -> None:
    assert "selected" in drawn("free", "").all("option")[0][0]


@pytest.mark.parametrize(("value", "ticked"), [(True, True), (False, False)])
def test_a_flag_names_itself_twice(value: bool, ticked: bool) -> None:
    """What is not ticked is not sent: `flags` says that it was there."""
    box, told = (attributes for attributes, _ in drawn("flag", value).all("input"))
    assert ("checked" in box) == ticked and box["name"] == "done"
    assert (told["type"], told["name"], told["value"], told["form"]) == ("hidden", "flags", "done", "sheet")


@pytest.mark.parametrize(("name", "value", "shown"), [("dots", 0, "0"), ("number", None, ""), ("number", 0, "0")])
def test_numbers(name: str, value: Any, shown: str) -> None:
    box, _ = drawn(name, value).one("input")
    low, high = ("1", "5") if name == "dots" else ("0", "9999")
    assert (box["type"], box["value"], box["min"], box["max"]) == ("number", shown, low, high)


def test_dots_know_their_range() -> None:
    assert drawn("dots", 3).one("dot-track")[0] == {"data-low": "1", "data-high": "5"}
    assert "data-fixed" in drawn("dots", 3, READ).one("dot-track")[0]


def test_traits_are_items_of_a_list() -> None:
    page = Parsed(widgets.traits([Shown(FIELDS["dots"], 3, "f-strength", beside="Lifting <b>")], FORM))
    assert page.one("span") == ({"class": "beside", "data-part": "beside"}, "Lifting <b>")
    assert page.one("li")[0] == {"class": "trait", "data-field": "strength"}
    assert page.one("input")[0]["value"] == "3" and page.one("label")[1] == "Strength"


@pytest.mark.parametrize(
    ("name", "tag", "word"),
    [
        ("text", "input", "readonly"),
        ("prose", "textarea", "readonly"),
        ("number", "input", "readonly"),
        ("choice", "select", "disabled"),
    ],
)
def test_who_may_not_edit_only_reads(name: str, tag: str, word: str) -> None:
    assert word in drawn(name, "brawl", READ).one(tag)[0]
    assert word not in drawn(name, "brawl").one(tag)[0]


@pytest.mark.parametrize("name", FIELDS)
def test_what_is_wrong_is_said_and_pointed_to(name: str) -> None:
    page = drawn(name, "", error="Too <long>.")
    control = next(attributes for tag, attributes, _ in page.tags if tag in ("input", "select", "textarea"))
    assert (control["aria-invalid"], control["aria-describedby"]) == ("true", "f-x-e")
    assert page.one("p") == ({"class": "error", "id": "f-x-e", "data-part": "error"}, "Too <long>.")
    assert "bad" in (page.all("div")[0][0]["class"] or "")


@given(value=st.text(st.characters(exclude_categories=("Cs", "Cc"))) | st.just(HOSTILE))
def test_nothing_typed_becomes_a_tag(value: str) -> None:
    for name, tag in (("text", "input"), ("free", "select"), ("number", "input"), ("prose", "textarea")):
        page = drawn(name, value)
        known = {"div", "label", "p", "option", "datalist", tag}
        assert {each for each, _, _ in page.tags} <= known
    assert drawn("text", value).one("input")[0]["value"] == value
    assert drawn("prose", value).one("textarea")[1] == "\n" + value
