"""Who may watch: origins, private campaigns, the GM's view, and what happens to sockets whose right ends."""

import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from websockets.exceptions import InvalidStatus

from accounts.actors import SYSTEM
from accounts.hashed_sessions import SessionStore
from accounts.operations import keys, refresh
from campaigns.models import Campaign, Role, TokenKind
from campaigns.operations import campaigns, members, tokens
from overlay.live import hub
from tests.asgi_server import AsgiServer
from tests.factories import a_campaign, a_member, a_token, a_user, an_api_key
from tests.live.conftest import ELSEWHERE
from tests.live.viewers import Viewer, socket, viewer

REVOKED_WITHIN = 20.0  # seconds; two on a machine that is free


def session_of(user) -> SessionStore:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return session


def cookie_of(user) -> dict[str, str]:
    return {"Cookie": f"sessionid={session_of(user).session_key}"}


class TestOrigin:
    def test_pages_of_our_own_and_listed_ones(self, stepped_server, campaign):
        for origin in (stepped_server.url, ELSEWHERE, f"{ELSEWHERE}:443"):
            with socket(stepped_server, campaign, headers={"Origin": origin}) as connection:
                assert "BOOTSTRAP" in connection.recv(5)

    @pytest.mark.parametrize(
        "origins",
        [
            [],
            ["null"],
            ["file://"],
            ["https://evil.example"],
            ["http://good.127.0.0.1.evil.example"],
            ["http://127.0.0.1:1"],
            ["https://{host}"],
            ["http://evil.example", "http://{host}"],
            ["http://{host}", "http://{host}"],
            ["http://{host}/path"],
        ],
    )
    def test_no_other_page(self, asgi_server, campaign, origins):
        host = asgi_server.url.removeprefix("http://")
        with pytest.raises(InvalidStatus) as refused:
            socket(asgi_server, campaign, headers=[("Origin", one.format(host=host)) for one in origins])
        # (websockets 17 refuses a second Origin itself, before us, with 400.)
        assert refused.value.response.status_code in ({403} if len(origins) < 2 else {400, 403})

    def test_a_program_without_origin_shows_its_token_at_once(self, asgi_server, private):
        _row, token = a_token(private, TokenKind.READ)
        with socket(asgi_server, private, headers={"X-Token": token}) as connection:
            bot = Viewer(connection)
            assert bot.next()["audience"] == "gm"

    @pytest.mark.parametrize("wrong", ["nonsense", "foreign", "revoked"])
    def test_a_wrong_token_is_refused_at_the_handshake(self, asgi_server, campaign, wrong):
        row, text = a_token(a_campaign() if wrong == "foreign" else campaign)
        if wrong == "revoked":
            tokens.revoke(campaign, row.pk, actor=SYSTEM)
        with pytest.raises(InvalidStatus) as refused:
            socket(asgi_server, campaign, headers={"X-Token": text if wrong != "nonsense" else "trp_x"})
        assert refused.value.response.status_code == 403

    def test_a_token_does_not_excuse_a_foreign_page(self, asgi_server, campaign):
        _row, token = a_token(campaign)
        with pytest.raises(InvalidStatus):
            socket(asgi_server, campaign, headers={"Origin": "https://evil.example", "X-Token": token})

    def test_no_other_address_is_a_stream(self, asgi_server, campaign):
        with pytest.raises(InvalidStatus) as refused:
            socket(asgi_server, "x/y", headers={"Origin": asgi_server.url})
        assert refused.value.response.status_code == 403


class TestPrivate:
    @pytest.mark.parametrize("kind", [TokenKind.OVERLAY, TokenKind.READ, TokenKind.CONTROL])
    def test_opens_to_its_tokens(self, asgi_server, private, kind):
        _row, token = a_token(private, kind)
        with viewer(asgi_server, private) as page:
            assert page.hears_nothing(0.2)
            page.say(type="AUTH", token=token)
            assert page.next()["audience"] == ("viewer" if kind == TokenKind.OVERLAY else "gm")

    def test_an_auth_may_say_what_the_client_holds(self, asgi_server, campaign, wound):
        _row, token = a_token(campaign, TokenKind.OVERLAY)
        wound()
        with viewer(asgi_server, campaign, "?auth=1") as page:
            page.state = {"seq": 2, "epoch": campaign.epoch, "characters": []}
            page.say(type="AUTH", token=token, seq=2, epoch=campaign.epoch)
            assert (page.next()["type"], page.seq) == ("EVENT", 3)

    @pytest.mark.parametrize(("which", "code"), [("foreign", 4403), ("revoked", 4401), ("nonsense", 4401)])
    def test_stays_shut_to_other_tokens(self, asgi_server, private, which, code):
        row, token = a_token(a_campaign() if which == "foreign" else private, TokenKind.OVERLAY)
        if which == "revoked":
            tokens.revoke(private, row.pk, actor=SYSTEM)
        with viewer(asgi_server, private, "?auth=1") as page:
            page.say(type="AUTH", token=token if which != "nonsense" else "trp_overlay_x")
            assert page.close_code() == code
            assert page.messages == []

    def test_a_member_s_session_counts(self, asgi_server, private):
        member = a_member(private, Role.VIEWER)
        with viewer(asgi_server, private, headers=cookie_of(member.user)) as page:
            assert page.next()["audience"] == "viewer"

    def test_a_stranger_s_session_does_not(self, asgi_server, private):
        with viewer(asgi_server, private, headers=cookie_of(a_user())) as page:
            assert page.hears_nothing(0.3)

    def test_nor_a_session_on_a_foreign_page(self, stepped_server, private):
        headers = {"Origin": ELSEWHERE, **cookie_of(private.owner)}
        with socket(stepped_server, private, headers=headers) as connection:
            assert Viewer(connection).hears_nothing(0.3)


