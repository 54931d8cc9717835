"""A portrait through the API: stored, shown, replaced, taken off, undone."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from campaigns.models import Event
from characters.models import Character
from content.models import Asset, StoredFile, Version
from content.tasks import finish
from tests.actors import api_as
from tests.api_client import Api, fields
from tests.content.pictures import a_picture, corners, opened
from tests.content.stored import fetched, keys, send, wait_for_storage
from tests.factories import Table

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files"), pytest.mark.each_storage]
UPRIGHT = ["red", "green", "blue", "white"]


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
def test_it_is_stored_as_the_layout_says_and_shown(gm: Api, table: Table, portrait: str, format_: str) -> None:
    response = send(gm, portrait, a_picture(format_, 320, 240))
    assert response.status_code == 201
    stem = f"{table.campaign.slug}/portraits/{table.hero.pk}"
    assert keys() == {f"{stem}_original.png", f"{stem}_thumb.png", f"{stem}.webp"}
    shown = response.json()
    assert shown["url"].startswith(f"/media/{stem}.webp?v=")
    for name, size in (("url", (320, 240)), ("thumb_url", (256, 192)), ("original_url", (320, 240))):
        image = opened(io.BytesIO(fetched(shown[name]).content))
        assert (image.size, corners(image)) == (size, UPRIGHT)
    document = Api().get(portrait.removesuffix("/portrait")).json()
    assert document["portrait_url"] == shown["url"]
    assert document["pictures"] == {"portrait": shown}


def test_how_far_it_is_is_told_to_those_who_may_change_it(gm: Api, table: Table, portrait: str) -> None:
    assert gm.get(portrait).json() == {"picture": None, "job": None}
    sent = send(gm, portrait, a_picture("JPEG", 700, 900)).json()
    for api in (gm, api_as(table, "player")):
        told = api.get(portrait).json()
        assert told == {"picture": sent, "job": {"state": "queued", "percent": 0, "reason": ""}}
    finish(str(Version.objects.get().pk))
    assert gm.get(portrait).json()["job"]["state"] == "done"
    gm.delete(portrait)
    assert gm.get(portrait).json() == {"picture": None, "job": None}


def test_a_background_has_its_own_layout(gm: Api, table: Table, portrait: str) -> None:
    response = send(gm, portrait.replace("/portrait", "/background"), a_picture("JPEG", 2000, 900))
    stem = f"{table.campaign.slug}/backgrounds/{table.hero.pk}"
    assert keys() == {f"{stem}_original.png", f"{stem}_optimized.png", f"{stem}.webp"}
    assert (response.json()["width"], response.json()["height"]) == (1920, 864)
    assert Character.objects.get(pk=table.hero.pk).background_url == response.json()["url"]


def test_it_is_told_to_viewers(gm: Api, table: Table, portrait: str) -> None:
    url = send(gm, portrait, a_picture()).json()["url"]
    event = Event.objects.filter(campaign=table.campaign).order_by("seq").last()
    assert event is not None
    assert (event.type, event.data["character"]["portrait_url"]) == ("character_updated", url)
    assert event.data["changed"] == {"portrait_url": ["", url]}


def test_a_fetched_file_is_a_picture_and_nothing_else(gm: Api, portrait: str) -> None:
    url = send(gm, portrait, a_picture()).json()["url"]
    answer = Api().client.get(url)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    fetched_ = fetched(url)
    assert fetched_.headers["Content-Type"] == "image/webp"
    assert "immutable" in fetched_.headers["Cache-Control"]


@pytest.mark.parametrize("mark", ["", "?v=", "?v=00000000000000000000", "?v=é"])
def test_a46_who_was_not_given_the_address_cannot_guess_it(gm: Api, portrait: str, mark: str) -> None:
    url = send(gm, portrait, a_picture()).json()["url"]
    for key in (url.partition("?")[0], "/media/", "/media/../settings.py", "/media/%00"):
        assert Api().client.get(f"{key}{mark}").status_code == 404


def test_another_picture_another_address_and_undo_brings_the_first_back(gm: Api, here: str, portrait: str) -> None:
    first = send(gm, portrait, a_picture()).json()["url"]
    second = send(gm, portrait, a_picture(width=90)).json()["url"]
    assert first.partition("?")[0] != second.partition("?")[0]
    event = gm.get(f"{here}/events", {"ordering": "-seq"}).json()["results"][0]
    assert gm.post(f"{here}/events/{event['id']}/undo").status_code == 201
    document = Api().get(portrait.removesuffix("/portrait")).json()
    assert document["portrait_url"] == first == document["pictures"]["portrait"]["url"]
    assert fetched(first)


def test_of_what_was_replaced_one_version_is_kept(
    gm: Api, portrait: str, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        urls = [send(gm, portrait, a_picture(width=60 + step)).json()["url"] for step in range(4)]
    wait_for_storage()
    assert Version.objects.count() == 2
    assert keys() == set(StoredFile.objects.values_list("key", flat=True))
    assert [Api().client.get(url).status_code == 404 for url in urls] == [True, True, False, False]


def test_taken_off(gm: Api, here: str, portrait: str, table: Table) -> None:
    url = send(gm, portrait, a_picture()).json()["url"]
    assert gm.delete(portrait).status_code == 204
    document = Api().get(portrait.removesuffix("/portrait")).json()
    assert (document["portrait_url"], document["pictures"]) == (None, {})
    assert Asset.objects.get(subject_id=table.hero.pk).current is None
    event = gm.get(f"{here}/events", {"ordering": "-seq"}).json()["results"][0]
    gm.post(f"{here}/events/{event['id']}/undo")
    assert Api().get(portrait.removesuffix("/portrait")).json()["portrait_url"] == url
    assert gm.delete(portrait).status_code == gm.delete(portrait).status_code == 204


def test_words_and_a_crop(gm: Api, portrait: str) -> None:
    words = {"alt_text": "Isaura at the lamp", "licence": "CC BY 4.0", "credit": "Noor"}
    shown = send(gm, portrait, a_picture(), crop="0.5,0,0.5,0.5", **words).json()
    assert (shown["width"], shown["height"], shown["alt_text"]) == (32, 24, "Isaura at the lamp")
    assert set(corners(opened(io.BytesIO(fetched(shown["url"]).content)))) == {"green"}
    assert Asset.objects.values("licence", "credit").get() == {"licence": "CC BY 4.0", "credit": "Noor"}


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"crop": "a"}, "crop"),
        ({"crop": "0,0,2,1"}, "crop"),
        ({"crop": "nan,0,1,1"}, "crop"),
        ({"crop": "0,0,0,0"}, "crop"),
        ({"alt_text": "x" * 401}, "alt_text"),
        ({"licence": "two\nlines"}, "licence"),
        ({"colour": "red"}, "colour"),
        ({"alt_text": ["a", "b"]}, "alt_text"),
        ({"more": SimpleUploadedFile("x.png", a_picture())}, "more"),
    ],
)
def test_faults_of_the_form(gm: Api, portrait: str, form: dict[str, Any], field: str) -> None:
    response = send(gm, portrait, a_picture(), **form)
    assert response.status_code == 422
    assert set(fields(response)) == {field}
    assert keys() == set()


@pytest.mark.parametrize("raw", [b"", None, b"<svg/>", a_picture()[:80], a_picture(width=4)])
def test_a43_what_is_no_picture_names_the_file(gm: Api, portrait: str, raw: bytes | None) -> None:
    response = send(gm, portrait, raw)
    assert response.status_code == 422
    assert set(fields(response)) == {"file"}
    assert (keys(), Asset.objects.count()) == (set(), 0)


def test_a43_two_files_or_a_word_instead(gm: Api, portrait: str) -> None:
    two = [SimpleUploadedFile("a.png", a_picture()), SimpleUploadedFile("b.png", a_picture())]
    for form in ({"file": two}, {"file": "a.png"}):
        response = gm.client.post(gm._address(portrait), form, headers=gm._all({}))
        assert (response.status_code, set(fields(response))) == (422, {"file"})


def test_a43_a_file_over_the_limit(gm: Api, portrait: str, settings: Any) -> None:
    settings.CONTENT_MOST_BYTES = 100_000
    for size in (100_001, 300_000):
        response = send(gm, portrait, a_picture() + bytes(size))
        assert response.status_code == 413
        assert set(fields(response)) == {"file"}
        assert fields(response)["file"].startswith("The file is larger than 0.0953674 MB. Scale it down")
    assert keys() == set()


@pytest.mark.parametrize("name", ["../../x.png", "a\0.png", "x" * 300 + ".png", "con.png", 'a"\r\nX-Evil: 1.png'])
def test_a44_the_name_of_the_file_is_nobody_s_business(gm: Api, table: Table, portrait: str, name: str) -> None:
    part: Any = SimpleUploadedFile("x.png", a_picture(), "text/html")
    part._name = name
    response = gm.client.post(gm._address(portrait), {"file": part}, headers=gm._all({}))
    assert response.status_code in (201, 400)
    if response.status_code == 201:
        assert all(key.startswith(f"{table.campaign.slug}/portraits/{table.hero.pk}") for key in keys())
        assert "Evil" not in str(fetched(response.json()["url"]).headers)


def test_a45_over_the_quota_nothing_is_stored(gm: Api, portrait: str, settings: Any) -> None:
    send(gm, portrait, a_picture())
    stored, used = keys(), sum(StoredFile.objects.values_list("size", flat=True))
    settings.CONTENT_CAMPAIGN_QUOTA = used + 10
    response = send(gm, portrait, a_picture(width=200))
    assert response.status_code == 422
    assert response.json()["error"] == "quota_exceeded"
    assert fields(response)["file"].startswith("There is no room for it: 0.0 of 0.0 MB are taken")
    assert keys() == stored
    assert Version.objects.count() == 1


def test_who_may(table: Table, portrait: str) -> None:
    expected = {"gm": 201, "control": 201, "player": 201, "other": 403, "viewer": 403, "anonymous": 401}
    assert {actor: send(api_as(table, actor), portrait, a_picture()).status_code for actor in expected} == expected


def test_a_player_dresses_only_the_own_character(table: Table, here: str) -> None:
    player = api_as(table, "player")
    for id_ in (table.secret.pk, table.rival_hero.pk):
        assert send(player, f"{here}/characters/{id_}/portrait", a_picture()).status_code == 403
    assert (
        send(api_as(table, "gm"), f"{here}/characters/{table.rival_hero.pk}/portrait", a_picture()).status_code == 404
    )


def test_the_same_request_twice_is_one_upload(gm: Api, portrait: str) -> None:
    answers = []
    for _ in range(2):
        part = {"file": SimpleUploadedFile("x.png", a_picture())}
        headers = gm._all({"Idempotency-Key": "once"})
        answers.append(gm.client.post(gm._address(portrait), part, headers=headers))
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert Version.objects.count() == 1
