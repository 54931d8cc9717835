"""What others show of a campaign's pages: drawn when its art or words change, told by its pages, kept and swept."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.actors import SYSTEM
from campaigns.models import Campaign
from campaigns.operations import campaigns
from campaigns.posters import PURPOSE
from characters.models import Character
from characters.operations import lifecycle, posters
from content import storage
from content.models import Asset, StoredFile
from content.operations import exposure, sweeping
from content.workshops import Made, workshop
from tests.actors import api_as
from tests.content.pictures import a_picture
from tests.content.stored import send
from tests.factories import Table, a_campaign, a_character, a_table, an_episode

pytestmark = pytest.mark.django_db
NOW = timedelta(0)


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Any) -> None:
    options = {**settings.LOCAL_FILES["OPTIONS"], "location": tmp_path / "media"}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.LOCAL_FILES, "OPTIONS": options}}


@pytest.fixture
def table() -> Table:
    return a_table(name="The Drowned Bell")


def told(client: Client, path: str) -> dict[str, str]:
    """The page's Open Graph and Twitter words, by name."""
    page = client.get(path).content.decode()
    return dict(re.findall(r'<meta (?:property|name)="((?:og|twitter):[a-z:_]+)" content="([^"]*)">', page))


def file_of(campaign: Campaign) -> StoredFile:
    return StoredFile.objects.get(version__asset__purpose=PURPOSE, version__asset__subject_id=campaign.pk)


def test_pages_name_the_poster_with_its_hash_and_words(client: Client, table: Table) -> None:
    posters.draw(str(table.campaign.pk))
    an_episode(table.campaign, number=1)

    below = f"/campaigns/{table.campaign.slug}"
    for path in (below, f"{below}/episodes", f"{below}/episodes/1", f"{below}/characters"):
        found = told(client, path)
        file = file_of(table.campaign)
        assert found["og:image"] == f"http://testserver/media/{file.key}?v={file.digest[:20]}"
        assert (found["og:image:width"], found["og:image:height"]) == ("1200", "630")
        assert found["og:image:alt"] == "The Drowned Bell, with Isaura Vane under the arches of a stage."
        assert found["twitter:card"] == "summary_large_image"
    answer = client.get(found["og:image"].removeprefix("http://testserver"))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")


def test_until_there_is_one_pages_show_that_of_the_house(client: Client, table: Table) -> None:
    for path in ("/", "/campaigns", f"/campaigns/{table.campaign.slug}"):
        assert re.search(r"/static/common/img/poster(\.\w+)?\.jpg$", told(client, path)["og:image"]), path


def test_of_a_private_campaign_there_is_none(client: Client, table: Table) -> None:
    posters.draw(str(table.campaign.pk))
    before = file_of(table.campaign).key
    campaigns.update(table.campaign.pk, {"visibility": "private"}, actor=SYSTEM)
    exposure.review(table.campaign.pk)
    exposure.withdraw(Asset.objects.get(purpose=PURPOSE).pk)

    client.force_login(table.player)
    assert "og:image" not in told(client, f"/campaigns/{table.campaign.slug}")
    assert client.get(f"/media/{before}").status_code == 404
    assert file_of(table.campaign).key != before
    hidden = a_campaign(visibility="private")
    posters.draw(str(hidden.pk))
    assert not Asset.objects.filter(subject_id=hidden.pk).exists()


def test_a_character_s_page_shows_the_portrait(client: Client, table: Table) -> None:
    path = f"/campaigns/{table.campaign.slug}/characters/{table.hero.pk}"
    assert told(client, path)["twitter:card"] == "summary_large_image"
    form = {"alt_text": "Isaura at the lamp"}
    send(api_as(table, "gm"), f"{path}/portrait", a_picture("JPEG", 300, 400), **form)

    found = told(client, path)

    hero = Character.objects.get(pk=table.hero.pk)
    assert found["og:image"] == f"http://testserver{hero.portrait_url}"
    assert (found["og:image:width"], found["og:image:height"]) == ("300", "400")
    assert (found["og:image:alt"], found["twitter:card"]) == ("Isaura at the lamp", "summary")


