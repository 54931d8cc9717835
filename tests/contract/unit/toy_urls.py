"""A toy API that shows every part of the contract, independent of the project's own apps."""

import threading
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import path
from rest_framework import exceptions as drf
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from contract import errors, fields
from contract.conditional import conditional, etag_of
from contract.paging import PAGING, paged
from contract.query import Choice, Flag, Identifier, Integer, Ordering, Text
from contract.serializers import StrictSerializer
from contract.views import ContractView

NOTE: ContextVar[str] = ContextVar("note", default="nothing")


class Named:
    """An account as DRF needs it, without a table."""

    pk = "toy"
    is_authenticated = True
    is_active = True


class ToyToken(BaseAuthentication):
    def authenticate(self, request: Any) -> tuple[Any, str] | None:
        sent = request.META.get("HTTP_X_TOKEN")
        if sent is None:
            return None
        if sent != "good":
            raise drf.AuthenticationFailed("whatever this says is not repeated")
        return Named(), sent

    def authenticate_header(self, request: Any) -> str:
        return "X-Token"


class HitPoints(StrictSerializer):
    current = fields.StrictIntegerField(min_value=0, max_value=999)
    max = fields.StrictIntegerField(min_value=1, max_value=999, required=False)


class Stats(StrictSerializer):
    hp = HitPoints()


class Entry(StrictSerializer):
    tier = fields.StrictChoiceField(choices=["large", "compact"])


class Hero(StrictSerializer):
    id = serializers.UUIDField(read_only=True)
    name = fields.StrictCharField(max_length=40)
    notes = fields.StrictCharField(multiline=True, max_length=400, required=False, allow_blank=True)
    alive = fields.StrictBooleanField(required=False)
    born = fields.StrictDateField(required=False)
    seen_at = fields.StrictDateTimeField(required=False)
    patron = fields.StrictUUIDField(required=False, allow_null=True)
    scale = fields.StrictNumberField(min_value=0, max_value=1, required=False)
    tags = fields.StrictListField(child=fields.StrictCharField(), required=False)
    entries = Entry(many=True, required=False)
    stats = Stats(required=False)
    extra = fields.StrictObjectField(required=False)


class HeroView(ContractView):
    authentication_classes = (ToyToken,)

    def post(self, request: Any) -> Response:
        if request.auth is None:
            raise errors.NotAllowed()
        body = Hero(data=request.data)
        body.is_valid(raise_exception=True)
        return Response({"name": body.validated_data["name"]}, status=201)


class EchoView(ContractView):
    """What the parser makes of a body."""

    authentication_classes = ()

    def post(self, request: Any) -> Response:
        return Response(request.data)


class UndoView(EchoView):
    optional_body = True


class ListView(ContractView):
    authentication_classes = ()
    parameters = (
        *PAGING,
        Ordering(fields={"name": "name", "seen": "last_seen"}, default="name"),
        Choice(name="status", choices=("active", "dead")),
        Integer(name="since", minimum=0),
        Flag(name="roster"),
        Identifier(name="campaign"),
        Text(name="search"),
    )

    def get(self, request: Any) -> Response:
        shown = {name: str(value) for name, value in self.params.items() if value is not None}
        return Response(paged(request, range(60), self.params, lambda rows: rows) | {"params": shown})


class HeroDetailView(ContractView):
    authentication_classes = ()

    def get(self, request: Any, hero_id: Any) -> Response:
        raise errors.NotVisible()


class StateView(ContractView):
    credential_free = True
    built = 0

    def get(self, request: Any) -> Any:
        return conditional(request, etag_of("campaign", 1, 7), self.build, cache="public, no-cache")

    @classmethod
    def build(cls) -> dict[str, int]:
        cls.built += 1
        return {"seq": 7}


class NoMore(BaseThrottle):
    def allow_request(self, request: Any, view: Any) -> bool:
        return False

    def wait(self) -> float:
        return 12.2


class ThrottledView(EchoView):
    throttle_classes = (NoMore,)


class SessionView(ContractView):
    authentication_classes = (SessionAuthentication,)

    def post(self, request: Any) -> Response:
        if not request.user.is_authenticated:
            raise errors.NotAllowed()
        return Response(request.data)


