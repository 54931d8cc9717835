"""What viewers are told: BOOTSTRAP, events in order, resuming, audiences."""



from overlay.snapshot import snapshot
from tests.live.replay import comparable
from tests.live.viewers import viewer


def test_a_viewer_gets_the_state_and_then_what_happens(asgi_server, campaign, wound):
    with viewer(asgi_server, campaign.slug) as page:
        first = page.next()
        assert (first["type"], first["seq"], first["recovered"], first["audience"]) == ("BOOTSTRAP", 2, False, "viewer")
        page.until(wound(7))
        event = page.messages[-1]
        assert (event["type"], event["data"]["from"], event["data"]["to"]) == ("EVENT", 500, 493)
        assert comparable(page.state) == comparable(snapshot(campaign.pk, "viewer"))


def test_a_lone_event_is_a_message_and_a_burst_is_a_batch(asgi_server, campaign, wound, redis_url):
    with viewer(asgi_server, campaign) as page:
        page.next()
        page.until(wound())
        last = [wound() for _ in range(40)][-1]
        page.until(last)
    assert page.frames[1]["type"] == "EVENT"
    assert [message["seq"] for message in page.messages] == list(range(2, last + 1))
    assert any(frame["type"] == "BATCH" for frame in page.frames)
    assert len(page.frames) < 40
