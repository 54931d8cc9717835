"""A campaign's library: GMs have all of it, players what is published and their own, nobody else anything."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.actors import SYSTEM
from accounts.models import AuditEntry, User
from campaigns.models import Role
from campaigns.operations import campaigns, members
from content.models import Asset, Kind, StoredFile
from content.operations import assets
from tests.actors import api_as
from tests.api_client import Api, fields
from tests.content import recorded
from tests.content.papers import a_pdf
from tests.content.pictures import a_picture
from tests.content.stored import an_asset, keys, send, wait_for_storage
from tests.factories import Table, a_member, a_table, a_team, a_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_disk")]
WORDS: Any = {"title": "The harbour", "alt_text": "Ships at night", "licence": "CC0", "credit": "Ada"}


@pytest.fixture
def shelf(table: Table) -> str:
    return f"/campaigns/{table.campaign.slug}/library"


def brought(owner: User, table: Table, **words: Any) -> Asset:
    return an_asset(owner, space=table.campaign.pk, **words)


def published(owner: User, table: Table) -> Asset:
    return assets.update(brought(owner, table, **WORDS), {"published": True}, actor=SYSTEM)


def seen_by(api: Api, shelf: str) -> set[str]:
    return {row["id"] for row in api.get(shelf).json()["results"]}


def test_who_sees_what(table: Table, shelf: str) -> None:
    of_gm, shown, of_player = (brought(table.gm, table), published(table.gm, table), brought(table.player, table))
    other = a_member(table.campaign, Role.PLAYER).user
    ids = {name: str(asset.pk) for name, asset in (("gm", of_gm), ("shown", shown), ("player", of_player))}
    assert seen_by(Api(user=table.gm), shelf) == set(ids.values())
    assert seen_by(Api(user=table.player), shelf) == {ids["shown"], ids["player"]}
    assert seen_by(Api(user=other), shelf) == {ids["shown"]}
    for user, statuses in {table.gm: (200, 200, 200), table.player: (404, 200, 200), table.rival: (404,) * 3}.items():
        assert tuple(Api(user=user).get(f"/content/{id_}").status_code for id_ in ids.values()) == statuses


def test_who_changes_what(table: Table) -> None:
    shown, own = published(table.gm, table), brought(table.player, table)
    api = Api(user=table.player)
    assert api.patch(f"/content/{shown.pk}", {"title": "Mine"}).status_code == 403
    assert api.patch(f"/content/{own.pk}", {"title": "Mine"}).json()["title"] == "Mine"
    assert Api(user=table.gm).delete(f"/content/{own.pk}").status_code == 204


def test_by_a_team_too(table: Table, shelf: str) -> None:
    editor, viewer = a_user(), a_user()
    team = a_team(table.gm, editor=editor, viewer=viewer)
    campaigns.assign_team(table.campaign.pk, team.pk, actor=SYSTEM)
    asset = brought(table.gm, table)
    assert seen_by(Api(user=editor), shelf) == {str(asset.pk)}
    assert Api(user=viewer).get(shelf).status_code == 403
    assert Api(user=editor).patch(f"/content/{asset.pk}", {"title": "Quay"}).status_code == 200


def test_who_leaves_has_no_part_in_it_any_more(table: Table, shelf: str) -> None:
    asset = brought(table.player, table)
    members.remove(table.campaign, table.player.pk, actor=SYSTEM)
    api = Api(user=table.player)
    assert (api.get(shelf).status_code, api.get(f"/content/{asset.pk}").status_code) == (403, 404)
    assert api.get("/content").json()["results"] == []
    assert seen_by(Api(user=table.gm), shelf) == {str(asset.pk)}


def test_it_is_no_part_of_the_own_library(table: Table) -> None:
    brought(table.gm, table)
    api = Api(user=table.gm)
    assert api.get("/content").json()["count"] == api.get("/content/usage").json()["used"] == 0


def test_it_is_shared_with_no_team_besides(table: Table) -> None:
    asset = brought(table.gm, table)
    team = a_team(table.gm)
    assert set(fields(Api(user=table.gm).patch(f"/content/{asset.pk}", {"team_id": str(team.pk)}))) == {"team_id"}


def test_its_room_is_the_campaign_s(table: Table, shelf: str, settings: Any) -> None:
    gm = api_as(table, "gm")
    send(gm, f"/campaigns/{table.campaign.slug}/characters/{table.hero.pk}/portrait", a_picture())
    send(gm, shelf, a_picture(), **WORDS)
    usage = gm.get(f"{shelf}/usage").json()
    assert usage == {"used": sum(StoredFile.objects.values_list("size", flat=True)), "allowed": 2**30}
    settings.CONTENT_CAMPAIGN_QUOTA = usage["used"] + 10
    assert send(gm, shelf, a_picture(width=90)).json()["error"] == "quota_exceeded"
    settings.CONTENT_USER_QUOTA = 0
    settings.CONTENT_CAMPAIGN_QUOTA = 2**30
    asset = Asset.objects.get(purpose="library")
    assert send(gm, f"/content/{asset.pk}/versions", a_picture(width=90)).status_code == 201


def test_it_is_told_in_the_campaign_s_trail(table: Table) -> None:
    asset = brought(table.player, table, title="Quay")
    entry = AuditEntry.objects.get(subject_id=asset.pk)
    assert (entry.action, entry.campaign_id) == ("asset_uploaded", table.campaign.pk)


def test_with_the_campaign_it_goes(table: Table, django_capture_on_commit_callbacks: Any) -> None:
    brought(table.gm, table)
    own = an_asset(table.gm)
    with django_capture_on_commit_callbacks(execute=True):
        campaigns.delete(table.campaign.pk, actor=SYSTEM)
    wait_for_storage()
    assert list(Asset.objects.filter(purpose="library")) == [own]
    assert all(key.startswith(f"library/{own.pk}") for key in keys())


def test_the_list_costs_the_same_for_one_and_for_many(
    table: Table, shelf: str, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    api, client = Api(user=table.player), Client()
    client.force_login(table.player)
    published(table.gm, table)
    with django_assert_max_num_queries(14) as first:
        api.get(shelf)
    with django_assert_max_num_queries(16) as page:
        client.get(shelf)
    for _ in range(3):
        published(table.gm, table)
        brought(table.player, table)
    with django_assert_num_queries(len(first)):
        assert api.get(shelf).json()["count"] == 7
    with django_assert_num_queries(len(page)):
        client.get(shelf)


class TestPages:
    @pytest.fixture
    def client(self, table: Table) -> Client:
        client = Client()
        client.force_login(table.gm)
        return client

    @pytest.fixture
    def asset(self, table: Table) -> Asset:
        return brought(table.gm, table, title="The harbour")

    @pytest.fixture
    def address(self, shelf: str, asset: Asset) -> str:
        return f"{shelf}/{asset.pk}"

    def test_empty_and_filled(self, client: Client, shelf: str, table: Table) -> None:
        assert "The shelves are empty" in client.get(shelf).content.decode()
        brought(table.gm, table, title="Quay of the ferrymen")
        whole = client.get(shelf).content.decode()
        assert "Quay of the ferrymen" in whole and "Picture · 64 × " in whole
        assert "Quay of the ferrymen" in client.get(shelf, {"search": "ferry", "kind": "image"}).content.decode()
        assert "Nothing fits" in client.get(shelf, {"kind": "audio"}).content.decode()
        assert client.get(shelf, {"kind": "x\0", "page": "y", "search": "\0"}).status_code == 200

    @pytest.mark.parametrize(
        ("raw", "name", "kind", "said"),
        [
            (a_picture(), "quay at night.png", Kind.IMAGE, "Picture"),
            (a_pdf(), "tide table.pdf", Kind.DOCUMENT, "PDF · 1 page"),
            (b"Low tide", "notes.md", Kind.DOCUMENT, "Markdown · 2 words"),
            (None, "bell.mp3", Kind.AUDIO, "Sound · 0:01"),
        ],
    )
    def test_every_kind_by_the_plain_form(
        self, client: Client, shelf: str, raw: bytes | None, name: str, kind: str, said: str
    ) -> None:
        part = SimpleUploadedFile(name, recorded.sound(1) if raw is None else raw)
        response = client.post(shelf, {"file": part}, follow=True)
        asset = Asset.objects.get(purpose="library")
        assert (asset.kind, asset.title) == (kind, name.rpartition(".")[0])
        page = response.content.decode()
        assert f"{asset.title} is in the library." in page and said in page
        assert said in client.get(shelf).content.decode()

    def test_what_is_refused_is_told_at_the_field(self, client: Client, shelf: str) -> None:
        response = client.post(shelf, {"file": SimpleUploadedFile("x.png", b"PK\x03\x04\0\0")})
        assert (response.status_code, Asset.objects.count()) == (422, 0)
        assert "This is no picture, sound, video, PDF or text" in response.content.decode()
        assert client.post(shelf, {}).status_code == 422

    def test_a45_too_many_uploads_are_refused(self, client: Client, shelf: str, settings: Any) -> None:
        settings.RATE_LIMITS, settings.RATES = True, {**settings.RATES, "upload": "1/minute"}
        assert client.post(shelf, {"file": SimpleUploadedFile("x.txt", b"one")}).status_code == 302
        response = client.post(shelf, {"file": SimpleUploadedFile("x.txt", b"two")})
        assert (response.status_code, Asset.objects.count()) == (429, 1)

    def test_words_and_publishing(self, client: Client, address: str, asset: Asset) -> None:
        refused = client.post(address, {"save": "1", "title": "Kept as typed", "published": "1"})
        assert refused.status_code == 422
        assert refused.content.decode().count("Fill this in before you publish") == 3
        assert "Kept as typed" in refused.content.decode()
        asset.refresh_from_db()
        assert (asset.title, asset.published) == ("The harbour", False)
        assert client.post(address, {"save": "1", **WORDS, "published": "1"}).status_code == 302
        assert "Players see it" in client.get(address).content.decode()
        assert client.post(address, {"save": "1", **WORDS, "alt_text": "x" * 401}).status_code == 422
        client.post(address, {"save": "1", **WORDS})
        asset.refresh_from_db()
        assert not asset.published

    def test_replacing_and_an_earlier_version(self, client: Client, address: str, asset: Asset) -> None:
        part = SimpleUploadedFile("x.png", a_picture(width=90))
        assert client.post(address, {"replace": "1", "file": part}).status_code == 302
        assert "Picture · 90 × " in client.get(address).content.decode()
        assert client.post(address, {"restore": "1"}).status_code == 302
        assert "Picture · 64 × " in client.get(address).content.decode()
        assert client.post(address, {"restore": "9"}).status_code == 409
        assert client.post(address, {"restore": "x"}).status_code == 404
        wrong = client.post(address, {"replace": "1", "file": SimpleUploadedFile("x.txt", b"text")})
        assert (wrong.status_code, "by a picture" in wrong.content.decode()) == (422, True)

    def test_deleting_says_what_goes(self, client: Client, address: str) -> None:
        assert "goes for good, with 1 version" in client.get(address).content.decode()
        assert client.post(address, {"delete": "1"}).status_code == 302
        assert not Asset.objects.filter(purpose="library").exists()
        assert client.get(address).status_code == 404

    def test_a_player_looks_and_changes_nothing(self, client: Client, table: Table, shelf: str) -> None:
        asset = published(table.gm, table)
        client.force_login(table.player)
        page = client.get(f"{shelf}/{asset.pk}").content.decode()
        assert "The harbour" in page and 'name="delete"' not in page
        assert client.post(f"{shelf}/{asset.pk}", {"delete": "1"}).status_code == 404
        assert Asset.objects.filter(pk=asset.pk).exists()

    def test_another_campaign_s_file_is_not_found_here(self, client: Client, shelf: str) -> None:
        elsewhere = a_table()
        foreign = brought(elsewhere.gm, elsewhere)
        assert client.get(f"{shelf}/{foreign.pk}").status_code == 404

    def test_the_way_there_is_shown_to_those_who_may(self, client: Client, table: Table, shelf: str) -> None:
        hub = f"/campaigns/{table.campaign.slug}"
        assert f'href="{shelf}"' in client.get(hub).content.decode()
        client.force_login(table.viewer)
        assert f'href="{shelf}"' not in client.get(hub).content.decode()
