"""/api/v1/content: a person's own pictures, with versions, words, a team, and a limit."""

import uuid
from typing import Any

import pytest

from accounts.models import AuditEntry, User
from content.models import Asset, StoredFile
from content.operations.assets import KEPT
from tests.api_client import Api, fields
from tests.content.pictures import a_picture
from tests.content.stored import an_asset, fetched, keys, replaced, send, wait_for_storage
from tests.factories import a_team, a_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_disk")]


@pytest.fixture
def noor() -> User:
    return a_user("noor")


@pytest.fixture
def api(noor: User) -> Api:
    return Api(user=noor)


WORDS = {"title": "The harbour", "alt_text": "Ships at night", "licence": "CC0", "credit": "Ada"}


def test_a_picture_comes_into_the_library(api: Api) -> None:
    response = send(api, "/content", a_picture("JPEG", 400, 300), **WORDS)
    assert response.status_code == 201
    found = response.json()
    assert {name: found[name] for name in WORDS} == WORDS
    assert (found["owner"], found["version"], found["published"]) == ("noor", 1, False)
    assert (found["picture"]["width"], found["picture"]["height"]) == (400, 300)
    assert fetched(found["picture"]["url"]).headers["Content-Type"] == "image/webp"
    assert api.get(f"/content/{found['id']}").json() == found
    assert all(key.startswith(f"library/{found['id']}") for key in keys())
    assert api.get("/content").json()["results"] == [found]


def test_filters_and_order(api: Api, noor: User) -> None:
    an_asset(noor, title="Quay", alt_text="a lamp")
    an_asset(noor, title="Abbey", credit="Lamplighter")
    an_asset(noor, title="Cellar")

    def titles(**query: str) -> list[str]:
        return [row["title"] for row in api.get("/content", query).json()["results"]]

    assert titles(ordering="title") == ["Abbey", "Cellar", "Quay"]
    assert titles(search="lamp", ordering="title") == ["Abbey", "Quay"]
    assert titles(kind="audio") == titles(published="true") == titles(team_id=str(uuid.uuid4())) == []
    assert len(titles(kind="image")) == 3
    assert api.get("/content", {"owner": "x"}).status_code == 422


def test_a_list_costs_the_same_for_one_and_for_many(
    api: Api, noor: User, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    an_asset(noor)
    with django_assert_max_num_queries(12) as first:
        api.get("/content")
    for _ in range(3):
        an_asset(noor)
    with django_assert_num_queries(len(first)):
        api.get("/content")


def test_versions_and_bringing_one_back(api: Api, noor: User) -> None:
    asset = an_asset(noor)
    response = send(api, f"/content/{asset.pk}/versions", a_picture(width=90))
    assert (response.status_code, response.json()["version"]) == (201, 2)
    rows = api.get(f"/content/{asset.pk}/versions").json()["results"]
    assert [(row["number"], row["current"], row["width"]) for row in rows] == [(2, True, 90), (1, False, 64)]
    assert api.post(f"/content/{asset.pk}/versions/1/restore").json()["version"] == 1
    assert fetched(api.get(f"/content/{asset.pk}").json()["picture"]["url"])
    assert api.post(f"/content/{asset.pk}/versions/9/restore").status_code == 409
    assert api.post(f"/content/{asset.pk}/versions/x/restore").status_code == 404


def test_only_the_last_versions_are_kept(noor: User, django_capture_on_commit_callbacks: Any) -> None:
    asset = an_asset(noor)
    with django_capture_on_commit_callbacks(execute=True):
        for width in range(70, 72 + KEPT):
            replaced(asset, width)
    wait_for_storage()
    assert asset.versions.count() == KEPT + 1
    assert keys() == set(StoredFile.objects.values_list("key", flat=True))


def test_publishing_needs_words(api: Api, noor: User) -> None:
    asset = an_asset(noor, title="Quay")
    response = api.patch(f"/content/{asset.pk}", {"published": True})
    assert (response.status_code, set(fields(response))) == (422, {"alt_text", "licence", "credit"})
    words = {"alt_text": "A quay", "licence": "CC0", "credit": "Noor"}
    assert api.patch(f"/content/{asset.pk}", {**words, "published": True}).json()["published"] is True
    assert set(fields(api.patch(f"/content/{asset.pk}", {"alt_text": ""}))) == {"alt_text"}


def test_a_team_sees_and_its_editors_change(api: Api, noor: User) -> None:
    editor, viewer = a_user(), a_user()
    team = a_team(noor, editor=editor, viewer=viewer)
    asset = an_asset(noor)
    path = f"/content/{asset.pk}"
    assert Api(user=editor).get(path).status_code == 404
    assert api.patch(path, {"team_id": str(team.pk)}).json()["team_id"] == str(team.pk)
    expected = {editor: (200, 200), viewer: (200, 403), a_user(): (404, 404)}
    for user, statuses in expected.items():
        other = Api(user=user)
        assert (other.get(path).status_code, other.patch(path, {"title": "Mine"}).status_code) == statuses
    foreign = a_team(a_user())
    assert set(fields(api.patch(path, {"team_id": str(foreign.pk)}))) == {"team_id"}
    assert set(fields(send(api, "/content", a_picture(), team_id=str(foreign.pk)))) == {"team_id"}


def test_deleted_with_all_versions(api: Api, noor: User, django_capture_on_commit_callbacks: Any) -> None:
    asset = replaced(an_asset(noor, title="Quay"))
    with django_capture_on_commit_callbacks(execute=True):
        assert api.delete(f"/content/{asset.pk}").status_code == 204
    wait_for_storage()
    assert (keys(), Asset.objects.count()) == (set(), 0)
    assert api.get(f"/content/{asset.pk}").status_code == 404
    told = AuditEntry.objects.filter(subject_id=asset.pk).values_list("action", flat=True)
    assert set(told) == {"asset_uploaded", "asset_replaced", "asset_deleted"}


def test_a45_the_own_limit_is_seen_and_kept(api: Api, settings: Any) -> None:
    send(api, "/content", a_picture())
    usage = api.get("/content/usage").json()
    assert usage == {"used": sum(StoredFile.objects.values_list("size", flat=True)), "allowed": 2**30}
    settings.CONTENT_USER_QUOTA = usage["used"] + 10
    response = send(api, "/content", a_picture(width=90))
    assert (response.status_code, response.json()["error"]) == (422, "quota_exceeded")
    assert Asset.objects.count() == 1


@pytest.mark.parametrize("raw", [b"", b"<svg/>", b"%PDF-1.7\n", b"PK\x03\x04\x14\0", b"\x7fELF\x02\x01\x01\0"])
def test_what_is_nothing_for_us_is_refused(api: Api, raw: bytes) -> None:
    response = send(api, "/content", raw)
    assert (response.status_code, set(fields(response))) == (422, {"file"})
    assert (keys(), Asset.objects.count()) == (set(), 0)


def test_who_is_not_signed_in_has_none(api: Api) -> None:
    assert Api().get("/content").status_code == 401
    assert send(Api(), "/content", a_picture()).status_code == 401
    assert api.get("/content/none").status_code == 404
