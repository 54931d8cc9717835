"""A PDF is written anew from what its pages paint with; what acts or hides stays behind."""

import io
import zlib
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter

from content.workshop.papers import LOCKED, UNREADABLE, NotTaken, bare_jpeg, rewrite
from tests.content.papers import FONT, a_pdf, stream, written
from tests.content.pictures import a_picture

MARKER = "marker-of-what-acts"
ACTION = f"<< /S /JavaScript /JS (app.alert\\('{MARKER}'\\)) >>"


def rewritten(raw: bytes, most_pages: int = 9) -> bytes:
    made = io.BytesIO()
    rewrite(io.BytesIO(raw), made, most_pages)
    return made.getvalue()


def text_of(raw: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(raw), strict=True).pages)


def test_what_is_painted_stays() -> None:
    made = rewritten(a_pdf())
    assert text_of(made) == "Low tide at Lowmere"
    page = PdfReader(io.BytesIO(made)).pages[0]
    assert [float(side) for side in page.mediabox] == [0, 0, 200, 100]


ACTING = {
    "a script when it is opened": {"root": f"/OpenAction {ACTION}"},
    "a script that stands in the tree of names": {"root": f"/Names << /JavaScript << /Names [(x) {ACTION}] >> >>"},
    "an action of the page": {"page": f"/AA << /O {ACTION} >>"},
    "a program that is launched": {"root": f"/OpenAction << /S /Launch /F ({MARKER}) >>"},
    "a link": {"page": f"/Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI ({MARKER}) >> >>]"},
    "an embedded file": {
        "root": "/Names << /EmbeddedFiles << /Names [(x) << /Type /Filespec /EF << /F 5 0 R >> >>] >> >>",
        "more": [stream(MARKER.encode(), "/Type /EmbeddedFile")],
    },
    "a form that sends itself": {
        "root": f"/AcroForm << /Fields [] /XFA ({MARKER}) >>",
        "page": f"/Annots [<< /Subtype /Widget /FT /Tx /A << /S /SubmitForm /F ({MARKER}) >> /Rect [0 0 9 9] >>]",
    },
    "metadata": {"root": "/Metadata 5 0 R", "more": [stream(MARKER.encode(), "/Type /Metadata /Subtype /XML")]},
    "a name in hexadecimal": {"root": f"/Open#41ction << /S /J#61vaScript /#4aS ({MARKER}) >>"},
    "an action among the fonts": {"resources": f"{FONT} /Properties << /X {ACTION} >>"},
    "a picture whose bytes are elsewhere": {
        "resources": f"{FONT} /XObject << /I 5 0 R >>",
        "more": [stream(b"", f"/Type /XObject /Subtype /Image /Width 1 /Height 1 /F ({MARKER})")],
    },
    "PostScript": {
        "resources": f"{FONT} /XObject << /I 5 0 R >>",
        "more": [stream(MARKER.encode(), "/Type /XObject /Subtype /PS")],
    },
    "an object that nobody names": {"more": [f"({MARKER})".encode()]},
}


@pytest.mark.parametrize("parts", ACTING.values(), ids=ACTING)
def test_what_acts_or_hides_stays_behind(parts: Any) -> None:
    raw = a_pdf(**parts)
    assert MARKER.encode() in raw
    made = rewritten(raw)
    assert MARKER.encode() not in made and MARKER.encode().hex().encode() not in made
    assert text_of(made) == "Low tide at Lowmere"
    for name in (
        b"JavaScript",
        b"/JS",
        b"/Launch",
        b"/URI",
        b"/AA",
        b"OpenAction",
        b"EmbeddedFile",
        b"/Annots",
        b"XFA",
    ):
        assert name not in made
    assert set(PdfReader(io.BytesIO(made)).root_object) == {"/Type", "/Pages"}


def test_what_stands_after_the_end_is_not_taken_along() -> None:
    assert MARKER.encode() not in rewritten(a_pdf() + b"<script>" + MARKER.encode() + b"</script>")


def a_form(words: bytes) -> bytes:
    """What an annotation looks like."""
    entries = f"/Subtype /Form /BBox [0 0 100 20] /Resources << {FONT} >>"
    return stream(b"BT /F 10 Tf 2 2 Td (%s) Tj ET" % words, entries)


