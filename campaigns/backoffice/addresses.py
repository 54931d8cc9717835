"""The addresses that a streamer copies out of the back office."""

from django.conf import settings
from django.http import HttpRequest


def addresses(request: HttpRequest, slug: str) -> list[dict[str, str]]:
    base = (settings.TROUPE_BASE_URL or f"{request.scheme}://{request.get_host()}").rstrip("/")
    return [
        {"name": "Public page", "url": f"{base}/campaigns/{slug}", "help": "For viewers."},
        {
            "name": "Overlay",
            "url": f"{base}/overlay/{slug}?tier=large",
            "help": "For a browser source in OBS. A private campaign needs an overlay token at its end: #key=…",
        },
    ]
