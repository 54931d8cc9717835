"""Does what is served conform to the schema that is published? Undocumented addresses, statuses and fields do not."""

import functools
import json
import re
import threading
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator, FormatChecker

Document = dict[str, Any]
JSON = "application/json"


_making = threading.Lock()


def document() -> Document:
    with _making:  # the generator is not to be entered by two threads at once
        return _document()


@functools.cache
def _document() -> Document:
    return closed(SchemaGenerator().get_schema(request=None, public=True))


def closed(node: Any) -> Any:
    """Every object that lists its properties has no others."""
    if isinstance(node, list):
        return [closed(each) for each in node]
    if not isinstance(node, dict):
        return node
    result = {key: closed(value) for key, value in node.items()}
    if "properties" in result and result.get("type") == "object":
        result.setdefault("additionalProperties", False)
    return result


@functools.cache
def _addresses() -> list[tuple[re.Pattern[str], str]]:
    """Longest first, so that a fixed part wins over a parameter."""
    paths = sorted(document()["paths"], key=lambda path: (path.count("{"), -len(path)))
    return [(re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)) + r"\Z"), path) for path in paths]


def operation(method: str, path: str) -> Document | None:
    """What the schema says of the address, None where it knows of none."""
    for pattern, template in _addresses():
        if pattern.match(path):
            return document()["paths"][template].get(method.lower())
    return None


@functools.cache
def _validator(text: str) -> Draft202012Validator:
    schema = {**json.loads(text), "components": document()["components"]}
    return Draft202012Validator(schema, format_checker=FormatChecker())


def faults(schema: Document, body: Any) -> list[str]:
    found = _validator(json.dumps(schema)).iter_errors(body)
    return [f"{'.'.join(map(str, error.absolute_path))}: {error.message}"[:400] for error in found]


def response_faults(method: str, path: str, status: int, body: Any, media_type: str = JSON) -> list[str]:
    """Why this answer does not conform; none when it does. 404, 405 and 500 are answered at any address."""
    found = operation(method, path)
    if found is None or status in (405, 500):
        return faults({"$ref": "#/components/schemas/Error"}, body) if status >= 400 else ["unknown operation"]
    answer = found["responses"].get(str(status))
    if answer is None:
        return [f"status {status} is not documented"]
    content = answer.get("content")
    if content is None:
        return [] if body is None else ["a body where none is documented"]
    if media_type != JSON:
        return [] if media_type in content else [f"{media_type} is not documented"]
    return faults(content[JSON]["schema"], body)


def request_faults(method: str, path: str, body: Any) -> list[str]:
    """Why a body that was accepted is not what the schema asks for."""
    found = operation(method, path) or {}
    content = found.get("requestBody", {}).get("content", {})
    if "application/json" not in content:
        return [] if body in (None, {}) else ["a body where none is documented"]
    return faults(content["application/json"]["schema"], body)
