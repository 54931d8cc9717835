"""/api/v1/auth: programs sign in with user name and password, and stay so with refresh tokens."""

from typing import Any, ClassVar

from django.contrib.auth import authenticate
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import limits, lockout
from accounts.actors import Actor
from accounts.endpoint import EndpointSchema
from accounts.jwt import LIFETIME
from accounts.models import User
from accounts.operations import refresh, two_factor
from contract.fields import StrictCharField
from contract.refusals import NotAllowed, NotSignedIn
from contract.serializers import StrictSerializer
from contract.views import ContractView

LONGEST_PASSWORD = 1_000
WRONG = "User name, password or code is wrong."
SECOND_STEP = "This account has a second step. Send its code too, or use an API key."


class PasswordField(serializers.CharField):
    """Text as it was typed, to the last blank."""

    def __init__(self) -> None:
        super().__init__(max_length=LONGEST_PASSWORD, trim_whitespace=False)

    def to_internal_value(self, data: Any) -> str:
        if type(data) is not str:
            raise serializers.ValidationError("Send text in quotes.")
        return super().to_internal_value(data)


class PasswordSerializer(StrictSerializer):
    username = StrictCharField(max_length=150)
    password = PasswordField()
    code = StrictCharField(required=False, max_length=40, help_text="Where the account has a second step.")


class RefreshSerializer(StrictSerializer):
    refresh = StrictCharField(max_length=200)


class PairSerializer(serializers.Serializer):
    token_type = serializers.CharField(help_text="Always Bearer.")
    access = serializers.CharField(help_text="Send it as `Authorization: Bearer …`.")
    expires_in = serializers.IntegerField(help_text="Seconds that `access` lives.")
    refresh = serializers.CharField(help_text="Good for one use, at /auth/token/refresh.")
    refresh_until = serializers.DateTimeField(help_text="When the sign-in ends, however often it is refreshed.")


class SignInSchema(EndpointSchema):
    """No credential is needed, and yet what is sent may be refused as one."""

    def error_statuses(self) -> list[int]:
        return sorted({*super().error_statuses(), 401, 403})

    def get_override_parameters(self) -> list[Any]:
        return []

    def get_auth(self) -> list[Any]:
        return [{}]


class SignInEndpoint(ContractView):
    schema = SignInSchema()
    credential_free = True
    rate_class: ClassVar[str] = limits.TOKEN

    def actor(self, user: User | None = None) -> Actor:
        http: Any = self.request._request
        return Actor(user=user, via="program", request_id=getattr(http, "request_id", ""))

    def body(self, serializer: type[StrictSerializer]) -> dict[str, Any]:
        received = serializer(data=self.request.data)
        received.is_valid(raise_exception=True)
        return dict(received.validated_data)

    def shown(self, pair: refresh.Pair, status: int) -> Response:
        told = {
            "token_type": "Bearer",
            "access": pair.access,
            "expires_in": int(LIFETIME.total_seconds()),
            "refresh": pair.refresh,
            "refresh_until": pair.family.expires_at,
        }
        return Response(PairSerializer(told).data, status=status, headers={"Cache-Control": "no-store"})


class Token(SignInEndpoint):
    rate_class = limits.AUTH

    @extend_schema(request=PasswordSerializer, responses={201: PairSerializer})
    def post(self, request: Request) -> Response:
        sent = self.body(PasswordSerializer)
        user = authenticate(request._request, username=sent["username"], password=sent["password"])
        if not isinstance(user, User) or not user.is_active:
            raise NotSignedIn(WRONG)
        if two_factor.is_on(user):
            self.take_second_step(user, sent.get("code"))
        return self.shown(refresh.begin(user, actor=self.actor(user)), 201)

    def take_second_step(self, user: User, code: str | None) -> None:
        if code is None:
            raise NotAllowed(SECOND_STEP, [("code", "Send the six digits of the app, or a recovery code.")])
        if not two_factor.check(user, code):
            lockout.count_failure(self.request._request, user.username)
            raise NotSignedIn(WRONG)


class TokenRefresh(SignInEndpoint):
    @extend_schema(request=RefreshSerializer, responses=PairSerializer)
    def post(self, request: Request) -> Response:
        text = self.body(RefreshSerializer)["refresh"]
        return self.shown(refresh.rotate(text, actor=self.actor()), 200)


class TokenRevocation(SignInEndpoint):
    """Answers the same whether there was something to revoke or not."""

    @extend_schema(request=RefreshSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        refresh.revoke(self.body(RefreshSerializer)["refresh"], actor=self.actor())
        return Response(status=204)
