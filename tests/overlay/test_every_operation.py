"""An old BOOTSTRAP and the messages since equal a fresh BOOTSTRAP: for every operation, both audiences, and its undo.

`CASES` names what each operation does to a table; an operation without a case fails `test_every_operation_has_a_case`.
"""

import inspect
import json
import pkgutil
import tempfile
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest

import campaigns.operations
import characters.operations
import overlay.operations
import sheets.operations
from accounts.actors import SYSTEM
from campaigns import messages
from campaigns.models import Campaign, Event, Role, TokenKind
from campaigns.operations import campaigns as campaign_operations
from campaigns.operations import episodes, invitations, members, table, tokens, undo
from characters.importers.reading import read
from characters.models import Character, Relationship
from characters.operations import imports, initiative, lifecycle, pictures, relationships, roster, vitals
from characters.pictures import BACKGROUND, PORTRAIT, Place
from content.models import Version
from content.tasks import finish
from contract.refusals import Conflict
from overlay.operations import layouts, streaming
from overlay.snapshot import snapshot
from sheets.lines import vampire
from sheets.models import Row, Sheet
from sheets.operations import experience, groups, playing, rolling, rows
from sheets.operations import sheets as sheet_operations
from tests.content.pictures import a_picture
from tests.factories import a_campaign, a_character, a_member, a_team, a_user, a_vampire, an_episode, on_stage
from tests.live.replay import comparable, fold
from tests.sheets.drafts import discipline, power
from tests.sheets.made import EVERYTHING, a_cell, a_roll, a_sheet, again, awarded, edit, fallen

pytestmark = pytest.mark.django_db

BY: dict[str, Any] = {"actor": SYSTEM}
KINDS = vampire.LINE.kinds_by_name


class Stage:
    """A campaign in the middle of an evening: somebody hurt, dying, secret, undead; an episode running."""

    def __init__(self) -> None:
        self.campaign = a_campaign()
        self.hero = a_character(self.campaign, hp=45, name="Isaura")
        self.dying = a_character(self.campaign, hp=30, name="Bram", hp_display="bar")
        self.vampire = a_vampire(self.campaign, name="Elena", hp_display="band")
        self.secret = a_character(self.campaign, name="The Toll-Keeper", is_secret=True)
        self.extra = a_character(self.campaign, name="Maud", hp_display="hidden")
        on_stage(self.campaign, self.hero, self.secret, self.dying)
        self.planned = an_episode(self.campaign)
        self.running = an_episode(self.campaign)
        episodes.start(self.running, **BY)
        placed = {str(who.pk): {"x": 0.1, "y": 0.9} for who in (self.hero, self.secret, self.extra)}
        layouts.save(self.campaign.pk, "large", {"badges": placed}, **BY)
        vitals.change_hp(self.campaign.pk, self.dying.pk, delta=-30, **BY)
        vitals.add_condition(self.campaign.pk, self.hero.pk, condition="concentrating", **BY)

    @property
    def turns(self) -> list[dict[str, Any]]:
        return [
            {"character": self.hero.pk, "score": 20},
            {"character": self.secret.pk, "score": 15},
            {"name": "A hidden blade", "score": 14, "hidden": True},
            {"name": "Bell Warden", "score": 12},
            {"character": self.dying.pk, "score": 3},
        ]

    @property
    def id(self) -> Any:
        return self.campaign.pk

    def fresh(self, character: Character) -> Character:
        return Character.objects.get(pk=character.pk)


def _end_then_start(s: Stage) -> None:
    episodes.end(s.running, **BY)
    episodes.start(s.planned, **BY)


def _go_live(s: Stage) -> None:
    """OBS starts streaming between two episodes, in a campaign that wants the next one begun by it."""
    episodes.end(s.running, **BY)
    campaign_operations.update(s.id, {"settings": {"episode_with_stream": True}}, **BY)
    begun = streaming.stream_started(s.id, tokens.issue(s.campaign, TokenKind.OVERLAY, "OBS", **BY)[0].pk)
    assert begun == s.planned