def test_a_filled_in_form_is_seen_as_before() -> None:
    look = stream(
        b"BT /F 10 Tf 2 2 Td (Isaura Vane) Tj ET", f"/Subtype /Form /BBox [0 0 100 20] /Resources << {FONT} >>"
    )
    widget = "<< /Subtype /Widget /FT /Tx /Rect [10 10 110 30] /AP << /N 5 0 R >> /V (Isaura Vane) {flags} >>"
    shown = rewritten(a_pdf(page=f"/Annots [{widget.format(flags='/F 4')}]", more=[look]))
    assert sorted(text_of(shown).split("\n")) == ["Isaura Vane", "Low tide at Lowmere"]
    hidden = rewritten(a_pdf(page=f"/Annots [{widget.format(flags='/F 2')}]", more=[look]))
    assert text_of(hidden) == "Low tide at Lowmere"


def test_a_box_is_seen_in_the_state_that_it_has() -> None:
    box = "/Annots [<< /Subtype /Widget /Rect [0 0 9 9] /AS /On /AP << /N << /On 5 0 R /Off 6 0 R >> >> >>]"
    found = text_of(rewritten(a_pdf(page=box, more=[a_form(b"ticked"), a_form(b"empty")])))
    assert "ticked" in found and "empty" not in found


def test_a_font_may_be_called_as_what_is_left_out() -> None:
    named = FONT.replace("/F <<", "/AA <<")
    made = rewritten(a_pdf(resources=named, contents=b"BT /AA 12 Tf 10 50 Td (Tide) Tj ET"))
    assert text_of(made) == "Tide"


def test_a_picture_inside_says_nothing_of_its_camera() -> None:
    jpeg = a_picture("JPEG", 32, 32)
    marked = jpeg[:2] + b"\xff\xe1" + (len(MARKER) + 2).to_bytes(2, "big") + MARKER.encode() + jpeg[2:]
    image = stream(marked, "/Subtype /Image /Width 32 /Height 32 /ColorSpace /DeviceRGB /Filter /DCTDecode")
    made = rewritten(a_pdf(resources=f"{FONT} /XObject << /I 5 0 R >>", more=[image]))
    assert MARKER.encode() not in made
    assert bare_jpeg(marked) in made
    assert bare_jpeg(b"no JPEG") == b"no JPEG"


def test_binary_tables_of_colours_stay_as_they_are() -> None:
    table = bytes(range(12)).hex()
    space = f"/ColorSpace << /C [/Indexed /DeviceRGB 3 <{table}>] >>"
    assert table.encode() in rewritten(a_pdf(resources=f"{FONT} {space}"))


def test_locked_is_refused() -> None:
    writer = PdfWriter(clone_from=io.BytesIO(a_pdf()))
    writer.encrypt("secret")
    locked = io.BytesIO()
    writer.write(locked)
    with pytest.raises(NotTaken, match=LOCKED):
        rewritten(locked.getvalue())


def test_too_many_pages_or_none() -> None:
    writer = PdfWriter()
    for _ in range(3):
        writer.add_blank_page(10, 10)
    three = io.BytesIO()
    writer.write(three)
    assert len(PdfReader(io.BytesIO(rewritten(three.getvalue(), 3))).pages) == 3
    with pytest.raises(NotTaken, match="3 pages"):
        rewritten(three.getvalue(), 2)
    with pytest.raises(NotTaken):
        rewritten(written([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>"]))


def nested(depth: int) -> bytes:
    return a_pdf(resources=f"{FONT} /Properties << /X {'[' * depth}{']' * depth} >>")


BROKEN = [
    b"%PDF-1.7\n",
    b"%PDF-1.7\n" + bytes(500),
    a_pdf()[:60],
    nested(5000),
    b"%PDF-1.7\nxref\n0 99999999999\ntrailer <<",
]


@pytest.mark.parametrize("raw", BROKEN)
def test_what_is_broken_is_refused(raw: bytes) -> None:
    with pytest.raises(NotTaken, match=UNREADABLE.split(".")[0]):
        rewritten(raw)


def test_pages_that_hold_one_another_end() -> None:
    loop = "/XObject << /I 5 0 R >>"
    form = stream(b"/I Do", f"/Subtype /Form /BBox [0 0 9 9] /Resources << {loop} >>")
    assert rewritten(a_pdf(resources=f"{FONT} {loop}", more=[form]))


def test_what_is_packed_tightly_is_not_unpacked() -> None:
    """A gigabyte of nothing in a megabyte: streams are carried over as they are."""
    bomb = zlib.compress(bytes(10**8), 9)
    made = rewritten(a_pdf(resources=f"{FONT} /XObject << /I 5 0 R >>", more=[stream(bomb, "/Filter /FlateDecode")]))
    assert len(made) < 10**6
