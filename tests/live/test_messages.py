"""What clients say, and how they are told off."""

from contextlib import suppress

import pytest
from websockets.exceptions import ConnectionClosed

from tests.factories import a_token
from tests.live.viewers import viewer


@pytest.fixture
def page(server, campaign, hero):
    with viewer(server, campaign) as watching:
        watching.next()
        yield watching


def test_a_ping_is_answered_by_the_head(page, wound):
    page.say(type="PING")
    beat = page.next()
    assert (beat["type"], beat["seq"], beat["epoch"]) == ("HEARTBEAT", 2, page.state["epoch"])
    page.until(wound())
    page.say(type="PING")
    assert page.next()["seq"] == 3


def test_a_status_is_taken_without_an_answer(page):
    page.say(type="STATUS", seq=2, width=1920, height=1080, build="dev", visible=True, obs=True, streaming="yes")
    assert page.hears_nothing(0.3)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("not json", "malformed"),
        ("[]", "malformed"),
        ('{"seq": 1}', "not_accepted"),
        ('{"type": "HP_CHANGE", "data": {"to": 0}}', "not_accepted"),
        ('{"type": "CHAR_UPDATED", "data": {}}', "not_accepted"),
        ('{"type": 7}', "not_accepted"),
        ('{"type": "AUTH"}', "invalid"),
        ("[" * 5000, "malformed"),
    ],
)
def test_anything_else_is_an_error_and_the_third_the_end(page, text, code):
    for _ in range(3):
        page.connection.send(text)
    errors = [page.next() for _ in range(3)]
    assert {(error["type"], error["code"]) for error in errors} == {("ERROR", code)}
    assert page.close_code() == 4400


def test_what_a_viewer_writes_reaches_nobody(asgi_server, campaign, hero, page):
    with viewer(asgi_server, campaign) as other:
        other.next()
        page.say(type="HP_CHANGE", data={"characterId": str(hero.pk), "to": 0})
        assert page.next()["type"] == "ERROR"
        assert other.hears_nothing(0.3)
    hero.refresh_from_db()
    assert hero.stats["hp"]["current"] == 500


def test_before_auth_nothing_else_is_heard(server, campaign):
    with viewer(server, campaign, "?auth=1") as page:
        page.say(type="PING")
        assert page.next()["code"] == "auth_first"
        page.say(type="AUTH", token=a_token(campaign)[1])
        assert page.next()["type"] == "BOOTSTRAP"


def test_more_than_twenty_messages_a_second_are_too_many(page):
    with suppress(ConnectionClosed):  # perhaps before the last is said
        for _ in range(30):
            page.say(type="STATUS")
    assert page.close_code() == 4429


def test_a_resume_counts_as_four(page):
    with suppress(ConnectionClosed):  # perhaps before the last is said
        for _ in range(7):
            page.say(type="RESUME", seq=2, epoch=page.state["epoch"])
    assert page.close_code() == 4429


@pytest.mark.parametrize(("content", "code"), [("x" * 65_537, 1009), (b"binary", 1003)])
def test_only_short_texts(page, content, code):
    page.connection.send(content)
    assert page.close_code() == code


def test_one_connection_too_many_is_closed_and_the_others_are_not(start_server, campaign):
    server = start_server(LIVE_SOCKETS_PER_ADDRESS="2")
    with viewer(server, campaign) as one, viewer(server, campaign) as two:
        one.next()
        two.next()
        with viewer(server, campaign) as three:
            assert three.close_code() == 4429
        one.say(type="PING")
        assert one.next()["type"] == "HEARTBEAT"
        two.connection.close()
        with viewer(server, campaign) as again:
            assert again.next()["type"] == "BOOTSTRAP"