RAISED: dict[str, Exception] = {
    "malformed": errors.Malformed("This is not what it should be. Send something else."),
    "not-allowed": errors.NotAllowed(),
    "scope": errors.NotAllowed(code="insufficient_scope"),
    "not-visible": errors.NotVisible(),
    "http404": Http404("the secret name of the row"),
    "drf404": drf.NotFound("the secret name of the row"),
    "conflict": errors.Conflict("", {"name": "Mara", "version": 4}, [("name", "changed by somebody else")]),
    "invalid": errors.Invalid([("stats.hp.current", "Send a number from 0 to 45.")]),
    "too-large": errors.TooLarge(),
    "precondition": errors.PreconditionMissing(),
    "unavailable": errors.Unavailable(7),
    "too-many": errors.TooMany(0.2),
    "operational": OperationalError("could not connect to server at 10.0.0.1"),
    "interface": InterfaceError("connection already closed"),
    "denied": PermissionDenied("internal words"),
    "suspicious": SuspiciousOperation("internal words"),
    "too-big": RequestDataTooBig("internal words"),
    "teapot": type("Teapot", (drf.APIException,), {"status_code": 418})("internal words"),
    "bug": ValueError("a secret in the message"),
}
EXPECTED = {
    "malformed": 400, "not-allowed": 403, "scope": 403, "not-visible": 404, "http404": 404, "drf404": 404,
    "conflict": 409, "invalid": 422, "too-large": 413, "precondition": 428, "unavailable": 503, "too-many": 429,
    "operational": 503, "interface": 503, "denied": 403, "suspicious": 400, "too-big": 413, "teapot": 418,
    "bug": 500,
}  # fmt: skip


class RaisingView(ContractView):
    authentication_classes = ()

    def get(self, request: Any, name: str) -> Response:
        raise RAISED[name]


def plain_raising(request: HttpRequest, name: str) -> HttpResponse:
    raise RAISED[name]


def plain_page(request: HttpRequest, status: int) -> HttpResponse:
    return HttpResponse("<h1>A page</h1>", status=status)


def plain_ok(request: HttpRequest, name: str = "") -> HttpResponse:
    return HttpResponse("fine")


def csrf_checked(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.POST.get("name", ""))


PARTS: list[str] = []


def streamed(request: HttpRequest) -> StreamingHttpResponse:
    """Notes in PARTS what is taken of it, and that it was closed."""

    def parts() -> Iterator[bytes]:
        try:
            for number in range(3):
                PARTS.append(f"{number} in {threading.current_thread().name}")
                yield b"part %d;" % number
        finally:
            PARTS.append("closed")

    return StreamingHttpResponse(parts())


def noted(request: HttpRequest) -> HttpResponse:
    """What the request before it left in the context and in the thread."""
    left = NOTE.get()
    NOTE.set(request.GET["note"])
    return JsonResponse({"left": left, "thread": threading.current_thread().name})


urlpatterns = [
    path("api/toy/heroes", HeroView.as_view()),
    path("api/toy/heroes/<uuid:hero_id>", HeroDetailView.as_view()),
    path("api/toy/numbers/<int:hero_id>", HeroDetailView.as_view()),
    path("api/toy/names/<str:hero_id>", HeroDetailView.as_view()),
    path("api/toy/echo", EchoView.as_view()),
    path("api/toy/undo", UndoView.as_view()),
    path("api/toy/list", ListView.as_view()),
    path("api/toy/state", StateView.as_view()),
    path("api/toy/throttled", ThrottledView.as_view()),
    path("api/toy/session", SessionView.as_view()),
    path("api/toy/raise/<str:name>", RaisingView.as_view()),
    path("api/plain/raise/<str:name>", plain_raising),
    path("api/plain/page/<int:status>", plain_page),
    path("api/plain/ok", plain_ok),
    path("api/plain/ok/<path:name>", plain_ok),
    path("api/plain/csrf", csrf_checked),
    path("page/raise/<str:name>", plain_raising),
    path("page/streamed", streamed),
    path("page/noted", noted),
    path("graphql", plain_raising, {"name": "bug"}),
]
