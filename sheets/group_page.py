"""The part of a sheet's page about its cell or coterie: joined, begun, left, and what it shares."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

from accounts.views.acting import acting
from contract.refusals import Invalid, NotVisible
from sheets import access, documents, queries
from sheets.lines.shape import Whole
from sheets.operations import groups
from sheets.page import Shown
from sheets.queries import Found

ANCHOR = "#group"


def context(found: Found) -> dict[str, Any] | None:
    """None where the line has no groups, or the sheet is in no chronicle; at most three queries."""
    sheet, together = found.sheet, found.line.together
    if together is None or sheet.campaign is None:
        return None
    held = queries.group(sheet.campaign, str(sheet.group_id)) if sheet.group_id else None
    fields = {name: field.default for name, field in together.by_name.items()}
    fields |= {**held.fields, "name": held.name} if held else {}
    own = [] if held else list(queries.groups(sheet.campaign, line=sheet.line))
    return {
        "label": together.label,
        "held": held,
        "character": held.character_id if held and held.character else None,
        "members": documents.group_document(held)["members"] if held else [],
        "fields": [Shown(field, fields[name], f"g-{name}") for name, field in together.by_name.items()],
        "others": own,
        "has_tracks": bool(together.tracks),
        "shared": queries.shared_names(sheet, found.line),
    }


def _begin(request: HttpRequest, found: Found) -> str:
    """And join it."""
    campaign = found.sheet.campaign
    if campaign is None:
        raise NotVisible
    access.require_in_group(acting(request), campaign)
    sent = {"name": request.POST.get("group_name", "")}
    made = groups.create(campaign, found.line, sent, actor=acting(request))
    groups.join(found.sheet, made, actor=acting(request))
    return ANCHOR


def _join(request: HttpRequest, found: Found) -> str:
    text = request.POST.get("group", "")
    if not text or found.sheet.campaign is None:
        raise Invalid([("group", "Choose which one the sheet joins.")])
    groups.join(found.sheet, queries.group(found.sheet.campaign, text), actor=acting(request))
    return ANCHOR


def _leave(request: HttpRequest, found: Found) -> str:
    groups.leave(found.sheet, actor=acting(request))
    return ANCHOR


def _save(request: HttpRequest, found: Found) -> str:
    group, together = found.sheet.group, found.line.together
    if group is None or together is None:
        raise NotVisible
    access.require_in_group(acting(request), group.campaign)
    sent: dict[str, Any] = {}
    for name, field in together.by_name.items():
        if name in request.POST:
            text = request.POST[name].replace("\r\n", "\n")
            sent[name] = int(text) if isinstance(field, Whole) and text.isdecimal() and len(text) < 4 else text
    groups.update(group, sent, actor=acting(request))
    return ANCHOR


DEEDS: dict[str, Callable[[HttpRequest, Found], str]] = {
    "group-begin": _begin,
    "group-join": _join,
    "group-leave": _leave,
    "group-save": _save,
}
