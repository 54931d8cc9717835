import json
import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from PIL import Image

from tests.back_office import signed_in
from tests.factories import a_user


def test_the_manifest_names_icons_that_are_there(client: Client) -> None:
    answer = client.get("/manifest.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    document = json.loads(answer.content)
    assert (document["start_url"], document["scope"], document["display"]) == ("/", "/", "standalone")
    for icon in document["icons"]:
        file = finders.find(re.sub(r"\.[0-9a-f]{12}\.", ".", icon["src"].removeprefix("/static/")))
        assert file, icon
        if icon["type"] == "image/png":
            assert "x".join(map(str, Image.open(str(file)).size)) == icon["sizes"]


def test_the_worker_is_another_with_every_build(client: Client, settings: object) -> None:
    settings.TROUPE_BUILD = 'b"7'  # type: ignore[attr-defined]
    answer = client.get("/service-worker.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    assert 'self.TROUPE_BUILD = "b\\"7";' in answer.content.decode()


@pytest.mark.django_db
def test_the_page_without_a_network_knows_nobody_who_is_not_there(client: Client) -> None:
    page = client.get("/offline").content.decode()
    assert "Nothing is lost" in page
    assert "Sign in" in page
    assert 'rel="manifest"' in page
    # The worker asks for it without a cookie; by its own address it is a page like any other.
    assert "Maren Solvik" in signed_in(a_user(display_name="Maren Solvik")).get("/offline").content.decode()
