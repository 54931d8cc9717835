"""Turn order: the pure rules, and how a turn is told."""

import pytest

from accounts.actors import SYSTEM
from campaigns.messages import GM, VIEWER
from campaigns.models import Event
from campaigns.operations import undo
from characters import initiative
from characters.initiative import Entry, Initiative
from characters.models import Character
from characters.operations import initiative as turns
from characters.operations import lifecycle, vitals
from characters.stats import blank
from contract.refusals import Conflict, Invalid
from overlay.snapshot import snapshot
from tests.api_client import Api, fields
from tests.factories import Table, a_character, a_table


def entry(id_: str, score: int = 0, *, character: str | None = None, hidden: bool = False) -> Entry:
    return {"id": id_, "character": character, "name": id_.upper(), "score": score, "hidden": hidden}


def order(*entries: Entry) -> Initiative:
    begun = initiative.begun(list(entries))
    assert begun is not None
    return begun


def ids(now: Initiative | None) -> list[str]:
    return [one["id"] for one in now["order"]] if now else []


def test_the_highest_begins_and_equals_stay_as_listed() -> None:
    now = order(entry("a", 7), entry("b", 19), entry("c", 7), entry("d", -1))
    assert (ids(now), now["turn"], now["round"]) == (["b", "a", "c", "d"], "b", 1)
    assert initiative.begun([]) is None


def test_after_the_last_comes_the_first_of_the_next_round() -> None:
    now = order(entry("a", 2), entry("b", 1))
    second = initiative.advanced(now)
    third = initiative.advanced(second)
    assert [(step["turn"], step["round"]) for step in (now, second, third)] == [("a", 1), ("b", 1), ("a", 2)]
    alone = initiative.advanced(order(entry("a")))
    assert (alone["turn"], alone["round"]) == ("a", 2)


def test_who_comes_and_goes_does_not_start_the_fight_anew() -> None:
    now = initiative.advanced(order(entry("a", 3), entry("b", 2), entry("c", 1)))
    joined = initiative.changed(now, [*now["order"], entry("d", 9)])
    assert joined is not None
    assert (ids(joined), joined["turn"]) == (["d", "a", "b", "c"], "b")
    left = initiative.changed(now, [entry("a", 3), entry("c", 1)])
    assert left is not None
    assert left["turn"] == "c", "the turn is that of whoever came next"
    last = initiative.changed(initiative.moved(now, "c"), [entry("a", 3), entry("b", 2)])
    assert last is not None
    assert last["turn"] == "a"
    assert initiative.changed(now, []) is None
    assert initiative.changed(None, [entry("x")]) == order(entry("x"))


def test_the_turn_goes_only_to_somebody_in_the_order() -> None:
    now = order(entry("a", 2), entry("b", 1))
    assert initiative.moved(now, "b")["turn"] == "b"
    with pytest.raises(KeyError):
        initiative.moved(now, "z")


def test_conditions_count_down_and_end() -> None:
    stats = {**blank(), "conditions": ["bless", "prone", "cursed"], "condition_rounds": {"bless": 3, "prone": 1}}
    after = initiative.counted_down(stats)
    assert (after["conditions"], after["condition_rounds"]) == (["bless", "cursed"], {"bless": 2})
    assert stats["condition_rounds"] == {"bless": 3, "prone": 1}


def test_viewers_know_nobody_who_is_kept_from_them() -> None:
    now = order(entry("a", 3, hidden=True), entry("b", 2, character="secret"), entry("c", 1, character="known"))
    shown = initiative.shown(now, {"secret"})
    assert shown is not None
    assert (ids(shown), shown["turn"]) == (["c"], None)
    assert "hidden" not in shown["order"][0]
    assert initiative.shown(order(entry("a", hidden=True)), set()) is None
    assert initiative.shown(None, set()) is None


# --- at the table ---


@pytest.fixture
def table(db: None) -> Table:
    return a_table()


def begin(table: Table) -> None:
    entries = [{"character": table.hero.pk, "score": 20}, {"character": table.secret.pk, "score": 10}]
    turns.set_order(table.campaign.pk, [*entries, {"name": "Bell Warden", "score": 5}], actor=SYSTEM)