def _delete_planned(s: Stage) -> None:
    episodes.delete(s.planned, **BY)


def _tie(s: Stage) -> Relationship:
    return relationships.add(s.id, s.hero.pk, s.secret.pk, words="Owes a crossing", **BY)


def _delete_with_ties(s: Stage) -> None:
    _tie(s)
    lifecycle.delete(s.hero, **BY)


def _delete_in_order(s: Stage) -> None:
    initiative.set_order(s.id, s.turns, **BY)
    lifecycle.delete(s.hero, **BY)


def _take_a_seat(s: Stage) -> None:
    invitation, _text = invitations.issue(s.campaign, Role.PLAYER, character_id=s.hero.pk, **BY)
    invitations.accept(invitation.digest, a_user(), SYSTEM)


NIM = {
    "_id": "a1b2c3d4e5f6a7b8",
    "name": "Nim",
    "type": "character",
    "_stats": {"systemId": "dnd5e", "systemVersion": "2.0.3"},
    "system": {"attributes": {"hp": {"value": 9, "max": 12}, "ac": {"flat": 14, "calc": "flat"}}, "details": {}},
    "items": [],
}


def _import_twice(s: Stage) -> None:
    for level in (9, 5):
        NIM["system"]["attributes"]["hp"]["value"] = level  # type: ignore[index]
        readings = read("nim.json", json.dumps(NIM).encode())
        results = list(imports.bring_in(s.campaign, readings, commit=True, keep_live=False, **BY))
        assert [result.name for result in results] == ["Nim"]


def _dress(character: Character, place: Place, width: int = 64) -> Character:
    with tempfile.TemporaryFile() as file:
        file.write(a_picture(width=width))
        file.flush()
        return pictures.put_on(character, place, file, **BY)


def _grow(s: Stage) -> None:
    _dress(s.hero, PORTRAIT, 400)  # a smaller one has no further forms
    finish(str(Version.objects.latest("created_at").pk))  # which calls look_again


def _on_stage(s: Stage) -> Sheet:
    """A sheet that plays the vampire, with Fortitude 2 and experience to spend."""
    sheet = a_sheet(campaign=s.campaign)
    rows.add(sheet, KINDS["disciplines"], discipline("fortitude", 2), **BY)
    awarded(sheet)
    return again(playing.play(sheet, s.campaign, s.vampire.pk, **BY))


def _resilient(s: Stage) -> Row:
    return rows.add(_on_stage(s), KINDS["powers"], power("fortitude", "Resilience"), **BY)


def _in_a_cell(s: Stage) -> Sheet:
    hunter = a_sheet(line="htr", campaign=s.campaign)
    playing.play(hunter, s.campaign, s.hero.pk, **BY)
    a_cell(s.campaign, hunter)
    return again(hunter)


def _dissolved(s: Stage) -> None:
    cell = _in_a_cell(s).group
    assert cell is not None
    groups.delete(cell, **BY)


def _despairs(s: Stage) -> None:
    hunter = a_sheet(line="htr", campaign=s.campaign)
    hunter = again(playing.play(hunter, s.campaign, s.hero.pk, **BY))
    rolling.choose(fallen(hunter, [3, 2], [1], kind="desperation"), "despair", standing=EVERYTHING, **BY)


Case = Callable[[Stage], Any]

