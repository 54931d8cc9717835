"""The storyteller's pages hear at once of what is no event: traits, experience, tracks of sheets off stage."""

from collections.abc import Collection
from uuid import UUID

from campaigns import live
from sheets.lines.shape import Line, Text

CHANGED = "SHEET_CHANGED"


def is_news(line: Line, changed: Collection[str]) -> bool:
    """Not for what somebody is typing, but for its name, and not for rolls; where nothing is named, it is something
    beside the fields.
    """
    return not changed or any(name == "name" or not _is_small(line, name) for name in changed)


def _is_small(line: Line, name: str) -> bool:
    return isinstance(line.by_name.get(name), Text) or name.startswith("rolls.")


def tell(campaign_id: UUID, sheet_id: UUID) -> None:
    """Never raises."""
    live.whisper(campaign_id, {"type": CHANGED, "data": {"sheetId": str(sheet_id)}})
