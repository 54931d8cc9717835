"""The actors of a Table (tests.factories) as clients of the API."""

from campaigns.models import Role
from tests.api_client import Api
from tests.factories import Table, a_member, a_user

ACTORS = (
    "gm",
    "control",
    "read",
    "overlay",
    "player",
    "other",
    "viewer",
    "stranger",
    "rival",
    "staff",
    "foreign",
    "anonymous",
)


def api_as(table: Table, actor: str) -> Api:
    """`other` plays nobody's character but is a player too; `staff` has a staff account and runs nothing."""
    if actor == "other":
        return Api(user=a_member(table.campaign, Role.PLAYER).user)
    if actor == "staff":
        return Api(user=a_user(is_staff=True))
    if actor == "anonymous":
        return Api()
    token = getattr(table, f"{actor}_token", "")
    return Api(token=token) if token else Api(user=getattr(table, actor))