# (operation, variant) -> what is done
CASES: dict[tuple[str, str], Case] = {
    ("campaigns.update", "name"): lambda s: campaign_operations.update(s.id, {"name": "The Second Bell"}, **BY),
    ("campaigns.update", "theme"): lambda s: campaign_operations.update(s.id, {"theme": {"hp": "#112233"}}, **BY),
    ("campaigns.update", "settings"): lambda s: campaign_operations.update(
        s.id, {"settings": {"viewer_delay": 15, "low_power": True}}, **BY
    ),
    ("campaigns.update", "private"): lambda s: campaign_operations.update(s.id, {"visibility": "private"}, **BY),
    ("campaigns.assign_team", ""): lambda s: campaign_operations.assign_team(s.id, a_team().pk, **BY),
    ("invitations.issue", ""): lambda s: invitations.issue(s.campaign, Role.PLAYER, **BY),
    ("invitations.revoke", ""): lambda s: invitations.revoke(
        s.campaign, invitations.issue(s.campaign, Role.PLAYER, **BY)[0].pk, **BY
    ),
    ("invitations.accept", "takes a seat"): lambda s: _take_a_seat(s),
    ("episodes.create", ""): lambda s: episodes.create(s.campaign, title="Low Water", **BY),
    ("episodes.update", "running"): lambda s: episodes.update(s.running, {"title": "Renamed on air"}, **BY),
    ("episodes.update", "planned"): lambda s: episodes.update(s.planned, {"title": "Renamed"}, **BY),
    ("episodes.delete", ""): _delete_planned,
    ("episodes.start", ""): _end_then_start,
    ("streaming.stream_started", ""): lambda s: _go_live(s),
    ("episodes.end", ""): lambda s: episodes.end(s.running, **BY),
    ("members.set_role", ""): lambda s: members.set_role(s.campaign, a_user(), Role.PLAYER, **BY),
    ("members.hand_over", ""): lambda s: members.hand_over(s.id, a_member(s.campaign, Role.GM).user.pk, **BY),
    ("members.remove", ""): lambda s: members.remove(s.campaign, a_user().pk, **BY),
    ("pictures.put_on", "portrait"): lambda s: _dress(s.hero, PORTRAIT),
    ("pictures.put_on", "another"): lambda s: (_dress(s.hero, PORTRAIT), _dress(s.fresh(s.hero), PORTRAIT, 80)),
    ("pictures.put_on", "background"): lambda s: _dress(s.dying, BACKGROUND),
    ("pictures.take_off", ""): lambda s: (
        _dress(s.vampire, PORTRAIT),
        pictures.take_off(s.fresh(s.vampire), PORTRAIT, **BY),
    ),
    ("table.roll", "open"): lambda s: table.roll(s.id, label="Stealth", total=17, character_id=s.hero.pk, **BY),
    ("table.roll", "hidden"): lambda s: table.roll(s.id, label="Stealth", total=17, hidden=True, **BY),
    ("table.custom_event", ""): lambda s: table.custom_event(s.id, name="Bell", payload={"rings": 1}, **BY),
    ("tokens.issue", ""): lambda s: tokens.issue(s.campaign, "control", "Deck", **BY),
    ("tokens.revoke", ""): lambda s: tokens.revoke(
        s.campaign, tokens.issue(s.campaign, "read", "Bot", **BY)[0].pk, **BY
    ),
    ("tokens.rotate", ""): lambda s: tokens.rotate(
        s.campaign, tokens.issue(s.campaign, "read", "Bot", **BY)[0].pk, **BY
    ),
    ("lifecycle.create", "open"): lambda s: lifecycle.create(s.campaign, name="Wick", **BY),
    ("lifecycle.create", "secret"): lambda s: lifecycle.create(s.campaign, name="Nobody", is_secret=True, **BY),
    ("lifecycle.update", "words"): lambda s: lifecycle.update(s.hero, {"summary": "Sings.", "gm_notes": "Lies."}, **BY),
    ("lifecycle.update", "hp"): lambda s: lifecycle.update(s.hero, {"stats": {"hp": {"current": 35}}}, **BY),
    ("lifecycle.update", "maximum"): lambda s: lifecycle.update(
        s.hero, {"stats": {"hp": {"max": 60}}, "level": 8}, **BY
    ),
    ("lifecycle.update", "tracks"): lambda s: lifecycle.update(
        s.vampire, {"stats": {"tracks": {"hunger": None, "rage": {"value": 1, "max": 5}}}}, **BY
    ),
    ("lifecycle.update", "becomes secret"): lambda s: lifecycle.update(s.hero, {"is_secret": True}, **BY),
    ("lifecycle.update", "is revealed"): lambda s: lifecycle.update(s.secret, {"is_secret": False}, **BY),
    ("lifecycle.update", "display"): lambda s: lifecycle.update(s.dying, {"hp_display": "exact"}, **BY),
    ("lifecycle.update", "player"): lambda s: lifecycle.update(s.hero, {"player": a_user()}, **BY),
    ("lifecycle.look_again", "more forms"): _grow,
    ("lifecycle.retire", ""): lambda s: lifecycle.retire(s.hero, **BY),
    ("lifecycle.delete", "on stage"): lambda s: lifecycle.delete(s.hero, **BY),
    ("lifecycle.delete", "secret"): lambda s: lifecycle.delete(s.secret, **BY),
    ("lifecycle.delete", "off stage"): lambda s: lifecycle.delete(s.extra, **BY),
    ("relationships.add", ""): lambda s: _tie(s),
    ("relationships.change", ""): lambda s: relationships.change(s.id, _tie(s).pk, {"words": "Owes her a name"}, **BY),
    ("relationships.remove", ""): lambda s: relationships.remove(s.id, _tie(s).pk, **BY),
    ("lifecycle.delete", "with ties"): lambda s: _delete_with_ties(s),
    ("roster.set_roster", "reorder"): lambda s: roster.set_roster(
        s.id, [(s.dying.pk, "compact"), (s.hero.pk, ""), (s.vampire.pk, "medium")], **BY
    ),
    ("roster.set_roster", "empty"): lambda s: roster.set_roster(s.id, [], **BY),
    ("roster.place", "on"): lambda s: roster.place(s.id, s.vampire.pk, **BY),
    ("roster.place", "off"): lambda s: roster.place(s.id, s.hero.pk, on=False, **BY),
    ("initiative.set_order", "begins"): lambda s: initiative.set_order(s.id, s.turns, **BY),
    ("initiative.set_order", "somebody leaves"): lambda s: (
        initiative.set_order(s.id, s.turns, **BY),
        initiative.set_order(s.id, s.turns[1:], **BY),
    ),
    ("initiative.to_turn", ""): lambda s: (
        initiative.set_order(s.id, s.turns, **BY),
        initiative.to_turn(s.id, str(s.dying.pk), **BY),
    ),
    ("initiative.next_turn", "conditions count down"): lambda s: (
        initiative.set_order(s.id, s.turns, **BY),
        vitals.add_condition(s.id, s.hero.pk, condition="bless", rounds=2, **BY),
        vitals.add_condition(s.id, s.hero.pk, condition="prone", rounds=1, **BY),
        initiative.next_turn(s.id, **BY),
    ),
    ("initiative.next_turn", "of somebody secret"): lambda s: (
        initiative.set_order(s.id, s.turns, **BY),
        vitals.add_condition(s.id, s.secret.pk, condition="bless", rounds=2, **BY),
        initiative.next_turn(s.id, **BY),
        initiative.next_turn(s.id, **BY),
    ),
    ("initiative.put_away", ""): lambda s: (
        initiative.set_order(s.id, s.turns, **BY),
        initiative.put_away(s.id, **BY),
    ),
    ("lifecycle.update", "is revealed in the order"): lambda s: (
        initiative.set_order(s.id, s.turns, **BY),
        lifecycle.update(s.secret, {"is_secret": False}, **BY),
    ),
    ("lifecycle.delete", "in the order"): lambda s: _delete_in_order(s),
    ("vitals.change_hp", "wound"): lambda s: vitals.change_hp(s.id, s.hero.pk, delta=-7, kind="fire", **BY),
    ("vitals.change_hp", "kill"): lambda s: vitals.change_hp(s.id, s.hero.pk, delta=-999, **BY),
    ("vitals.change_hp", "heal the dying"): lambda s: vitals.change_hp(s.id, s.dying.pk, delta=9, **BY),
    ("vitals.change_hp", "secret"): lambda s: vitals.change_hp(s.id, s.secret.pk, delta=-3, **BY),
    ("vitals.change_hp", "hidden"): lambda s: vitals.change_hp(s.id, s.extra.pk, delta=-3, **BY),
    ("vitals.set_hp", ""): lambda s: vitals.set_hp(s.id, s.hero.pk, to=3, **BY),
    ("vitals.give_temporary_hp", ""): lambda s: vitals.give_temporary_hp(s.id, s.dying.pk, amount=8, **BY),
    ("vitals.save_against_death", "fails"): lambda s: vitals.save_against_death(
        s.id, s.dying.pk, result="failure", **BY
    ),
    ("vitals.save_against_death", "rises"): lambda s: vitals.save_against_death(
        s.id, s.dying.pk, result="critical_success", **BY
    ),
    ("vitals.add_condition", ""): lambda s: vitals.add_condition(s.id, s.hero.pk, condition="Prone", rounds=3, **BY),
    ("vitals.remove_condition", ""): lambda s: vitals.remove_condition(
        s.id, s.hero.pk, condition="concentrating", **BY
    ),
    ("vitals.change_track", "pips"): lambda s: vitals.change_track(s.id, s.vampire.pk, track="hunger", delta=2, **BY),
    ("vitals.change_track", "boxes"): lambda s: vitals.change_track(
        s.id, s.vampire.pk, track="health", superficial=2, aggravated=1, **BY
    ),
    ("imports.bring_in", "twice"): _import_twice,
    ("layouts.save", "moves a badge"): lambda s: layouts.save(
        s.id, "large", {"badges": {str(s.hero.pk): {"x": 0.5}}}, **BY
    ),
    ("layouts.save", "first of its tier"): lambda s: layouts.save(s.id, "compact", {"card": {"ac": False}}, **BY),
    ("playing.play", ""): lambda s: _on_stage(s),
    ("playing.stop", ""): lambda s: playing.stop(_on_stage(s), **BY),
    ("sheets.update", "on stage"): lambda s: edit(_on_stage(s), {"stamina": 5, "tracks": {"hunger": {"value": 4}}}),
    ("sheets.update", "to a ghoul's"): lambda s: edit(_on_stage(s), {"being": "ghoul"}),
    ("sheets.move_track", "on stage"): lambda s: sheet_operations.move_track(
        _on_stage(s), "health", {"superficial": 3}, **BY
    ),
    ("vitals.change_track", "stains that cost willpower"): lambda s: vitals.change_track(
        s.id,
        _on_stage(s).character_id,  # type: ignore[arg-type]
        track="humanity",
        stains=5,
        **BY,
    ),
    ("groups.create", "a cell"): lambda s: a_cell(s.campaign),
    ("groups.update", "its name"): lambda s: groups.update(a_cell(s.campaign), {"name": "The Wicks"}, **BY),
    ("groups.join", "on stage"): lambda s: _in_a_cell(s),
    ("groups.leave", "on stage"): lambda s: groups.leave(_in_a_cell(s), **BY),
    ("groups.delete", "with a member"): lambda s: _dissolved(s),
    ("sheets.move_track", "of a cell"): lambda s: sheet_operations.move_track(
        _in_a_cell(s), "danger", {"delta": 2}, **BY
    ),
    ("rolling.roll", "on stage"): lambda s: a_roll(_on_stage(s)),
    ("rolling.roll", "a rouse check"): lambda s: a_roll(_on_stage(s), kind="rouse"),
    ("rolling.reroll", "on stage"): lambda s: rolling.reroll(a_roll(_on_stage(s)), [0, 1], standing=EVERYTHING, **BY),
    ("rolling.choose", "on stage"): lambda s: _despairs(s),
    ("rows.add", "a power that adds health"): lambda s: _resilient(s),
    ("rows.delete", "a power that adds health"): lambda s: rows.delete(_resilient(s), **BY),
    ("experience.spend", "on a track's trait"): lambda s: experience.spend(
        _on_stage(s), standing=EVERYTHING, field="stamina", **BY
    ),
    ("layouts.replace", "two tiers"): lambda s: layouts.replace(
        s.id,
        {
            "large": {"badges": {}, "chips": {}, "cards": {str(s.secret.pk): {"ac": False}}},
            "medium": {"badges": {str(s.hero.pk): {"x": 0, "y": 1, "scale": 2, "z": 1, "visible": False}}, "chips": {}},
        },
        **BY,
    ),
    ("layouts.save", "a card and a place in upright pictures of somebody secret"): lambda s: layouts.save(
        s.id,
        "large",
        {"cards": {str(s.secret.pk): {"hp": False}}, "tall": {"badges": {str(s.secret.pk): {"x": 0, "y": 1}}}},
        **BY,
    ),
    ("layouts.save", "three that are one step"): lambda s: [
        layouts.save(s.id, "large", {"badges": {str(s.hero.pk): {"x": x}}}, **BY) for x in (0.2, 0.3, 0.4)
    ],
    ("undo.undo", "a wound"): lambda s: undo.undo(s.id, vitals.change_hp(s.id, s.hero.pk, delta=-7, **BY).pk, **BY),
}