def stats(character: Character) -> object:
    return Character.objects.get(pk=character.pk).stats


def turn(table: Table, audience: str) -> object:
    now = snapshot(table.campaign.pk, audience)["initiative"]
    return (now["round"], now["turn"], [one["name"] for one in now["order"]])


def test_a_round_with_a_condition_that_ends_and_its_undo(table: Table) -> None:
    begin(table)
    vitals.add_condition(table.campaign.pk, table.hero.pk, condition="prone", rounds=1, actor=SYSTEM)
    before = stats(table.hero)
    event = turns.next_turn(table.campaign.pk, actor=SYSTEM)
    assert Character.objects.get(pk=table.hero.pk).stats["conditions"] == []
    assert turn(table, GM) == (1, str(table.secret.pk), ["Isaura Vane", "The Pale King", "Bell Warden"])
    assert turn(table, VIEWER) == (1, None, ["Isaura Vane", "Bell Warden"])
    undo.undo(table.campaign.pk, event.pk, actor=SYSTEM)
    assert stats(table.hero) == before
    assert turn(table, VIEWER)[1] == str(table.hero.pk)  # type: ignore[index]


def test_an_older_turn_is_not_taken_back_under_a_later_one(table: Table) -> None:
    begin(table)
    first = turns.next_turn(table.campaign.pk, actor=SYSTEM)
    turns.next_turn(table.campaign.pk, actor=SYSTEM)
    with pytest.raises(Conflict, match="later change"):
        undo.undo(table.campaign.pk, first.pk, actor=SYSTEM)


def test_who_was_deleted_keeps_the_place_and_the_fight_goes_on(table: Table) -> None:
    begin(table)
    lifecycle.delete(table.hero, actor=SYSTEM)
    turns.next_turn(table.campaign.pk, actor=SYSTEM)
    assert turn(table, GM)[2][0] == "Isaura Vane"  # type: ignore[index]
    assert turn(table, VIEWER)[2] == ["Bell Warden"]  # type: ignore[index]


def test_without_an_order_there_is_no_turn(table: Table) -> None:
    with pytest.raises(Invalid):
        turns.next_turn(table.campaign.pk, actor=SYSTEM)
    assert turns.put_away(table.campaign.pk, actor=SYSTEM) is False
    assert Event.objects.filter(campaign=table.campaign, type="initiative").count() == 0


def test_through_the_api(table: Table) -> None:
    api, path = Api(token=table.control_token), f"/campaigns/{table.campaign.slug}/initiative"
    assert api.get(path).json() == {"round": 0, "turn": None, "order": []}
    body = {"order": [{"name": "Bell Warden", "score": 5}, {"character_id": str(table.hero.pk), "score": 12}]}
    now = api.patch(path, body).json()
    assert [one["name"] for one in now["order"]] == ["Isaura Vane", "Bell Warden"]
    assert api.post(f"{path}/next").json()["turn"] == now["order"][1]["id"]
    assert api.patch(path, {"turn": now["turn"]}).json()["turn"] == now["turn"]
    assert api.delete(path).status_code == 204
    assert fields(api.post(f"{path}/next")) == {"turn": "There is no turn order. Set one first."}


def test_what_is_no_order_is_refused(table: Table) -> None:
    api, path = Api(token=table.control_token), f"/campaigns/{table.campaign.slug}/initiative"
    foreign = a_character(table.rival_campaign)
    twice = {"character_id": str(table.hero.pk), "score": 1}
    found = fields(api.patch(path, {"order": [twice, twice, {"character_id": str(foreign.pk), "score": 1}]}))
    assert found.keys() == {"order.1.id", "order.2.character_id"}
    assert fields(api.patch(path, {"order": [{"score": 1}]})).keys() == {"order.0.name"}
    assert fields(api.patch(path, {"order": [{"name": "A", "score": 1000}]})).keys() == {"order.0.score"}
    assert fields(api.patch(path, {})).keys() == {"order"}
    assert fields(api.patch(path, {"turn": str(table.hero.pk)})).keys() == {"turn"}
