"""Pixels out of a strange file, and clean pictures made of them. Runs in the workshop's child only: Pillow, no Django.

What is written is made of pixels alone: a new picture is painted from the decoded one, so that no metadata, comment,
trailer or foreign byte has a way through. The rule for pictures that move: their first frame.
"""

import base64
import hashlib
import io
import warnings
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from PIL import AvifImagePlugin, Image, ImageCms, ImageFile, ImageOps
from PIL import JpegImagePlugin as _jpeg
from PIL import MpoImagePlugin as _mpo
from PIL import PngImagePlugin as _png
from PIL import TiffImagePlugin as _tiff  # EXIF is written as TIFF is
from PIL import WebPImagePlugin as _webp

from content.workshop.orders import Output, Painted

# Pillow loads its parts when it first needs them; in the child no file can be opened any more.
_PLUGINS = (_jpeg, _mpo, _png, _webp, _tiff, AvifImagePlugin)
Image.preinit()
_SRGB = ImageCms.createProfile("sRGB")
_SRGB_PROFILE = ImageCms.ImageCmsProfile(_SRGB)

Crop = tuple[float, float, float, float]

BLUR_SIDE = 14  # pixels of the placeholder that is shown, stretched and blurred, until a picture is there
SAMPLE_SIDE = 32
UNREADABLE = "This picture is damaged or cut off. Save it anew and send it again."

# Keep whole pictures: what is missing at the end is not made up in grey.
ImageFile.LOAD_TRUNCATED_IMAGES = False


@dataclass(frozen=True)
class Clean:
    """`width` and `height` in pixels, before it was scaled down to what is of use."""

    image: Image.Image
    width: int
    height: int


class NotPainted(ValueError):
    """The message is a sentence for the person who sent the file."""


def clean(file: BinaryIO, format_: str, most_pixels: int, crop: Crop | None, side: int = 0) -> Clean:
    """The first frame, upright, in sRGB (RGB, or RGBA where something is transparent), as pixels and nothing else.

    `crop` is left, top, width, height as shares of the upright picture; `side` is the longest that is of use to the
    caller, in pixels (0: any). Raises NotPainted.
    """
    Image.MAX_IMAGE_PIXELS = most_pixels
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            frame = _cropped(_first_frame(file, format_, most_pixels), crop)
            return Clean(_pixels(fitted(frame, side) if side else frame), *frame.size)
        except NotPainted:
            raise
        except MemoryError as error:
            raise NotPainted("This picture needs too much memory. Scale it down and send it again.") from error
        except Exception as error:  # whatever a decoder makes of a hostile file
            raise NotPainted(UNREADABLE) from error


def _first_frame(file: BinaryIO, format_: str, most_pixels: int) -> Image.Image:
    file.seek(0)
    image = Image.open(file, formats=(format_,))
    if image.width * image.height > most_pixels:  # its header said otherwise when it was measured
        raise NotPainted(UNREADABLE)
    image.load()
    ImageOps.exif_transpose(image, in_place=True)
    return _of_true_colours(image)


def _of_true_colours(image: Image.Image) -> Image.Image:
    """Before anything is scaled: a palette has no colour between two of its own."""
    mode = "RGBA" if image.has_transparency_data else "RGB"
    return _in_srgb(_of_eight_bits(image), image.info.get("icc_profile"), mode)


def _pixels(image: Image.Image) -> Image.Image:
    opaque = image.mode == "RGBA" and image.getchannel("A").getextrema() == (255, 255)
    painted = Image.new("RGB" if opaque else image.mode, image.size)
    painted.paste(image.convert("RGB") if opaque else image)
    return painted


def _of_eight_bits(image: Image.Image) -> Image.Image:
    """Sixteen bits of grey keep their upper half; Pillow itself would cut off whatever is above 255."""
    if image.mode.startswith("I"):
        return image.point(lambda level: level * (1 / 256), "F").convert("L")
    return image


def _in_srgb(image: Image.Image, profile: bytes | None, mode: str) -> Image.Image:
    source = image if image.mode in ("RGB", "RGBA", "L", "CMYK") else image.convert(mode)
    if profile:
        try:
            return _by_profile(source, profile, mode)
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass  # a profile that means nothing: the colours are taken as they are
    return source if source.mode == mode else source.convert(mode)


