from typing import Any

from django.http import HttpRequest

from sheets import lines


def sheets(request: HttpRequest) -> dict[str, Any]:
    """Whether there is a game line, so that pages lead to sheets."""
    return {"has_sheets": bool(lines.enabled())}