def test_it_is_drawn_when_what_it_shows_changes_and_only_then(
    table: Table, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[list[Any]] = []
    real = workshop().draw

    def noted(poster: dict[str, Any], *more: Any) -> Made:
        drawn.append([poster["title"], len(poster["figures"])])
        return real(poster, *more)

    monkeypatch.setattr(workshop(), "draw", noted)

    def after(act: Any) -> list[list[Any]]:
        drawn.clear()
        with django_capture_on_commit_callbacks(execute=True):
            act()
        return list(drawn)

    campaign, other = table.campaign, a_character(table.campaign, name="Bram Oakhollow")
    change = {"name": "The Dry Bell"}
    assert after(lambda: campaigns.update(campaign.pk, change, actor=SYSTEM)) == [["The Dry Bell", 2]]
    assert after(lambda: campaigns.update(campaign.pk, {"description": "Dust."}, actor=SYSTEM)) == []
    assert after(lambda: lifecycle.update(other, {"is_secret": True}, actor=SYSTEM)) == [["The Dry Bell", 1]]
    assert after(lambda: lifecycle.update(other, {"level": 3}, actor=SYSTEM)) == []
    portrait = f"/campaigns/{campaign.slug}/characters/{table.hero.pk}/portrait"
    assert after(lambda: send(api_as(table, "gm"), portrait, a_picture("JPEG", 300, 400))) == [["The Dry Bell", 1]]
    assert after(lambda: posters.draw(str(campaign.pk))) == []
    assert after(lambda: lifecycle.delete(table.hero, actor=SYSTEM)) == [["The Dry Bell", 0]]
    assert StoredFile.objects.filter(version__asset__purpose=PURPOSE).count() == 1  # the earlier ones are gone


def test_a_portrait_is_on_it_and_one_from_elsewhere_is_not_fetched(table: Table) -> None:
    posters.draw(str(table.campaign.pk))
    bare = file_of(table.campaign).digest
    lifecycle.update(table.hero, {"portrait_url": "https://example.org/i.png"}, actor=SYSTEM)
    posters.draw(str(table.campaign.pk))
    assert file_of(table.campaign).digest == bare

    path = f"/campaigns/{table.campaign.slug}/characters/{table.hero.pk}/portrait"
    send(api_as(table, "gm"), path, a_picture("JPEG", 300, 400))
    posters.draw(str(table.campaign.pk))
    assert file_of(table.campaign).digest != bare


def test_the_sweeper_knows_it(table: Table) -> None:
    posters.draw(str(table.campaign.pk))

    swept = sweeping.sweep(older_than=NOW)

    assert (swept.unclaimed, swept.orphans, swept.missing) == (0, [], [])
    table.campaign.characters.all().delete()
    campaign_id = table.campaign.pk
    campaigns.delete(campaign_id, actor=SYSTEM)
    assert sweeping.sweep(older_than=NOW).unclaimed == 0  # marked, and dropped a day later
    assert Asset.objects.get(subject_id=campaign_id).versions.get().replaced_at is not None


def test_one_that_is_lost_is_drawn_again(client: Client, table: Table, capsys: Any) -> None:
    posters.draw(str(table.campaign.pk))
    storage.delete([file_of(table.campaign).key])
    sweeping.sweep(older_than=NOW, force=True)
    assert "/static/" in told(client, f"/campaigns/{table.campaign.slug}")["og:image"]

    call_command("resume_jobs")

    assert "2 others" in capsys.readouterr().out  # the rival's campaign had none either
    assert "/media/" in told(client, f"/campaigns/{table.campaign.slug}")["og:image"]


def test_without_room_there_is_none_and_nothing_breaks(settings: Any, table: Table) -> None:
    settings.CONTENT_CAMPAIGN_QUOTA = 10
    posters.draw(str(table.campaign.pk))
    assert not Asset.objects.filter(purpose=PURPOSE).exists()
