"""Which pages may open the live stream: full origins (scheme, host and port), ours and those listed in the settings."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host

Scope = dict[str, Any]
Origin = tuple[str, str, int]  # scheme, host, port

PORTS = {"http": 80, "https": 443}


def header(scope: Scope, name: bytes) -> list[str]:
    """All values of a header, in order."""
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]


def is_allowed(scope: Scope) -> bool:
    """Whether the page that opens the socket is ours or listed. No Origin, or two of them, is no page of ours."""
    return is_own(scope) or _origin_of(scope) in _parsed(settings.LIVE_ALLOWED_ORIGINS)


def is_own(scope: Scope) -> bool:
    """Whether the page comes from the address that it talks to: only then does its session cookie count."""
    origin = _origin_of(scope)
    return origin is not None and origin in {_host_of(scope), parse(settings.TROUPE_BASE_URL)}


def parse(text: str) -> Origin | None:
    """None for whatever is no web origin: `null`, `file://`, nothing."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in PORTS or not parts.hostname or parts.path not in {"", "/"} or parts.query or parts.fragment:
        return None
    return parts.scheme, parts.hostname, port or PORTS[parts.scheme]


def _parsed(origins: Iterable[str]) -> set[Origin | None]:
    return {parse(text) for text in origins} - {None}


def _origin_of(scope: Scope) -> Origin | None:
    values = header(scope, b"origin")
    return parse(values[0]) if len(values) == 1 else None


def _host_of(scope: Scope) -> Origin | None:
    hosts = header(scope, b"host")
    if len(hosts) != 1:
        return None
    domain, _port = split_domain_port(hosts[0])
    if not domain or not validate_host(domain, settings.ALLOWED_HOSTS):
        return None
    return parse(f"{_scheme(scope)}://{hosts[0]}")


def _scheme(scope: Scope) -> str:
    if settings.SECURE_PROXY_SSL_HEADER:
        name, secure = settings.SECURE_PROXY_SSL_HEADER
        values = header(scope, name.removeprefix("HTTP_").replace("_", "-").lower().encode())
        if values:
            return "https" if values[0].split(",")[0].strip() == secure else "http"
    return "https" if scope.get("scheme") == "wss" else "http"