class TestTheViewOfTheGM:
    def test_by_the_gm_s_session(self, asgi_server, campaign):
        with viewer(asgi_server, campaign, "?view=gm", cookie_of(campaign.owner)) as desk:
            assert desk.next()["audience"] == "gm"

    def test_not_by_a_player_s(self, asgi_server, campaign):
        with viewer(asgi_server, campaign, "?view=gm", cookie_of(a_member(campaign).user)) as desk:
            assert desk.close_code() == 4403
            assert desk.messages == []

    def test_not_by_an_overlay_s_token(self, asgi_server, campaign):
        with viewer(asgi_server, campaign, "?view=gm") as desk:
            desk.say(type="AUTH", token=a_token(campaign, TokenKind.OVERLAY)[1])
            assert desk.close_code() == 4403

    def test_a_gm_s_token_shows_the_audience_s_view_when_asked_to(self, asgi_server, campaign):
        with viewer(asgi_server, campaign, "?auth=1&view=viewer") as page:
            page.say(type="AUTH", token=a_token(campaign)[1])
            assert page.next()["audience"] == "viewer"

    def test_a_session_alone_is_a_viewer(self, asgi_server, campaign):
        with viewer(asgi_server, campaign, headers=cookie_of(campaign.owner)) as page:
            assert page.next()["audience"] == "viewer"


def _revoke(private, token, member, session):
    tokens.revoke(private, token.pk, actor=SYSTEM)


def _expire(private, token, member, session):
    type(token).objects.filter(pk=token.pk).update(expires_at="2020-01-01T00:00:00Z")


def _remove(private, token, member, session):
    members.remove(private, member.user_id, actor=SYSTEM)


def _deactivate(private, token, member, session):
    type(member.user).objects.filter(pk=member.user_id).update(is_active=False)


def _change_password(private, token, member, session):
    member.user.set_password("another")
    member.user.save()


def _log_out(private, token, member, session):
    session.delete()


def _end_all(private, token, member, session):
    type(member.user).objects.filter(pk=member.user_id).update(session_epoch=1)


class Watching:
    """Sockets that end of themselves, all waited for at once: rights are looked at every two seconds."""

    def __init__(self, server: AsgiServer, stack: ExitStack) -> None:
        self.server, self.stack = server, stack
        self.pages: dict[str, Viewer] = {}

    def open(self, name: str, private: Campaign, token: str = "", headers: dict[str, str] | None = None) -> None:
        page = self.stack.enter_context(viewer(self.server, private, headers=headers or {}))
        if token:
            page.say(type="AUTH", token=token)
        assert page.next()["type"] == "BOOTSTRAP", name
        self.pages[name] = page

    def codes(self) -> dict[str, int]:
        ends = time.monotonic() + REVOKED_WITHIN
        return {name: page.close_code(max(ends - time.monotonic(), 0.1)) for name, page in self.pages.items()}


@pytest.fixture
def watching(asgi_server: AsgiServer) -> Iterator[Watching]:
    with ExitStack() as stack:
        yield Watching(asgi_server, stack)


