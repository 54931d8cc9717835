"""The demo and its rehearsal: told by the same operations as any evening, safe to do again."""

import json
import os
import stat
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import CommandError, call_command
from django.test import Client
from django.test.utils import override_settings

from accounts import tokens
from accounts.models import User
from campaigns.models import Campaign, CampaignToken, Episode, Event, Member
from characters import posters
from characters.models import Character, RosterEntry
from content.models import Asset
from overlay.demo import fight, lowmere, stage
from overlay.models import Layout
from tests.factories import a_campaign, a_character, on_stage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("staged")]

COUNTED = (User, Campaign, CampaignToken, Episode, Event, Member, Character, Layout)
QUIET = {"stdout": StringIO()}


@pytest.fixture(scope="module")
def staged(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The demo, set up once for all tests here: each of them goes on from it and is rolled back to it."""
    options = {**settings.LOCAL_FILES["OPTIONS"], "location": tmp_path_factory.mktemp("media")}
    own_files = {**settings.STORAGES, "default": {**settings.LOCAL_FILES, "OPTIONS": options}}
    with override_settings(STORAGES=own_files):
        with django_db_blocker.unblock():
            call_command("demo", **QUIET)
        yield
    with django_db_blocker.unblock():
        Asset.objects.all().delete()
        Campaign.objects.get(slug=lowmere.SLUG).delete()
        User.objects.filter(username__in=[lowmere.GM, *lowmere.PLAYERS]).delete()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "var/demo.json"


def demo(file: Path | None = None, *, base_url: str = "http://localhost:8000") -> Campaign:
    call_command("demo", write=file, base_url=base_url, **QUIET)
    return Campaign.objects.get(slug=lowmere.SLUG)


def signs_in(known: dict[str, str]) -> bool:
    answer = Client().post("/accounts/login", {key: known[key] for key in ("username", "password")})
    return answer.status_code == 302


def state() -> dict[str, Any]:
    campaign = Campaign.objects.get(slug=lowmere.SLUG)
    counts = {model.__name__: model.objects.count() for model in COUNTED}
    stats = {character.name: character.stats for character in Character.objects.filter(campaign=campaign)}
    passwords = dict(User.objects.values_list("username", "password"))
    return {"seq": campaign.seq, "epoch": campaign.epoch, "stats": stats, "passwords": passwords, **counts}


def test_twice_changes_nothing(file):
    demo(file)
    before, written = state(), file.read_text()
    demo(file)
    assert state() == before
    assert file.read_text() == written


def test_the_demo_has_a_party_on_stage_and_a_story_behind_it():
    campaign = demo()
    on_stage = [entry.character.name for entry in RosterEntry.objects.filter(campaign=campaign).order_by("position")]
    assert on_stage == [row["name"] for row in lowmere.ON_STAGE]
    assert Character.objects.filter(campaign=campaign).count() == len(lowmere.ON_STAGE) + len(lowmere.CAST)
    assert list(Episode.objects.filter(campaign=campaign).order_by("number").values_list("number", flat=True)) == list(
        range(1, 14)
    )
    assert Event.objects.filter(campaign=campaign).count() == campaign.seq


@pytest.mark.parametrize("row", lowmere.ON_STAGE, ids=lambda row: row["portrait"])
def test_pictures_of_the_demo_are_served(row):
    character = Character.objects.get(name=row["name"])
    for address in (character.portrait_url, character.background_url):
        assert address.startswith("/static/demo/")
        assert finders.find(address.removeprefix("/static/"))


def test_the_last_evening_happened_in_its_episode():
    campaign = demo()
    told = Event.objects.filter(campaign=campaign, episode__number=12)
    assert told.filter(subject_id__isnull=False).count() >= len(fight.STEPS)
    began = Episode.objects.get(campaign=campaign, number=12).started_at
    assert not told.filter(occurred_at__lt=began).exists()


def test_file_says_where_and_with_what(file):
    campaign = demo(file, base_url="http://192.0.2.7:8123/")
    document = json.loads(file.read_text())
    assert document.keys() == {"base_url", "campaign", "tokens", "users"}
    assert document["base_url"] == "http://192.0.2.7:8123"
    assert document["campaign"] == {"id": str(campaign.pk), "slug": campaign.slug}
    assert document["tokens"].keys() == {"control", "overlay"}
    assert {tuple(user) for user in document["users"]} == {("username", "password", "role")}
    assert sorted(user["role"] for user in document["users"]) == ["gm", *["player"] * 5]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no mode bits")
def test_file_is_readable_by_its_owner_only(file):
    demo(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.skipif(os.name == "nt", reason="Windows has no mode bits")
def test_a_file_that_others_could_read_is_closed_to_them(file):
    file.parent.mkdir()
    file.write_text("{}")
    file.chmod(0o644)
    demo(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_log_ins_and_tokens_work(file):
    campaign = demo(file)
    document = json.loads(file.read_text())
    for user in document["users"]:
        assert signs_in(user)
    kinds = {
        kind: CampaignToken.objects.get(digest=tokens.digest(text), campaign=campaign, revoked_at=None).kind
        for kind, text in document["tokens"].items()
    }
    assert kinds == {"control": "control", "overlay": "overlay"}


def test_the_control_token_moves_hit_points(file, client):
    campaign = demo(file)
    token = json.loads(file.read_text())["tokens"]["control"]
    hero = Character.objects.get(campaign=campaign, name="Isaura Vane")
    before = hero.stats["hp"]["current"]
    answer = client.post(
        f"/api/v1/campaigns/{campaign.slug}/events",
        {"type": "hp_change", "character_id": str(hero.pk), "delta": -2},
        content_type="application/json",
        headers={"X-Token": token},
    )
    assert answer.status_code == 201
    assert answer.json()["stats"]["hp"]["current"] == before - 2


@pytest.mark.parametrize("damage", ["", "[]", "not json", '{"campaign": {}}'])
def test_a_damaged_file_gets_fresh_credentials(file, damage):
    demo(file)
    file.write_text(damage)
    campaign = demo(file)
    document = json.loads(file.read_text())
    assert document["campaign"]["id"] == str(campaign.pk)
    assert signs_in(document["users"][0])


def test_a_revoked_token_is_replaced_and_old_ones_stop(file):
    campaign = demo(file)
    old = json.loads(file.read_text())["tokens"]
    CampaignToken.objects.filter(digest=tokens.digest(old["control"])).delete()
    demo(file)
    new = json.loads(file.read_text())["tokens"]
    working = CampaignToken.objects.filter(campaign=campaign, revoked_at=None).values_list("digest", flat=True)
    assert set(working) == {tokens.digest(text) for text in new.values()}


def rehearse(**options: object) -> str:
    out = StringIO()
    call_command("rehearse", speed=0, stdout=out, **options)
    return out.getvalue()


def test_rehearsal_plays_the_fight_on_the_demo():
    campaign = demo()
    before = campaign.seq
    said = rehearse()
    campaign.refresh_from_db()
    assert said.count("\n") == len(fight.STEPS)
    assert campaign.seq >= before + len(fight.STEPS)


def test_rehearsal_ends_the_same_each_time():
    demo()
    rehearse()
    first = state()["stats"]
    rehearse(rounds=2)
    assert state()["stats"] == first
    assert first["Sister Quill"]["hp"]["current"] == 0


def test_every_step_of_the_fight_can_happen():
    """No refusal, for example of a death save by somebody who stands."""
    lines = rehearse().splitlines()
    shown = [
        f"[{number}/{len(lines)}] {step.who}: {step.does} {step.facts}" for number, step in enumerate(fight.STEPS, 1)
    ]
    assert lines == shown


def test_rehearsal_leaves_another_campaign_alone():
    demo()
    other = a_campaign()
    hero = a_character(other, name="Isaura Vane", hp=45)
    on_stage(other, hero)
    seq = Campaign.objects.get(pk=other.pk).seq
    rehearse()
    hero.refresh_from_db()
    assert Campaign.objects.get(pk=other.pk).seq == seq
    assert hero.stats["hp"]["current"] == 45


def test_rehearsal_needs_a_campaign_that_exists():
    with pytest.raises(CommandError, match="Set the demo up first"):
        rehearse(campaign="nowhere")


def test_rehearsal_on_a_named_campaign_needs_its_people():
    other = a_campaign()
    hero = a_character(other, name="Isaura Vane")
    with pytest.raises(CommandError, match="Bram Oakhollow"):
        rehearse(campaign=other.slug)
    hero.refresh_from_db()
    assert hero.stats["hp"]["current"] == hero.stats["hp"]["max"]


def test_rehearsal_plays_on_another_campaign_when_it_is_named():
    other = a_campaign()
    cast = {row["name"]: a_character(other, name=row["name"], stats=row["stats"]) for row in lowmere.ON_STAGE}
    on_stage(other, *cast.values())
    rehearse(campaign=other.slug)
    assert stage.cast_of(other).keys() == cast.keys()
    cast["Grale"].refresh_from_db()
    assert cast["Grale"].stats["hp"]["current"] == 52 - 23 - 15


@pytest.mark.parametrize(
    "text", ["", "[]", "null", '{"campaign": 5, "tokens": {}, "users": []}', '{"campaign": {"id": null}}']
)
def test_a_file_that_is_not_ours_is_written_anew(file: Path, text: str) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    demo(file)
    assert json.loads(file.read_text()).keys() == {"base_url", "campaign", "tokens", "users"}


def test_its_poster_shows_the_party() -> None:
    campaign = Campaign.objects.get(slug=lowmere.SLUG)
    hung = Asset.objects.get(purpose="poster", subject_id=campaign.pk)
    assert hung.current is not None
    assert "Isaura Vane, Bram Oakhollow, Sister Quill" in hung.alt_text
    wanted = posters.wanted(campaign)
    assert [figure["picture"] for figure in wanted.poster["figures"]] == [0, 1, 2, 3, 4]
    assert wanted.poster["scene"] == 5


def test_its_people_have_ties_and_what_is_secret_stays_so(client: Client) -> None:
    campaign = Campaign.objects.get(slug=lowmere.SLUG)
    quill = campaign.characters.get(name="Sister Quill")
    shown = client.get(f"/campaigns/{campaign.slug}/characters/{quill.pk}")
    assert {one["name"] for one in shown.context["ties"]} == {"Isaura Vane", "Elena Cross"}
    assert "missing page" not in shown.content.decode()
