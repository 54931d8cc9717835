"""The back office writes by operations: every change has its ledger event and reaches the live stream."""

import ast
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts import tokens
from accounts.models import User
from campaigns import clock, events, live, sentences
from campaigns.models import Campaign, CampaignToken, Episode, Event, Member, Role
from campaigns.operations import campaigns, episodes
from campaigns.theme import TOKENS
from characters.operations import vitals
from contract.refusals import Invalid
from tests.back_office import act, add, edit, errors_of, fields_of, opened, press, save, signed_in, told, url
from tests.factories import a_campaign, a_character, a_token, a_user, acting, an_episode

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def gm() -> User:
    return a_user("maren", is_staff=True)


@pytest.fixture
def campaign(gm: User) -> Campaign:
    return a_campaign(owner=gm, name="The Drowned Bell", slug="the-drowned-bell", description="One\ntwo")


@pytest.fixture
def client(gm: User, campaign: Campaign) -> Client:
    return signed_in(gm)


def types(campaign: Campaign) -> list[str]:
    return list(campaign.events.values_list("type", flat=True))


def reloaded(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def row_errors(page: Any) -> list[str]:
    formset = page.context["inline_admin_formsets"][0].formset
    return [*formset.non_form_errors(), *(str(text) for form in formset.forms for text in form.errors.values())]


# --- no way around the operations ---


@pytest.mark.parametrize("module", [*sorted(ROOT.glob("*/admin.py")), *sorted(ROOT.glob("*/backoffice/*.py"))])
def test_the_back_office_writes_no_row_itself(module: Path) -> None:
    writers = {"save", "delete", "bulk_create", "bulk_update", "update_or_create", "get_or_create", "set_password"}
    own = {"people", "campaigns", "episodes", "members", "layouts", "lifecycle", "roster", "tokens", "vitals"}
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in writers:
            owner = node.func.value.id if isinstance(node.func.value, ast.Name) else ast.unparse(node.func.value)
            keeps_only = owner == "formset" and ast.unparse(node) == "formset.save(commit=False)"
            assert owner in own or keeps_only, f"{module.name}:{node.lineno} {ast.unparse(node)}"


@pytest.mark.django_db(transaction=True)
def test_a_save_reaches_the_live_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    gm = a_user(is_staff=True)
    campaign = a_campaign(owner=gm)
    told_to_viewers: list[tuple[Any, list[Event]]] = []
    monkeypatch.setattr(live, "tell", lambda campaign, recorded: told_to_viewers.append((campaign.pk, recorded)))

    edit(signed_in(gm), campaign, name="Told to everybody")

    ((told_campaign, recorded),) = told_to_viewers
    assert told_campaign == campaign.pk
    assert [(event.seq, event.data["campaign"]["name"]) for event in recorded] == [(1, "Told to everybody")]


# --- campaigns ---


def test_a_new_campaign_belongs_to_who_makes_it(client: Client, gm: User, campaign: Campaign) -> None:
    page = add(client, Campaign, name="Quiet Season", slug="quiet-season", viewer_delay="15", theme_accent="#6CC5B0")

    assert page.status_code == 302
    made = Campaign.objects.get(slug="quiet-season")
    assert made.owner == gm
    assert made.members.get().role == Role.GM
    assert made.settings["viewer_delay"] == 15
    assert made.theme == {"accent": "#6cc5b0"}


def test_the_owner_cannot_be_forged(client: Client, gm: User) -> None:
    add(client, Campaign, name="Mine", slug="mine", viewer_delay="0", owner=str(a_user("somebody").pk))

    assert Campaign.objects.get(slug="mine").owner == gm


def test_an_administrator_makes_a_campaign_for_somebody(gm: User) -> None:
    admin_client = signed_in(a_user(is_superuser=True, is_staff=True))

    add(admin_client, Campaign, name="Theirs", slug="theirs", viewer_delay="0", owner=str(gm.pk))

    assert Campaign.objects.get(slug="theirs").owner == gm


def test_settings_and_colours_are_fields(client: Client, campaign: Campaign) -> None:
    page = edit(client, campaign, viewer_delay="30", low_power="on", theme_preset="crypt", theme_hp="#112233")

    assert page.status_code == 302
    stored = reloaded(campaign)
    assert stored.settings == {
        "viewer_delay": 30,
        "low_power": True,
        "players_change_live": False,
        "episode_with_stream": False,
    }
    assert stored.theme == {"preset": "crypt", "hp": "#112233"}
    assert types(campaign) == [events.CAMPAIGN_UPDATED]

    edit(client, campaign, theme_hp="", low_power=False)

    stored = reloaded(campaign)
    assert stored.theme == {"preset": "crypt"}
    assert stored.settings["low_power"] is False


def test_each_token_of_the_theme_has_a_field(client: Client, campaign: Campaign) -> None:
    assert {f"theme_{token}" for token in TOKENS} <= opened(client, campaign).keys()


def test_saving_without_a_change_records_nothing(client: Client, campaign: Campaign) -> None:
    assert edit(client, campaign).status_code == 302

    assert types(campaign) == []
    assert reloaded(campaign).description == "One\ntwo"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("theme_accent", "red"),
        ("theme_accent", "#12345"),
        ("theme_accent", "url(x)"),
        ("theme_preset", "neon"),
        ("viewer_delay", "601"),
        ("viewer_delay", ""),
        ("slug", "No Good"),
        ("name", ""),
        ("name", "a\u202eb"),
        ("visibility", "secret"),
    ],
)
def test_bad_values_are_told_at_their_field(field: str, value: str, client: Client, campaign: Campaign) -> None:
    assert field in errors_of(edit(client, campaign, **{field: value}))
    assert reloaded(campaign).version == 1


