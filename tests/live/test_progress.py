"""How far a file is: told to those who watch as GM, to nobody else, and no event."""

from typing import Any

import pytest

from accounts.actors import SYSTEM
from campaigns.models import Event
from characters.operations import pictures
from characters.pictures import PORTRAIT
from content.models import Version
from content.tasks import finish, not_finished
from tests.content.pictures import a_picture
from tests.factories import a_token
from tests.live.viewers import viewer


@pytest.fixture(autouse=True)
def _live(redis_url: str) -> None:
    """The server learns by Redis what this process writes."""


@pytest.fixture
def version(hero: Any, tmp_path: Any, monkeypatch: Any) -> Version:
    """Of a portrait, of which nothing further is made yet."""
    monkeypatch.setattr("content.background.send", lambda *sent: None)
    with (tmp_path / "picture").open("w+b") as file:
        file.write(a_picture("JPEG", 700, 980))
        file.flush()
        pictures.put_on(hero, PORTRAIT, file, actor=SYSTEM)
    return Version.objects.get()


def progress(page: Any) -> dict[str, Any]:
    while (message := page.next())["type"] != "FILE_PROGRESS":
        pass
    return dict(message)


def test_the_gm_is_told_and_viewers_are_not(asgi_server: Any, campaign: Any, hero: Any, version: Version) -> None:
    secret = a_token(campaign)[1]
    with viewer(asgi_server, campaign) as page, viewer(asgi_server, campaign, "?auth=1") as desk:
        page.next()
        desk.say(type="AUTH", token=secret)
        desk.next()
        before = Event.objects.count()
        finish(str(version.pk))
        told = [progress(desk), progress(desk)]
        data = {"characterId": str(hero.pk), "purpose": "portrait", "state": "running", "percent": 60, "reason": ""}
        assert told[0] == {"type": "FILE_PROGRESS", "data": data}
        assert (told[1]["data"]["state"], told[1]["data"]["percent"]) == ("done", 100)
        assert [page.next()["type"], page.hears_nothing(0.3)] == ["CHAR_UPDATED", True]
        assert desk.seq == page.seq
        assert Event.objects.count() == before + 1


def test_a_failure_comes_with_its_reason(asgi_server: Any, campaign: Any, hero: Any, version: Version) -> None:
    with viewer(asgi_server, campaign, "?auth=1") as desk:
        desk.say(type="AUTH", token=a_token(campaign)[1])
        desk.next()
        not_finished(str(version.pk), "It took too long.")
        data = progress(desk)["data"]
        assert (data["state"], data["reason"]) == ("failed", "It took too long.")
