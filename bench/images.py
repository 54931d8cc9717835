"""Pictures through the workshop against bare Pillow that makes the same pixels in its own process.

Time and peak memory for each picture (of the child that makes it), and a hundred photographs of 4 MB through two
places at once against a bare loop in two processes. What is stored where is no part of it.
"""

import io
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import psutil
from PIL import Image

from bench import machine
from bench.report import Outcome, Ratio, Table
from bench.stage import Stage
from devtools.steps import step

ROOT = Path(__file__).resolve().parent.parent
SLOWER = 1.3
MORE_MEMORY = 30  # MB, of the web process
FLOOD_MS = 200
SMALL = 200_000  # bytes


@dataclass(frozen=True)
class Size:
    passes: int
    uploads: int
    smaller: int = 1  # by how much every side of the pictures is


SIZES = {"full": Size(7, 100), "small": Size(5, 12), "tiny": Size(1, 2, smaller=8)}
PLACES = 2


def run(stage: Stage, size_name: str) -> Outcome:
    size = SIZES[size_name]
    machine.give_any_cpu(0)  # both sides do the same work, each on every processor
    with tempfile.TemporaryDirectory() as folder, step("pictures of the bench"):
        kinds = _pictures(Path(folder), size.smaller)
        return _measured(kinds, size)


Row = tuple[str, float, float, float, float, float, float, float]


def _measured(kinds: dict[str, Path], size: Size) -> Outcome:
    from content.workshops import Workshop

    shop = Workshop()
    try:
        rows = [_one(shop, name, path, size.passes) for name, path in kinds.items()]
        flood = _flood(shop)
        ours, bare = _many(shop, kinds["photograph, 12 Mpx"], size.uploads)
    finally:
        shop.close()
    worst = [max(float(row[column]) for row in rows) for column in (3, 6, 7)]
    return Outcome(
        ratios=[
            Ratio("time of a picture, workshop to bare Pillow (the worst of them)", worst[0], SLOWER),
            Ratio("peak memory, workshop to bare Pillow (the worst of them)", worst[1], SLOWER),
            Ratio("MB that a picture costs the web process (the worst of them)", worst[2], MORE_MEMORY),
            Ratio("ms until 88 Mpx are refused", flood, FLOOD_MS),
            Ratio(f"{size.uploads} pictures with {PLACES} workers, time to that of a bare loop", ours / bare, SLOWER),
        ],
        tables=[
            Table("One picture, all files of a portrait", COLUMNS, rows),
            Table(f"{size.uploads} photographs", ["", "pictures/s"], _rates(size.uploads, ours, bare)),
        ],
    )


COLUMNS = (
    *("picture", "ms, workshop", "ms, bare", "ratio"),
    *("MB, workshop", "MB, bare", "ratio", "MB, web process"),
)


def _rates(uploads: int, ours: float, bare: float) -> list[list[object]]:
    return [["workshop", uploads / ours], ["bare loop in two processes", uploads / bare]]