def _by_profile(image: Image.Image, profile: bytes, mode: str) -> Image.Image:
    described = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    opaque = image.convert("RGB") if alpha else image
    shown = ImageCms.profileToProfile(opaque, described, _SRGB_PROFILE, outputMode="RGB")
    assert shown is not None  # noqa: S101  only in place it returns nothing
    if alpha:
        shown.putalpha(alpha)
    return shown.convert(mode)


def _cropped(image: Image.Image, crop: Crop | None) -> Image.Image:
    if crop is None:
        return image
    left, top, width, height = crop
    box = (
        round(left * image.width),
        round(top * image.height),
        round((left + width) * image.width),
        round((top + height) * image.height),
    )
    if box[2] - box[0] < 1 or box[3] - box[1] < 1:
        raise NotPainted("Nothing is left of the picture inside the crop. Choose more of it.")
    return image.crop(box)


def write(image: Image.Image, outputs: list[Output], files: list[BinaryIO], clerk: Executor) -> Iterator[Painted]:
    """Make each output of the picture, the largest first, each from the next larger one.

    The clerk digests what is written while the next is painted.
    """
    order = sorted(range(len(outputs)), key=lambda index: -outputs[index].side)
    made: dict[int, tuple[int, int, int, Future[str]]] = {}
    for index in order:
        image = fitted(image, outputs[index].side)
        size = _save(image, outputs[index], files[index])
        made[index] = *image.size, size, clerk.submit(_digest, files[index])
    for index in range(len(outputs)):
        width, height, size, digest = made[index]
        yield Painted(width, height, size, digest.result())


def fitted(image: Image.Image, side: int) -> Image.Image:
    longest = max(image.size)
    if longest <= side:
        return image
    size = (max(1, round(image.width * side / longest)), max(1, round(image.height * side / longest)))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _digest(file: BinaryIO) -> str:
    file.seek(0)
    return hashlib.file_digest(cast(Any, file), "sha256").hexdigest()


def _save(image: Image.Image, output: Output, file: BinaryIO) -> int:
    """How many bytes it has."""
    options: dict[str, Any] = {
        # Level 1 is four times as quick as 6 and a twentieth larger, for photographs.
        "PNG": {"compress_level": 1},
        "WEBP": {"quality": output.quality, "method": 4},
        "JPEG": {"quality": output.quality, "progressive": True},
        "AVIF": {"quality": output.quality, "speed": 7, "max_threads": 1},
    }[output.format]
    image.save(file, output.format, **options)
    return file.tell()


def colour(image: Image.Image) -> str:
    """The colour that most of the picture has, as #rrggbb: the mean of the fullest of 512 boxes."""
    small = image.resize((SAMPLE_SIDE, SAMPLE_SIDE), Image.Resampling.BOX).convert("RGBA")
    boxes: dict[tuple[int, ...], list[tuple[int, Any]]] = {}
    for count, pixel in cast("list[tuple[int, Any]]", small.getcolors(SAMPLE_SIDE**2)):
        if pixel[3] > 127:
            boxes.setdefault(tuple(level >> 5 for level in pixel[:3]), []).append((count, pixel))
    if not boxes:
        return "#808080"
    fullest = max(boxes.values(), key=lambda box: sum(count for count, _ in box))
    total = sum(count for count, _ in fullest)
    mean = (round(sum(count * pixel[channel] for count, pixel in fullest) / total) for channel in range(3))
    return "#" + "".join(f"{level:02x}" for level in mean)


def blur(image: Image.Image) -> str:
    """A few pixels as a data: address."""
    stream = io.BytesIO()
    fitted(image, BLUR_SIDE).convert("RGB").save(stream, "WEBP", quality=40, method=4)
    return f"data:image/webp;base64,{base64.b64encode(stream.getvalue()).decode()}"


def rehearse() -> None:
    """Make a small picture: what a process touches for the first time then costs no picture that somebody waits for."""
    stream = io.BytesIO()
    Image.new("RGB", (96, 128), (120, 60, 30)).save(stream, "JPEG", quality=90)
    picture = clean(stream, "JPEG", 100_000, None).image
    outputs = [Output("PNG", 128), Output("WEBP", 96), Output("PNG", 64)]
    with ThreadPoolExecutor(1) as clerk:
        list(write(picture, outputs, [io.BytesIO() for _ in outputs], clerk))
    colour(picture)
    blur(picture)
