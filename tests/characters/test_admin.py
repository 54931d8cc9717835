"""Characters and the stage in the back office."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from campaigns import events
from campaigns.models import Campaign
from characters.models import Character, RosterEntry, Status
from characters.operations import lifecycle, roster, vitals
from tests.back_office import act, add, edit, errors_of, fields_of, opened, press, save, signed_in, told, url
from tests.factories import a_campaign, a_character, a_member, a_user, a_vampire, acting, on_stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def gm() -> User:
    return a_user("maren", is_staff=True)


@pytest.fixture
def campaign(gm: User) -> Campaign:
    return a_campaign(owner=gm, name="The Drowned Bell")


@pytest.fixture
def hero(campaign: Campaign) -> Character:
    return a_character(campaign, name="Isaura Vane", hp=45, summary="One\ntwo")


@pytest.fixture
def client(gm: User, campaign: Campaign) -> Client:
    return signed_in(gm)


def types(campaign: Campaign) -> list[str]:
    return list(campaign.events.values_list("type", flat=True))


def reloaded(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


# --- the form ---


def test_a_character_is_made_from_the_form(client: Client, campaign: Campaign) -> None:
    noor = a_member(campaign).user

    page = add(
        client,
        Character,
        campaign=str(campaign.pk),
        name="Bram Oakhollow",
        player=str(noor.pk),
        class_name="Cleric",
        race="Dwarf",
        level="7",
        hp_max="61",
        ac="18",
        wis="16",
        conditions="Prone, poisoned",
        accent="#6CC5B0",
        is_secret="on",
    )

    assert page.status_code == 302, errors_of(page)
    bram = Character.objects.get()
    assert (bram.name, bram.class_name, bram.race, bram.level, bram.player) == (
        "Bram Oakhollow",
        "Cleric",
        "Dwarf",
        7,
        noor,
    )
    assert bram.stats["hp"] == {"current": 61, "max": 61, "temp": 0}
    assert (bram.stats["ac"], bram.stats["abilities"]["wis"]) == (18, 16)
    assert bram.stats["conditions"] == ["prone", "poisoned"]
    assert (bram.accent, bram.is_secret) == ("#6cc5b0", True)
    assert types(campaign) == [events.CHARACTER_CREATED]


def test_who_runs_one_campaign_need_not_choose_it(client: Client, campaign: Campaign) -> None:
    assert add(client, Character, name="Bram").status_code == 302
    assert Character.objects.get().campaign == campaign


def test_an_edit_sends_what_changed(client: Client, campaign: Campaign, hero: Character) -> None:
    assert edit(client, hero, class_name="Bard", level="8", str="18", gm_notes="Owes money.").status_code == 302

    stored = reloaded(hero)
    assert (stored.class_name, stored.level, stored.stats["abilities"]["str"]) == ("Bard", 8, 18)
    changed = campaign.events.latest("seq").data["changed"]
    assert changed.keys() == {"class", "level", "stats.abilities.str", "gm_notes"}
    assert stored.summary == "One\ntwo"


def test_hit_points_alone_are_told_as_such(client: Client, campaign: Campaign, hero: Character) -> None:
    edit(client, hero, hp_current="12", hp_temp="5")

    assert reloaded(hero).stats["hp"] == {"current": 12, "max": 45, "temp": 5}
    assert types(campaign) == [events.CHARACTER_CREATED, events.HP_CHANGE]


def test_saving_without_a_change_records_nothing(client: Client, campaign: Campaign) -> None:
    hero = a_vampire(campaign, player=a_member(campaign).user, is_secret=True, accent="#ff0000")
    vitals.add_condition(campaign.pk, hero.pk, actor=acting(campaign.owner), condition="prone")
    before = reloaded(hero).version

    assert edit(client, hero).status_code == 302

    assert reloaded(hero).version == before


def test_conditions_and_player_can_be_taken_away(client: Client, campaign: Campaign, hero: Character) -> None:
    player = a_member(campaign).user
    edit(client, hero, conditions="prone", player=str(player.pk), inspiration="on")
    assert reloaded(hero).player == player

    edit(client, hero, conditions="", player="", inspiration=False)

    stored = reloaded(hero)
    assert (stored.player, stored.stats["conditions"], stored.stats["inspiration"]) == (None, [], False)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("hp_current", "46"),
        ("hp_current", ""),
        ("hp_max", "10000"),
        ("hp_temp", "-1"),
        ("ac", "x"),
        ("dex", "100"),
        ("conditions", "prone, prone"),
        ("conditions", "<b>"),
        ("conditions", "a\x00b"),
        ("name", ""),
        ("name", "a\u202eb"),
        ("accent", "red"),
        ("focal_x", "2"),
        ("focal_x", "nan"),
        ("level", "101"),
        ("status", "sleeping"),
    ],
)
def test_bad_values_are_told_at_their_field(field: str, value: str, client: Client, hero: Character) -> None:
    assert field in errors_of(edit(client, hero, **{field: value}))
    assert reloaded(hero).version == hero.version


def test_the_player_is_a_member(client: Client, campaign: Campaign, hero: Character) -> None:
    stranger = a_user()
    other = a_member(a_campaign(owner=campaign.owner)).user

    for person in (stranger, other):
        assert "player" in errors_of(edit(client, hero, player=str(person.pk)))
        page = add(client, Character, campaign=str(campaign.pk), name="Bram", player=str(person.pk))
        assert "player" in errors_of(page)


def test_tracks_are_shown(client: Client, campaign: Campaign) -> None:
    page = client.get(url(a_vampire(campaign), "change")).content.decode()

    assert "Humanity: value 7, stains 0 of 10" in page


# --- two people at once ---


def test_a_wound_during_an_edit_stays(client: Client, campaign: Campaign, hero: Character) -> None:
    seen = opened(client, hero)
    vitals.change_hp(campaign.pk, hero.pk, actor=acting(campaign.owner), delta=-7)

    assert save(client, hero, seen, class_name="Bard", ac="17").status_code == 302

    stored = reloaded(hero)
    assert (stored.class_name, stored.stats["ac"], stored.stats["hp"]["current"]) == ("Bard", 17, 38)


def test_a_stale_field_names_its_value(client: Client, campaign: Campaign, hero: Character) -> None:
    seen = opened(client, hero)
    noor = a_member(campaign, user=a_user(display_name="Noor")).user
    vitals.change_hp(campaign.pk, hero.pk, actor=acting(campaign.owner), delta=-7)
    lifecycle.update(hero, {"player": noor, "class_name": "Bard"}, actor=acting(campaign.owner))

    page = save(client, hero, seen, hp_current="40", class_name="Rogue", player=str(campaign.owner_id))

    errors = errors_of(page)
    assert "“38”" in errors["hp_current"][0]
    assert "“Bard”" in errors["class_name"][0]
    assert "“Noor”" in errors["player"][0]
    assert reloaded(hero).stats["hp"]["current"] == 38

    assert save(client, hero, fields_of(page, "character_form")).status_code == 302
    stored = reloaded(hero)
    assert (stored.stats["hp"]["current"], stored.class_name, stored.player) == (40, "Rogue", campaign.owner)


# --- buttons and actions ---


def test_on_and_off_the_stage(client: Client, campaign: Campaign, hero: Character) -> None:
    friend = a_character(campaign)

    act(client, Character, "on-stage", [hero, friend])
    assert set(campaign.roster_entries.values_list("character", flat=True)) == {hero.pk, friend.pk}
    press(client, hero, "off-stage")

    assert list(campaign.roster_entries.values_list("character", flat=True)) == [friend.pk]
    assert types(campaign).count(events.ROSTER_UPDATED) == 3


def test_the_dead_stay_off_the_stage(client: Client, campaign: Campaign) -> None:
    ghost = a_character(campaign, status=Status.DEAD)

    assert "Dead characters stay off the stage" in told(act(client, Character, "on-stage", [ghost]))
    assert not campaign.roster_entries.exists()


def test_healing_fully(client: Client, campaign: Campaign, hero: Character) -> None:
    whole = a_character(campaign)
    vitals.change_hp(campaign.pk, hero.pk, actor=acting(campaign.owner), delta=-60)

    page = act(client, Character, "heal", [hero, whole])

    assert reloaded(hero).stats["hp"]["current"] == 45
    assert "Healed: Isaura Vane." in told(page)
    assert "Nothing to heal" in told(page)
    assert types(campaign).count(events.HP_CHANGE) == 2


@pytest.mark.parametrize("by_form", [True, False])
def test_who_retires_leaves_the_stage(by_form: bool, client: Client, campaign: Campaign, hero: Character) -> None:
    on_stage(campaign, hero)

    if by_form:
        edit(client, hero, status="retired", race="Half-elf")
    else:
        press(client, hero, "retire")

    assert reloaded(hero).status == Status.RETIRED
    assert not campaign.roster_entries.exists()


def test_deleting_can_be_undone(client: Client, campaign: Campaign, hero: Character) -> None:
    other = a_character(campaign)
    assert client.post(url(hero, "delete"), {"post": "yes"}).status_code == 302
    act(client, Character, "delete_selected", [other], post="yes")
    assert not Character.objects.exists()

    for event in campaign.events.filter(type=events.CHARACTER_DELETED):
        press(client, event, "undo")

    assert set(Character.objects.all()) == {hero, other}


# --- setting the stage ---


@pytest.fixture
def party(campaign: Campaign) -> list[Character]:
    return [a_character(campaign, name=name) for name in ("Ada", "Bram", "Cato")]


def stage_url(campaign: Campaign) -> str:
    return reverse("admin:characters_rosterentry_stage", args=[campaign.pk])


def set_stage(client: Client, campaign: Campaign, places: dict[Character, int], **more: str) -> Any:
    data = {"seen": client.get(stage_url(campaign)).context["form"]["seen"].value(), **more}
    for character, place in places.items():
        data |= {f"on-{character.pk}": "on", f"place-{character.pk}": str(place)}
    return client.post(stage_url(campaign), data)


def on(campaign: Campaign) -> list[tuple[str, str]]:
    return list(campaign.roster_entries.order_by("position").values_list("character__name", "tier"))


def test_the_stage_is_set_whole(client: Client, campaign: Campaign, party: list[Character]) -> None:
    ada, bram, cato = party

    page = set_stage(client, campaign, {ada: 3, cato: 1}, **{f"tier-{ada.pk}": "large"})

    assert page.status_code == 302
    assert on(campaign) == [("Cato", ""), ("Ada", "large")]
    assert types(campaign)[-1] == events.ROSTER_UPDATED

    set_stage(client, campaign, {bram: 1})
    assert on(campaign) == [("Bram", "")]


def test_a_stage_changed_meanwhile_is_not_overwritten(
    client: Client, campaign: Campaign, party: list[Character]
) -> None:
    ada, bram, _cato = party
    seen = client.get(stage_url(campaign)).context["form"]["seen"].value()
    on_stage(campaign, bram)

    page = set_stage(client, campaign, {ada: 1}, seen=seen)

    assert page.status_code == 200
    assert "Somebody changed the stage meanwhile, to: Bram" in page.content.decode()
    assert on(campaign) == [("Bram", "")]
    again = page.context["form"]["seen"].value()
    assert set_stage(client, campaign, {ada: 1}, seen=again).status_code == 302
    assert on(campaign) == [("Ada", "")]


def test_what_the_roster_refuses_is_shown(client: Client, campaign: Campaign) -> None:
    crowd = [a_character(campaign) for _ in range(roster.LONGEST + 1)]

    page = set_stage(client, campaign, {each: place for place, each in enumerate(crowd, start=1)})

    assert "At most 24 characters on stage." in page.content.decode()
    assert on(campaign) == []


def test_strangers_do_not_get_on_stage(client: Client, campaign: Campaign, party: list[Character]) -> None:
    foreign = a_character(a_campaign())

    set_stage(client, campaign, {foreign: 1, party[0]: 2})

    assert on(campaign) == [("Ada", "")]


def test_the_list_of_the_roster_takes_off_the_stage(client: Client, campaign: Campaign, party: list[Character]) -> None:
    on_stage(campaign, *party)

    act(client, RosterEntry, "off-stage", [RosterEntry.objects.get(character=party[1])])

    assert on(campaign) == [("Ada", ""), ("Cato", "")]


def test_an_empty_campaign_says_what_to_do(client: Client, campaign: Campaign) -> None:
    assert "Add a character" in client.get(stage_url(campaign)).content.decode()


def test_chosen_characters_go_out_as_a_file(client: Client, campaign: Campaign) -> None:
    chosen = [a_character(campaign, name="Isaura Vane", gm_notes="Owes the bell."), a_character(campaign, name="Bram")]
    a_character(campaign, name="Not chosen")
    answer = act(client, Character, "export_as_file", chosen)
    assert answer["Content-Disposition"] == 'attachment; filename="characters.json"'
    file = json.loads(answer.content)
    assert [(row["name"], row["gm_notes"]) for row in file["characters"]] == [
        ("Bram", ""),
        ("Isaura Vane", "Owes the bell."),
    ]


def test_somebody_else_s_character_is_not_in_the_file(client: Client, campaign: Campaign) -> None:
    answer = act(client, Character, "export_as_file", [a_character(a_campaign(), name="The Other One")])
    assert "The Other One" not in answer.content.decode()
