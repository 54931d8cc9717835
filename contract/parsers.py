"""How a body is read: JSON in UTF-8, at most 256 KiB, whatever the headers claim about it."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from django.http.request import RawPostDataException
from django.utils.datastructures import MultiValueDict
from django.utils.http import parse_header_parameters
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from contract.json import MAX_BYTES, loads
from contract.refusals import Malformed, TooLarge, WrongMediaType

MAX_CONTENT_TYPE = 256


class StrictJSONParser(BaseParser):
    """An object of strict JSON; see contract.json for what that is."""

    media_type = "application/json"
    max_bytes = MAX_BYTES

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> dict[str, Any]:
        refuse_other_media(media_type or "")
        request = (parser_context or {}).get("request")
        if request is not None:
            refuse_encoded(request.META)
        return loads(read_bounded(stream, self.max_bytes, _announced(request)))


def refuse_other_media(content_type: str) -> None:
    """415 unless it is application/json with no charset or UTF-8. No codec is ever looked up by its name."""
    if len(content_type) > MAX_CONTENT_TYPE:
        raise WrongMediaType()
    try:
        media_type, parameters = parse_header_parameters(content_type)
    except ValueError as error:
        raise WrongMediaType() from error
    if media_type != "application/json" or parameters.get("charset", "utf-8").lower() != "utf-8":
        raise WrongMediaType()


def refuse_encoded(meta: Any) -> None:
    """Nothing is decompressed, so a compressed body is not taken."""
    if meta.get("HTTP_CONTENT_ENCODING", "identity").strip().lower() not in ("", "identity"):
        raise WrongMediaType("Send the body without Content-Encoding.")


def read_bounded(stream: BinaryIO, limit: int, announced: int = 0) -> bytes:
    """The body, never reading more than `limit` + 1 bytes; TooLarge beyond, also if only announced so."""
    message = f"The body is larger than {limit} bytes. Send less at once."
    if announced > limit:
        raise TooLarge(message)
    raw = stream.read(limit + 1)
    if len(raw) > limit:
        raise TooLarge(message)
    if not raw:
        raise Malformed("The body is empty. Send a JSON object.")
    return raw


def _announced(request: Any) -> int:
    length = str(request.META.get("CONTENT_LENGTH", "")) if request is not None else ""
    return int(length) if length.isascii() and length.isdecimal() and len(length) < 19 else 0


class ContractRequest(Request):
    """DRF's request, but it judges the type first, and reads a body without Content-Length (chunked)."""

    parsers: Any
    negotiator: Any
    _stream: Any

    def _load_stream(self) -> None:
        if self._request._read_started:  # type: ignore[attr-defined]
            super()._load_stream()  # type: ignore[misc]
        else:
            self._stream = self._request

    def _parse(self) -> tuple[Any, Any]:
        if self._is_optional_and_empty():
            return {}, MultiValueDict()
        if self.negotiator.select_parser(self, self.parsers) is None:
            raise WrongMediaType()
        try:
            return super()._parse()  # type: ignore[misc]
        except RawPostDataException as error:
            raise Malformed("The body was read already. Send it again.") from error

    def _is_optional_and_empty(self) -> bool:
        """An action without arguments (`…/undo`) may be posted without a body and a type."""
        optional = getattr(self.parser_context["view"], "optional_body", False)
        return optional and not self._request.META.get("CONTENT_TYPE") and not self._request.read(1)


class JSONNegotiation(DefaultContentNegotiation):
    """By the Accept header alone: `?format=` is a query parameter like any other, here an unknown one."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        if len(renderers) == 1 and request.META.get("HTTP_ACCEPT", "*/*") in ("*/*", renderers[0].media_type):
            return renderers[0], renderers[0].media_type  # nearly every request: nothing to weigh up
        return super().select_renderer(cast(Request, _WithoutQuery(request)), renderers, None)


class _WithoutQuery:
    def __init__(self, request: Any) -> None:
        self.headers = request.headers
        self.query_params: dict[str, str] = {}
