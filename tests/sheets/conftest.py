from tests.api_fixtures import anybody, gm, here, table
from tests.content.conftest import on_disk

__all__ = ["anybody", "gm", "here", "on_disk", "table"]
