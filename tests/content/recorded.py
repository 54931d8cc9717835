"""Sound and video made for a test, by ffmpeg itself."""

import shutil
import subprocess
import tempfile
from functools import cache

from tests.conftest import absent

SINE = ("-f", "lavfi", "-i", "sine=frequency=440:duration={seconds}")
BARS = ("-f", "lavfi", "-i", "testsrc=duration={seconds}:size={size}:rate=10")
MARKER = "marker-of-a-title"


def needs_ffmpeg() -> None:
    if shutil.which("ffmpeg") is None or shutil.which("ffprobe") is None:
        absent("no ffmpeg on PATH")


@cache
def made(*options: str) -> bytes:
    named = ("-metadata", f"title={MARKER}", "-metadata", f"comment={MARKER}")
    command = ["ffmpeg", "-v", "error", *options, *named]
    # Some formats are written back and forth, which a pipe does not allow.
    with tempfile.NamedTemporaryFile() as file:
        subprocess.run([*command, "-y", file.name], check=True)
        return file.read()


def sound(seconds: float = 2, form: str = "mp3") -> bytes:
    needs_ffmpeg()
    return made(*(part.format(seconds=seconds) for part in SINE), "-ac", "2", "-f", form)


def video(seconds: float = 1, size: str = "320x240", *, sounds: bool = True, form: str = "mp4") -> bytes:
    needs_ffmpeg()
    heard = tuple(part.format(seconds=seconds) for part in SINE) if sounds else ()
    seen = tuple(part.format(seconds=seconds, size=size) for part in BARS)
    coded = ("-c:v", "libx264", "-preset", "ultrafast") if form == "mp4" else ("-c:v", "ffv1")
    return made(*seen, *heard, *coded, "-pix_fmt", "yuv420p", "-f", form)


def see_through() -> bytes:
    """Bars over nothing: the right half is transparent."""
    needs_ffmpeg()
    half = "format=yuva420p,geq=lum='lum(X,Y)':cb='cb(X,Y)':cr='cr(X,Y)':a='if(lt(X,W/2),255,0)'"
    bars = tuple(part.format(seconds=1, size="64x48") for part in BARS)
    return made(*bars, "-vf", half, "-c:v", "libvpx-vp9", "-auto-alt-ref", "0", "-cpu-used", "8", "-f", "webm")
