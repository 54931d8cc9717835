"""A sheet is begun, edited field by field, copied, deleted."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts.actors import Actor
from accounts.models import User
from campaigns.models import Campaign
from characters import tracks as boxes
from characters.models import Character
from characters.operations import vitals
from contract.refusals import Conflict, Invalid
from sheets import access, editing, queries, stains, validation
from sheets.access import Standing
from sheets.editing import Edit, refuse, refuse_stale, tellable
from sheets.lines.shape import Draft, Finding, Line
from sheets.models import Shared, Sheet
from sheets.operations import portraits

META = ("campaign", "shared")
FIXED = ("id", "line", "owner", "owner_name", "character", "xp", "xp_total", "derived", "warnings", "created_at")
FULL = "limit_exceeded"


def create(owner: User, line: Line, sent: Any, *, actor: Actor, sheet_id: UUID | None = None) -> Sheet:
    """A new sheet; what is not sent is as the line begins. Raises Invalid with every failing field, Conflict when full.

    Somebody who begins a sheet is its owner, and in no chronicle its own storyteller.
    """
    mine = Standing(owns=True, tells=True, sees=True)
    values, meta, tracks, found = _read(line, sent, mine, lambda: owner)
    found += validation.missing(line.by_name, sent)
    draft = Draft({**line.blank(), "name": "", **values})
    sized, wrong = validation.with_tracks(line, draft, tracks)
    refuse(found + wrong + validation.absent_problems(line, draft, values))
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=owner.pk)  # two at once would both be the last
        if Sheet.objects.filter(owner=owner, line=line.code).count() >= settings.SHEETS_PER_LINE:
            raise Conflict(_full(line), details=[("line", FULL)])
        sheet = Sheet(owner=owner, line=line.code, fields=_stored(draft.fields), tracks=sized, **meta)
        sheet.pk = sheet_id or sheet.pk
        sheet.name = values["name"]
        sheet.save(force_insert=True)
        editing.record("sheet_created", sheet, actor, after={"name": sheet.name, "line": line.code})
    return sheet


def update(sheet: Sheet, sent: Any, *, actor: Actor, standing: Standing) -> Edit:
    """Change some fields, `tracks`, `campaign` or `shared`. `version` is the one that the editor saw: a field that
    changed since raises Conflict with its present value, others do not mind. Returns what was read for it, too.

    Raises Invalid with every failing field; nothing is changed then.
    """
    with editing.editing(sheet.pk, actor, sheet) as edit:
        seen, sent = _seen(sent)
        values, meta, tracks, found = _read(edit.line, sent, standing, lambda: edit.sheet.owner)
        found += _campaign_problems(edit.sheet, meta)
        draft = Draft({**edit.before.fields, **values}, edit.before.tracks, edit.before.rows)
        sized, wrong = validation.with_tracks(edit.line, draft, tracks)
        differs = {name: value for name, value in values.items() if value != edit.before.fields[name]}
        refuse(found + wrong + validation.absent_problems(edit.line, draft, differs))
        refuse(_unready(edit, draft, values))
        _refuse_stale(edit, {*values, *meta, *(f"tracks.{name}" for name in tracks)}, seen)
        if tracks:
            access.require_tracks(actor, edit.sheet, standing)
            access.require_shared(edit.sheet, standing, tracks)
        if seen is not None:
            edit.changed |= {*values, *meta}  # also what is as it was: a request of before that comes late is stale now
        _write(edit, values, meta, sized)
    return edit


def move_track(sheet: Sheet, name: str, steps: dict[str, int], *, actor: Actor) -> Sheet:
    """Mark or mend boxes, raise or lower pips: `superficial` and `aggravated`, or `delta` and `stains`. Each new stain
    that finds no empty box costs an aggravated willpower besides.

    Of a character on stage it is the character's own operation, with its consequences, and told by its events. Raises
    Invalid.
    """
    with editing.editing(sheet.pk, actor) as edit:
        live = _live(edit, name)
        if live is not None:
            editing.put_tracks(edit.sheet, dict(edit.before.tracks), actor)  # the character may lack one of the line's
            vitals.change_track(live.campaign_id, live.pk, actor=actor, track=name, **steps)
            return _fresh(edit.sheet)
        moved = _step(edit, name, steps)
        for other, further in stains.cost(edit.before.tracks, name, steps):
            moved = move_track(moved, other, further, actor=actor)
        return moved


def _step(edit: Edit, name: str, steps: dict[str, int]) -> Sheet:
    track = edit.before.tracks.get(name)
    if track is None:
        raise Invalid([("track", f"One of: {', '.join(edit.before.tracks)}.")])
    _refuse_steps(dict(track), steps)
    change = boxes.hurt if boxes.is_damage(dict(track)) else boxes.moved
    moved = change(dict(track), **steps)
    editing.put_tracks(edit.sheet, {**edit.before.tracks, name: moved}, edit.actor)
    edit.changed.add(f"tracks.{name}")
    edit.write("sheet_changed", before={f"tracks.{name}": track}, after={f"tracks.{name}": moved})
    return edit.sheet


def _live(edit: Edit, name: str) -> Character | None:
    """The character whose live state the track is: that of the group, or the one that the sheet plays."""
    sheet = edit.sheet
    if name in queries.shared_names(sheet, edit.line) and sheet.group is not None:
        return sheet.group.character
    return sheet.character if queries.plays(sheet) else None


def delete(sheet: Sheet, *, actor: Actor) -> None:
    """With its rows and its experience. The character that it played stays, as it is."""
    with editing.editing(sheet.pk, actor) as edit:
        edit.told("sheet_deleted", before={"name": edit.sheet.name, "line": edit.sheet.line})
        portraits.forget([edit.sheet.pk])
        edit.sheet.delete()


# --- reading what is sent ---


def _read(
    line: Line, sent: Any, standing: Standing, owner: Callable[[], User]
) -> tuple[dict[str, Any], dict[str, Any], Any, list[Finding]]:
    """Fields, meta fields, tracks, and what is wrong."""
    if not isinstance(sent, dict):
        return {}, {}, {}, [("", validation.NOT_AN_OBJECT)]
    own = {name: value for name, value in sent.items() if name not in (*META, "tracks")}
    fixed = (*FIXED, *(kind.name for kind in line.kinds))
    values, found = validation.read(line.by_name, own, may=standing.may, fixed=fixed)
    meta, wrong = _meta({name: sent[name] for name in META if name in sent}, standing, owner)
    return values, meta, sent.get("tracks", {}), found + wrong


def _meta(sent: dict[str, Any], standing: Standing, owner: Callable[[], User]) -> tuple[dict[str, Any], list[Finding]]:
    found: list[Finding] = [(name, validation.READ_ONLY) for name in sent if not standing.owns]
    meta: dict[str, Any] = {}
    if "shared" in sent and sent["shared"] not in Shared.values:
        found.append(("shared", f"One of: {', '.join(Shared.values)}."))
    elif "shared" in sent:
        meta["shared"] = sent["shared"]
    if "campaign" in sent:
        campaign = _campaign(sent["campaign"], owner())
        if sent["campaign"] is not None and campaign is None:
            found.append(("campaign", "You are in no such campaign."))
        meta["campaign"] = campaign
    return meta, found


def _campaign(text: Any, owner: User) -> Campaign | None:
    if type(text) is not str:
        return None
    try:
        campaign = Campaign.objects.filter(pk=UUID(text)).first()
    except ValueError:
        return None
    return campaign if campaign is not None and access.may_join(owner, campaign) else None


def _campaign_problems(sheet: Sheet, meta: dict[str, Any]) -> list[Finding]:
    moves = "campaign" in meta and getattr(meta["campaign"], "pk", None) != sheet.campaign_id
    if moves and queries.plays(sheet):
        return [("campaign", "The sheet plays a character of its campaign. Let it stop playing first.")]
    return []


def _seen(sent: Any) -> tuple[int | None, Any]:
    """The version that the editor saw, and the rest."""
    if not isinstance(sent, dict) or "version" not in sent:
        return None, sent
    version = sent["version"]
    if type(version) is not int or not 1 <= version < 2**31:
        raise Invalid([("version", "A whole number of 1 or more.")])
    return version, {name: value for name, value in sent.items() if name != "version"}


def _unready(edit: Edit, draft: Draft, values: dict[str, Any]) -> list[Finding]:
    """In a strict chronicle nobody's creation is complete before it is as the line has it."""
    if not values.get("creation_complete") or edit.before.fields.get("creation_complete"):
        return []
    chronicle = queries.settings_of(edit.sheet.campaign_id)
    return list(edit.line.creation(draft, chronicle)) if chronicle["strict_creation"] else []


