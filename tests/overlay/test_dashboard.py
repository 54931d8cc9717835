"""The dashboard of a campaign: what it shows, what its buttons do, what it costs."""

import time
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actors import SYSTEM
from campaigns.models import Campaign, Episode, Event, Visibility
from campaigns.operations import campaigns, episodes
from characters.models import Character
from characters.operations import vitals
from overlay import presence
from overlay.live import presence as live_presence
from tests.back_office import signed_in, told
from tests.factories import a_campaign, a_character, a_token, a_vampire, acting, an_episode, on_stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign() -> Campaign:
    return a_campaign(slug="the-drowned-bell", name="The Drowned Bell")


@pytest.fixture
def hero(campaign: Campaign) -> Character:
    hero = a_character(campaign, name="Isaura Vane", hp=4545)
    on_stage(campaign, hero)
    a_vampire(campaign, name="Elena Cross")
    return hero


@pytest.fixture
def gm(campaign: Campaign, hero: Character) -> Client:
    return signed_in(campaign.owner)


def address(campaign: Campaign) -> str:
    return reverse("admin:campaigns_campaign_dashboard", args=(campaign.pk,))


def shown(gm: Client, campaign: Campaign) -> str:
    answer = gm.get(address(campaign))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def press(gm: Client, campaign: Campaign, do: str, **fields: Any) -> Any:
    return gm.post(address(campaign), {"do": do, **fields}, follow=True)


def test_who_fares_how(gm: Client, campaign: Campaign, hero: Character) -> None:
    vitals.change_hp(campaign.pk, hero.pk, delta=-1000, actor=SYSTEM)
    vitals.add_condition(campaign.pk, hero.pk, condition="grappled", actor=SYSTEM)
    page = shown(gm, campaign)
    assert "3545 / 4545" in page
    assert "Grappled" in page
    assert "Hunger 2 / 5" in page
    assert page.index("<b>Isaura Vane</b>") < page.index("<b>Elena Cross</b>")


def test_what_is_on_air(gm: Client, campaign: Campaign) -> None:
    episode = an_episode(campaign, title="What the Tide Keeps")
    assert "Begin<" in shown(gm, campaign)
    press(gm, campaign, f"episode start {episode.number}")
    assert Episode.objects.get().started_at is not None
    assert "data-clock" in shown(gm, campaign)
    press(gm, campaign, f"episode end {episode.number}")
    assert "data-clock" not in shown(gm, campaign)


def test_the_last_events_are_taken_back(gm: Client, campaign: Campaign, hero: Character) -> None:
    hit = vitals.change_hp(campaign.pk, hero.pk, delta=-7, kind="fire", actor=SYSTEM)
    assert "Isaura Vane takes 7 fire damage" in shown(gm, campaign)
    press(gm, campaign, f"undo {hit.seq}")
    assert Character.objects.get(pk=hero.pk).stats["hp"]["current"] == 4545
    assert "Isaura Vane takes 7 fire damage" not in shown(gm, campaign)


def test_on_and_off_the_overlay(gm: Client, campaign: Campaign, hero: Character) -> None:
    assert f"stage {hero.pk} off" in shown(gm, campaign)
    press(gm, campaign, f"stage {hero.pk} off")
    assert not campaign.roster_entries.exists()
    press(gm, campaign, f"stage {hero.pk} on")
    assert campaign.roster_entries.get().character == hero


def test_the_overlay_s_address_is_masked_and_says_what_it_lacks(gm: Client, campaign: Campaign) -> None:
    page = shown(gm, campaign)
    assert 'data-secret> <label for="copy-overlay">' in page
    assert "needs an overlay token" not in page
    campaigns.update(campaign.pk, {"visibility": Visibility.PRIVATE}, actor=SYSTEM)
    assert "Make an overlay token" in shown(gm, campaign)
    _token, text = a_token(campaign, "overlay")
    page = shown(gm, campaign)
    assert "Make an overlay token" not in page
    assert text not in page


def settings_sent(gm: Client, campaign: Campaign, **typed: Any) -> Any:
    page = gm.get(address(campaign))
    seen = {"version": str(page.context["form"].initial["version"]), "visibility": "public", "viewer_delay": "0"}
    return press(gm, campaign, "settings", **{**seen, **typed})


def test_settings_in_plain_words(gm: Client, campaign: Campaign) -> None:
    typed = {"visibility": "unlisted", "viewer_delay": "15", "low_power": "on", "episode_with_stream": "on"}
    answer = settings_sent(gm, campaign, **typed)
    assert "saved" in told(answer)
    campaign.refresh_from_db()
    assert campaign.visibility == "unlisted"
    assert campaign.settings["viewer_delay"] == 15
    assert campaign.settings["low_power"] is True
    assert campaign.settings["episode_with_stream"] is True
    assert campaign.settings["players_change_live"] is False


