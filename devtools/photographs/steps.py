"""What is done on a page before it is photographed."""

from collections.abc import Callable, Mapping
from typing import Any

from playwright.sync_api import Page

from devtools.demo import log_in

Demo = Mapping[str, Any]
CHECKERED = "repeating-conic-gradient(#8a8a8a 0% 25%, #b4b4b4 0% 50%) 50% / 40px 40px"
A_FILE = '[{"name": "Odile Marsh", "class": "Druid", "race": "Human", "level": 7, "hp": {"current": 41, "max": 50}}]'


def checkered(page: Page, demo: Demo) -> None:
    """What is transparent shows."""
    page.evaluate("ground => { document.documentElement.style.background = ground }", CHECKERED)


def choose_a_file(page: Page, demo: Demo) -> None:
    file: Any = {"name": "party.json", "mimeType": "application/json", "buffer": A_FILE.encode()}
    page.set_input_files("main input[type=file]", file)
    with page.expect_navigation():
        page.click("main button[type=submit]")


def follow_the_link(page: Page, demo: Demo) -> None:
    page.wait_for_url("**/invitations/open")


def sign_in_wrongly(page: Page, demo: Demo) -> None:
    log_in(page, {"username": "nobody-of-this-name", "password": "no pass phrase of theirs"})


def sign_in_with_two_steps(page: Page, demo: Demo) -> None:
    log_in(page, demo["people"]["guarded"])


def open_the_dice(page: Page, demo: Demo) -> None:
    """Where the window is narrow they are folded to one button."""
    button = page.locator("[data-part=sum]")
    if button.is_visible():
        button.click()


def print_it(page: Page, demo: Demo) -> None:
    page.emulate_media(media="print")


STEPS: Mapping[str, Callable[[Page, Demo], None]] = {
    "checkered": checkered,
    "choose a file": choose_a_file,
    "follow the link": follow_the_link,
    "sign in wrongly": sign_in_wrongly,
    "sign in with two steps": sign_in_with_two_steps,
    "open the dice": open_the_dice,
    "print": print_it,
}
