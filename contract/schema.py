"""The contract in OpenAPI: the error shape as a component, and the error answers of every operation."""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, inline_serializer
from rest_framework import serializers

from contract.refusals import default_message

READ_ERRORS = (400, 401, 403, 404, 406, 422, 429, 503)
WRITE_ERRORS = (*READ_ERRORS, 409)
BODY_ERRORS = (*WRITE_ERRORS, 413, 415)
FREE_OF_CREDENTIALS = frozenset({401, 403})


class ErrorDetailSerializer(serializers.Serializer):
    field = serializers.CharField(
        help_text="Dotted name such as stats.hp.current; empty for the whole document.", allow_blank=True
    )
    message = serializers.CharField()

    class Meta:
        ref_name = "ErrorDetail"


class ErrorSerializer(serializers.Serializer):
    error = serializers.CharField(help_text="A sentence that says what to do.")
    status_code = serializers.IntegerField()
    details = ErrorDetailSerializer(many=True)

    class Meta:
        ref_name = "Error"


class ConflictSerializer(ErrorSerializer):
    current = serializers.DictField(help_text="What a read would answer now.")

    class Meta:
        ref_name = "Conflict"


class ContractSchema(AutoSchema):
    """Adds the error answers that the method and the view can give, and the declared query parameters."""

    def get_override_parameters(self) -> list[Any]:
        declared = "parameters" if self.method in ("GET", "HEAD") else "write_parameters"
        return [
            OpenApiParameter(
                parameter.name,
                type=parameter.schema() | _shown_default(parameter),
                location=OpenApiParameter.QUERY,
                required=parameter.required,
                description=parameter.description,
            )
            for parameter in getattr(self.view, declared, ())
        ]

    def _get_response_bodies(self, direction: Any = "response") -> Any:
        bodies = super()._get_response_bodies(direction)
        for status in self.error_statuses():
            if str(status) not in bodies:
                bodies[str(status)] = self._error_answer(status, direction)
        return dict(sorted(bodies.items()))

    def error_statuses(self) -> list[int]:
        """Sorted; a view adds its own with `extra_error_statuses`."""
        known = {"GET": READ_ERRORS, "DELETE": WRITE_ERRORS}.get(self.method, BODY_ERRORS)
        wanted = {*known, *getattr(self.view, "extra_error_statuses", ())}
        if self.method == "PUT":
            wanted.add(428)
        if getattr(self.view, "credential_free", False):
            wanted -= FREE_OF_CREDENTIALS
        return sorted(wanted)

    def _error_answer(self, status: int, direction: Any) -> Any:
        shape = ConflictSerializer if status == 409 else ErrorSerializer
        answer = OpenApiResponse(shape, description=default_message(status))
        return self._get_response_for_code(answer, str(status), ["application/json"], direction)


def _shown_default(parameter: Any) -> dict[str, Any]:
    shown = isinstance(parameter.default, (str, int, bool)) and not isinstance(parameter.default, tuple)
    return {"default": parameter.default} if shown else {}


def paged_schema(row: type[serializers.Serializer]) -> serializers.Serializer:
    """The body of contract.paging.paged with rows of `row`, for `extend_schema(responses=…)`."""
    return inline_serializer(
        f"Paged{row.__name__.removesuffix('Serializer')}",
        {
            "count": serializers.IntegerField(min_value=0),
            "next": serializers.URLField(allow_null=True),
            "previous": serializers.URLField(allow_null=True),
            "results": row(many=True),
        },
    )
