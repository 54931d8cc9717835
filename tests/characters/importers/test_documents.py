import json

import pytest

from characters.importers.documents import MAX_BYTES, Unreadable, parse

ACTOR = {"name": "Bryn", "type": "character", "system": {"a": [1, 2.5, None, True]}}


def values(content: bytes | str) -> list:
    return [document.value for document in parse(content.encode() if isinstance(content, str) else content)]


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(ACTOR),
        json.dumps(ACTOR, indent=2),
        "\ufeff" + json.dumps(ACTOR),
        "\n\n " + json.dumps(ACTOR).replace("{", "{\r\n") + "\n",
        "[" + json.dumps(ACTOR) + "]",
        "name: Bryn\ntype: character\nsystem:\n  a: [1, 2.5, null, true]\n",
        "---\nname: Bryn\ntype: character\nsystem: {a: [1, 2.5, ~, true]}\n",
        "- name: Bryn\n  type: character\n  system:\n    a: [1, 2.5, null, true]\n",
    ],
)
def test_one_actor_in_every_shape(content):
    assert values(content) == [ACTOR]


def test_array():
    assert values(json.dumps([ACTOR, {"name": "Ash"}, 3])) == [ACTOR, {"name": "Ash"}, 3]


def test_yaml_keys_are_text_and_dates_stay_text():
    assert values("system: {1: max, 2: avg}\nday: 2024-01-01") == [
        {"system": {"1": "max", "2": "avg"}, "day": "2024-01-01"}
    ]


def test_yaml_aliases_within_the_limit():
    assert values("a: &ref_0 {x: 1}\nb: *ref_0") == [{"a": {"x": 1}, "b": {"x": 1}}]


def test_nedb_lines():
    lines = [
        '{"$$indexCreated": {"fieldName": "x"}}',
        '{"_id": "a", "name": "Ash"}',
        '{"_id": "b", "name": "Bryn"}',
        "",
        '{"_id": "a", "name": "Ash the Elder", "note": "raw \u2028 separator"}',
        '{"_id": "b", "$$deleted": true}',
        '{"_id": "c", "name": "Cole"}',
    ]
    for separator in ("\n", "\r\n"):
        assert [value["name"] for value in values(separator.join(lines))] == ["Ash the Elder", "Cole"]


def test_one_broken_nedb_line_does_not_block_the_others():
    found = parse(b'{"_id": "a", "name": "Ash"}\n{"_id": "b", "na\n{"_id": "c", "name": "Cole"}')
    assert [document.value and document.value["name"] for document in found] == ["Ash", None, "Cole"]
    assert "Line 2" in found[1].problem


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b" \n\t", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b" " * (MAX_BYTES + 1), "larger than 8 MB"),
        (b"\x89PNG\r\n\x1a\n....", "PNG picture"),
        (b"\xff\xd8\xff\xe0", "JPEG picture"),
        (b"RIFF....WEBPVP8 ", "picture"),
        (b"PK\x03\x04....", "ZIP archive"),
        (b"%PDF-1.7", "PDF"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"SQLite format 3\x00", "SQLite"),
        (b"...." + b"\x57\xfb\x80\x8b\x24\x75\x47\xdb", "LevelDB"),
        ("{}".encode("utf-16"), "UTF-16"),
        ('{"name": "Zo\xeb"}'.encode("latin-1"), "not UTF-8"),
        (b"\x00\x01\x02\xff", "binary"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b'<?xml version="1.0"?><root version="4"><character>', "Fantasy Grounds"),
        (b"<svg>", "XML"),
        (b"Dear GM,\nhere is my character: see below.", "text file"),
        (b"My hero is Bryn", "text file"),
        (b"12345", "no character"),
        (b"[]", "no character"),
        (b'{"$$indexCreated": 1}', "no character"),
        (b'{"name": "Bryn", "system": {"a": 1,', "broken at line 1"),
        (b'{\n"name": "Bryn"\n"type": 1}', "line 3"),
        (b"name: Bryn\nsystem: [1, 2", "nor correct YAML"),
        (b"name: Bryn\n  items: - x", "line 2"),
        (b"name: Bryn\n---\nname: Ash", "several documents"),
        (b'{"a": NaN}', "not finite"),
        (b'{"a": -Infinity}', "not finite"),
        (b'{"a": 1e999}', "not finite"),
        (b"name: x\na: .nan", "not finite"),
        (b'{"a": ' + b"9" * 5000 + b"}", "not finite"),
        (b'{"a": ' + b"[" * 70 + b"]" * 70 + b"}", "levels deep"),
        (b"[" * 100_000, "levels deep"),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, "levels deep"),
        (b"a: " + b"[" * 70 + b"]" * 70, "levels deep"),
        (b"- " * 100_000, "levels deep"),
        (b"[" + b"1," * 200_000 + b"1]", "200000 values"),
        (b"a:\n" + b"- 1\n" * 200_001, "200000 values"),
        (b"[" + b"{}," * 100 + b"{}]", "101 entries"),
        (b"a: &a [*a]", "circle"),
        (b"a: &a x\nb: &a [*a]", "circle"),
        (b"a: *unknown", "circle"),
        (b"!!python/object/apply:os.system [ls]", "type tags"),
        (b"a: !!timestamp nonsense", "type tags"),
        (b"name: =", "YAML"),
        (b"name: 0x_", "YAML"),
    ],
)
def test_unreadable(content, says):
    with pytest.raises(Unreadable, match=says):
        parse(content)


def test_alias_bomb_is_refused_before_it_is_built():
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    bomb += "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
    with pytest.raises(Unreadable, match="200000 values"):
        parse(bomb.encode())


def test_bomb_of_merge_keys():
    """Merged mappings are copied, not shared, so this one would grow although few keys remain."""
    bomb = "a0: &a0 {" + ", ".join(f"k{n}: x" for n in range(9)) + "}\n"
    bomb += "".join(f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}\n" for n in range(1, 6))
    with pytest.raises(Unreadable, match="200000 values"):
        parse(bomb.encode())


def test_merge_keys_within_the_limit():
    assert values("a: &a {x: 1}\nb:\n  <<: *a\n  y: 2") == [{"a": {"x": 1}, "b": {"x": 1, "y": 2}}]


def test_nodes_of_nedb_lines_count_together():
    line = '{"_id": "%d", "a": [' + "1," * 3000 + "1]}"
    with pytest.raises(Unreadable, match="200000 values"):
        parse("\n".join(line % number for number in range(80)).encode())
