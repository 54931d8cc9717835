"""Photographs every page of the product, for eyes: as each person who sees it, at each width, dark and light. Run by
`dev.py photographs`. It shows a demo that is filled up (`scene`), on a database of its own.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from devtools import chromium
from devtools.demo import FLAGS, ROOT, environment, log_in, refuse_failure, served
from devtools.photographs.album import ALBUM, VISITOR, Photograph
from devtools.photographs.steps import STEPS
from devtools.steps import say, step

SCENE = ["-m", "devtools.photographs.fill"]
SERVER = ["-m", "uvicorn", "config.asgi:application", "--no-access-log", "--lifespan", "off", "--port"]
THEMES = ("dark", "light")
SETTLING_MS = 350  # bars and pictures that come by script
LONGEST = 6000  # pixels of a page; more is the same again


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="dev.py photographs", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "var/photographs", help="the folder that gets them")
    parser.add_argument("--only", default="", help="photographs whose name begins so; several with commas between")
    given = parser.parse_args(arguments)
    chosen = wanted(given.only)
    browser = chromium.find_chromium()
    if browser is None or not chosen:
        say(chromium.NOT_FOUND if browser is None else f"No photograph has a name that begins with {given.only}.")
        return 1
    given.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="troupe-photographs-") as name:
        folder = Path(name)
        with served(folder, _environment(folder), SERVER, SCENE) as demo, sync_playwright() as playwright:
            return take(playwright.chromium.launch(executable_path=browser, args=FLAGS), demo, chosen, given.out)


def wanted(only: str) -> list[Photograph]:
    return [each for each in ALBUM if each.name.startswith(tuple(only.split(",")))]


def _environment(folder: Path) -> dict[str, str]:
    """As in production: with DEBUG, errors have pages that nobody but us ever sees."""
    own = {"DEBUG": "0", "HTTPS_ONLY": "0", "DJANGO_SETTINGS_MODULE": "devtools.photographs.settings"}
    return {**environment(folder), **own, "DISCORD_CLIENT_ID": "photographs", "DISCORD_CLIENT_SECRET": "of-no-house"}


def take(browser: Browser, demo: dict[str, Any], chosen: Sequence[Photograph], out: Path) -> int:
    """How many could not be taken; the others are."""
    pages: dict[str, Page] = {}
    failed = 0
    with step(f"{len(chosen)} pages, into {out}"):
        for each in chosen:
            if each.who not in pages:
                pages[each.who] = _signed_in(browser, demo, each.who)
            try:
                _photograph(pages[each.who], demo, each, out)
            except Exception as error:
                failed += 1
                say(f"{each.name}: {error}")
    browser.close()
    return failed


def _signed_in(browser: Browser, demo: dict[str, Any], who: str) -> Page:
    context = browser.new_context(base_url=demo["base_url"], reduced_motion="reduce", service_workers="block")
    page = context.new_page()
    if who != VISITOR:
        log_in(page, demo["people"][who])
    return page


def _photograph(page: Page, demo: dict[str, Any], wanted: Photograph, out: Path) -> None:
    """Opened once, at the smallest size: most pages fit themselves to the window without being loaded again."""
    for index, size in enumerate(wanted.sizes):
        _resize(page, size)
        if index == 0 or wanted.afresh:
            _open(page, demo, wanted)
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            page.wait_for_timeout(SETTLING_MS)
            _save(page, out / f"{wanted.name}-{size[0]}-{theme}.png")


def _open(page: Page, demo: dict[str, Any], wanted: Photograph) -> None:
    page.emulate_media(color_scheme="dark", media="screen")
    page.goto("about:blank")  # or a link to a place in the page that is open would not load it
    answer = page.goto("/" + wanted.path.format(**demo["names"]), wait_until="load")
    if wanted.step:
        STEPS[wanted.step](page, demo)
    else:
        refuse_failure(wanted.name, answer, wanted.status)


def _resize(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})


def _save(page: Page, path: Path) -> None:
    """Says so where the page is wider than its window."""
    width, height = page.evaluate(
        "() => { const { scrollWidth, scrollHeight } = document.documentElement; return [scrollWidth, scrollHeight] }"
    )
    window = (page.viewport_size or {"width": width})["width"]
    if width > window:
        say(f"{path.stem}: {width} pixels wide")
    whole: Any = {} if height <= LONGEST else {"clip": {"x": 0, "y": 0, "width": window, "height": LONGEST}}
    page.screenshot(path=path, full_page=True, **whole)


if __name__ == "__main__":
    sys.exit(min(main(), 1))