# What they do to a character on stage, another of the same module does too (see tests/sheets/test_on_stage.py).
LIKE_ANOTHER = {
    *("sheets.create", "copies.duplicate", "sheets.delete", "rows.update", "rows.duplicate", "chronicles.update"),
    *(
        "experience.award",
        "experience.award_all",
        "experience.approve",
        "experience.refuse",
        "experience.undo",
        "experience.carry_over",
        "exchange.bring_in",
        "portraits.put_on",
        "portraits.describe",
        "portraits.take_off",
    ),
}
# Operations after which there is no campaign to compare, or none yet.
WITHOUT = {"campaigns.create", "campaigns.delete"}


def operations() -> set[str]:
    found = set()
    for package in (campaigns.operations, characters.operations, overlay.operations, sheets.operations):
        for module in pkgutil.iter_modules(package.__path__):
            path = f"{package.__name__}.{module.name}"
            for name, function in inspect.getmembers(import_module(path), inspect.isfunction):
                own = function.__module__ == path and not name.startswith("_")
                # Of a token alone: who acts is the overlay that holds it.
                if own and {"actor", "token_id"} & set(inspect.signature(function).parameters):
                    found.add(f"{module.name}.{name}")
    return found


def test_every_operation_has_a_case() -> None:
    assert operations() == {operation for operation, _ in CASES} | WITHOUT | LIKE_ANOTHER


