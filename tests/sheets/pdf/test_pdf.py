"""The PDF of a sheet: on two pages, with tags, with everything that the reader may read and nothing else."""

import ctypes.util
import io
from typing import Any

import pytest
from pypdf import PdfReader

from accounts.actors import SYSTEM
from contract.refusals import Unavailable
from sheets import queries
from sheets.lines import vampire
from sheets.models import Row, Sheet
from sheets.operations.portraits import describe
from sheets.pdf import page, press, printing
from sheets.portraits import FACE
from tests.actors import api_as
from tests.conftest import absent
from tests.factories import Table, a_campaign, acting
from tests.sheets.made import a_cell, a_face, a_row, a_sheet, again, awarded, edit
from tests.sheets.test_pages import signed_in, text

pytestmark = pytest.mark.django_db
needs_pango = pytest.mark.usefixtures("pango")
HOSTILE = '<script>alert(1)</script><img src="file:///etc/passwd"><link rel=stylesheet href=http://127.0.0.1/x.css>'


@pytest.fixture
def pango() -> None:
    if ctypes.util.find_library("pango-1.0") is None:
        absent("PDFs are drawn with Pango, which this machine lacks")


def found(sheet: Sheet, actor: Any = SYSTEM) -> queries.Found:
    return queries.sheet(str(sheet.pk), actor)


def words(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


@needs_pango
def test_a_sheet_on_paper() -> None:
    sheet = a_sheet(campaign=a_campaign(), history=HOSTILE, concept="Courier of letters")
    a_row(sheet, conviction="Never the unwilling.")
    awarded(sheet, 12)
    made = page.pdf(found(sheet), "letter")
    pdf = PdfReader(io.BytesIO(made.content))
    assert len(pdf.pages) == made.pages <= 2 and made.size == press.SIZES[0]
    assert [round(float(side)) for side in pdf.pages[0].mediabox[2:]] == [612, 792]
    root: Any = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == "en" and "/StructTreeRoot" in root
    assert pdf.metadata is not None and pdf.metadata.title == "Elena Cross, Vampire"
    said = words(made.content)
    expected = ("Courier of letters", "Never the unwilling.", "12 available", "worldofdarkness.com", "<script>alert(1)")
    assert [each for each in expected if each not in said] == []
    assert not {"/JavaScript", "/JS", "/OpenAction", "/EmbeddedFile"} & {*root}
    assert all("/Annots" not in each for each in pdf.pages)


@needs_pango
def test_what_does_not_fit_goes_on_and_nothing_is_lost() -> None:
    sheet = a_sheet(campaign=a_campaign())
    names = [f"Background number {n} of many" for n in range(vampire.LINE.kinds_by_name["advantages"].most)]
    Row.objects.bulk_create(
        Row(sheet=sheet, kind="advantages", position=n, values={"name": name, "description": "Words about it. " * 30})
        for n, name in enumerate(names)
    )
    made = page.pdf(found(sheet), "a4")
    said = words(made.content)
    assert made.pages > 2 and made.size == press.OVERFLOWING and all(name in said for name in names)
    assert said.count("worldofdarkness.com") == made.pages


def test_every_reader_has_what_they_may_read(table: Table) -> None:
    sheet = edit(
        a_sheet(table.player, campaign=table.campaign),
        {"private_notes": "For nobody else", "storyteller_notes": "She is lied to", "shared": "table"},
    )
    seen = {name: page.html(found(sheet, acting(getattr(table, name)))) for name in ("player", "gm", "viewer")}
    assert [name for name in seen if "For nobody else" in seen[name]] == ["player"]
    assert [name for name in seen if "She is lied to" in seen[name]] == ["gm"]


def test_nothing_is_fetched() -> None:
    for address in ("https://example.org/a.png", "file:///etc/passwd", "data:image/png;base64,AAAA"):
        with pytest.raises(ValueError, match=r".+"):
            press.fetched(address)


def test_without_pango_the_page_says_so(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "_answer", refusing)
    sheet = a_sheet(table.player)
    told = signed_in(table.player).get(f"/sheets/{sheet.pk}/pdf", follow=True)
    assert "it lacks Pango" in text(told) and "Print the sheet&#x27;s page instead." in text(told)


def refusing(*_: Any) -> Any:
    raise Unavailable(1, printing.NOT_HERE)


@needs_pango
def test_the_page_sends_a_file(table: Table) -> None:
    sheet = a_sheet(table.player, name="Élise d’Arc")
    sent: Any = signed_in(table.player).get(f"/sheets/{sheet.pk}/pdf")
    assert (sent.status_code, sent["Content-Type"]) == (200, "application/pdf")
    assert "attachment" in sent["Content-Disposition"] and "no-store" in sent["Cache-Control"]
    assert sent.content.startswith(b"%PDF-")


@needs_pango
def test_the_limits_end_what_takes_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "MEMORY", 40 * 1024 * 1024)
    with pytest.raises(Unavailable):
        printing.printed("<p>x</p>", "", "a4")


