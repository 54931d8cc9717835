"""A cell of hunters, a coterie: begun, renamed, joined, left, dissolved.

Where a line's groups have tracks, a group is a character of its campaign without hit points: one live state for all its
sheets, moved by the desk, shown by the overlay, taken back by undo, as that of any character.
"""

from typing import Any

from accounts import audit
from accounts.actors import Actor
from campaigns import ledger
from campaigns.models import Campaign
from characters.models import Status
from characters.operations import lifecycle
from contract.refusals import Conflict, Invalid, NotVisible
from sheets import editing, queries, validation
from sheets.editing import Edit, refuse, tellable
from sheets.lines import every
from sheets.lines.shape import Line, Together
from sheets.models import Group, Sheet

MOST_GROUPS = 20
FULL = "limit_exceeded"


def create(campaign: Campaign, line: Line, sent: Any, *, actor: Actor) -> Group:
    """Raises Invalid with every failing field, Conflict where there are enough, and where the line has no groups."""
    together = _together(line)
    values, found = validation.read(together.by_name, sent)
    refuse(found + validation.missing(together.by_name, sent))
    with ledger.writing(campaign.pk, actor):
        if Group.objects.filter(campaign=campaign).count() >= MOST_GROUPS:
            raise Conflict(f"A campaign has at most {MOST_GROUPS} groups.", details=[("name", FULL)])
        group = Group(campaign=campaign, line=line.code, name=values["name"], fields=_stored(values))
        group.tracks = _fresh(line, together)
        if group.tracks:
            stats = {"hp": {"max": 0}, "tracks": group.tracks}
            facts = {"name": group.name, "class_name": together.label, "status": Status.GUEST}
            group.character = lifecycle.create(campaign, actor=actor, stats=stats, **facts)
        group.save(force_insert=True)
        _record("group_created", group, actor, after={"name": group.name, "line": line.code})
    return group


def update(group: Group, sent: Any, *, actor: Actor) -> Group:
    """Change some fields; null or "" clears one. Raises Invalid with every failing field."""
    with ledger.writing(group.campaign_id, actor):
        group = _locked(group)
        together = _together(every()[group.line])
        values, found = validation.read(together.by_name, sent, fixed=("id", "line", "tracks", "members"))
        refuse(found)
        before = {"name": group.name, **group.fields}
        changed = {name: value for name, value in values.items() if before.get(name) != value}
        if not changed:
            return group
        group.fields = {**group.fields, **_stored(changed)}
        group.name = changed.get("name", group.name)
        if "name" in changed and group.character is not None:
            group.character = lifecycle.update(group.character, {"name": group.name}, actor=actor)
        group.version += 1
        group.save()
        old = {name: before.get(name) for name in changed}
        line = every()[group.line]
        _record("group_changed", group, actor, before=tellable(line, old), after=tellable(line, changed))
    return group


def delete(group: Group, *, actor: Actor) -> None:
    """Its sheets keep the tracks as they are; the character that they were goes."""
    with ledger.writing(group.campaign_id, actor):
        group = _locked(group)
        for sheet in Sheet.objects.filter(group=group).order_by("pk"):
            leave(sheet, actor=actor)
        _record("group_deleted", group, actor, before={"name": group.name, "line": group.line})
        character = group.character
        group.delete()
        if character is not None:
            lifecycle.delete(character, actor=actor)


def join(sheet: Sheet, group: Group, *, actor: Actor) -> Sheet:
    """From then on what is shared is the group's, and no more on the badge of whoever plays. Raises Invalid."""
    with editing.editing(sheet.pk, actor) as edit:
        group = _locked(group)
        if (group.line, group.campaign_id) != (edit.sheet.line, edit.sheet.campaign_id):
            raise Invalid([("group", "A group is joined by sheets of its own campaign and game.")])
        if edit.sheet.group_id == group.pk:
            return edit.sheet
        edit.sheet.group = group
        _take_off(edit, queries.shared_names(edit.sheet, edit.line))
        _settle(edit, "group_joined", group)
    return edit.sheet


def leave(sheet: Sheet, *, actor: Actor) -> Sheet:
    """The sheet takes what was shared along, as it is."""
    with editing.editing(sheet.pk, actor) as edit:
        group = edit.sheet.group
        if group is None:
            return edit.sheet
        edit.sheet.group = None
        editing.put_tracks(edit.sheet, dict(edit.before.tracks), actor)
        _settle(edit, "group_left", group)
    return edit.sheet


def _take_off(edit: Edit, names: tuple[str, ...]) -> None:
    sheet = edit.sheet
    sheet.tracks = {name: track for name, track in sheet.tracks.items() if name not in names}
    if not queries.plays(sheet) or sheet.character is None:
        return
    gone: dict[str, Any] = {name: None for name in names if name in sheet.character.stats["tracks"]}
    if gone:
        sheet.character = lifecycle.update(sheet.character, {"stats": {"tracks": gone}}, actor=edit.actor)


def _settle(edit: Edit, action: str, group: Group) -> None:
    edit.changed.add("group")
    edit.write()
    edit.told(action, after={"group": group.name, "id": group.pk})


def _together(line: Line) -> Together:
    if line.together is None:
        raise Invalid([("line", f"{line.name} has no groups.")])
    return line.together


def _fresh(line: Line, together: Together) -> dict[str, dict[str, int]]:
    blank = queries.blank(line)
    return {name: line.tracks_by_name[name].fresh(blank) for name in together.tracks}


def _stored(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != "name"}


def _locked(group: Group) -> Group:
    """Under the lock of its campaign. Raises NotVisible where it is gone."""
    found = Group.objects.filter(pk=group.pk).select_related("character").first()
    if found is None:
        raise NotVisible
    return found


def _record(action: str, group: Group, actor: Actor, **states: Any) -> None:
    subject = ("group", group.pk, group.name)
    audit.record(action, actor=actor, subject=subject, campaign_id=group.campaign_id, **states)
