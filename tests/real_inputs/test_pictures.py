"""Real and hostile pictures through the API: each is shown right, or refused by name with the reason."""

import json
from pathlib import Path
from typing import Any

import psutil
import pytest
from PIL import Image, ImageOps

from content.models import StoredFile
from tests.api_client import Api, fields
from tests.content.conftest import files, gm, here, new_bucket, on_disk, portrait, table
from tests.content.pictures import a_picture, opened
from tests.content.stored import keys, objects, send

__all__ = ["files", "gm", "here", "new_bucket", "on_disk", "portrait", "table"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files"), pytest.mark.each_storage]

FOLDERS = ("nasty", "portraits", "photos", "backgrounds", "icons")
# What Pillow itself reads as JPEG, PNG or WebP and is large enough; all others are refused.
TAKEN = {
    *("apng-mode_16bit.png", "apng-num_plays.png", "apng-sequence_gap.png", "broken_exif_dpi.jpg", "exif_gps.jpg"),
    *("empty_gps_ifd.jpg", "exif-dpi-zerodivision.jpg", "frozenpond.mpo", "hopper_idat_after_image_end.png"),
    *(f"hopper_orientation_{n}.jpg" for n in range(2, 9)),
    *("hopper_orientation_6.webp", "hopper_orientation_8.webp", "icc-after-SOF.jpg", "icc_profile.png"),
    *("invalid-exif.jpg", "iss634.webp", "itxt_chunks.png", "jpeg_ff00_header.jpg", "junk_jpeg_header.jpg"),
    *("l_trns.png", "p_trns_single.png", "padded_idat.png", "pil_sample_cmyk.jpg", "sugarshack_bad_mpo_header.jpg"),
    *("transparent.webp", "truncated_app14.jpg", "truncated_exif_dpi.jpg", "xmp_tags_orientation_exiftool.png"),
}
MOST_MEGABYTES = 30


def paths(shared_data: Path, folder: str) -> list[Path]:
    return sorted(path for path in (shared_data / "images" / folder).iterdir() if path.is_file())


def upright(path: Path) -> Image.Image:
    with Image.open(path, formats=("JPEG", "PNG", "WEBP")) as image:
        return ImageOps.exif_transpose(image).convert("RGBA")


@pytest.mark.parametrize("folder", FOLDERS)
def test_each_is_shown_right_or_refused(gm: Api, portrait: str, shared_data: Path, folder: str) -> None:
    process = psutil.Process()
    send(gm, portrait, a_picture())  # what the first upload loads is nobody's picture
    for path in paths(shared_data, folder):
        before = process.memory_info().rss
        response = send(gm, portrait, path.read_bytes(), name=path.name)
        assert process.memory_info().rss - before < MOST_MEGABYTES * 2**20, path.name
        is_taken = path.name in TAKEN or folder in ("portraits", "photos", "backgrounds")
        assert response.status_code == (201 if is_taken else 422), (path.name, response.json())
        if is_taken:
            shown_right(path, response.json())
        else:
            assert set(fields(response)) == {"file"}, path.name
            assert len(fields(response)["file"]) > 20
    assert set(StoredFile.objects.values_list("key", flat=True)) <= keys()


def shown_right(path: Path, shown: dict[str, Any]) -> None:
    expected = upright(path)
    key = shown["original_url"].removeprefix("/media/").partition("?")[0]
    original = opened(objects_at(key))
    assert original.size == expected.size, path.name
    if path.name in SAME_COLOURS or path.parent.name == "portraits":
        difference = mean_difference(original.convert("RGBA"), expected)
        assert difference < 2, (path.name, difference)


# Without a profile that says what their numbers mean, and not of a kind that Pillow itself converts otherwise.
SAME_COLOURS = {f"hopper_orientation_{n}.jpg" for n in range(2, 9)} | {"transparent.webp", "l_trns.png", "iss634.webp"}


def mean_difference(one: Image.Image, other: Image.Image) -> float:
    """Levels, on average over pixels and channels; what cannot be seen is not compared."""
    ground = Image.new("RGBA", one.size, (128, 128, 128, 255))
    pair = [Image.alpha_composite(ground, image).convert("RGB").tobytes() for image in (one, other)]
    return sum(abs(a - b) for a, b in zip(*pair, strict=True)) / len(pair[0])


def objects_at(key: str) -> bytes:
    from content import storage

    return bytes(storage.open_local(key).read())


def test_no_position_comes_through(gm: Api, portrait: str, shared_data: Path) -> None:
    for name in ("exif_gps.jpg", "empty_gps_ifd.jpg", "ultrahdr.jpg", "xmp_tags_orientation_exiftool.png"):
        send(gm, portrait, (shared_data / "images/nasty" / name).read_bytes())
    for raw in objects().values():
        assert not any(word in raw for word in (b"Exif", b"GPS", b"xmp", b"XMP", b"ICC_PROFILE", b"iCCP", b"tEXt"))
        assert not opened(raw).getexif()


def test_a_document_tells_of_the_picture(gm: Api, portrait: str, shared_data: Path) -> None:
    """What is stored of a picture in the ledger stays small: it is told to every viewer."""
    shown = send(gm, portrait, (shared_data / "images/portraits/asher.jpg").read_bytes()).json()
    assert len(json.dumps(shown)) < 1500