def told_since(campaign: Campaign, seq: int, audience: str) -> list[dict[str, Any]]:
    campaign.refresh_from_db()
    since = Event.objects.filter(campaign=campaign, seq__gt=seq)
    return [messages.message(event, audience, campaign.epoch) for event in since]


EVERY_CASE = pytest.mark.parametrize("case", CASES.values(), ids=[" ".join(key).strip() for key in CASES])


class Watched:
    """A stage, and what everybody who watched it from the beginning has been told."""

    def __init__(self) -> None:
        self.stage = Stage()
        self.first = {audience: snapshot(self.stage.id, audience) for audience in messages.AUDIENCES}
        self.seq = self.first[messages.GM]["seq"]

    def hear(self) -> dict[str, Any]:
        """What is told to each audience that comes now; who watched has to know the same."""
        fresh = {}
        for audience, first in self.first.items():
            state: dict[str, Any] | None = first
            for message in told_since(self.stage.campaign, self.seq, audience):
                state = fold(state, message)  # which insists on seq rising by one
            fresh[audience] = snapshot(self.stage.id, audience)
            assert comparable(state) == comparable(fresh[audience]), audience
        return fresh

    def events(self, **which: Any) -> list[Event]:
        return list(Event.objects.filter(campaign=self.stage.campaign, seq__gt=self.seq, **which).order_by("seq"))