class TestTheEndOfARight:
    ENDS = [
        (_revoke, "token", 4401),
        (_expire, "token", 4401),
        (_remove, "session", 4403),
        (_deactivate, "session", 4401),
        (_change_password, "session", 4401),
        (_log_out, "session", 4401),
        (_end_all, "session", 4401),
    ]

    def test_is_looked_for_often_enough_for_the_five_seconds_that_are_promised(self):
        assert max(hub.CHECK_EVERY, hub.CHECK_EVERY_IN_MEMORY) * 2 < 5

    def test_closes_the_socket(self, watching, private):
        ending = []
        for end, by, _code in self.ENDS:
            row, token = a_token(private, TokenKind.OVERLAY)
            member = a_member(private, Role.PLAYER)
            session = session_of(member.user)
            if by == "token":
                watching.open(end.__name__, private, token)
            else:
                watching.open(end.__name__, private, headers={"Cookie": f"sessionid={session.session_key}"})
            ending.append((end, row, member, session))
        for end, row, member, session in ending:
            end(private, row, member, session)
        assert watching.codes() == {end.__name__: code for end, _by, code in self.ENDS}

    def test_a_gm_who_becomes_a_player_loses_the_gm_s_view_only(self, asgi_server, campaign):
        member = a_member(campaign, Role.GM)
        headers = cookie_of(member.user)
        with viewer(asgi_server, campaign, "?view=gm", headers) as desk, viewer(asgi_server, campaign) as page:
            desk.next()
            page.next()
            members.set_role(campaign, member.user, Role.PLAYER, actor=SYSTEM)
            assert desk.close_code(REVOKED_WITHIN) == 4403
            assert page.hears_nothing(0.1)

    def test_a_campaign_that_becomes_private_closes_to_everybody_else(self, asgi_server, campaign):
        _row, token = a_token(campaign, TokenKind.OVERLAY)
        with viewer(asgi_server, campaign) as page, viewer(asgi_server, campaign, "?auth=1") as overlay:
            overlay.say(type="AUTH", token=token)
            page.next()
            overlay.next()
            campaigns.update(campaign.pk, {"visibility": "private"}, actor=SYSTEM)
            assert page.close_code(REVOKED_WITHIN) == 4401
            assert overlay.next()["type"] == "CAMPAIGN_UPDATED"

    def test_a_deleted_campaign_closes_to_everybody(self, asgi_server, campaign, hero):
        _row, token = a_token(campaign, TokenKind.OVERLAY)
        with viewer(asgi_server, campaign) as page:
            page.next()
            campaigns.delete(campaign.pk, actor=SYSTEM)
            assert page.close_code(REVOKED_WITHIN) == 4404
        with viewer(asgi_server, campaign.slug, "?auth=1") as overlay:
            overlay.say(type="AUTH", token=token)  # which went with the campaign
            assert overlay.close_code() == 4401
            assert overlay.messages == []


def _revoke_key(user, key, family):
    keys.revoke(key, actor=SYSTEM)


def _rotate_key(user, key, family):
    keys.rotate(key, actor=SYSTEM)


def _expire_key(user, key, family):
    type(key).objects.filter(pk=key.pk).update(expires_at="2020-01-01T00:00:00Z")


def _revoke_sign_in(user, key, family):
    type(family).objects.filter(pk=family.pk).update(revoked_at="2020-01-01T00:00:00Z")


def _lock_out(user, key, family):
    type(user).objects.filter(pk=user.pk).update(is_active=False)


def _log_out_everywhere(user, key, family):
    type(user).objects.filter(pk=user.pk).update(session_epoch=1)


class TestPrograms:
    """API keys and access tokens of people, in AUTH and in the handshake."""

    ENDS = [
        (_revoke_key, "key"),
        (_rotate_key, "key"),
        (_expire_key, "key"),
        (_lock_out, "key"),
        (_revoke_sign_in, "access"),
        (_log_out_everywhere, "access"),
        (_lock_out, "access"),
    ]

    def test_a14_a21_what_ends_the_credential_closes_the_socket(self, watching, private):
        ending = []
        for end, by in self.ENDS:
            user = a_member(private, Role.PLAYER).user
            key, key_text = an_api_key(user)
            pair = refresh.begin(user, actor=SYSTEM)
            watching.open(f"{end.__name__} {by}", private, key_text if by == "key" else pair.access)
            ending.append((end, user, key, pair.family))
        for end, user, key, family in ending:
            end(user, key, family)
        assert watching.codes() == {f"{end.__name__} {by}": 4401 for end, by in self.ENDS}

    def test_a_rotated_campaign_token_closes_its_sockets_and_the_new_one_opens(self, asgi_server, private):
        row, old = a_token(private, TokenKind.OVERLAY)
        with viewer(asgi_server, private) as page:
            page.say(type="AUTH", token=old)
            page.next()
            _row, new = tokens.rotate(private, row.pk, actor=SYSTEM)
            assert page.close_code(REVOKED_WITHIN) == 4401
        with viewer(asgi_server, private) as page:
            page.say(type="AUTH", token=new)
            assert page.next()["type"] == "BOOTSTRAP"

    @pytest.mark.parametrize("scheme", ["Api-Key", "Bearer"])
    def test_the_gm_s_program_shows_what_it_has_in_the_handshake(self, asgi_server, private, scheme):
        gm = private.owner
        text = an_api_key(gm)[1] if scheme == "Api-Key" else refresh.begin(gm, actor=SYSTEM).access
        with socket(asgi_server, private, headers={"Authorization": f"{scheme} {text}"}) as connection:
            assert Viewer(connection).next()["audience"] == "gm"

    def test_a17_two_credentials_open_nothing(self, asgi_server, private):
        key, token = an_api_key(private.owner)[1], a_token(private)[1]
        with pytest.raises(InvalidStatus) as refused:
            socket(asgi_server, private, headers={"X-Token": token, "Authorization": f"Api-Key {key}"})
        assert refused.value.response.status_code == 403

    def test_a15_a_key_that_may_not_read_campaigns_opens_nothing(self, asgi_server, private):
        with viewer(asgi_server, private) as page:
            page.say(type="AUTH", token=an_api_key(private.owner, "profile:read")[1])
            assert page.close_code() == 4403

    def test_nor_does_a_stranger_s_key(self, asgi_server, private):
        with viewer(asgi_server, private) as page:
            page.say(type="AUTH", token=an_api_key(a_user())[1])
            assert page.close_code() == 4403
