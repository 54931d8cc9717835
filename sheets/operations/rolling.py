"""Dice fall for a sheet, by the server's own randomness: what they do to its tracks goes through the tracks' operation.

On stage each roll is an event of the campaign's ledger besides, for the audience that the chronicle and the roller
allow. The sheet keeps the last `rolling.MOST_KEPT`.
"""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import uuid4

from accounts.actors import Actor
from campaigns.events import RollFacts
from campaigns.models import Event
from campaigns.operations import table
from characters.models import Character
from contract.refusals import Conflict, Invalid, NotVisible
from sheets import access, dice, editing, queries, rolling
from sheets.access import Standing
from sheets.editing import Edit
from sheets.lines.shape import Draft
from sheets.models import Roll, Sheet
from sheets.operations import sheets
from sheets.rolling import FAILED, FRENZY, PASSED, POOL, REMORSE, ROUSE

Asked = Mapping[str, Any]
Result = dict[str, Any]


def roll(sheet: Sheet, asked: Asked, *, actor: Actor, standing: Standing) -> Roll:
    """A pool, or a check of the line: `asked` as `sheets.serializers.ThrowSerializer` reads it.

    Raises Invalid for what this sheet cannot roll, NotAllowed where the roll would move tracks that the actor may not.
    """
    with editing.editing(sheet.pk, actor) as edit:
        _refuse_unknown(edit, asked)
        if asked["kind"] != POOL or asked.get("surge") or asked.get("desperation"):
            access.require_tracks(actor, edit.sheet, standing)
        if asked["kind"] == POOL:
            return _pool(edit, asked)
        return {ROUSE: _rouse, REMORSE: _remorse, FRENZY: _frenzy}[asked["kind"]](edit, asked)


def reroll(made: Roll, chosen: Collection[int], *, actor: Actor, standing: Standing) -> Roll:
    """One to three normal dice again, by their places, for a superficial willpower; once. Raises Conflict, Invalid."""
    with editing.editing(made.sheet_id, actor) as edit:
        access.require_tracks(actor, edit.sheet, standing)
        made = _locked(made)
        _refuse_reroll(made)
        willpower = edit.before.tracks.get("willpower")
        if willpower is None or willpower["aggravated"] >= willpower["max"]:
            raise Conflict("No willpower is left to mark.")
        try:
            again = dice.rerolled(_judged(made.result), chosen, dice.thrown, made.result["kind"])
        except ValueError as reason:
            raise Invalid([("dice", str(reason))]) from reason
        made.rerolled = True
        made.asked = {**made.asked, "first": made.result["normal"], "again": sorted(chosen)}
        made.result = dice.told(again, made.result["kind"])
        made.choice = rolling.OPEN if rolling.choices(made.result) else ""
        return _written(edit, made, [("willpower", {"superficial": 1})])


def choose(made: Roll, choice: str, *, actor: Actor, standing: Standing) -> Roll:
    """After a 1 on a desperation die: overreach, by which danger rises, or despair. Raises Conflict, Invalid."""
    with editing.editing(made.sheet_id, actor) as edit:
        access.require_tracks(actor, edit.sheet, standing)
        made = _locked(made)
        if made.choice != rolling.OPEN:
            raise Conflict("There is nothing left to choose for this roll.")
        _refuse_taken_back(made)
        if choice not in rolling.choices(made.result):
            raise Invalid([("choice", "Overreach keeps a win, and this is none. Choose despair.")])
        access.require_shared(edit.sheet, standing, ["danger"] if choice == rolling.OVERREACH else [])
        moved = ("danger", {"delta": made.result["ones"]}) if choice == rolling.OVERREACH else ("despair", {"delta": 1})
        made.result = rolling.settled(made.result, choice)
        made.choice = choice
        return _written(edit, made, [moved])


