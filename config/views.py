"""Probes, and what Django shows when it refuses a request itself."""

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views import defaults
from django.views.decorators.cache import never_cache

from contract.errors import refusal_response
from contract.middleware import in_api
from contract.refusals import NotAllowed, NotVisible, Refusal, Unexpected
from overlay.views import unavailable


@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process lives; touches nothing."""
    return JsonResponse({"status": "ok"})


@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers and is migrated (`degraded` without Redis), else 503."""
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return JsonResponse({"status": "migrations pending"}, status=503)
    except Exception:
        return JsonResponse({"status": "database down"}, status=503)
    return JsonResponse({"status": "degraded" if settings.REDIS_URL and not _redis_answers() else "ok"})


def _redis_answers() -> bool:
    try:
        cache.get("readyz")
    except Exception:
        return False
    return True


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _told_otherwise(request, NotVisible()) or defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    return _told_otherwise(request, Unexpected()) or defaults.server_error(request)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    refusal = NotAllowed("The form has expired. Load the page again and repeat what you did.")
    return _told_otherwise(request, refusal) or render(request, "403.html", {"reason": "csrf"}, status=403)


def _told_otherwise(request: HttpRequest, refusal: Refusal) -> HttpResponse | None:
    """Where no page is wanted: the API answers in JSON, and below /overlay/ an error is on air, so transparent."""
    if in_api(request):
        return refusal_response(refusal)
    if request.path.startswith("/overlay/"):
        return unavailable(request, refusal.status_code)
    return None
