"""Troupe as an app on a phone or a desktop: its manifest, its service worker, its page without a network."""

import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

NIGHT = "#100e17"


@require_safe
@cache_control(public=True, max_age=3600)
def manifest(request: HttpRequest) -> HttpResponse:
    icons = [{"src": static("common/img/mark.svg"), "sizes": "any", "type": "image/svg+xml"}]
    icons += [
        {
            "src": static(f"common/img/icon-{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }
        for size in (192, 512)
        for purpose in ("any", "maskable")
    ]
    document = {
        "id": "/",
        "name": "Troupe",
        "short_name": "Troupe",
        "description": "Tabletop campaigns in front of an audience.",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": NIGHT,
        "theme_color": NIGHT,
        "icons": icons,
        "shortcuts": [{"name": "Campaigns", "url": "/campaigns"}],
    }
    return JsonResponse(document, content_type="application/manifest+json")


@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """At the root, as a worker reaches no further than where it lies. Another build is another worker."""
    build, script = json.dumps(settings.TROUPE_BUILD), json.dumps(static("common/js/worker.js"))
    return HttpResponse(f"self.TROUPE_BUILD = {build};\nimportScripts({script});\n", content_type="text/javascript")


@require_safe
@never_cache
def offline(request: HttpRequest) -> HttpResponse:
    return render(request, "offline.html")