def _pool(edit: Edit, asked: Asked) -> Roll:
    chronicle = queries.settings_of(edit.sheet.campaign_id)
    draft, roused, moved = edit.before, None, []
    if asked.get("surge"):
        roused = dice.roused(draft.tracks["hunger"]["value"], dice.thrown)
        moved = _hungrier(draft, roused)
        draft = _with_hunger(draft, roused.hunger)
    try:
        rows = queries.rows_by_id(edit.line, edit.sheet)
        plan = rolling.plan(edit.line, draft, chronicle, asked, rows, surge=roused is not None)
    except rolling.NotRolled as reason:
        raise Invalid([(reason.field, str(reason))]) from reason
    thrown = plan.thrown(dice.thrown)
    result = dice.told(thrown, plan.special_kind)
    if roused is not None:
        result["rouse"] = _roused(roused)
    parts = [{"label": part.label, "dice": part.dice} for part in plan.parts]
    made = _new(edit, asked, plan.label, {"parts": parts, "rerolls": plan.rerolls}, result)
    made.choice = rolling.OPEN if rolling.choices(result) else ""
    return _written(edit, made, moved)


def _rouse(edit: Edit, asked: Asked) -> Roll:
    """`level` is that of the power it is for: up to what blood potency allows, it is rolled twice."""
    facts = edit.line.dice(edit.before, queries.settings_of(edit.sheet.campaign_id))
    twice = 0 < asked.get("level", 0) <= facts.twice
    roused = dice.roused(edit.before.tracks["hunger"]["value"], dice.thrown, twice=twice)
    made = _new(edit, asked, rolling.CHECK_LABELS[ROUSE], {"twice": twice}, _check(roused.faces, _roused(roused)))
    return _written(edit, made, _hungrier(edit.before, roused))


def _remorse(edit: Edit, asked: Asked) -> Roll:
    humanity = edit.before.tracks["humanity"]
    if not humanity["stains"]:
        raise Invalid([("kind", "There are no stains, and so nothing to feel remorse for.")])
    fell = dice.remorse(humanity["value"], humanity["stains"], dice.thrown)
    found = {"outcome": PASSED if fell.passed else FAILED, "humanity": fell.humanity}
    made = _new(edit, asked, rolling.CHECK_LABELS[REMORSE], {}, _check(fell.faces, found))
    steps = {"delta": fell.humanity - humanity["value"], "stains": -humanity["stains"]}
    return _written(edit, made, [("humanity", steps)])


def _frenzy(edit: Edit, asked: Asked) -> Roll:
    """`fury` where it is what a clan's bane makes worse."""
    tracks = edit.before.tracks
    less = edit.line.dice(edit.before, queries.settings_of(edit.sheet.campaign_id)).fury if asked.get("fury") else 0
    willpower, humanity = tracks["willpower"], tracks["humanity"]["value"]
    thrown = dice.frenzy(willpower, humanity, asked["difficulty"], dice.thrown, less=less)
    parts = [
        {"label": "Willpower and humanity", "dice": dice.frenzy_pool(willpower, humanity)},
        *([{"label": "Bane", "dice": -less}] if less else []),
    ]
    made = _new(edit, asked, rolling.CHECK_LABELS[FRENZY], {"parts": parts}, dice.told(thrown, ""))
    return _written(edit, made, [])


# --- what all of them do ---


def _refuse_unknown(edit: Edit, asked: Asked) -> None:
    known = (POOL, *rolling.checks(edit.line, edit.before))
    if asked["kind"] not in known:
        others = f"One of: {', '.join(name for name in known if name != rolling.SURGE)}."
        instead = edit.line.dice(edit.before, queries.settings_of(edit.sheet.campaign_id)).instead
        raise Invalid([("kind", instead if asked["kind"] == ROUSE and instead else others)])
    if asked.get("surge") and rolling.SURGE not in known:
        raise Invalid([("surge", "Only the blood of a vampire surges.")])


