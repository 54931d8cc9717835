"""A client of the API as one actor. Every answer is held against the published schema and the contract."""

import json
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from tests import openapi

ROOT = "/api/v1"
CSRF = "c" * 32


class Api:
    """`Api(user=…)` has a session (with CSRF), `Api(token=…)` sends X-Token, `Api(authorization="Bearer …")` that
    header; `Api()` is anybody.
    """

    def __init__(self, user: User | None = None, token: str = "", authorization: str = "") -> None:
        self.client = Client(enforce_csrf_checks=True, raise_request_exception=True)
        sent = {"X-Token": token, "Authorization": authorization}
        self.headers: dict[str, str] = {name: value for name, value in sent.items() if value}
        if user is not None:
            self.client.force_login(user)
            self.client.cookies["csrftoken"] = CSRF
            self.headers["X-CSRFToken"] = CSRF

    def get(self, path: str, query: Any = None, **headers: str) -> Any:
        return self._checked("GET", path, None, self._send("get", path, headers, query))

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.send("POST", path, body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        return self.send("PATCH", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.send("DELETE", path, None, **headers)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        if method == "GET":
            return self.get(path, **headers)
        data = b"" if body is None else json.dumps(body).encode()
        content_type = "" if body is None else "application/json"
        return self._checked(method, path, body, self.raw(method, path, data, content_type, **headers))

    def raw(self, method: str, path: str, data: bytes, content_type: str = "application/json", **headers: str) -> Any:
        """Whatever bytes; only the form of the answer is checked."""
        stated: Any = {"CONTENT_TYPE": content_type} if content_type else {}  # Django leaves it out with an empty body
        response = self.client.generic(
            method, self._address(path), data, content_type=content_type, headers=self._all(headers), **stated
        )
        return self._in_form(response)

    def upload(
        self,
        path: str,
        files: dict[str, bytes],
        form: dict[str, str] | None = None,
        *,
        part: str = "files",
        **headers: str,
    ) -> Any:
        parts = [SimpleUploadedFile(name, content) for name, content in files.items()]
        response = self.client.post(self._address(path), {part: parts, **(form or {})}, headers=self._all(headers))
        return self._checked("POST", path, None, response)

    def _send(self, method: str, path: str, headers: dict[str, str], query: Any) -> Any:
        return getattr(self.client, method)(self._address(path), query, headers=self._all(headers))

    def _all(self, headers: dict[str, str]) -> dict[str, str]:
        return {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}

    def _address(self, path: str) -> str:
        return path if path.startswith("/api") else f"{ROOT}{path}"

    def _checked(self, method: str, path: str, sent: Any, response: Any) -> Any:
        self._in_form(response)
        address = self._address(path).partition("?")[0]
        media_type = response.headers.get("Content-Type", openapi.JSON)
        body = response.json() if response.content and media_type == openapi.JSON else None
        if response.status_code != 304:
            found = openapi.response_faults(method, address, response.status_code, body, media_type)
            assert not found, f"{method} {path} {response.status_code} against the schema: {found}"
        if response.status_code < 300 and method in ("POST", "PATCH") and not response.wsgi_request.FILES:
            found = openapi.request_faults(method, address, sent)
            assert not found, f"{method} {path} took a body that the schema refuses: {found}"
        return response

    def _in_form(self, response: Any) -> Any:
        assert response.headers["X-Request-ID"]
        if response.status_code >= 400:
            body = response.json()
            assert body.keys() - {"current"} == {"error", "status_code", "details"}
            assert body["status_code"] == response.status_code
        return response


def fields(response: Any) -> Any:
    """The failing fields of a refusal: name to sentence."""
    return {detail["field"]: detail["message"] for detail in response.json()["details"]}