def test_a_slug_that_is_taken_is_told_at_the_slug(client: Client, campaign: Campaign) -> None:
    a_campaign(slug="taken")

    assert "slug" in errors_of(edit(client, campaign, slug="taken"))


def test_what_the_operation_refuses_is_told_at_the_field(
    client: Client, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when somebody takes the address between the form's own check and the writing."""

    def refuse(*args: Any, **kwargs: Any) -> None:
        raise Invalid([campaigns.SLUG_TAKEN, ("settings.viewer_delay", "Too long."), ("elsewhere", "Odd.")])

    monkeypatch.setattr(campaigns, "update", refuse)

    errors = errors_of(edit(client, campaign, slug="other"))

    assert errors["slug"] == [campaigns.SLUG_TAKEN[1]]
    assert errors["viewer_delay"] == ["Too long."]
    assert errors["__all__"] == ["elsewhere: Odd."]


def test_the_page_shows_addresses_to_copy(client: Client, campaign: Campaign) -> None:
    page = client.get(url(campaign, "change")).content.decode()

    assert "http://testserver/campaigns/the-drowned-bell" in page
    assert "http://testserver/overlay/the-drowned-bell?tier=large" in page


def test_deleting_a_campaign_says_what_is_lost(client: Client, campaign: Campaign) -> None:
    a_character(campaign)

    page = client.get(url(campaign, "delete")).content.decode()
    assert "1 members, 1 characters, 1 events. There is no way back." in page

    assert client.post(url(campaign, "delete"), {"post": "yes"}).status_code == 302
    assert not Campaign.objects.filter(pk=campaign.pk).exists()


def test_campaigns_are_not_deleted_in_bulk(client: Client, campaign: Campaign) -> None:
    act(client, Campaign, "delete_selected", [campaign], post="yes")

    assert Campaign.objects.filter(pk=campaign.pk).exists()


# --- two people at once ---


def test_edits_of_different_fields_both_win(client: Client, gm: User, campaign: Campaign) -> None:
    seen = opened(client, campaign)
    campaigns.update(campaign.pk, {"name": "The Risen Bell"}, actor=acting(gm))

    assert save(client, campaign, seen, game_system="Pathfinder 2e").status_code == 302

    stored = reloaded(campaign)
    assert (stored.name, stored.game_system) == ("The Risen Bell", "Pathfinder 2e")


def test_edits_of_one_field_name_the_current_value(client: Client, gm: User, campaign: Campaign) -> None:
    seen = opened(client, campaign)
    campaigns.update(campaign.pk, {"name": "The Risen Bell", "visibility": "private"}, actor=acting(gm))

    page = save(client, campaign, seen, name="The Silent Bell", visibility="unlisted")

    errors = errors_of(page)
    assert "“The Risen Bell”" in errors["name"][0]
    assert "“Private: members only”" in errors["visibility"][0]
    assert reloaded(campaign).name == "The Risen Bell"

    again = save(client, campaign, fields_of(page, "campaign_form"))
    assert again.status_code == 302
    assert reloaded(campaign).name == "The Silent Bell"


def test_a_stale_colour_names_the_colour_of_now(client: Client, gm: User, campaign: Campaign) -> None:
    seen = opened(client, campaign)
    campaigns.update(campaign.pk, {"theme": {"accent": "#00ff00"}}, actor=acting(gm))

    errors = errors_of(save(client, campaign, seen, theme_accent="#ff0000"))

    assert "“#00ff00”" in errors["theme_accent"][0]


# --- members ---


def test_members_come_change_and_go(client: Client, campaign: Campaign) -> None:
    noor = a_user("noor")
    seen = opened(client, campaign)
    new = {"members-TOTAL_FORMS": "2", "members-1-person": "noor", "members-1-role": "player"}
    assert save(client, campaign, seen, **new).status_code == 302
    assert campaign.members.get(user=noor).role == Role.PLAYER

    edit(client, campaign, **{"members-1-role": "gm"})
    assert campaign.members.get(user=noor).role == Role.GM
    noor.refresh_from_db()
    assert noor.is_staff

    edit(client, campaign, **{"members-1-DELETE": "on"})
    assert not campaign.members.filter(user=noor).exists()


@pytest.mark.parametrize("name", ["nobody-of-this-name", "maren", "NOOR", "", "%"])
def test_only_known_new_people_join(name: str, client: Client, campaign: Campaign) -> None:
    a_user("noor")

    new = {"members-TOTAL_FORMS": "2", "members-1-person": name, "members-1-role": "viewer"}
    page = edit(client, campaign, **new)

    assert page.status_code == 200
    assert row_errors(page)
    assert campaign.members.count() == 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"members-0-role": "player"}, "always its GM"),
        ({"members-0-DELETE": "on"}, "cannot leave"),
    ],
)
def test_the_owner_stays(change: dict[str, str], reason: str, client: Client, campaign: Campaign) -> None:
    page = edit(client, campaign, name="Renamed", **change)

    assert page.status_code == 200
    assert reason in " ".join(row_errors(page))
    assert reloaded(campaign).name == "The Drowned Bell"  # nothing of a refused page is kept
    assert types(campaign) == []
    assert Member.objects.get(campaign=campaign).role == Role.GM


