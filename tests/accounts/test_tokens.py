import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import tokens


@given(st.sampled_from(["control", "overlay", "read"]))
def test_a_minted_token_is_recognised(kind: str) -> None:
    token = tokens.mint(kind)
    assert tokens.kind_of(token) == kind
    assert len(token) == len(f"trp_{kind}_") + 36


def test_no_two_are_alike() -> None:
    assert len({tokens.mint("read") for _ in range(1000)}) == 1000


@given(st.integers(4, 46), st.sampled_from(tokens.ALPHABET))
def test_one_changed_character_breaks_the_checksum(place: int, letter: str) -> None:
    token = tokens.mint("control")
    place = min(place, len(token) - 1)
    changed = token[:place] + letter + token[place + 1 :]
    assert (tokens.kind_of(changed) == "control") == (changed == token)


@pytest.mark.parametrize(
    "text",
    ["", "x", "x" * 10_000, "trp_control_", "trp__" + "a" * 36, "ghp_" + "a" * 36, "trp_control_" + "é" * 36, "\0"],
)
def test_anything_else_is_not_ours(text: str) -> None:
    assert tokens.kind_of(text) is None


def test_white_space_around_a_token_is_refused() -> None:
    token = tokens.mint("read")
    assert tokens.kind_of(f"{token}\n") is None
    assert tokens.kind_of(f" {token}") is None


def test_the_hint_tells_tokens_apart_and_gives_nothing_away() -> None:
    token = tokens.mint("control")
    assert tokens.hint(token) == f"trp_control_…{token[-4:]}"


def test_the_digest_is_all_that_is_stored() -> None:
    token = tokens.mint("control")
    assert len(tokens.digest(token)) == 64
    assert token not in tokens.digest(token)
