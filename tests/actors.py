"""The actors of a Table (tests.factories) as clients of the API."""

from tests.api_client import Api
from tests.factories import Table

ACTORS = (
    "gm",
    "control",
    "read",
    "overlay",
    "player",
    "viewer",
    "stranger",
    "rival",
    "foreign",
    "anonymous",
)


def api_as(table: Table, actor: str) -> Api:
    if actor == "anonymous":
        return Api()
    token = getattr(table, f"{actor}_token", "")
    return Api(token=token) if token else Api(user=getattr(table, actor))
