"""Strict JSON on bytes: rows A27, A29, A30, A33 without HTTP."""

import contextlib
import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract import json as strict
from contract.refusals import Invalid, Malformed


def paths(raw: bytes | str) -> list[str]:
    with pytest.raises(Invalid) as refused:
        strict.loads(raw.encode() if isinstance(raw, str) else raw)
    return [field for field, _ in refused.value.details]


@pytest.mark.parametrize(
    "raw",
    [
        b"", b" ", b"{", b"{]", b"[}", b'{"a":1,}', b"[1,]", b"{}{}", b"{} {}", b"nul", b"'a'", b"{a:1}",
        b"\xef\xbb\xbf{}", b'{"a":"\xff"}', b'{"a":"\xed\xa0\x80"}', '{"a":1}'.encode("utf-16"),
        '{"a":1}'.encode("utf-16-le"), b'{"a":1,"a":2}', b'{"b":{"a":1,"a":1}}', b'{"a":NaN}',
        b'{"a":Infinity}', b'{"a":-Infinity}', b'{"a":01}', b'{"a":+1}', b'{"a":.5}', b'{"a":"\t"}', b'{"a":1}x',
        b"[" * 100_000, b'{"a":' * 5_000, b"[" * 5_000 + b"]" * 4_999, b'{"a":"' + b"[" * 200, b"]" * 200,
        b"[" * 150 + b"}" * 150, b"[" * 150 + b"]" * 151,
        b'{"a":"' + b'\\"' * 100_000,
    ],
)  # fmt: skip
def test_malformed(raw: bytes) -> None:
    with pytest.raises(Malformed):
        strict.loads(raw)


@pytest.mark.parametrize("raw", ["[]", '"x"', "null", "5", "true", "1e400"])
def test_only_an_object_is_a_document(raw: str) -> None:
    assert paths(raw) == [""]


@pytest.mark.parametrize(
    "value",
    [r'"\u0000"', r'"a\ud800"', r'"\udc00b"', "1e400", "-1e400", "-0", "-0.0", "-0e5", "9" * 4000,
     str(2**63), str(-(2**63) - 1)],
)  # fmt: skip
def test_values_that_cannot_be_stored_are_named(value: str) -> None:
    assert paths(f'{{"stats": {{"hp": [1, {value}]}}}}') == ["stats.hp.1"]


@pytest.mark.parametrize("key", ["__proto__", "constructor", "prototype", "a.b", "k" * 129, "", r"\u0000", r"\ud800"])
def test_keys_that_are_refused(key: str) -> None:
    decoded = json.loads(f'"{key}"')
    assert paths(f'{{"stats": {{"{key}": 1}}}}') == [f"stats.{decoded}"[: 6 + 128]]


def test_limits_are_exact() -> None:
    def deep(levels: int) -> str:
        return '{"a":' + "[" * (levels - 1) + "]" * (levels - 1) + "}"

    def wide(keys: int) -> str:
        return json.dumps({f"k{n}": n for n in range(keys)})

    assert strict.loads(deep(100).encode())
    assert paths(deep(101)) == [""]
    assert paths("[" * 100_000 + "]" * 100_000) == [""]
    assert len(strict.loads(wide(10_000).encode())) == 10_000
    assert paths(wide(10_001)) == [""]
    assert strict.loads(f'{{"a": {2**63 - 1}, "b": {-(2**63)}, "{"k" * 128}": 0}}'.encode())


def test_brackets_in_strings_are_no_depth() -> None:
    text = "[" * 300 + '\\"' + "{" * 300
    assert len(strict.loads(f'{{"a": "{text}"}}'.encode())["a"]) == 601


def test_all_faults_at_once() -> None:
    assert paths(r'{"a": "\u0000", "b": {"c": -0, "__proto__": 1}}') == ["a", "b.c", "b.__proto__"]


def test_values_from_elsewhere_are_checked_alike() -> None:
    with pytest.raises(Invalid) as refused:
        strict.check({"a": [float("nan"), float("inf"), object(), 2**70, {1: 2}]}, "stats")
    assert [field for field, _ in refused.value.details] == [f"stats.a.{n}" for n in range(4)] + ["stats.a.4.1"]
    nested: list = []
    for _ in range(100_000):
        nested = [nested]
    with pytest.raises(Invalid):
        strict.check(nested)


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a":' + b"9" * 260_000 + b"}",
        b'{"a":0.' + b"9" * 260_000 + b"}",
        b'"' * 260_000,
        b'{"a":"' + b'\\"' * 130_000,
        b"[" * 130_000 + b"]" * 130_000,
        b'{"a":[' + b"[]," * 87_000 + b"[]]}",
        b'{"a":[' + b'"\\u0000",' * 25_000 + b"0]}",
        b"{" + b",".join(b'"%d":0' % n for n in range(26_000)) + b"}",
    ],
)
def test_judging_the_largest_bodies_is_cheap(raw: bytes) -> None:
    start = time.process_time()
    with contextlib.suppress(Malformed, Invalid):
        strict.loads(raw)
    assert time.process_time() - start < 2


@given(st.binary(max_size=300))
def test_any_bytes(raw: bytes) -> None:
    try:
        assert isinstance(strict.loads(raw), dict)
    except (Malformed, Invalid) as refusal:
        json.dumps(refusal.body()).encode()


FREE_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters()), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(st.characters(), max_size=10), FREE_JSON, max_size=5))
@settings(max_examples=150)
def test_any_json_is_taken_whole_or_refused_with_places(document: dict) -> None:
    raw = json.dumps(document).encode()
    try:
        taken = strict.loads(raw)
    except Malformed:
        assert b"NaN" in raw or b"Infinity" in raw
    except Invalid as refusal:
        assert refusal.details
        json.dumps(refusal.body(), ensure_ascii=False).encode()
    else:
        assert taken == document
        strict.check(taken)
        json.dumps(taken, ensure_ascii=False, allow_nan=False).encode()
