"""The layout editor without script: forms of numbers, the card, files. With it: tests/e2e/test_layout_editor.py."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from campaigns import events
from campaigns.models import Campaign, Event
from characters.models import Character
from overlay import layouts as documents
from overlay.models import Layout
from overlay.operations import layouts
from tests.back_office import fields_of, signed_in
from tests.factories import a_campaign, a_character, a_vampire, acting, on_stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign() -> Campaign:
    return a_campaign(slug="the-drowned-bell")


@pytest.fixture
def hero(campaign: Campaign) -> Character:
    hero = a_character(campaign, name="Isaura Vane")
    on_stage(campaign, hero, a_vampire(campaign, name="Elena Cross"))
    return hero


@pytest.fixture
def gm(campaign: Campaign, hero: Character) -> Client:
    return signed_in(campaign.owner)


def address(campaign: Campaign, name: str = "editor", query: str = "") -> str:
    return reverse(f"admin:overlay_layout_{name}", args=(campaign.pk,)) + query


def send(gm: Client, campaign: Campaign, form: str, query: Any = "", seen: Any = None, **typed: Any) -> Any:
    """The form as the page has it, with some fields changed; False unticks a box."""
    page = fields_of(gm.get(address(campaign, query=query)), form) if seen is None else seen
    data = {name: value for name, value in {**page, **typed}.items() if value is not False}
    return gm.post(address(campaign, query=query), data)


def stored(campaign: Campaign, tier: str = "large") -> dict[str, Any]:
    document: dict[str, Any] = Layout.objects.get(campaign=campaign, tier=tier).document
    return document


def test_a_number_that_is_changed_gives_a_place(gm: Client, campaign: Campaign, hero: Character) -> None:
    seen = fields_of(gm.get(address(campaign)), "places-form")
    answer = send(gm, campaign, "places-form", seen=seen, **{f"x-{hero.pk}": "480", f"locked-{hero.pk}": "on"})
    assert answer.status_code == 302
    place = stored(campaign)["badges"].pop(str(hero.pk))
    assert (place["x"], place["scale"], place["z"], place["visible"], place["locked"]) == (0.25, 1, 0, True, True)
    assert abs(place["y"] * 1080 - int(seen[f"y-{hero.pk}"])) < 1
    assert Layout.objects.get().version == 1
    assert Event.objects.latest("seq").type == events.LAYOUT_UPDATED


def test_unticking_lets_a_badge_flow_again(gm: Client, campaign: Campaign, hero: Character) -> None:
    layouts.save(campaign.pk, "large", {"badges": {str(hero.pk): {"x": 0.3, "y": 0.9}}}, actor=acting(campaign.owner))
    send(gm, campaign, "places-form", **{f"own-{hero.pk}": False})
    assert stored(campaign)["badges"] == {}


def test_upright_pictures_and_other_sizes_have_their_own_address(
    gm: Client, campaign: Campaign, hero: Character
) -> None:
    query = "?tier=medium&shape=tall"
    send(gm, campaign, "places-form", query, **{f"y-{hero.pk}": "960", f"hidden-{hero.pk}": "on"})
    place = stored(campaign, "medium")["tall"]["badges"][str(hero.pk)]
    assert (place["y"], place["visible"]) == (0.5, False)
    assert stored(campaign, "medium")["badges"] == {}


def test_what_is_not_typed_keeps_its_digits(gm: Client, campaign: Campaign, hero: Character) -> None:
    exact = {"x": 0.123456, "y": 0.987654, "scale": 1.234567}
    layouts.save(campaign.pk, "large", {"badges": {str(hero.pk): exact}}, actor=acting(campaign.owner))
    send(gm, campaign, "places-form", **{f"z-{hero.pk}": "7"})
    assert stored(campaign)["badges"][str(hero.pk)] == {**exact, "z": 7, "visible": True}


def test_nothing_typed_changes_nothing(gm: Client, campaign: Campaign) -> None:
    assert send(gm, campaign, "places-form").status_code == 302
    assert not Layout.objects.exists()


@pytest.mark.parametrize(("field", "value"), [("x", "1921"), ("scale", "20"), ("z", "100"), ("y", "much")])
def test_a_number_out_of_range_is_said_and_not_saved(
    gm: Client, campaign: Campaign, hero: Character, field: str, value: str
) -> None:
    page = send(gm, campaign, "places-form", **{f"{field}-{hero.pk}": value})
    assert page.status_code == 200
    assert f"{field}-{hero.pk}" in page.context["page"].places.errors
    assert not Layout.objects.exists()


def test_who_saves_on_an_old_page_is_told_and_keeps_what_is_typed(
    gm: Client, campaign: Campaign, hero: Character
) -> None:
    seen = fields_of(gm.get(address(campaign)), "places-form")
    layouts.save(campaign.pk, "large", {"card": {"ac": False}}, actor=acting(campaign.owner))
    page = send(gm, campaign, "places-form", seen=seen, **{f"x-{hero.pk}": "480"})
    assert "Somebody changed this layout meanwhile" in page.content.decode()
    again = fields_of(page, "places-form")
    assert again[f"x-{hero.pk}"] == "480"
    assert send(gm, campaign, "places-form", seen=again).status_code == 302
    assert stored(campaign)["badges"][str(hero.pk)]["x"] == 0.25
    assert stored(campaign)["card"]["ac"] is False


def test_the_card_of_all(gm: Client, campaign: Campaign) -> None:
    typed = {
        "key_0": "abilities.str",
        "label_0": "STR",
        "shape_0": "circle",
        "key_1": "tracks.hunger",
        "ac_shape": "diamond",
    }
    send(gm, campaign, "card-form", role=False, **typed)
    card = stored(campaign)["card"]
    assert (card["role"], card["name"], card["ac_shape"]) == (False, True, "diamond")
    assert [stat["key"] for stat in card["stats"]] == ["abilities.str", "tracks.hunger"]


def test_a_card_of_one_s_own_holds_what_differs(gm: Client, campaign: Campaign, hero: Character) -> None:
    query = f"?of={hero.pk}"
    send(gm, campaign, "card-form", query, ac=False, colour_hp="#AABBCC")
    assert stored(campaign)["cards"] == {str(hero.pk): {"ac": False, "colours": {"hp": "#aabbcc"}}}
    send(gm, campaign, "card-form", query, own=False)
    assert stored(campaign)["cards"] == {}


def test_a_layout_goes_out_as_a_file_and_comes_in_elsewhere(gm: Client, campaign: Campaign, hero: Character) -> None:
    place = {"x": 0.3, "y": 0.9, "scale": 1, "z": 0, "visible": True}
    layouts.save(campaign.pk, "compact", {"badges": {str(hero.pk): place}}, actor=acting(campaign.owner))
    file = gm.get(address(campaign, "export"))
    assert file["Content-Disposition"] == 'attachment; filename="the-drowned-bell-layout.json"'
    there = a_campaign(owner=campaign.owner)
    twin = a_character(there, name="Isaura Vane")
    page = take_in(gm, there, file.content)
    assert "Imported: compact." in page
    assert stored(there, "compact")["badges"] == {str(twin.pk): place}


def take_in(gm: Client, campaign: Campaign, content: bytes | None) -> str:
    files = {"file": SimpleUploadedFile("layout.json", content)} if content is not None else {}
    page = gm.post(address(campaign, "import"), files, follow=True)
    return " ".join(str(message) for message in page.context["messages"])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "Choose a file first"),
        (b"[1]", "braces"),
        (b"x" * 300_000, "larger than 256 KB"),
        (json.dumps({"format": "troupe-layout", "version": 2, "layouts": {"large": {"card": {"glow": 1}}}}).encode(),
         "layouts.large.card.glow: Unknown field."),
    ],
)  # fmt: skip
def test_a_file_that_is_none_changes_nothing(gm: Client, campaign: Campaign, content: bytes | None, said: str) -> None:
    assert said in take_in(gm, campaign, content)
    assert not Layout.objects.exists()


def test_the_picture_beneath_is_framed_by_this_site_alone(gm: Client, campaign: Campaign) -> None:
    answer = gm.get(address(campaign, "preview", "?tier=medium"))
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert 'data-tier="medium"' in answer.content.decode()
    assert "data-preview" in answer.content.decode()
    assert gm.get(f"/overlay/{campaign.slug}")["X-Frame-Options"] == "DENY"


def test_the_picture_beneath_shows_what_viewers_see(gm: Client, campaign: Campaign) -> None:
    on_stage(campaign, a_character(campaign, name="The Pale King", is_secret=True))
    assert "The Pale King" not in gm.get(address(campaign, "preview")).content.decode()
    assert "The Pale King" in gm.get(address(campaign)).content.decode()


def test_queries_do_not_grow_with_the_roster(gm: Client, campaign: Campaign) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            gm.get(address(campaign))
        return len(queries)

    few = asked()
    on_stage(campaign, *(a_character(campaign) for _ in range(12)))
    assert asked() == few <= 22


def test_nobody_on_stage(campaign: Campaign) -> None:
    page = signed_in(campaign.owner).get(address(campaign)).content.decode()
    assert "Nobody is on stage" in page


def test_another_s_campaign_is_not_there(campaign: Campaign, hero: Character) -> None:
    rival: User = a_campaign().owner
    assert signed_in(rival).get(address(campaign)).status_code == 404
    assert signed_in(rival).post(address(campaign, "import")).status_code == 404


def test_reset_leaves_nothing(gm: Client, campaign: Campaign, hero: Character) -> None:
    patch = {"cards": {str(hero.pk): {"ac": False}}, "tall": {"badges": {str(hero.pk): {"x": 0, "y": 1}}}}
    layout = layouts.save(campaign.pk, "large", patch, actor=acting(campaign.owner))
    gm.post(reverse("admin:overlay_layout_deed", args=(layout.pk, "reset")))
    assert stored(campaign) == documents.blank()
