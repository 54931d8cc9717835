"""Pages of a list: `?page=&page_size=` in, `count`, `next`, `previous`, `results` out.

A page that is no number from 1 to 10,000 is refused (422). A page after the last one, within that range, is
empty: rows may have gone while a client walked, and its loop over `next` ends instead of failing. A
`page_size` over 100 counts as 100.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.http import HttpRequest

from contract.query import Integer

DEFAULT_SIZE = 25
MAX_SIZE = 100
MAX_PAGE = 10_000

PAGING = (
    Integer(name="page", minimum=1, maximum=MAX_PAGE, default=1, description="Page, counted from 1."),
    Integer(
        name="page_size",
        minimum=1,
        maximum=2**31 - 1,
        cap=MAX_SIZE,
        default=DEFAULT_SIZE,
        description=f"Rows per page; more than {MAX_SIZE} counts as {MAX_SIZE}.",
    ),
)

Row = TypeVar("Row")


def paged(
    request: Any,
    rows: QuerySet[Any] | Sequence[Row],
    params: Mapping[str, Any],
    represent: Callable[[list[Any]], Iterable[Any]],
) -> dict[str, Any]:
    """The body of one page. `params` holds `page` and `page_size` as PAGING reads them.

    One COUNT and one SELECT; no SELECT for an empty page. `rows` must have a total order.
    """
    page, size = params["page"], params["page_size"]
    count = rows.count() if isinstance(rows, QuerySet) else len(rows)
    start = (page - 1) * size
    last = max(1, -(-count // size))
    return {
        "count": count,
        "next": _address(request, page + 1) if page < last else None,
        "previous": _address(request, min(page - 1, last)) if page > 1 else None,
        "results": list(represent(list(rows[start : start + size]) if start < count else [])),
    }


def _address(request: Any, page: int) -> str:
    """The same address with another page. The host is one that ALLOWED_HOSTS lets through."""
    http: HttpRequest = getattr(request, "_request", request)
    query = http.GET.copy()
    query["page"] = str(page)
    return http.build_absolute_uri(f"{http.path}?{query.urlencode()}")
