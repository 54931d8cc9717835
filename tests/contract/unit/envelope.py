"""What every refused request gets: envelope E(n) of the attack matrix."""

import json
from typing import Any


def refused(response: Any, status: int) -> dict[str, Any]:
    """Assert envelope E(status) of the attack matrix, and return the body."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/json"
    assert len(response["X-Request-ID"]) == 32
    body = json.loads(response.content)
    assert set(body) == {"error", "status_code", "details"} | ({"current"} if status == 409 else set())
    assert body["status_code"] == status
    assert body["error"].endswith(".")
    for detail in body["details"]:
        assert set(detail) == {"field", "message"}
        assert all(type(value) is str for value in detail.values())
    return body


def fields_of(body: dict[str, Any]) -> set[str]:
    return {detail["field"] for detail in body["details"]}
