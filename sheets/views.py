"""The pages of sheets: one's own list, and a sheet that can be edited without a line of script."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import limits
from accounts.operations import preferences
from accounts.views.acting import acting, person
from contract.refusals import Conflict, Invalid, NotAllowed, NotVisible, Refusal
from sheets import access, dice_page, documents, group_page, joining, lines, page, parts, portraits, queries, table
from sheets.exchange import reading
from sheets.exchange.imported import Unreadable
from sheets.lines.shape import Draft, Field, Flag, Kind, Whole
from sheets.operations import copies, exchange, experience, playing, rows, sheets
from sheets.queries import Found

ON_A_PAGE = 200
MOST_BYTES = 1024 * 1024
CHANGED_MEANWHILE = "Somebody else changed this meanwhile. What you typed is below; save again to keep it."


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sheet_list(request: HttpRequest) -> HttpResponse:
    if not lines.enabled():
        raise Http404
    bringing = request.POST.get("do") == "bring"
    error = (_brought_in if bringing else _begun)(request) if request.method == "POST" else ""
    if isinstance(error, HttpResponse):
        return error
    found = list(queries.sheets(acting(request))[:ON_A_PAGE])
    faces = portraits.faces(found)
    mine = [sheet for sheet in found if sheet.owner_id == person(request).pk]
    context = {
        "section": "sheets",
        "mine": [_card(sheet, faces) for sheet in mine],
        "others": [_card(sheet, faces) for sheet in found if sheet not in mine],
        "lines": lines.enabled().values(),
        "told": table.told(acting(request)),
        "error": "" if bringing else error,
        "bring_error": error if bringing else "",
        "typed": request.POST,
    }
    return render(request, "sheets/sheet_list.html", context, status=422 if error else 200)


def _begun(request: HttpRequest) -> HttpResponse | str:
    """The page of the new sheet, or why there is none."""
    try:
        line = lines.line(request.POST.get("line", ""))
        sheet = sheets.create(person(request), line, {"name": request.POST.get("name", "")}, actor=acting(request))
    except NotVisible:
        return "Choose a game."
    except Refusal as refusal:
        return refusal.details[0][1] if refusal.details and isinstance(refusal, Invalid) else refusal.message
    return redirect("sheets:sheet", sheet.pk)


def _brought_in(request: HttpRequest) -> HttpResponse | str:
    """The page of the sheet that a file becomes, or why there is none."""
    file = request.FILES.get("file")
    if file is None or (file.size or 0) > MOST_BYTES:
        return f"Choose a file of at most {MOST_BYTES // 1024} KB."
    try:
        found = reading.read(json.loads(file.read()))
        sheet = exchange.bring_in(person(request), found, actor=acting(request))
    except Unreadable as reason:
        return str(reason)
    except (ValueError, RecursionError):
        return f"This file is no JSON. {reading.WANTED}"
    except Refusal as refusal:
        return refusal.details[0][1] if refusal.details and isinstance(refusal, Invalid) else refusal.message
    for _field, message in dict.fromkeys(found.findings):
        messages.warning(request, message)
    return redirect("sheets:sheet", sheet.pk)


def _card(sheet: Any, faces: dict[UUID, str]) -> dict[str, Any]:
    line = lines.every()[sheet.line]
    kinds = ("being", "clan", "predator", "creed", "hunt_drive")
    gone = line.absent(Draft({**line.blank(), **sheet.fields}))
    choices = [(line.by_name.get(name), sheet.fields.get(name, "")) for name in kinds if name not in gone]
    words = [
        getattr(field, "codes", {}).get(value, value) for field, value in choices if field and value != field.default
    ]
    return {
        "sheet": sheet,
        "line": line.name,
        "words": words,
        "concept": sheet.fields.get("concept", ""),
        "face": faces.get(sheet.pk),
    }


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest, sheet_id: UUID) -> HttpResponse:
    try:
        found = queries.sheet(str(sheet_id), acting(request))
        if request.method != "POST":
            return _page(request, found)
        return _pressed(request, found)
    except NotVisible as reason:
        raise Http404 from reason


def _pressed(request: HttpRequest, found: Found) -> HttpResponse:
    """What a form of the page asks for; `do` names it. A refusal is the page again, with what was typed."""
    name = request.POST.get("do", "save")
    if name not in DEEDS:
        raise Http404
    try:
        if name not in OPEN_TO_READERS:
            access.require_edit(found.standing)
        anchor = DEEDS[name](request, found)
    except NotVisible:
        raise
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.message) from refusal
    except Invalid as refusal:
        return _page(request, found, dict(refusal.details), status=422)
    except Conflict as refusal:
        message = CHANGED_MEANWHILE if refusal.current else refusal.message
        return _page(request, found, dict.fromkeys(refusal.current, CHANGED_MEANWHILE) | {"": message}, status=409)
    except Refusal as refusal:
        return _page(request, found, {"": refusal.message}, status=refusal.status_code)
    if anchor is None:
        return redirect("sheets:list")
    return redirect(reverse("sheets:sheet", args=[found.sheet.pk]) + anchor)


def _page(
    request: HttpRequest, found: Found, faults: dict[str, str] | None = None, *, status: int = 200
) -> HttpResponse:
    snapshot = parts.snapshot(found)
    document, draft = documents.told(snapshot), snapshot.draft
    shown = queries.sized(found.line, _as_typed(request, found, draft)) if faults else draft
    sections = page.sections(found.line, shown, snapshot.parts.rows, found.standing, faults or {}, document["warnings"])
    identity = page.identity(found.line, shown, found.standing, faults or {})
    entries = list(queries.entries(found.sheet)[:100])
    answered = queries.answers(entries)
    liked = preferences.of(person(request))
    pictures = portraits.shown(found.sheet)
    context = {
        "section": "sheets",
        "sheet": found.sheet,
        "line": found.line,
        "standing": found.standing,
        "moves_tracks": access.may_move_tracks(acting(request), found.sheet, found.standing),
        "plays": queries.plays(found.sheet),
        "named": next(each for each in identity if each.field.name == "name"),
        "identity": [each for each in identity if each.field.name != "name"],
        "sections": sections,
        "above": [sections[name] for name in page.ABOVE if name in sections],
        "stacks": [[sections[name] for name in names if name in sections] for names in page.STACKS],
        "wide": [sections[name] for name in page.WIDE if name in sections],
        "tracks": page.tracks(found.line, draft),
        "derived": document["derived"],
        "xp": document["xp"],
        "entries": [documents.entry_document(entry, answered.get(entry.pk)) for entry in entries],
        "document": document,
        **dice_page.context(request, snapshot),
        "group": group_page.context(found),
        "fixed_tracks": _fixed_tracks(request, found),
        "joining": joining.shown(request, found),
        "portraits": pictures,
        "gallery": [each for each in pictures[1:] if each["picture"]],
        "faults": faults or {},
        "columns": {"above": liked.column_widths_above, "below": liked.column_widths_below},
        "heights": liked.textarea_heights,
    }
    return render(request, "sheets/sheet_detail.html", context, status=status)


def _fixed_tracks(request: HttpRequest, found: Found) -> tuple[str, ...]:
    """The tracks that the person may not move here: all of them, those of the group, or none."""
    if not access.may_move_tracks(acting(request), found.sheet, found.standing):
        return tuple(found.line.tracks_by_name)
    return () if access.may_move_shared(found.sheet, found.standing) else queries.shared_names(found.sheet, found.line)


def _as_typed(request: HttpRequest, found: Found, draft: Any) -> Any:
    """What was typed and not taken, where it can be shown at all."""
    typed = {name: request.POST[name] for name in found.line.by_name if name in request.POST}
    kept = {name: value for name, value in typed.items() if type(draft.fields[name]) is str}
    return type(draft)({**draft.fields, **kept}, draft.tracks, draft.rows)


# --- what the forms do; each answers with the place on the page that it was about ---


def _save(request: HttpRequest, found: Found) -> str:
    """All fields that the form has and that differ; tracks and places only where they are among them."""
    sent: dict[str, Any] = {}
    for name, field in found.line.by_name.items():
        if (name in request.POST or _unchecked(request.POST, field)) and found.standing.may(field.reader):
            sent[name] = _value(request.POST, field)
    before = {**found.line.blank(), **found.sheet.fields, "name": found.sheet.name}
    changed = {name: value for name, value in sent.items() if value != before[name]}
    if found.standing.owns:
        changed |= _places(request.POST, found)
    tracks = _track_values(request.POST, found)
    if tracks:
        changed["tracks"] = tracks
    version = request.POST.get("version", "")
    seen = {"version": int(version)} if version.isdecimal() and len(version) < 9 else {}
    if changed:
        sheets.update(found.sheet, {**changed, **seen}, actor=acting(request), standing=found.standing)
    messages.success(request, "Saved.")
    return ""


def _unchecked(sent: QueryDict, field: Field) -> bool:
    """A box that is not ticked sends nothing; the form says which ones it has."""
    return isinstance(field, Flag) and field.name in sent.getlist("flags")


def _value(sent: QueryDict, field: Field) -> Any:
    if isinstance(field, Flag):
        return field.name in sent
    text = str(sent[field.name])
    if not isinstance(field, Whole):
        return text.replace("\r\n", "\n")
    if text == "" and field.default is None:
        return None
    return int(text) if text.isascii() and text.lstrip("-").isdecimal() and len(text) < 9 else text


def _places(sent: QueryDict, found: Found) -> dict[str, Any]:
    shared = sent.get("shared")
    return {"shared": shared} if shared is not None and shared != found.sheet.shared else {}


def _track_values(sent: QueryDict, found: Found) -> dict[str, dict[str, Any]]:
    changed: dict[str, dict[str, Any]] = {}
    for name, track in queries.draft(found.sheet, found.line).tracks.items():
        for key in track.keys() - {"max"}:
            text = sent.get(f"tracks.{name}.{key}", "")
            if text and text != str(track[key]):
                changed.setdefault(name, {})[key] = int(text) if text.isdecimal() and len(text) < 4 else text
    return changed


def _kind(request: HttpRequest, found: Found) -> Kind:
    kind = found.line.kinds_by_name.get(request.POST.get("kind", ""))
    if kind is None:
        raise NotVisible
    return kind


def _row_values(request: HttpRequest, kind: Kind) -> dict[str, Any]:
    return {name: _value(request.POST, field) for name, field in kind.by_name.items() if name in request.POST}


def _add_row(request: HttpRequest, found: Found) -> str:
    kind = _kind(request, found)
    rows.add(found.sheet, kind, _row_values(request, kind), actor=acting(request))
    return f"#{kind.section}"


def _save_row(request: HttpRequest, found: Found) -> str:
    kind = _kind(request, found)
    row = queries.row(found.sheet, kind.name, request.POST.get("row", ""))
    rows.update(row, kind, _row_values(request, kind), actor=acting(request))
    return f"#{kind.section}"


def _delete_row(request: HttpRequest, found: Found) -> str:
    kind = _kind(request, found)
    rows.delete(queries.row(found.sheet, kind.name, request.POST.get("row", "")), actor=acting(request))
    return f"#{kind.section}"


def _award(request: HttpRequest, found: Found) -> str:
    access.require_tell(found.standing)
    text = request.POST.get("amount", "").replace("−", "-").lstrip("+")
    if not text.lstrip("-").isdecimal() or len(text) > 5:
        raise Invalid([("amount", "A whole number such as 4, or −2 for a correction.")])
    reason = request.POST.get("reason", "")[:200]
    experience.award(found.sheet, int(text), actor=acting(request), reason=reason)
    return "#xp"


def _spend(request: HttpRequest, found: Found) -> str:
    """On "field:strength" or "row:id"."""
    sort, _, key = request.POST.get("target", "").partition(":")
    what: dict[str, Any] = {"field": key} if sort == "field" else {"row_id": _uuid(key)}
    experience.spend(found.sheet, actor=acting(request), standing=found.standing, **what)
    return "#xp"


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as reason:
        raise Invalid([("target", "Choose what the experience is spent on.")]) from reason


def _answer(operation: Callable[..., Any]) -> Callable[[HttpRequest, Found], str]:
    def answer(request: HttpRequest, found: Found) -> str:
        access.require_tell(found.standing)
        operation(queries.entry(found.sheet, request.POST.get("entry", "")), actor=acting(request))
        return "#xp"

    return answer


def _stop(request: HttpRequest, found: Found) -> str:
    playing.stop(found.sheet, actor=acting(request))
    return joining.ANCHOR


def _copy(*, with_pictures: bool) -> Callable[[HttpRequest, Found], None]:
    def copy(request: HttpRequest, found: Found) -> None:
        limits.hit(limits.UPLOAD, f"user:{person(request).pk}")
        by: Any = {"actor": acting(request), "standing": found.standing, "owner": person(request)}
        made = copies.duplicate(found.sheet, **by, with_pictures=with_pictures)
        messages.success(request, f"{made.name} is yours.")

    return copy


def _delete(request: HttpRequest, found: Found) -> None:
    if not found.standing.owns:
        raise NotVisible
    sheets.delete(found.sheet, actor=acting(request))
    messages.success(request, f"{found.sheet.name} is deleted.")


OPEN_TO_READERS = ("copy", "copy-plain")
DEEDS: dict[str, Callable[[HttpRequest, Found], str | None]] = {
    "save": _save,
    "add-row": _add_row,
    "save-row": _save_row,
    "delete-row": _delete_row,
    "award": _award,
    "spend": _spend,
    "approve": _answer(experience.approve),
    "refuse": _answer(experience.refuse),
    "undo": _answer(experience.undo),
    "stop": _stop,
    "chronicle": joining.put,
    "play": joining.play,
    "copy": _copy(with_pictures=True),
    "copy-plain": _copy(with_pictures=False),
    "delete": _delete,
    **dice_page.DEEDS,
    **group_page.DEEDS,
}
