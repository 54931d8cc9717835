from typing import Any

import pytest

from tests.factories import Table, a_table


@pytest.fixture
def table(db: Any) -> Table:
    return a_table()
