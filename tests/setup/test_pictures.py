"""The pictures of the README: taken of the demo alone, small, and never of a page that failed."""

import io
import os
from pathlib import Path

import pytest
from PIL import Image

from devtools import demo, pictures


def png(image: Image.Image) -> bytes:
    held = io.BytesIO()
    image.save(held, "png")
    return held.getvalue()


def test_a_picture_is_saved_as_it_was_taken(tmp_path):
    size = pictures._save(png(Image.new("RGB", (64, 36), "#f0bd4f")), path := tmp_path / "one.webp")
    saved = Image.open(path)
    assert (saved.size, saved.format, path.stat().st_size) == ((64, 36), "WEBP", size)
    assert all(abs(got - wanted) < 6 for got, wanted in zip(saved.getpixel((9, 9)), (0xF0, 0xBD, 0x4F), strict=True))  # type: ignore[arg-type]


def test_a_picture_too_large_for_a_readme_is_refused(tmp_path):
    noise = Image.frombytes("RGB", (1000, 800), os.urandom(1000 * 800 * 3))
    with pytest.raises(ValueError, match="is the most"):
        pictures._save(png(noise), tmp_path / "noise.webp")


def test_the_demo_has_a_database_and_files_of_its_own(monkeypatch):
    for name in ("DATABASE_URL", "REDIS_URL", "S3_BUCKET", "MEDIA_ROOT"):
        monkeypatch.setenv(name, "the shell's")
    env = demo.environment(Path("/somewhere"))
    assert "the shell's" not in env.values()
    assert env["DATABASE_URL"] == "sqlite:////somewhere/db.sqlite3"


def test_each_picture_has_a_name_of_its_own():
    names = [shot.name for shot in pictures.SHOTS]
    assert len(names) == len(set(names))
    assert {path.stem for path in pictures.FOLDER.glob("*.webp")} == set(names)


class Answer:
    """As the browser hands it over."""

    def __init__(self, status: int, redirected_from: object = None) -> None:
        self.status, self.request = status, self
        self.redirected_from = redirected_from


@pytest.mark.parametrize("answer", [None, Answer(500), Answer(404), Answer(200, redirected_from=object())])
def test_no_picture_of_a_page_that_failed_or_asks_for_a_log_in(answer):
    with pytest.raises(RuntimeError, match="no picture of hub"):
        demo.refuse_failure("hub", answer)


def test_a_page_that_answered_is_taken():
    demo.refuse_failure("hub", Answer(200))  # type: ignore[arg-type]
