"""What sheets keep of a person (see accounts.personal)."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet

from accounts import personal
from accounts.models import User
from sheets import portraits
from sheets.models import Experience, Roll, Row, Sheet
from sheets.operations import portraits as portrait_operations


def kept(user: User) -> list[dict[str, Any]]:
    """Every sheet whole, with its rows and its experience."""
    return [_whole(sheet) for sheet in Sheet.objects.filter(owner=user).order_by("created_at", "id")]


def _whole(sheet: Sheet) -> dict[str, Any]:
    rows = Row.objects.filter(sheet=sheet).order_by("kind", "position")
    ledger = Experience.objects.filter(sheet=sheet).order_by("number")
    return {
        "id": sheet.pk,
        "line": sheet.line,
        "name": sheet.name,
        "fields": sheet.fields,
        "tracks": sheet.tracks,
        "rows": list(rows.values("kind", "values")),
        "pictures": {each["slot"]: each["picture"]["url"] for each in portraits.shown(sheet) if each["picture"]},
        "rolls": list(_rolls(sheet).values("number", "label", "result", "at")),
        "experience": list(ledger.values("number", "kind", "amount", "label", "reason", "at")),
    }


def _rolls(sheet: Sheet) -> QuerySet[Roll]:
    """Without what the storyteller rolled in secret."""
    return Roll.objects.filter(Q(hidden=False) | Q(actor_id=sheet.owner_id), sheet=sheet).order_by("number")


def stays(user: User) -> Iterator[str]:
    if Sheet.objects.filter(owner=user, character__isnull=False).exists():
        yield "Characters that your sheets play stay in their campaigns; the sheets go."


def leave(user: User) -> None:
    portrait_operations.forget(list(Sheet.objects.filter(owner=user).values_list("pk", flat=True)))


def register() -> None:
    personal.register(personal.Part("sheets", kept, stays=stays, leave=leave))