class TestByTheApi:
    @needs_pango
    def test_who_sees_the_sheet_has_it_on_paper(self, table: Table) -> None:
        sheet = edit(a_sheet(table.player, campaign=table.campaign), {"private_notes": "For nobody else"})
        sent = api_as(table, "gm").get(f"/sheets/{sheet.pk}/pdf?paper=letter", Accept="application/pdf")
        assert (sent.status_code, sent["Content-Type"]) == (200, "application/pdf")
        assert "elena-cross.pdf" in sent["Content-Disposition"] and "no-store" in sent["Cache-Control"]
        pdf = PdfReader(io.BytesIO(sent.content))
        assert [round(float(side)) for side in pdf.pages[0].mediabox[2:]] == [612, 792]
        assert "Elena Cross" in words(sent.content) and "For nobody else" not in words(sent.content)

    def test_what_is_refused_is_told_in_json(self, table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
        address = f"/sheets/{a_sheet(table.player).pk}/pdf"
        monkeypatch.setattr(printing, "_answer", refusing)
        player, gm = api_as(table, "player"), api_as(table, "gm")
        lacking = player.get(address, Accept="application/pdf")
        assert (lacking.status_code, lacking["Content-Type"]) == (503, "application/json")
        assert "it lacks Pango" in lacking.json()["error"] and lacking["Retry-After"]
        assert [gm.get(address).status_code, player.get(f"{address}?paper=a0").status_code] == [404, 422]

    def test_it_is_throttled_as_the_page_is(self, table: Table, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(printing, "_answer", lambda order, made: {"pages": 1, "size": 9.0, "peak": 0})
        settings.RATE_LIMITS, settings.RATES = True, {**settings.RATES, "upload": "2/minute"}
        address = f"/sheets/{a_sheet(table.player).pk}/pdf"
        player = api_as(table, "player")
        assert [player.get(address).status_code for _ in range(3)] == [200, 200, 429]


@needs_pango
def test_the_face_and_the_cell_are_on_the_paper(table: Table) -> None:
    sheet, other = (a_face(a_sheet(name=name, line="htr", campaign=table.campaign)) for name in ("Wim", "Ada Lark"))
    a_cell(table.campaign, again(sheet), again(other), notes="Meet at the lighthouse.")
    describe(sheet, FACE, {"alt_text": "An old man with a lamp"}, actor=SYSTEM)
    made = page.pdf(found(sheet), "a4")
    pdf = PdfReader(io.BytesIO(made.content))
    assert len(pdf.pages) <= 2 and len(pdf.pages[0].images) == 1
    said = words(made.content)
    expected = ("Cell: The Lamplighters", "Meet at the lighthouse.", "With Ada Lark")
    assert [each for each in expected if each not in said] == []
    root: Any = pdf.trailer["/Root"]
    assert "An old man with a lamp" in alternatives(root["/StructTreeRoot"])


def alternatives(node: Any) -> list[str]:
    """What is said of pictures."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if not isinstance(node, dict):
        return []
    inner = node.get("/K", [])
    inner = inner.get_object() if hasattr(inner, "get_object") else inner
    children = inner if isinstance(inner, list) else [inner]
    return [
        *([str(node["/Alt"])] if "/Alt" in node else []),
        *(text for each in children for text in alternatives(each)),
    ]
