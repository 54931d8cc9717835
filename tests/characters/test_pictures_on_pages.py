"""Public pages take the form of a picture that fits: <picture> with AVIF first, and room kept before it is there."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from content.models import StoredFile, Version
from content.tasks import finish
from tests.actors import api_as
from tests.back_office import signed_in
from tests.content.pictures import a_picture
from tests.content.stored import send
from tests.factories import Table, a_table, on_stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def table(settings: Any, tmp_path: Any) -> Table:
    options = {**settings.LOCAL_FILES["OPTIONS"], "location": tmp_path / "media"}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.LOCAL_FILES, "OPTIONS": options}}
    return a_table()


@pytest.fixture
def dressed(table: Table) -> Table:
    on_stage(table.campaign, table.hero)
    for purpose in ("portrait", "background"):
        path = f"/campaigns/{table.campaign.slug}/characters/{table.hero.pk}/{purpose}"
        assert send(api_as(table, "gm"), path, a_picture("JPEG", 1300, 900)).status_code == 201
    return table


@pytest.fixture
def there(table: Table) -> str:
    """The page on which the pictures are changed."""
    return f"/campaigns/{table.campaign.slug}/characters/{table.hero.pk}/pictures"


def picked(width: int, **words: str) -> dict[str, Any]:
    return {"purpose": "portrait", "crop": "", "file": SimpleUploadedFile("x.png", a_picture(width=width)), **words}


def grow() -> None:
    for version in Version.objects.all():
        finish(str(version.pk))


def page(path: str) -> str:
    response = Client().get(path)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("path", ["", "/characters", "/characters/{hero}"])
def test_a_portrait_is_offered_in_every_width(dressed: Table, path: str) -> None:
    address = f"/campaigns/{dressed.campaign.slug}{path.format(hero=dressed.hero.pk)}"
    assert 'srcset="" sizes' in page(address)  # no AVIF yet
    grow()
    found = page(address)
    assert re.search(r'<source type="image/avif" srcset="\S+_w320\.avif\?v=\w+ 320w, [^"]+"', found)
    picture = re.search(r'<img src="(\S+)" srcset="([^"]+)"[^>]*width="400" height="560"', found)
    assert picture is not None
    assert picture[1] in picture[2]
    assert re.findall(r" (\d+)w", picture[2]) == ["320", "640", "1024"]


def test_a_background_keeps_its_room(dressed: Table) -> None:
    grow()
    found = page(f"/campaigns/{dressed.campaign.slug}/characters/{dressed.hero.pk}")
    backdrop = re.search(r'<img class="backdrop"[^>]+>', found)
    assert backdrop is not None
    assert 'width="1300" height="900"' in backdrop[0]
    assert " 640w, " in backdrop[0]


def test_how_much_room_is_left_is_told(table: Table, there: str, settings: Any) -> None:
    settings.CONTENT_CAMPAIGN_QUOTA = 64 * 2**20
    client = signed_in(table.player)
    client.post(there, picked(60))
    used = sum(StoredFile.objects.values_list("size", flat=True))
    found = client.get(there).content.decode()
    assert f'max="67108864" high="60397978" value="{used}"' in found
    assert "of 64.0\xa0MB taken" in found


def test_a45_by_the_page_too_there_are_only_so_many(table: Table, there: str, settings: Any) -> None:
    settings.RATE_LIMITS, settings.RATES = True, {**settings.RATES, "upload": "2/minute"}
    client = signed_in(table.player)
    assert [client.post(there, picked(width)).status_code for width in (60, 62, 64)] == [302, 302, 429]
    refused = client.post(there, picked(66)).content.decode()
    assert re.search(r'data-part="error" role="alert">[^<]+seconds', refused)
    assert client.post(there, {"purpose": "portrait", "remove": "1"}).status_code == 302  # which costs nothing


def test_what_was_typed_stays_where_the_file_is_refused(table: Table, there: str) -> None:
    words = {"alt_text": "Isaura & the lamp", "credit": "Ada", "licence": "CC0"}
    no_picture = {"purpose": "portrait", "crop": "", "file": SimpleUploadedFile("x.png", b"MZ a program"), **words}
    response = signed_in(table.gm).post(there, no_picture)
    found = response.content.decode()
    assert response.status_code == 422
    assert found.count('value="Isaura &amp; the lamp"') == 1  # of the portrait, not of the background
    assert 'value="Ada"' in found and 'value="CC0"' in found
    assert "no JPEG, PNG or WebP" in found