def _pictures(folder: Path, smaller: int) -> dict[str, Path]:
    whole = (4000 // smaller, 3000 // smaller)
    noise = Image.effect_noise(whole, 40).convert("RGB")
    gradient = Image.linear_gradient("L").resize(whole).convert("RGB")
    photograph = Image.blend(gradient, noise, 0.25)

    def scaled(width: int, height: int) -> Image.Image:
        return photograph.resize((width // smaller, height // smaller))

    made: dict[str, tuple[Image.Image, str, dict[str, int]]] = {
        "portrait, 400 × 520": (scaled(400, 520), "JPEG", {"quality": 88}),
        "background, 1920 × 1080": (scaled(1920, 1080), "JPEG", {"quality": 88}),
        "drawing with alpha, 1200 × 1600": (scaled(1200, 1600).convert("RGBA"), "PNG", {}),
        "WebP, 1600 × 1200": (scaled(1600, 1200), "WEBP", {"quality": 85}),
        "photograph, 12 Mpx": (photograph, "JPEG", {"quality": 90}),
    }
    paths = {}
    for number, (name, (image, format_, options)) in enumerate(made.items()):
        paths[name] = folder / str(number)
        image.save(paths[name], format_, **options)
    return paths


def _one(shop: object, name: str, path: Path, passes: int) -> Row:
    if path.stat().st_size < SMALL:
        passes *= 5  # what is over in an instant is disturbed more easily, on both sides
    ours, our_memory, ours_here = _best(lambda: _ours(shop, path), passes)
    bare, bare_memory = _bare(path, passes)
    return name, ours, bare, ours / bare, our_memory, bare_memory, our_memory / bare_memory, ours_here


def _ours(shop: object, path: Path) -> float:
    """The peak of the child, in MB."""
    from content.recipes import PORTRAIT

    with path.open("rb") as file:
        made = shop.make(file, [part.output for part in PORTRAIT.values()])  # type: ignore[attr-defined]
    for each in made.files:
        each.close()
    return float(made.peak) / 1e6


def _best(work: Callable[[], float], passes: int) -> tuple[float, float, float]:
    """Milliseconds of the quickest pass, the largest peak, and by how much this process grew."""
    work()
    process = psutil.Process()
    before, times, peaks = process.memory_info().rss, [], []
    for _ in range(passes):
        begun = time.perf_counter()
        peaks.append(work())
        times.append((time.perf_counter() - begun) * 1000)
    return min(times), max(peaks), max(0.0, (process.memory_info().rss - before) / 1e6)


# The same steps in a process that has Pillow loaded, as a script of a few lines would do them.
BARE = """
import io, json, sys, time
from PIL import Image, ImageOps
path, passes = sys.argv[1], int(sys.argv[2])
Image.open(path).load()
times = []
def once():
    image = ImageOps.exif_transpose(Image.open(path))
    image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    for side, format_, options in ((2560, "PNG", {"compress_level": 1}), (1024, "WEBP", {"quality": 82, "method": 4}),
                                   (256, "PNG", {"compress_level": 1})):
        scale = side / max(image.size)
        if scale < 1:
            size = tuple(max(1, round(length * scale)) for length in image.size)
            image = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
        image.save(io.BytesIO(), format_, **options)
    image.resize((32, 32), Image.Resampling.BOX).getcolors(1024)
    image.resize((14, 14), Image.Resampling.LANCZOS).convert("RGB").save(io.BytesIO(), "WEBP", quality=40)
for _ in range(passes):
    begun = time.perf_counter()
    once()
    times.append((time.perf_counter() - begun) * 1000)
peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps([min(times), peak / 1e3]))
"""


def _bare(path: Path, passes: int) -> tuple[float, float]:
    done = subprocess.run([sys.executable, "-c", BARE, str(path), str(passes)], capture_output=True, check=True)
    milliseconds, megabytes = json.loads(done.stdout)
    return float(milliseconds), float(megabytes)


def _flood(shop: object) -> float:
    """Milliseconds."""
    from content.workshops import NotTaken

    begun = time.perf_counter()
    try:
        shop.make(_transparent_nothing(9400), [])  # type: ignore[attr-defined]
    except NotTaken:
        return (time.perf_counter() - begun) * 1000
    raise RuntimeError("88 Mpx were taken")


def _transparent_nothing(side: int) -> BinaryIO:
    """Only the header counts: that is what is refused."""
    stream = io.BytesIO()
    Image.new("RGBA", (8, 8)).save(stream, "PNG")
    raw = bytearray(stream.getvalue())
    raw[16:24] = side.to_bytes(4, "big") * 2
    return io.BytesIO(bytes(raw))


def _many(shop: object, path: Path, uploads: int) -> tuple[float, float]:
    """Seconds: ours with two places, and a bare loop in as many processes."""
    begun = time.perf_counter()
    with ThreadPoolExecutor(PLACES) as pool:
        list(pool.map(lambda _: _ours(shop, path), range(uploads)))
    ours = time.perf_counter() - begun
    shares: Sequence[int] = [uploads // PLACES + (index < uploads % PLACES) for index in range(PLACES)]
    begun = time.perf_counter()
    loops = [
        subprocess.Popen([sys.executable, "-c", BARE, str(path), str(share)], stdout=subprocess.DEVNULL)
        for share in shares
    ]
    for loop in loops:
        loop.wait()
    return ours, time.perf_counter() - begun