def test_a_setting_out_of_range_is_said_and_not_saved(gm: Client, campaign: Campaign) -> None:
    answer = settings_sent(gm, campaign, viewer_delay="601")
    assert "less than or equal to 600" in answer.content.decode()
    campaign.refresh_from_db()
    assert campaign.settings["viewer_delay"] == 0


def test_settings_that_somebody_changed_meanwhile(gm: Client, campaign: Campaign) -> None:
    version = str(campaign.version)
    campaigns.update(campaign.pk, {"settings": {"viewer_delay": 30}}, actor=acting(campaign.owner))
    answer = settings_sent(gm, campaign, version=version, viewer_delay="15")
    assert "Changed by somebody else meanwhile" in told(answer)
    campaign.refresh_from_db()
    assert campaign.settings["viewer_delay"] == 30


@pytest.mark.parametrize("do", ["", "dance", "undo", "undo x", "undo 99999", "stage nobody on", "episode start 77"])
def test_a_button_that_is_none_changes_nothing(gm: Client, campaign: Campaign, do: str) -> None:
    before = Event.objects.count()
    assert press(gm, campaign, do).status_code == 200
    assert Event.objects.count() == before


def test_an_empty_campaign_says_what_to_do(campaign: Campaign) -> None:
    page = shown(signed_in(campaign.owner), campaign)
    for words in ("Bring characters in from files", "Plan an episode", "Nothing yet."):
        assert words in page


def test_queries_are_fixed(gm: Client, campaign: Campaign) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            gm.get(address(campaign))
        return len(queries)

    few = asked()
    on_stage(campaign, *(a_character(campaign, player=campaign.owner) for _ in range(12)))
    for _ in range(6):
        a_token(campaign)
        episodes.start(episode := an_episode(campaign), actor=SYSTEM)
        episodes.end(episode, actor=SYSTEM)
    for _ in range(20):
        a_campaign(owner=campaign.owner)
    assert asked() <= few + 1 <= 30  # one more asks whether something is to be told of it


def test_another_s_campaign_is_not_there(campaign: Campaign, hero: Character) -> None:
    rival = signed_in(a_campaign().owner)
    assert rival.get(address(campaign)).status_code == 404
    assert rival.post(address(campaign), {"do": f"stage {hero.pk} off"}).status_code == 404
    assert campaign.roster_entries.exists()


def test_the_first_page_leads_there(gm: Client, campaign: Campaign) -> None:
    assert address(campaign) in gm.get("/admin/").content.decode()
    assert address(campaign) in gm.get(reverse("admin:campaigns_campaign_change", args=(campaign.pk,))).content.decode()


def test_the_theme_is_shown_beside_its_fields(gm: Client, campaign: Campaign) -> None:
    page = gm.get(reverse("admin:campaigns_campaign_change", args=(campaign.pk,))).content.decode()
    assert "<theme-preview" in page
    assert '"crypt"' in page
    assert "<theme-preview" not in gm.get(reverse("admin:campaigns_campaign_add")).content.decode()


def test_how_overlays_fare(gm: Client, campaign: Campaign) -> None:
    assert "No overlay is open" in shown(gm, campaign)
    status = presence.read({"seq": 0, "width": 800, "height": 600, "tier": "large", "lag": 120, "source": "main-scene"})
    heard = int(time.time() * 1000)
    live_presence.tell({campaign.pk: [presence.entry(status, id_="a", head=0, keyed=True, at=heard)]})
    page = shown(gm, campaign)
    assert 'data-part="strangers" hidden' in page
    assert "120 ms" in page
    assert "Still 800 × 600" in page


def test_without_script_too_silence_is_offline_and_strangers_are_counted(gm: Client, campaign: Campaign) -> None:
    now = int(time.time() * 1000)

    def told_by(source: str, seconds_ago: int, **more: Any) -> presence.Entry:
        status = presence.read({"width": 1920, "height": 1080, "tier": "large", "source": source, **more})
        return presence.entry(status, id_=source, head=0, keyed=source.startswith("mine"), at=now - seconds_ago * 1000)

    viewers = [told_by(f"viewer {number}", 2) for number in range(5)]
    own = [told_by("mine", 1, obs="2.24"), told_by("mine at home", 150, tier="compact")]
    live_presence.tell({campaign.pk: [*own, told_by("theirs", 1, obs="2.24"), *viewers]})
    page = shown(gm, campaign)
    rows = page[page.index("m-health") : page.index("m-addr")]

    assert rows.count('<th scope="row">') == 2
    assert "in OBS, with your key" in rows
    assert 'data-is="offline"' in rows
    assert "2 min ago" in rows
    assert "and 6 without your key" in rows
    assert 'data-part="strangers">Anybody may open' in rows
