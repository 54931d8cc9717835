"""Sheets with people around them. Plain functions; each call makes a new row."""

import tempfile
from typing import Any

from accounts.actors import SYSTEM
from accounts.models import User
from campaigns.models import Campaign
from characters.models import Character
from sheets import dice, lines, queries
from sheets.access import Standing
from sheets.models import Group, Roll, Row, Sheet
from sheets.operations import chronicles, experience, groups, playing, portraits, rolling, rows, sheets
from sheets.portraits import FACE, Slot
from sheets.rolling import choices
from tests.content.pictures import a_picture
from tests.factories import a_character, a_user
from tests.sheets.drafts import NEONATE

EVERYTHING = Standing(owns=True, tells=True, sees=True)
PLAYS = Standing(owns=True, tells=False, sees=True)


def a_sheet(owner: User | None = None, line: str = "vtm", campaign: Campaign | None = None, **fields: Any) -> Sheet:
    """Elena Cross, or a hunter of the same traits. In a chronicle whether or not its owner is in it."""
    known = {name: value for name, value in NEONATE.items() if name in lines.line(line).by_name}
    made = sheets.create(owner or a_user(), lines.line(line), {**known, **fields}, actor=SYSTEM)
    if campaign is not None:
        Sheet.objects.filter(pk=made.pk).update(campaign=campaign)
    return again(made)


def again(sheet: Sheet) -> Sheet:
    return Sheet.objects.select_related(*queries.RELATED).get(pk=sheet.pk)


def a_played_sheet(campaign: Campaign, owner: User | None = None, **fields: Any) -> tuple[Sheet, Character]:
    """A sheet that plays a character without hit points, whose player owns it."""
    sheet = a_sheet(owner, campaign=campaign, **fields)
    character = a_character(campaign, hp=0, player=sheet.owner)
    playing.play(sheet, campaign, character.pk, actor=SYSTEM)
    return again(sheet), Character.objects.get(pk=character.pk)


def a_row(sheet: Sheet, kind: str = "touchstones", **values: Any) -> Row:
    return rows.add(sheet, lines.line(sheet.line).kinds_by_name[kind], {"name": "Inés", **values}, actor=SYSTEM)


def a_face(sheet: Sheet, slot: Slot = FACE) -> Sheet:
    """The sheet, with a picture of this slot."""
    with tempfile.TemporaryFile() as file:
        file.write(a_picture())
        file.flush()
        portraits.put_on(sheet, slot, file, actor=SYSTEM)
    return sheet


def edit(sheet: Sheet, sent: Any, **more: Any) -> Sheet:
    sheets.update(sheet, sent, **{"actor": SYSTEM, "standing": EVERYTHING, **more})
    return again(sheet)


def awarded(sheet: Sheet, amount: int = 30) -> Any:
    return experience.award(sheet, amount, actor=SYSTEM)


def a_request(campaign: Campaign, field: str = "strength") -> Any:
    """Of a player whose storyteller wants to be asked."""
    sheet = a_sheet(campaign=campaign)
    awarded(sheet)
    chronicles.update(campaign, {"xp_approval": True}, actor=SYSTEM)
    return experience.spend(sheet, actor=SYSTEM, standing=PLAYS, field=field)


def a_cell(campaign: Campaign, *members: Sheet, **fields: Any) -> Group:
    """Of hunters, with these sheets in it."""
    made = groups.create(campaign, lines.line("htr"), {"name": "The Lamplighters", **fields}, actor=SYSTEM)
    for sheet in members:
        groups.join(sheet, made, actor=SYSTEM)
    return made


def a_roll(sheet: Sheet, **asked: Any) -> Roll:
    """A pool of five dice, or what is asked for."""
    pool = {} if {"traits", "kind"} & asked.keys() else {"dice": 5}
    whole = {"kind": "pool", "difficulty": 2, **pool, **asked}
    return rolling.roll(sheet, whole, actor=SYSTEM, standing=EVERYTHING)


def fallen(sheet: Sheet, normal: list[int], special: list[int], difficulty: int = 1, kind: str = "hunger") -> Roll:
    """A roll whose dice fell so."""
    made = a_roll(sheet, dice=len(normal))
    made.result = dice.told(dice.judged(normal, special, difficulty, kind), kind)
    made.choice = "open" if choices(made.result) else ""
    made.save()
    return made


def tracks(sheet: Sheet) -> Any:
    sheet = again(sheet)
    return queries.draft(sheet, lines.every()[sheet.line]).tracks
