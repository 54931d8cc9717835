"""Draws one PDF from one document of our own. Runs in a limited child only: WeasyPrint, no Django.

    python -I -c "…; press.main()"        # sheets.pdf.printing starts it

The document comes through standard input as JSON, the PDF goes to a file that it was handed. Nothing is fetched: the
only addresses that mean anything are those of marks (sheets.pdf.marks), which are drawn here, and of the pictures that
came along.
"""

import json
import os
import resource
import sys
from base64 import b64decode
from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from sheets.pdf import marks

# How large the text is, in points. The first that fits two pages is taken. What fits with none of them is set in the
# last but one and goes on further pages: smaller nobody reads it, and nothing is left out.
SIZES = (9.0, 8.4, 7.8, 7.2)
LONG = 60_000  # characters that are more than two pages in any size
TOO_FAR = 3  # pages in the largest text: those are more than two in the smallest, too (0.8² of the room)
OVERFLOWING = 8.4
WANTED_PAGES = 2
ABSENT = "absent"


def main() -> None:
    limits = json.loads(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory"], limits["memory"]))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits["file"], limits["file"]))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["cpu"], limits["cpu"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    order = json.loads(sys.stdin.buffer.read())
    with os.fdopen(int(sys.argv[1]), "wb") as target:
        print(json.dumps(_answer(order, target)))


def _answer(order: dict[str, Any], target: Any) -> dict[str, Any]:
    try:
        from weasyprint import HTML
    except OSError:  # Pango and its like are no Python packages
        return {ABSENT: True}
    pages, size, document = _fitted(HTML, order)
    document.write_pdf(target, pdf_variant="pdf/ua-1")
    return {"pages": pages, "size": size, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}


def _fitted(html: Any, order: dict[str, Any]) -> tuple[int, float, Any]:
    """The document in the largest text that fits."""
    for size in SIZES if len(order["html"]) < LONG else ():
        document = _rendered(html, order, size)
        if len(document.pages) <= WANTED_PAGES:
            return len(document.pages), size, document
        if len(document.pages) > TOO_FAR:
            break
    document = _rendered(html, order, OVERFLOWING)
    return len(document.pages), OVERFLOWING, document


def _rendered(html: Any, order: dict[str, Any], size: float) -> Any:
    from weasyprint import CSS

    style = f"@page {{ size: {order['paper']} }} html {{ font-size: {size}pt }}"
    known = partial(fetched, pictures=order.get("pictures", {}))
    sheets = [CSS(string=order["css"], url_fetcher=known), CSS(string=style, url_fetcher=known)]
    return html(string=order["html"], url_fetcher=known).render(stylesheets=sheets, pdf_variant="pdf/ua-1")


def fetched(address: str, pictures: Mapping[str, str] = MappingProxyType({})) -> Any:
    """A PNG that came along, in base64 by its address, or a mark. Raises ValueError for everything else."""
    from weasyprint.urls import URLFetcherResponse

    if address in pictures:
        return URLFetcherResponse(address, b64decode(pictures[address]), {"Content-Type": "image/png"})
    return URLFetcherResponse(address, marks.svg(address), {"Content-Type": "image/svg+xml"})


if __name__ == "__main__":
    main()