@EVERY_CASE
def test_old_bootstrap_and_messages_equal_a_fresh_bootstrap(case: Case) -> None:
    watched = Watched()
    case(watched.stage)
    fresh = watched.hear()
    secret = watched.stage.secret.pk
    if not Character.objects.filter(pk=secret, is_secret=False).exists():
        told = told_since(watched.stage.campaign, watched.seq, messages.VIEWER)
        for message in (watched.first[messages.VIEWER], *told, fresh[messages.VIEWER]):
            assert str(secret) not in json.dumps(message), "viewers are told of somebody secret"


@EVERY_CASE
def test_undo_brings_back_what_was_and_can_be_undone(case: Case) -> None:
    watched = Watched()
    case(watched.stage)
    after = snapshot(watched.stage.id, messages.GM)
    done = watched.events(undoes=None, continues=None)
    undone = set(Event.objects.filter(undoes__in=done).values_list("undoes_id", flat=True))
    back = [undo.undo(watched.stage.id, event.pk, **BY) for event in reversed(done) if event.pk not in undone]
    for audience, fresh in watched.hear().items():
        if done and case is not CASES["episodes.update", "running"]:  # words about an episode are no live state to undo
            assert without_versions(fresh) == without_versions(watched.first[audience]), audience
    if not undone:
        for event in reversed(back):
            undo.undo(watched.stage.id, event.pk, **BY)
        assert without_versions(watched.hear()[messages.GM]) == without_versions(after)


