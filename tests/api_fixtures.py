from typing import Any

import pytest

from tests.actors import api_as
from tests.api_client import Api
from tests.factories import Table
from tests.table_copies import Original


@pytest.fixture
def table(db: Any, original_table: Original) -> Table:
    return original_table.copied()


@pytest.fixture
def gm(table: Table) -> Api:
    return api_as(table, "gm")


@pytest.fixture
def anybody() -> Api:
    return Api()


@pytest.fixture
def here(table: Table) -> str:
    """The address of the table's campaign."""
    return f"/campaigns/{table.campaign.slug}"