# --- episodes ---


def test_episodes_are_planned_started_and_ended(client: Client, campaign: Campaign) -> None:
    page = add(client, Episode, title="What the Tide Keeps", season="1", campaign=str(campaign.pk))
    assert page.status_code == 302
    episode = campaign.episodes.get()
    assert (episode.number, episode.published) == (1, True)

    assert "On air" in told(press(client, episode, "start"))
    assert "not running" not in told(press(client, episode, "end"))

    assert types(campaign) == [events.EPISODE_STARTED, events.EPISODE_ENDED]
    assert "is not running" in told(press(client, episode, "end"))


def test_the_episode_page_edits_by_the_operation(client: Client, gm: User, campaign: Campaign) -> None:
    episode = episodes.start(an_episode(campaign, title="Old"), actor=acting(gm))

    assert edit(client, episode, title="New").status_code == 302

    assert reloaded(episode).title == "New"
    assert campaign.events.latest("seq").data["episode"]["title"] == "New"


def test_a_number_that_is_taken_is_told_at_the_number(client: Client, campaign: Campaign) -> None:
    an_episode(campaign, number=4)
    other = an_episode(campaign, number=5)

    assert "number" in errors_of(edit(client, other, number="4"))


def test_only_one_of_the_chosen_episodes_starts(client: Client, campaign: Campaign) -> None:
    both = [an_episode(campaign), an_episode(campaign)]

    page = act(client, Episode, "start", both)

    assert "is running. End it first." in told(page)
    assert types(campaign) == [events.EPISODE_STARTED]