def _refuse_stale(edit: Edit, names: set[str], seen: int | None) -> None:
    meta = {"campaign": _text(edit.sheet.campaign_id), "shared": edit.sheet.shared}
    tracks = {f"tracks.{name}": track for name, track in edit.before.tracks.items()}
    refuse_stale(edit.sheet, names, seen, {**edit.before.fields, **meta, **tracks})


# --- writing ---


def _write(edit: Edit, values: dict[str, Any], meta: dict[str, Any], tracks: dict[str, Any]) -> None:
    sheet, before = edit.sheet, edit.before
    changed = {name: value for name, value in values.items() if before.fields[name] != value}
    names = {*tracks, *before.tracks}
    moved = {f"tracks.{name}" for name in names if before.tracks.get(name) != tracks.get(name)}
    other = {name: value for name, value in meta.items() if getattr(sheet, name) != value}
    if not (changed or moved or other):
        if edit.changed:
            edit.write()
        return
    was = {name: _text(getattr(sheet, name)) for name in other}
    sheet.fields = _stored({**before.fields, **changed})
    sheet.name = str(changed.get("name", sheet.name))
    for name, value in other.items():
        setattr(sheet, name, value)
    if "campaign" in other and sheet.group is not None:
        sheet.group = None  # a group is at home in its campaign; what was shared goes along as it is
    editing.put_tracks(sheet, tracks, edit.actor)
    edit.changed |= {*changed, *other, *moved}
    old = {**{name: before.fields[name] for name in changed}, **was, **_tracks(moved, before.tracks)}
    new = {**changed, **{name: _text(value) for name, value in other.items()}, **_tracks(moved, tracks)}
    edit.write("sheet_changed", before=tellable(edit.line, old), after=tellable(edit.line, new))


def _tracks(names: set[str], tracks: Any) -> dict[str, Any]:
    return {name: tracks.get(name.removeprefix("tracks.")) for name in names}


def _stored(fields: Any) -> dict[str, Any]:
    """The name stands in a column, for lists."""
    return {name: value for name, value in fields.items() if name != "name"}


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _fresh(sheet: Sheet) -> Sheet:
    return Sheet.objects.select_related(*queries.RELATED).get(pk=sheet.pk)


def _refuse_steps(track: dict[str, int], steps: dict[str, int]) -> None:
    allowed = {"superficial", "aggravated"} if boxes.is_damage(track) else {"delta", "stains"}
    refuse([(key, f"This track changes by {' and '.join(sorted(allowed))}.") for key in sorted(steps.keys() - allowed)])


def _full(line: Line) -> str:
    return f"You have {settings.SHEETS_PER_LINE} {line.name} sheets already. Delete one first."
