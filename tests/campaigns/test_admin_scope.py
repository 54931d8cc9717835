"""Row A12: nobody sees or changes another campaign in the back office, whatever address or form they send."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, User
from campaigns.models import Campaign, CampaignToken, Episode, Event, Member, Role
from campaigns.operations import episodes
from characters.models import Character, RosterEntry
from overlay.models import Layout
from overlay.operations import layouts
from sheets.models import Sheet
from tests.back_office import act, add, opened, registered, save, signed_in, url
from tests.factories import a_campaign, a_character, a_member, a_token, a_user, acting, an_episode, on_stage
from tests.sheets.made import a_sheet

pytestmark = pytest.mark.django_db

SECRET = "Xanthippe"  # stands in every text of the rival's campaign
MODELS = (Campaign, Episode, Event, CampaignToken, Character, RosterEntry, Sheet, Layout)
UNKNOWN = ("00000000-0000-0000-0000-000000000000", "0", "x'; --")
FORBIDDEN = (302, 403, 404)


@pytest.fixture
def gm() -> User:
    user = a_user("maren")
    a_everything(user, "Bell")
    return user


@pytest.fixture
def rival() -> User:
    user = a_user("rival", display_name=SECRET)
    a_everything(user, SECRET)
    return user


@pytest.fixture
def nobody() -> User:
    """A player whom somebody made staff by hand: may sign in here, runs nothing."""
    user = a_user("player", is_staff=True)
    a_member(a_campaign(name=SECRET), Role.PLAYER, user)
    return user


def a_everything(owner: User, word: str) -> Campaign:
    """A campaign with a row of every model."""
    campaign = a_campaign(owner=owner, name=word, slug=f"{word.lower()}-{owner.username}")
    hero = a_character(campaign, name=f"{word} hero", player=a_member(campaign).user, gm_notes=word)
    on_stage(campaign, hero)
    episodes.start(an_episode(campaign, title=f"{word} rises"), actor=acting(owner))
    CampaignToken.objects.filter(pk=a_token(campaign)[0].pk).update(name=word)
    a_sheet(campaign=campaign, name=f"{word} sheet")
    layouts.save(campaign.pk, "large", {"badges": {str(hero.pk): {"x": 0.5, "y": 0.5}}}, actor=acting(owner))
    return campaign


def row_of(model: Any, owner: User) -> Any:
    if model is Campaign:
        return Campaign.objects.get(owner=owner)
    return model.objects.filter(campaign__owner=owner).order_by("pk").first()


def deeds_of(model: Any) -> Any:
    registered_admin: Any = admin.site._registry[model]
    return registered_admin.deeds


def state() -> dict[str, Any]:
    """Every row of everybody, to see that nothing moved."""
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in (*MODELS, Member)}


# --- each model, each page ---


def test_every_model_is_in_the_table() -> None:
    assert set(registered()) == {*MODELS, User, AuditEntry}


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("page", ["change", "delete", "history"])
def test_pages_of_another_campaigns_row_show_nothing(model: Any, page: str, gm: User, rival: User) -> None:
    theirs = row_of(model, rival)

    answer = signed_in(gm).get(url(theirs, page))

    assert answer.status_code in FORBIDDEN
    assert SECRET not in answer.content.decode()


@pytest.mark.parametrize("model", MODELS)
def test_pages_of_an_own_row_open(model: Any, gm: User, rival: User) -> None:
    mine, client = row_of(model, gm), signed_in(gm)

    for page in ("change", "history"):
        answer = client.get(url(mine, page))
        assert answer.status_code == 200
        assert SECRET not in answer.content.decode()


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(
    "query", ["", "?q=Xanthi", "?campaign={theirs}", "?campaign__id={theirs}", "?campaign_id={theirs}"]
)
def test_lists_show_own_rows_only(model: Any, query: str, gm: User, rival: User) -> None:
    query = query.format(theirs=row_of(Campaign, rival).pk)

    page = signed_in(gm).get(url(model, "changelist") + query, follow=True)

    assert page.status_code == (400 if model is Campaign and "campaign" in query else 200)
    assert SECRET not in page.content.decode()


@pytest.mark.parametrize("model", MODELS)
def test_popups_show_own_rows_only(model: Any, gm: User, rival: User) -> None:
    page = signed_in(gm).get(url(model, "changelist") + "?_popup=1&_to_field=id")

    assert page.status_code == 200
    assert SECRET not in page.content.decode()


@pytest.mark.parametrize("model", MODELS)
def test_administrators_see_everybodys_rows(model: Any, gm: User, rival: User) -> None:
    client = signed_in(a_user(is_superuser=True, is_staff=True))

    for owner in (gm, rival):
        assert client.get(url(row_of(model, owner), "change")).status_code == 200


@pytest.mark.parametrize("model", [*MODELS, User])
@pytest.mark.parametrize("page", ["changelist", "add"])
def test_who_runs_nothing_opens_nothing(model: Any, page: str, nobody: User, gm: User) -> None:
    answer = signed_in(nobody).get(url(model, page))

    assert answer.status_code == 403
    assert SECRET not in answer.content.decode()


def test_who_runs_nothing_is_told_so(nobody: User) -> None:
    page = signed_in(nobody).get(reverse("admin:index"))

    assert "You run no campaign" in page.content.decode()
    assert page.context["app_list"] == []
    assert SECRET not in page.content.decode()


def test_a_storyteller_without_a_campaign_begins_one() -> None:
    user = a_user("teller", is_staff=True, role="storyteller")
    client = signed_in(user)

    page = client.get(reverse("admin:index"))
    assert "Begin a campaign" in page.content.decode()
    assert client.get(url(Campaign, "changelist")).status_code == 200
    assert add(client, Campaign, name="First", slug="first", viewer_delay="0").status_code == 302
    assert Campaign.objects.get(slug="first").owner == user


@pytest.mark.parametrize("page", ["changelist", "add"])
def test_people_are_for_administrators(page: str, gm: User) -> None:
    assert signed_in(gm).get(url(User, page)).status_code == 403
    assert signed_in(gm).get(url(gm, "change")).status_code == 403
    assert signed_in(gm).get(f"/admin/accounts/user/{gm.pk}/password/").status_code == 403


def test_players_and_strangers_are_sent_to_the_sign_in_page(gm: User) -> None:
    for client in (Client(), signed_in(a_user())):
        for model in (*MODELS, User):
            assert client.get(url(model, "changelist")).status_code == 302


def test_a_gm_who_was_removed_sees_nothing_more(gm: User, rival: User) -> None:
    theirs, client = row_of(Campaign, rival), signed_in(gm)
    member = a_member(theirs, Role.GM, gm)
    assert client.get(url(theirs, "change")).status_code == 200

    member.delete()

    assert client.get(url(theirs, "change")).status_code in FORBIDDEN
    assert SECRET not in client.get(reverse("admin:index")).content.decode()


def test_a_co_gm_works_like_the_owner(gm: User) -> None:
    friend = a_user("oren")
    a_member(row_of(Campaign, gm), Role.GM, friend)

    assert signed_in(friend).get(url(row_of(Character, gm), "change")).status_code == 200


# --- writing ---


@pytest.mark.parametrize("model", MODELS)
def test_nothing_of_another_campaign_is_written(model: Any, gm: User, rival: User) -> None:
    theirs, client = row_of(model, rival), signed_in(gm)
    before = state()
    form = {"name": "Mine now", "title": "Mine now", "slug": "mine-now", "seen_version": "1", "_save": "Save"}

    for page, data in (("change", form), ("delete", {"post": "yes"})):
        assert client.post(url(theirs, page), data).status_code in FORBIDDEN

    assert state() == before


@pytest.mark.parametrize("model", MODELS)
def test_buttons_do_nothing_to_another_campaign(model: Any, gm: User, rival: User) -> None:
    theirs, client = row_of(model, rival), signed_in(gm)
    before = state()

    for deed in deeds_of(model):
        assert client.post(url(theirs, "deed", deed.name)).status_code == 404
    assert client.post(url(theirs, "deed", "no-such-thing")).status_code == 404

    assert state() == before


@pytest.mark.parametrize("model", MODELS)
def test_actions_do_nothing_to_forged_keys(model: Any, gm: User, rival: User) -> None:
    theirs, client = row_of(model, rival), signed_in(gm)
    before = state()
    actions = ["delete_selected", *(deed.name for deed in deeds_of(model))]

    for action in actions:
        for keys in ([theirs], [theirs, *UNKNOWN], [f"{theirs.pk}"] * 2):
            for more in ({}, {"post": "yes"}):
                page = act(client, model, action, keys, **more)
                assert page.status_code == 200
                assert SECRET not in page.content.decode()

    assert state() == before


def test_actions_on_everything_reach_own_rows_only(gm: User, rival: User) -> None:
    act(signed_in(gm), Character, "retire", [row_of(Character, gm)], select_across="1")

    assert row_of(Character, gm).status == "retired"
    assert row_of(Character, rival).status == "active"


def test_list_editable_is_nowhere_a_way_in(gm: User, rival: User) -> None:
    before = state()
    for model in MODELS:
        theirs = row_of(model, rival)
        data = {
            "form-TOTAL_FORMS": "1",
            "form-INITIAL_FORMS": "1",
            "form-0-id": str(theirs.pk),
            "form-0-name": "Mine",
            "form-0-position": "0",
            "_save": "Save",
        }
        signed_in(gm).post(url(model, "changelist"), data)
    assert state() == before


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (Episode, {"title": "Mine", "season": "1"}),
        (Character, {"name": "Mine"}),
        (CampaignToken, {"kind": "control", "name": "Mine"}),
    ],
)
def test_new_rows_go_into_own_campaigns_only(model: Any, fields: dict[str, str], gm: User, rival: User) -> None:
    before = state()

    page = add(signed_in(gm), model, campaign=str(row_of(Campaign, rival).pk), **fields)

    assert page.status_code == 200
    assert "campaign" in page.context["adminform"].form.errors
    assert SECRET not in page.content.decode()
    assert state() == before


def test_a_row_does_not_move_to_another_campaign(gm: User, rival: User) -> None:
    mine = row_of(Character, gm)

    save(signed_in(gm), mine, {}, campaign=str(row_of(Campaign, rival).pk), name="Still here", level="3")

    mine.refresh_from_db()
    assert mine.campaign.owner == gm


@pytest.mark.parametrize("more", [{"members-0-role": "gm"}, {"members-0-DELETE": "on"}])
def test_inline_rows_of_another_campaign_are_left_alone(more: dict[str, str], gm: User, rival: User) -> None:
    campaign, client = row_of(Campaign, gm), signed_in(gm)
    victim = row_of(Campaign, rival).members.get(role=Role.PLAYER)
    seen, before = opened(client, campaign), state()

    assert seen["members-INITIAL_FORMS"] == "2"
    answer = save(client, campaign, seen, **{"members-0-id": str(victim.pk), **more})

    assert answer.status_code == (302 if "members-0-DELETE" in more else 200)
    assert SECRET not in answer.content.decode()
    assert state() == before


def test_the_stage_of_another_campaign_is_closed(gm: User, rival: User) -> None:
    address = reverse("admin:characters_rosterentry_stage", args=[row_of(Campaign, rival).pk])
    before = state()

    assert signed_in(gm).get(address).status_code == 404
    assert signed_in(gm).post(address, {"seen": ""}).status_code == 404
    assert state() == before


# --- autocomplete and lookups ---


def autocompleted(client: Client, app: str, model: str, field: str, **more: str) -> Any:
    asked = {"app_label": app, "model_name": model, "field_name": field, "term": "", **more}
    return client.get(f"{reverse('admin:autocomplete')}?{urlencode(asked)}")


def texts(answer: Any) -> list[str]:
    return [result["text"] for result in json.loads(answer.content)["results"]]


@pytest.mark.parametrize(
    ("app", "model"), [("characters", "character"), ("campaigns", "episode"), ("campaigns", "campaigntoken")]
)
def test_autocomplete_offers_own_campaigns(app: str, model: str, gm: User, rival: User) -> None:
    assert texts(autocompleted(signed_in(gm), app, model, "campaign")) == ["Bell"]
    assert texts(autocompleted(signed_in(gm), app, model, "campaign", term=SECRET)) == []


def test_autocomplete_offers_the_members_of_the_campaign(gm: User, rival: User) -> None:
    campaign, client = row_of(Campaign, gm), signed_in(gm)
    second = a_campaign(owner=gm)
    noor = a_member(second, user=a_user("noor", display_name="Noor")).user

    assert set(texts(autocompleted(client, "characters", "character", "player"))) == {
        str(member.user) for member in Member.objects.filter(campaign__owner=gm)
    }
    of_second = autocompleted(client, "characters", "character", "player", campaign=str(second.pk))
    assert set(texts(of_second)) == {"maren", "Noor"}
    assert texts(autocompleted(client, "characters", "character", "player", term="noo")) == [str(noor)]
    theirs = autocompleted(client, "characters", "character", "player", campaign=str(row_of(Campaign, rival).pk))
    assert texts(theirs) == []
    assert campaign.pk != second.pk


@pytest.mark.parametrize(
    ("app", "model", "field"),
    [
        ("campaigns", "campaign", "owner"),
        ("campaigns", "member", "user"),
        ("campaigns", "event", "actor"),
        ("campaigns", "event", "episode"),
        ("campaigns", "campaigntoken", "created_by"),
        ("characters", "rosterentry", "character"),
        ("admin", "logentry", "user"),
        ("accounts", "user", "groups"),
    ],
)
def test_autocomplete_offers_nothing_else(app: str, model: str, field: str, gm: User, rival: User) -> None:
    answer = autocompleted(signed_in(gm), app, model, field)

    assert answer.status_code == 403
    assert SECRET not in answer.content.decode()


def test_autocomplete_is_closed_to_who_runs_nothing(nobody: User) -> None:
    assert autocompleted(signed_in(nobody), "characters", "character", "campaign").status_code == 403


@pytest.mark.parametrize(
    ("model", "lookup"),
    [
        (CampaignToken, "digest__startswith=a"),
        (CampaignToken, "created_by__password__startswith=a"),
        (CampaignToken, "created_by__email__startswith=a"),
        (Character, "player__password__startswith=a"),
        (Character, "campaign__owner__email__startswith=a"),
        (Character, "gm_notes__contains=a"),
        (Campaign, "members__user__password__startswith=a"),
        (Campaign, "owner__password__startswith=a"),
        (Event, "actor__password__startswith=a"),
        (Event, "data__contains=a"),
        (Episode, "events__data__contains=a"),
        (Layout, "document__contains=a"),
    ],
)
def test_lists_are_no_oracle(model: Any, lookup: str, gm: User) -> None:
    assert signed_in(gm).get(f"{url(model, 'changelist')}?{lookup}").status_code in (302, 400, 403)


def test_the_digest_of_a_token_is_nowhere(gm: User) -> None:
    token, client = row_of(CampaignToken, gm), signed_in(gm)

    for address in (url(CampaignToken, "changelist"), url(token, "change"), url(token, "history")):
        assert token.digest not in client.get(address).content.decode()


def test_history_of_own_rows_names_own_people_only(gm: User, rival: User) -> None:
    hero, client = row_of(Character, gm), signed_in(gm)
    act(client, Character, "heal", [hero])
    LogEntry.objects.log_actions(gm.pk, [hero], 2, change_message="Changed level.")

    page = client.get(url(hero, "history")).content.decode()

    assert "Changed level." in page
    assert SECRET not in page
