"""Takes the pictures of the README from a demo of their own, in a headless browser. Run by `dev.py pictures`.

The demo tells its dates from today, so a picture taken later differs in them and in nothing else.
"""

import io
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from devtools import chromium
from devtools.demo import FLAGS, ROOT, environment, log_in, refuse_failure, served
from devtools.steps import say, step

SERVER = ["manage.py", "runserver", "--noreload"]
FOLDER = ROOT / "docs/pictures"
MOST_BYTES = 400_000
QUALITY = 86
SETTLING_MS = 600  # the socket's first message, and the bars that move to it
GM = "gm"
SCENE = "/static/demo/scenes/lowmere.svg"


@dataclass(frozen=True)
class Shot:
    """`path` may name {slug} and {character}; `scale` is device pixels for each CSS pixel."""

    name: str
    path: str
    size: tuple[int, int]
    theme: str = "dark"
    scale: float = 1
    as_role: str = ""
    scene: str = ""


DESKTOP, TALL, WIDE, PHONE = (1280, 800), (1280, 960), (1440, 900), (390, 844)
SHOTS = (
    Shot("overlay", "/overlay/{slug}?tier=large&layout=large", (1280, 720), scale=1.5, scene=SCENE),
    Shot("hub-dark", "/campaigns/{slug}", TALL),
    Shot("hub-light", "/campaigns/{slug}", TALL, theme="light"),
    Shot("hub-phone", "/campaigns/{slug}", PHONE, scale=2),
    Shot("character", "/campaigns/{slug}/characters/{character}", DESKTOP),
    Shot("admin", "/admin/characters/character/", WIDE, as_role=GM),
)


def main() -> int:
    browser = chromium.find_chromium()
    if browser is None:
        say(chromium.NOT_FOUND)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="troupe-pictures-") as name:
        folder = Path(name)
        with served(folder, environment(folder), SERVER) as demo:
            _take_all(browser, demo)
    return 0


def _take_all(executable: Path, demo: dict[str, Any]) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        with step("Pictures"):
            taken = {shot.name: _take(browser, shot, demo) for shot in SHOTS}
        browser.close()
    for name, picture in taken.items():  # not before all went well
        size = _save(picture, FOLDER / f"{name}.webp")
        say(f"docs/pictures/{name}.webp: {size / 1000:.0f} KB")


def _take(browser: Browser, shot: Shot, demo: dict[str, Any]) -> bytes:
    context = browser.new_context(
        base_url=demo["base_url"],
        viewport={"width": shot.size[0], "height": shot.size[1]},
        device_scale_factor=shot.scale,
        color_scheme="light" if shot.theme == "light" else "dark",
        reduced_motion="reduce",
    )
    page = context.new_page()
    if shot.as_role:
        log_in(page, next(user for user in demo["users"] if user["role"] == shot.as_role))
    refuse_failure(shot.name, page.goto(_address(page, shot, demo), wait_until="networkidle"))
    if shot.scene:
        page.evaluate("url => { document.documentElement.style.background = `url(${url}) center / cover` }", shot.scene)
        page.wait_for_load_state("networkidle")
    page.wait_for_timeout(SETTLING_MS)
    picture = page.screenshot()
    context.close()
    return picture


def _address(page: Page, shot: Shot, demo: dict[str, Any]) -> str:
    slug = demo["campaign"]["slug"]
    answer = page.request.get(f"/api/v1/campaigns/{slug}/roster")
    return shot.path.format(slug=slug, character=answer.json()["character_ids"][0])


def _save(picture: bytes, path: Path) -> int:
    """Write it small and return its bytes. Raises ValueError when it is too large for a README."""
    Image.open(io.BytesIO(picture)).convert("RGB").save(path, quality=QUALITY, method=6)
    if (size := path.stat().st_size) > MOST_BYTES:
        raise ValueError(f"{path.name} has {size} bytes; {MOST_BYTES} is the most")
    return size


if __name__ == "__main__":
    sys.exit(main())
