"""What the back office and the desk say of an entry of the ledger."""

import pytest

from campaigns.sentences import sentence


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (["portrait_url"], "portrait changed"),
        (["focal_x", "focal_y"], "cut of the picture changed"),
        (["stats.hp.max", "level"], "level, HP maximum changed"),
        (["summary"], "summary changed"),
        (["stats.tracks.blood_surge"], "tracks blood surge changed"),
        (["a", "b", "c", "d", "e"], "a, b, c, d … changed"),
        ([], "pictures in more sizes"),
    ],
)
def test_an_edit_is_told_in_the_words_of_the_table(changed: list[str], told: str) -> None:
    data = {"character": {"name": "Isaura"}, "changed": dict.fromkeys(changed)}
    assert sentence("character_updated", data) == f"Isaura: {told}"