def test_a_running_episode_is_not_deleted(client: Client, gm: User, campaign: Campaign) -> None:
    running, planned = an_episode(campaign), an_episode(campaign)
    episodes.start(running, actor=acting(gm))

    page = client.post(url(running, "delete"), {"post": "yes"}, follow=True)
    assert "This episode is running" in told(page)
    page = act(client, Episode, "delete_selected", [running, planned], post="yes")
    assert "This episode is running" in told(page)

    assert campaign.episodes.count() == 2  # all of them or none


# --- the ledger ---


def test_the_ledger_is_read_only(client: Client, gm: User, campaign: Campaign) -> None:
    edit(client, campaign, name="Renamed")
    event = campaign.events.get()

    assert client.get(url(Event, "add")).status_code == 403
    assert client.get(url(event, "delete")).status_code == 403
    assert client.post(url(event, "change"), {"seq": "9"}).status_code == 403
    assert reloaded(event).seq == 1


def test_undo_takes_back_once(client: Client, campaign: Campaign) -> None:
    hero = a_character(campaign, hp=20)
    vitals.change_hp(campaign.pk, hero.pk, actor=acting(campaign.owner), delta=-5)
    event = campaign.events.get(type=events.HP_CHANGE)

    assert "Taken back" in told(press(client, event, "undo"))
    assert "undone already" in told(press(client, event, "undo"))

    assert reloaded(hero).stats["hp"]["current"] == 20
    assert types(campaign)[-1] == events.UNDO
    shown = client.get(url(Event, "changelist")).content.decode()
    assert "taken back" in shown
    assert "Took back no. 2" in shown


def test_undo_needs_a_post_with_a_csrf_token(gm: User, campaign: Campaign) -> None:
    campaigns.update(campaign.pk, {"name": "Other"}, actor=acting(gm))
    event = campaign.events.get()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(gm)

    assert strict.post(url(event, "deed", "undo")).status_code == 403
    assert strict.get(url(event, "deed", "undo")).status_code == 405
    assert types(campaign) == [events.CAMPAIGN_UPDATED]


def test_only_the_last_fifty_have_a_button(client: Client, gm: User, campaign: Campaign) -> None:
    for number in range(51):
        campaigns.update(campaign.pk, {"name": f"Name {number}"}, actor=acting(gm))

    last = (
        client.get(url(Event, "changelist")).content.decode()
        + client.get(url(Event, "changelist") + "?p=2").content.decode()
    )

    assert last.count("/do/undo/") == 50
    assert "Only the last 50" in told(press(client, campaign.events.get(seq=1), "undo"))


def test_the_ledger_shows_one_campaign_at_a_time(client: Client, gm: User, campaign: Campaign) -> None:
    other = a_campaign(owner=gm, name="Quiet Season")
    campaigns.update(other.pk, {"name": "Loud Season"}, actor=acting(gm))
    a_character(campaign, name="Isaura Vane")

    listed = client.get(url(Event, "changelist") + f"?campaign={campaign.pk}").context["cl"].result_list
    assert [event.type for event in listed] == [events.CHARACTER_CREATED]
    listed = client.get(url(Event, "changelist") + f"?campaign={other.pk}").context["cl"].result_list
    assert [event.type for event in listed] == [events.CAMPAIGN_UPDATED]
    assert len(client.get(url(Event, "changelist")).context["cl"].result_list) == 1


