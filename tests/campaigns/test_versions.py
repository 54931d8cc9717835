import pytest

from campaigns import versions

CHANGED = {"name": 3, "stats.hp.current": 7, "stats.tracks.hunger": 5}


@pytest.mark.parametrize(
    ("fields", "seen", "stale"),
    [
        (["name"], None, []),
        (["name"], 3, []),
        (["name"], 2, ["name"]),
        (["summary"], 1, []),
        (["stats.hp.current", "name"], 4, ["stats.hp.current"]),
        # an edit of the whole collides with an edit of a part, either way round
        (["stats"], 6, ["stats"]),
        (["stats.tracks.hunger.value"], 4, ["stats.tracks.hunger.value"]),
        (["stats.hp.max"], 1, []),
        (["stats.hp.currently"], 1, []),
    ],
)
def test_stale_fields(fields: list[str], seen: int | None, stale: list[str]) -> None:
    assert versions.stale(CHANGED, fields, seen) == stale


def test_a_stamp_marks_what_changed_and_keeps_the_rest() -> None:
    assert versions.stamped(CHANGED, ["name", "level"], 8) == {**CHANGED, "name": 8, "level": 8}
    assert CHANGED["name"] == 3