def _new(edit: Edit, asked: Asked, label: str, made_of: Result, result: Result) -> Roll:
    by = {"actor_id": edit.actor.user.pk if edit.actor.user else None, "actor_name": edit.actor.name[:120]}
    hidden = bool(asked.get("hidden"))
    last = Roll.objects.filter(sheet=edit.sheet).order_by("-number").values_list("number", flat=True).first() or 0
    Roll.objects.filter(sheet=edit.sheet, number__lte=last + 1 - rolling.MOST_KEPT).delete()
    facts: dict[str, Any] = {"kind": asked["kind"], "label": label, "asked": made_of, "result": result}
    return Roll(id=uuid4(), sheet=edit.sheet, number=last + 1, hidden=hidden, **facts, **by)


def _written(edit: Edit, made: Roll, moved: list[tuple[str, dict[str, int]]]) -> Roll:
    """The roll is kept and told, then the tracks move that it moves. Open pages see a new one by the version."""
    readers = rolling.readers(hidden=made.hidden, by_owner=made.actor_id == edit.sheet.owner_id)
    edit.changed |= {rolling.noted(reader) for reader in readers}
    edit.write()
    if queries.plays(edit.sheet) and edit.sheet.character is not None:
        made.event_id = _on_stage(edit, made, edit.sheet.character).pk
    else:
        words = rolling.summary(made.kind, made.result)
        edit.told("sheet_rolled", after={"label": made.label, "fell": words})
    made.save()
    for track, steps in moved:
        sheets.move_track(edit.sheet, track, {name: step for name, step in steps.items() if step}, actor=edit.actor)
    return made


def _on_stage(edit: Edit, made: Roll, character: Character) -> Event:
    """What is hidden, of somebody secret, or not for the stream in this chronicle, only the GM is told."""
    result = made.result
    shown = queries.settings_of(character.campaign_id)["rolls_shown"]
    special = result.get("kind", "")
    faces = [rolling.die(face) for face in result["normal"]] + [
        rolling.die(face, special) for face in result["special"]
    ]
    facts: RollFacts = {
        "id": str(made.pk),
        "kind": made.kind,
        "outcome": result["outcome"],
        "words": rolling.words(made.kind, result),
        "summary": rolling.summary(made.kind, result),
        "difficulty": result.get("difficulty"),
    }
    return table.roll(
        character.campaign_id,
        actor=edit.actor,
        label=made.label,
        total=result["total"],
        dice=faces,
        character_id=character.pk,
        hidden=made.hidden or not shown or character.is_secret,
        facts=facts,
    )


def _check(faces: tuple[int, ...], found: Result) -> Result:
    return {"normal": list(faces), "special": [], "kind": "", "total": dice.total(faces), **found}


def _roused(roused: dice.Roused) -> Result:
    outcome = PASSED if roused.passed else FAILED
    return {"outcome": outcome, "faces": list(roused.faces), "hunger": roused.hunger, "frenzy": roused.frenzy}


def _hungrier(draft: Draft, roused: dice.Roused) -> list[tuple[str, dict[str, int]]]:
    more = roused.hunger - draft.tracks["hunger"]["value"]
    return [("hunger", {"delta": more})] if more else []


def _with_hunger(draft: Draft, value: int) -> Draft:
    return Draft(draft.fields, {**draft.tracks, "hunger": {**draft.tracks["hunger"], "value": value}}, draft.rows)


def _judged(result: Result) -> dice.Judged:
    return dice.judged(result["normal"], result["special"], result["difficulty"], result["kind"])


def _locked(made: Roll) -> Roll:
    found = Roll.objects.filter(pk=made.pk).first()  # under the lock of its sheet
    if found is None:
        raise NotVisible
    return found


def _refuse_reroll(made: Roll) -> None:
    if made.rerolled:
        raise Conflict("These dice were rolled again already.")
    if made.kind != POOL or not made.asked.get("rerolls"):
        raise Conflict("Only pools of attributes, skills and disciplines are rolled again.")
    if made.choice not in ("", rolling.OPEN):
        raise Conflict("The choice is made. This roll stands.")
    _refuse_taken_back(made)


def _refuse_taken_back(made: Roll) -> None:
    if queries.taken_back([made]):
        raise Conflict("This roll was taken back at the table. Roll anew.")
