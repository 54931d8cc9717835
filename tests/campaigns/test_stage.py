from uuid import UUID

import pytest

from campaigns.templatetags import stage


@pytest.mark.parametrize(
    ("minutes", "text"), [(None, ""), (0, ""), (45, "45 min"), (60, "1 h"), (221, "3 h 41 min"), (65, "1 h 05 min")]
)
def test_runtime(minutes: int | None, text: str) -> None:
    assert stage.runtime(minutes) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, ""), (-1, ""), (0, "0:00:00"), (59.9, "0:00:59"), (4120, "1:08:40"), (36000, "10:00:00")],
)
def test_offset(seconds: float | None, text: str) -> None:
    assert stage.offset(seconds) == text


@pytest.mark.parametrize(
    ("address", "second", "found"),
    [
        ("https://youtu.be/abc", 61, "https://youtu.be/abc?t=61"),
        ("https://www.youtube.com/watch?v=abc&t=5", 61, "https://www.youtube.com/watch?v=abc&t=61"),
        ("https://www.twitch.tv/videos/12", 3725, "https://www.twitch.tv/videos/12?t=1h2m5s"),
        ("https://example.org/v#part", -3, "https://example.org/v?t=0#part"),
    ],
)
def test_a_recording_opens_at_the_second(address: str, second: float, found: str) -> None:
    assert stage.at_second(address, second) == found


@pytest.mark.parametrize(("share", "width"), [(0, "0%"), (0.844, "84.4%"), (1, "100%"), (1 / 3, "33.33%")])
def test_percent_is_a_width_in_any_language(share: float, width: str) -> None:
    assert stage.percent(share) == width


@pytest.mark.parametrize(("score", "text"), [(18, "+4"), (10, "+0"), (11, "+0"), (9, "−1"), (1, "−5")])
def test_modifier(score: int, text: str) -> None:
    assert stage.modifier(score) == text


def test_a_campaign_keeps_its_scene() -> None:
    identity = UUID("12345678-1234-5678-1234-567812345678")

    assert stage.hue(identity) == stage.hue(str(identity))
    assert {stage.hue(UUID(int=number)) for number in range(40)} == set(range(stage.HUES))
