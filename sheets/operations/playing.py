"""A sheet plays a character of a campaign: from then on there is one live state, the character's."""

from uuid import UUID

from accounts.actors import Actor
from campaigns import ledger
from campaigns.models import Campaign
from characters import queries as character_queries
from contract.refusals import Conflict
from sheets import editing, queries
from sheets.editing import Edit
from sheets.lines import every
from sheets.models import Group, Sheet


def play(sheet: Sheet, campaign: Campaign, character_id: UUID, *, actor: Actor) -> Sheet:
    """The character takes the tracks of the sheet. Raises NotVisible, Conflict where another sheet plays it."""
    with ledger.writing(campaign.pk, actor):
        locked = queries.locked(sheet.pk)
        line = every()[locked.line]
        before = queries.draft(locked, line)
        character = character_queries.locked(campaign.pk, character_id)
        if Sheet.objects.filter(character=character).exclude(pk=locked.pk).exists():
            raise Conflict("Another sheet plays this character. Let that one stop first.")
        edit = Edit(locked, line, actor, before, {"campaign", "character"})
        if Group.objects.filter(character=character).exists():
            raise Conflict("This is the live state of a group, and nobody's to play.")
        if locked.group is not None and locked.group.campaign_id != campaign.pk:
            locked.group = None
        locked.tracks = dict(before.tracks)
        locked.campaign, locked.character = campaign, character
        editing.put_tracks(locked, dict(before.tracks), actor)
        edit.write()
        edit.told("sheet_plays", after={"character": character.name, "id": character.pk})
    return locked


def stop(sheet: Sheet, *, actor: Actor) -> Sheet:
    """The sheet keeps the tracks as they are now, and so does the character."""
    with editing.editing(sheet.pk, actor) as edit:
        if edit.sheet.character_id is None:
            return edit.sheet
        edit.sheet.tracks = dict(edit.before.tracks)
        name = edit.sheet.character.name if queries.plays(edit.sheet) and edit.sheet.character else ""
        edit.sheet.character = None
        edit.changed.add("character")
        edit.write()
        edit.told("sheet_stops_playing", before={"character": name})
    return edit.sheet
