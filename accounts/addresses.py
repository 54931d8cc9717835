"""Addresses on the network: whose request it is, and where this site is."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

UNKNOWN = "0.0.0.0"  # noqa: S104  nothing binds to it: it stands for a peer without an address (a Unix socket)


def client_address(request: HttpRequest) -> str:
    """The peer's address, an IPv6 one as the /64 that one customer has.

    Forwarding headers are never read: anybody can send them. A server behind a proxy is told whom to trust
    (uvicorn --forwarded-allow-ips) and sets REMOTE_ADDR itself.
    """
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return UNKNOWN
    if address.version == 4:
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False).network_address)


def absolute(request: HttpRequest, path: str) -> str:
    """The path under the address that people know us by. Without TROUPE_BASE_URL: the request's, a host of ours."""
    if settings.TROUPE_BASE_URL:
        return settings.TROUPE_BASE_URL.rstrip("/") + path
    return request.build_absolute_uri(path)  # refuses a host that ALLOWED_HOSTS does not list


def own_path(request: HttpRequest, wanted: str | None) -> str:
    """Where somebody asked to go on to, if that is on this site; else ""."""
    if not wanted or not wanted.startswith("/"):
        return ""
    hosts = {request.get_host()}
    return wanted if url_has_allowed_host_and_scheme(wanted, hosts, require_https=request.is_secure()) else ""