def test_the_ledger_filters_by_type_character_and_episode(client: Client, gm: User, campaign: Campaign) -> None:
    hero, friend = a_character(campaign), a_character(campaign)
    episode = episodes.start(an_episode(campaign), actor=acting(gm))
    for who in (hero, friend):
        vitals.change_hp(campaign.pk, who.pk, actor=acting(gm), delta=-1)

    def count(query: str) -> int:
        return len(client.get(f"{url(Event, 'changelist')}?campaign={campaign.pk}&{query}").context["cl"].result_list)

    assert count("type=hp_change") == 2
    assert count(f"character={hero.pk}") == 2  # created, wounded
    assert count(f"episode={episode.pk}") == 3
    assert count(f"type=hp_change&character={friend.pk}") == 1
    assert count("character=nonsense") == 0


def test_the_ledger_opens_where_something_happened_last(client: Client, gm: User, campaign: Campaign) -> None:
    quiet, nothing = a_campaign(owner=gm, name="A Quiet House"), a_campaign(owner=gm, name="Aardvark Alley")
    a_character(quiet)
    a_character(a_campaign(name="The Rival's Table"))
    hero = a_character(campaign)  # here last, of those that are the GM's own
    Campaign.objects.filter(pk=nothing.pk).update(updated_at=clock.now() + timedelta(days=1))  # changed, not played

    page = client.get(url(Event, "changelist"))

    assert page.context["title"] == f"Events of {campaign.name}"
    assert [row.subject_id for row in page.context["cl"].result_list] == [hero.pk]
    assert "Something happened here last" in page.text
    offered = [name for _key, name in page.context["cl"].filter_specs[0].lookup_choices]
    assert offered == [campaign.name, quiet.name, nothing.name]
    assert [each.name for each in client.get(reverse("admin:index")).context["own_campaigns"]] == offered


def test_an_event_is_named_by_what_happened(client: Client, gm: User, campaign: Campaign) -> None:
    hero = a_character(campaign, name="Isaura Vane", hp=20)
    wound = vitals.change_hp(campaign.pk, hero.pk, actor=acting(gm), delta=-7, kind="fire")

    assert "<h1>No. 2: Isaura Vane: HP 20 → 13 (fire)</h1>" in client.get(url(wound, "change")).text
    history = client.get(url(wound, "history")).text
    assert "Nothing was changed in this form yet." in history
    assert f'href="{reverse("admin:campaigns_campaign_audit", args=[campaign.pk])}"' in history
    assert "No. 2: Isaura Vane: HP 20 → 13 (fire)" in told(press(client, wound, "undo"))


def test_what_is_lost_stands_before_the_button(client: Client, campaign: Campaign) -> None:
    planned, other = an_episode(campaign, title="The Long Pier"), an_episode(campaign, title="Low Water")

    one = client.get(url(planned, "delete")).text
    assert "The Long Pier. Its events stay in the ledger." in one
    assert f'href="{url(planned, "change")}">Keep it</a>' in one
    assert 'value="Delete the episode"' in one
    several = act(client, Episode, "delete_selected", [planned, other]).text
    assert "Delete 2 episodes?" in several
    assert "Low Water. Its events stay in the ledger." in several
    assert 'value="Delete all 2"' in several


