"""PDFs made for a test, object by object."""

from collections.abc import Iterable

PAGE = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Resources << {resources} >> /Contents 4 0 R {more} >>"
TEXT = b"BT /F 12 Tf 10 50 Td (Low tide at Lowmere) Tj ET"
FONT = "/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"


def a_pdf(
    *, root: str = "", page: str = "", resources: str = FONT, more: Iterable[bytes] = (), contents: bytes = TEXT
) -> bytes:
    """One page. `root` and `page` are entries of the catalog and of the page; `more` are objects from number 5 on."""
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {root} >>".encode(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        PAGE.format(resources=resources, more=page).encode(),
        stream(contents),
        *more,
    ]
    return written(objects)


def stream(data: bytes, entries: str = "") -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries.encode(), len(data), data)


def written(objects: list[bytes], trailer: str = "") -> bytes:
    made, places = bytearray(b"%PDF-1.7\n"), []
    for number, each in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    at = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer\n<< /Size %d /Root 1 0 R %s >>\n" % (len(objects) + 1, trailer.encode())
    return bytes(made + b"startxref\n%d\n%%%%EOF\n" % at)
