"""Public pages take the form of a picture that fits: <picture> with AVIF first, and room kept before it is there."""

import re
from typing import Any

import pytest
from django.test import Client

from content.models import Version
from content.tasks import finish
from tests.actors import api_as
from tests.content.pictures import a_picture
from tests.content.stored import send
from tests.factories import Table, a_table, on_stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def dressed(settings: Any, tmp_path: Any) -> Table:
    options = {**settings.LOCAL_FILES["OPTIONS"], "location": tmp_path / "media"}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.LOCAL_FILES, "OPTIONS": options}}
    table = a_table()
    on_stage(table.campaign, table.hero)
    for purpose in ("portrait", "background"):
        path = f"/campaigns/{table.campaign.slug}/characters/{table.hero.pk}/{purpose}"
        assert send(api_as(table, "gm"), path, a_picture("JPEG", 1300, 900)).status_code == 201
    return table


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
