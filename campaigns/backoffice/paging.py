"""Pages of a long table without counting all of it."""

from functools import cached_property
from typing import Any

from django.core.paginator import Paginator

MOST_COUNTED = 5000


class BoundedPaginator(Paginator):
    """Counts up to 5,000 rows: nobody turns to page 101, and counting a million rows takes longer than reading 50."""

    @property
    def is_cut_off(self) -> bool:
        """There may be more rows than it counts."""
        return self.count == MOST_COUNTED

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return len(rows[:MOST_COUNTED]) if isinstance(rows, list) else rows.order_by()[:MOST_COUNTED].count()
