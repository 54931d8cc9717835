"""What everybody might fetch and may no more: the old address ends, whoever shows it is told the new one."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from accounts.actors import SYSTEM
from campaigns.models import Event
from campaigns.operations import campaigns, undo
from characters.models import Character
from characters.operations import lifecycle, pictures
from characters.pictures import PORTRAIT
from content import background, storage
from content.models import Asset, StoredFile, Version
from content.operations import assets, exposure
from content.operations.sweeping import sweep
from content.tasks import finish
from tests.api_client import Api
from tests.content.pictures import a_picture
from tests.content.stored import an_asset, fetched, keys, send, wait_for_storage
from tests.factories import Table, a_character, a_user, acting

pytestmark = pytest.mark.django_db
WORDS: Any = {"title": "Quay", "alt_text": "Ships", "licence": "CC0", "credit": "Ada"}
CDN = "cdn.example.org"


@pytest.fixture
def commits(django_capture_on_commit_callbacks: Any) -> Any:
    def run() -> Any:
        return django_capture_on_commit_callbacks(execute=True)

    return run


@pytest.fixture
def shown(gm: Api, portrait: str) -> str:
    send(gm, portrait, a_picture())
    return str(Character.objects.exclude(portrait_url="").get().portrait_url)


@pytest.fixture
def cdn(new_bucket: Any, settings: Any) -> None:
    new_bucket()
    settings.S3_PUBLIC_DOMAIN = CDN


def status(address: str) -> int:
    return int(Api().client.get(address).status_code)


def hide(table: Table, visibility: str = "private") -> None:
    campaigns.update(table.campaign.pk, {"visibility": visibility}, actor=SYSTEM)


def address_of(table: Table) -> str:
    return Character.objects.get(pk=table.hero.pk).portrait_url


def is_settled() -> bool:
    """Every file has its row and every row its file."""
    wait_for_storage()
    return keys() == set(StoredFile.objects.values_list("key", flat=True))


@pytest.mark.each_storage
@pytest.mark.usefixtures("files")
def test_a_campaign_that_becomes_private_takes_its_pictures_back(table: Table, shown: str, commits: Any) -> None:
    assert status(shown) in (200, 302)
    before, head = keys(), Event.objects.filter(campaign=table.campaign).count()
    with commits():
        hide(table)
    new = address_of(table)
    assert (status(shown), is_settled()) == (404, True)
    assert fetched(new).headers["Content-Type"] == "image/webp"
    assert new != shown and not before & keys() and all(key.startswith("withheld/") for key in keys())
    events = Event.objects.filter(campaign=table.campaign).order_by("seq")[head:]
    assert [event.type for event in events] == ["campaign_updated", "character_updated"]
    assert (events[1].data["changed"], events[1].data["character"]["portrait_url"]) == ({}, new)
    assert events[1].data["character"]["pictures"]["portrait"]["url"] == new


def test_a_cdn_has_nothing_of_it_under_the_old_names(table: Table, cdn: None, shown: str, commits: Any) -> None:
    assert shown.startswith(f"https://{CDN}/{table.campaign.slug}/portraits/")
    with commits():
        hide(table)
    assert is_settled()
    assert not any(table.campaign.slug == key.partition("/")[0] for key in keys())
    assert address_of(table).startswith("/media/withheld/")
    assert CDN not in str(Character.objects.get(pk=table.hero.pk).pictures)


def test_where_a_cdn_serves_all_nobody_guesses_what_is_private_from_the_start(
    table: Table, cdn: None, gm: Api, portrait: str
) -> None:
    hide(table)
    send(gm, portrait, a_picture())
    finish(str(Version.objects.get().pk))
    assert all(key.startswith("withheld/") for key in keys())
    assert address_of(table).startswith("/media/withheld/")
    own = an_asset(a_user())
    assert all(f"library/{own.pk}" not in key or key.startswith("withheld/") for key in keys())


@pytest.mark.usefixtures("on_disk")
class TestOnDisk:
    def test_a_secret_is_withdrawn_and_undo_shows_it_again(self, table: Table, shown: str, commits: Any) -> None:
        with commits():
            lifecycle.update(table.hero, {"is_secret": True}, actor=SYSTEM)
        assert status(shown) == 404
        event = Event.objects.filter(campaign=table.campaign, data__changed__is_secret=[False, True]).get()
        with commits():
            undo.undo(table.campaign.pk, event.pk, actor=SYSTEM)
        hero = Character.objects.get(pk=table.hero.pk)
        assert (hero.is_secret, status(hero.portrait_url), is_settled()) == (False, 200, True)
        assert Asset.objects.get().open

    def test_what_was_taken_off_before_comes_back_from_where_it_lies_now(
        self, table: Table, shown: str, commits: Any
    ) -> None:
        pictures.take_off(table.hero, PORTRAIT, actor=SYSTEM)
        event = Event.objects.filter(campaign=table.campaign).order_by("seq").last()
        assert event is not None
        with commits():
            hide(table)
        undo.undo(table.campaign.pk, event.pk, actor=SYSTEM)
        assert address_of(table) != shown and status(address_of(table)) == 200

    def test_with_a_deleted_character_too(self, table: Table, shown: str, commits: Any) -> None:
        lifecycle.delete(table.hero, actor=SYSTEM)
        event = Event.objects.filter(campaign=table.campaign).order_by("seq").last()
        assert event is not None
        with commits():
            hide(table)
        undo.undo(table.campaign.pk, event.pk, actor=SYSTEM)
        hero = Character.objects.get(pk=table.hero.pk)
        assert hero.portrait_url == hero.pictures["portrait"]["url"] and status(hero.portrait_url) == 200

    def test_a_file_that_is_published_no_more(self, table: Table, commits: Any) -> None:
        asset = an_asset(table.gm, space=table.campaign.pk, **WORDS)
        with commits():
            assets.update(asset, {"published": True}, actor=SYSTEM)
        api = Api(user=table.gm)
        shown = api.get(f"/content/{asset.pk}").json()["picture"]["url"]
        with commits():
            assets.update(asset, {"published": False}, actor=SYSTEM)
        new = api.get(f"/content/{asset.pk}").json()["picture"]["url"]
        assert (status(shown), status(new), is_settled()) == (404, 200, True)
        with commits():
            assets.update(asset, {"published": True}, actor=SYSTEM)
            assets.update(asset, {"title": "Pier"}, actor=SYSTEM)
        assert api.get(f"/content/{asset.pk}").json()["picture"]["url"] == new

    def test_its_further_forms_and_earlier_versions_go_along(
        self, gm: Api, table: Table, portrait: str, commits: Any
    ) -> None:
        send(gm, portrait, a_picture("JPEG", 700, 900))
        send(gm, portrait, a_picture("JPEG", 800, 900))
        for version in Version.objects.all():
            finish(str(version.pk))
        addresses = [f"/media/{row.key}?v={row.digest[:20]}" for row in StoredFile.objects.all()]
        with commits():
            hide(table)
        assert {status(address) for address in addresses} == {404}
        assert all(key.startswith("withheld/") for key in keys()) and is_settled()

    def test_what_is_open_stays_where_it_is(self, table: Table, shown: str, commits: Any) -> None:
        before = keys()
        with commits():
            hide(table, "unlisted")
            hide(table, "public")
        assert (keys(), address_of(table)) == (before, shown)

    def test_who_takes_it_back_at_once_loses_nothing(self, table: Table, shown: str, commits: Any) -> None:
        with commits():
            hide(table)
            hide(table, "public")
        assert (address_of(table), status(shown), is_settled()) == (shown, 200, True)

    def test_a_process_that_dies_between_copies_and_rows(
        self, table: Table, shown: str, commits: Any, monkeypatch: Any
    ) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(exposure, "_move", lambda *move: 1 / 0)
            with commits():
                hide(table)
        assert status(shown) == 200 and len(keys()) == 6
        sweep(older_than=timedelta(0))
        assert len(keys()) == 3
        call_command("resume_jobs", stdout=StringIO())
        assert (status(shown), is_settled()) == (404, True)

    def test_a_process_that_dies_before_the_old_ones_are_deleted(
        self, table: Table, shown: str, commits: Any, monkeypatch: Any
    ) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(storage, "discard", lambda keys: None)
            with commits():
                hide(table)
        assert status(shown) == 404 and len(keys()) == 6
        sweep(older_than=timedelta(0))
        assert is_settled() and status(address_of(table)) == 200

    def test_a_task_that_was_never_sent_is_made_up_for_by_the_sweeper(self, table: Table, shown: str) -> None:
        hide(table)
        assert status(shown) == 200
        assert exposure.review_all() == 1
        assert exposure.resume() == 1
        assert (status(shown), exposure.review_all(), exposure.resume()) == (404, 0, 0)

    def test_a_storage_that_fails_is_tried_again(self, table: Table, shown: str, monkeypatch: Any) -> None:
        hide(table)
        exposure.review(table.campaign.pk)
        asset = Asset.objects.get()
        with monkeypatch.context() as patch:
            patch.setattr(storage, "copy", lambda moves: False)
            with pytest.raises(background.Again):
                exposure.withdraw(asset.pk)
        assert status(shown) == 200
        exposure.withdraw(asset.pk)
        exposure.withdraw(asset.pk)
        assert (status(shown), is_settled()) == (404, True)

    def test_who_opens_it_meanwhile_is_not_robbed(self, table: Table, shown: str, monkeypatch: Any) -> None:
        hide(table)
        exposure.review(table.campaign.pk)
        copied = storage.copy

        def opened_meanwhile(moves: Any) -> bool:
            Asset.objects.update(open=True)
            return copied(moves)

        monkeypatch.setattr(storage, "copy", opened_meanwhile)
        exposure.withdraw(Asset.objects.get().pk)
        assert (status(shown), address_of(table), is_settled()) == (200, shown, True)

    def test_nobody_learns_a_key_by_naming_an_address(self, table: Table, shown: str, commits: Any) -> None:
        """Neither of what was withdrawn nor of what is not the character's own."""
        with commits():
            hide(table)
        thief = a_character(table.rival_campaign)
        actor = acting(table.rival)
        for address in (shown, address_of(table).partition("?")[0]):
            stolen = lifecycle.update(thief, {"portrait_url": address}, actor=actor)
            assert (stolen.portrait_url, stolen.pictures) == (address, {})

    def test_nothing_happens_for_a_change_that_is_rolled_back(self, table: Table, shown: str, commits: Any) -> None:
        with commits(), transaction.atomic():
            hide(table)
            transaction.set_rollback(True)
        assert (status(shown), address_of(table)) == (200, shown)