def without_versions(state: dict[str, Any]) -> dict[str, Any]:
    shown = comparable(state)
    shown["characters"] = {
        id_: {key: value for key, value in row.items() if key != "version"} for id_, row in shown["characters"].items()
    }
    shown["layoutOverrides"] = {
        tier: {key: value for key, value in layout.items() if key != "version"}
        for tier, layout in shown["layoutOverrides"].items()
    }
    return {key: value for key, value in shown.items() if key != "seq"}


def test_nothing_is_undone_twice() -> None:
    stage = Stage()
    event = vitals.change_hp(stage.id, stage.hero.pk, delta=-7, **BY)
    undo.undo(stage.id, event.pk, **BY)
    with pytest.raises(Conflict, match="undone already"):
        undo.undo(stage.id, event.pk, **BY)


def test_only_the_last_fifty_are_undone() -> None:
    stage = Stage()
    event = vitals.change_hp(stage.id, stage.hero.pk, delta=-7, **BY)
    for _ in range(50):
        table.custom_event(stage.id, name="bell", **BY)
    with pytest.raises(Conflict, match="last 50"):
        undo.undo(stage.id, event.pk, **BY)


def test_an_edit_that_was_changed_again_is_not_overwritten() -> None:
    stage = Stage()
    lifecycle.update(stage.hero, {"summary": "First."}, **BY)
    first = Event.objects.filter(campaign=stage.campaign).last()
    lifecycle.update(stage.fresh(stage.hero), {"summary": "Second."}, **BY)
    assert first is not None
    with pytest.raises(Conflict, match="summary"):
        undo.undo(stage.id, first.pk, **BY)
    assert stage.fresh(stage.hero).summary == "Second."


def test_an_old_wound_is_taken_back_under_later_ones() -> None:
    stage = Stage()
    first = vitals.change_hp(stage.id, stage.hero.pk, delta=-10, **BY)
    vitals.change_hp(stage.id, stage.hero.pk, delta=-6, **BY)
    undo.undo(stage.id, first.pk, **BY)
    assert stage.fresh(stage.hero).stats["hp"]["current"] == 39