def test_the_ledger_of_another_campaign_is_one_press_away(client: Client, gm: User, campaign: Campaign) -> None:
    a_character(campaign)
    nothing = a_campaign(owner=gm, name="Aardvark Alley", settings={})
    address = url(Event, "changelist")

    page = client.get(f"{address}?campaign={nothing.pk}")

    assert page.context["title"] == "Events of Aardvark Alley"
    assert page.context["cl"].filter_specs[0].lookup_choices[0] == (str(nothing.pk), "Aardvark Alley")
    assert f"/campaigns/{nothing.slug}/control" in page.text  # where events come from
    assert "Something happened here last" not in page.text
    assert (
        f'<a href="?campaign={campaign.pk}">Show everything</a>'
        in client.get(f"{address}?campaign={campaign.pk}&type=roll").text
    )


def test_each_type_of_event_has_a_sentence() -> None:
    assert set(sentences._SENTENCES) == set(events.TYPES)


def test_sentences_say_what_happened(gm: User, campaign: Campaign) -> None:
    hero = a_character(campaign, name="Isaura Vane", hp=20)
    actor = acting(gm)
    vitals.change_hp(campaign.pk, hero.pk, actor=actor, delta=-7, kind="fire")
    vitals.change_hp(campaign.pk, hero.pk, actor=actor, delta=6, kind="temp")
    vitals.add_condition(campaign.pk, hero.pk, actor=actor, condition="prone", rounds=3)
    episodes.start(an_episode(campaign), actor=actor)

    said = [sentences.sentence(event.type, event.data) for event in campaign.events.all()]

    assert said == [
        "Isaura Vane joined",
        "Isaura Vane: HP 20 → 13 (fire)",
        "Isaura Vane: +6 temporary HP",
        "Isaura Vane is prone for 3 rounds",
        "Episode 1 started",
    ]


# --- tokens ---


def test_a_token_is_shown_once(client: Client, campaign: Campaign) -> None:
    page = add(client, CampaignToken, campaign=str(campaign.pk), kind="overlay", name="Main scene")

    assert page.status_code == 200
    text = page.context["text"]
    token = campaign.tokens.get()
    assert text.startswith("trp_overlay_")
    assert (token.name, token.kind, token.created_by) == ("Main scene", "overlay", campaign.owner)
    assert f"/overlay/the-drowned-bell?tier=large#key={text}" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    for address in (url(token, "change"), url(CampaignToken, "changelist"), reverse("admin:index")):
        shown = client.get(address).content.decode()
        assert text not in shown
        assert token.digest not in shown
    assert text not in str(dict(client.session.items()))


def test_a_token_is_revoked_by_button_and_by_action(client: Client, campaign: Campaign) -> None:
    one, two = a_token(campaign)[0], a_token(campaign, "read")[0]

    assert "Revoked" in told(press(client, one, "revoke"))
    assert "Revoked" in told(act(client, CampaignToken, "revoke", [two]))

    assert all(campaign.tokens.values_list("revoked_at", flat=True))


def test_a_new_text_for_a_token_is_shown_once(client: Client, campaign: Campaign) -> None:
    token, old = a_token(campaign, "overlay")

    page = client.post(url(token, "deed", "rotate")).content.decode()

    texts = set(re.findall(r"trp_overlay_[0-9A-Za-z]{36}", page))
    assert len(texts) == 1
    assert old not in texts
    assert reloaded(token).digest == tokens.digest(texts.pop())
    assert "trp_overlay_" not in client.get(url(token, "change")).content.decode().replace(reloaded(token).hint, "")


def test_a_revoked_token_gets_no_new_text(client: Client, campaign: Campaign) -> None:
    token, _old = a_token(campaign)
    press(client, token, "revoke")
    assert "is revoked" in told(press(client, token, "rotate"))
    assert reloaded(token).digest == token.digest


def test_tokens_are_not_edited_or_deleted(client: Client, campaign: Campaign) -> None:
    token = a_token(campaign)[0]

    assert client.post(url(token, "change"), {"name": "x"}).status_code == 403
    assert client.post(url(token, "delete"), {"post": "yes"}).status_code == 403
    act(client, CampaignToken, "delete_selected", [token], post="yes")
    assert reloaded(token).name == token.name
