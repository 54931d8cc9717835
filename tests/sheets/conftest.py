from tests.api_fixtures import anybody, gm, here, table

__all__ = ["anybody", "gm", "here", "table"]
