"""Full origins: scheme, host and port. (Django's list of hosts knows neither scheme nor port.)"""

from typing import Any

import pytest

from overlay.live import origins


def scope(origin: str | list[str] | None, host: str = "troupe.example", scheme: str = "wss", **headers: str) -> Any:
    listed = [] if origin is None else [origin] if isinstance(origin, str) else origin
    pairs = [("host", host), *(("origin", one) for one in listed), *headers.items()]
    return {
        "scheme": scheme,
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in pairs],
    }


@pytest.fixture(autouse=True)
def hosts(settings):
    settings.ALLOWED_HOSTS = ["troupe.example", ".club.example", "[::1]"]
    settings.LIVE_ALLOWED_ORIGINS = ["https://stream.example:8443"]
    settings.TROUPE_BASE_URL = ""
    settings.SECURE_PROXY_SSL_HEADER = None


@pytest.mark.parametrize(
    ("found", "own"),
    [
        (scope("https://troupe.example"), True),
        (scope("https://troupe.example:443"), True),
        (scope("HTTPS://Troupe.Example"), True),
        (scope("http://troupe.example", scheme="ws"), True),
        (scope("http://troupe.example:8000", "troupe.example:8000", "ws"), True),
        (scope("https://a.club.example", "a.club.example"), True),
        (scope("http://[::1]:8000", "[::1]:8000", "ws"), True),
        (scope("https://stream.example:8443"), False),
    ],
)
def test_may_open_it(found, own):
    assert origins.is_allowed(found)
    assert origins.is_own(found) is own


@pytest.mark.parametrize(
    "found",
    [
        scope(None),
        scope(""),
        scope("null"),
        scope("file://"),
        scope("https://evil.example"),
        scope("https://troupe.example.evil.example"),
        scope("https://eviltroupe.example"),
        scope("https://troupe.example:8443"),
        scope("http://troupe.example"),
        scope("https://troupe.example@evil.example"),
        scope("https://stream.example"),
        scope("http://stream.example:8443"),
        scope("https://troupe.example/path"),
        scope("https://troupe.example:port"),
        scope(["https://troupe.example", "https://troupe.example"]),
        scope(["https://evil.example", "https://troupe.example"]),
        scope("https://evil.example", "evil.example"),  # a name of the attacker's that leads to us
        scope("https://troupe.example", "b.club.example"),
    ],
)
def test_may_not(found):
    assert not origins.is_allowed(found)


def test_behind_a_proxy_its_word_counts_only_where_it_is_trusted(settings):
    seen = scope("https://troupe.example", scheme="ws", x_forwarded_proto="https")
    assert not origins.is_own(seen)
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert origins.is_own(seen)
    assert not origins.is_own(scope("https://troupe.example", scheme="ws", x_forwarded_proto="http"))


def test_the_address_that_people_see_is_ours(settings):
    settings.TROUPE_BASE_URL = "https://table.example/"
    assert origins.is_own(scope("https://table.example"))
