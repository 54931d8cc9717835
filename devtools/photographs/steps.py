"""What is done on a page before it is photographed."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from playwright.sync_api import Page

from devtools.demo import log_in

Demo = Mapping[str, Any]
CHECKERED = "repeating-conic-gradient(#8a8a8a 0% 25%, #b4b4b4 0% 50%) 50% / 40px 40px"
A_SKETCH = '[{"name": "Odile Marsh", "class": "Druid", "level": 7, "hp": {"current": 41, "max": 50}}]'


def checkered(page: Page, demo: Demo) -> None:
    """What is transparent shows."""
    page.evaluate("ground => { document.documentElement.style.background = ground }", CHECKERED)


def _an_actor(name: str, species: str, class_: str, level: int, hp: int) -> Any:
    """As Foundry exports one, with what is read of it."""
    scores = {"str": 10, "dex": 14, "con": 13, "int": 11, "wis": 17, "cha": 12}
    system = {
        "abilities": {ability: {"value": score} for ability, score in scores.items()},
        "attributes": {"hp": {"value": hp - 9, "max": hp, "temp": 0}, "ac": {"calc": "flat", "flat": 15}},
        "details": {"race": species, "level": level},
    }
    items = [{"name": class_, "type": "class", "system": {"levels": level, "hitDice": "d8"}}]
    game = {"systemId": "dnd5e", "systemVersion": "4.0.0"}
    actor = {
        "_id": name.replace(" ", "").ljust(16, "0"),
        "name": name,
        "type": "character",
        "system": system,
        "items": items,
        "_stats": game,
    }
    return _file(f"{name}.json", json.dumps(actor))


def _file(name: str, text: str) -> Any:
    return {"name": name, "mimeType": "application/json", "buffer": text.encode()}


THE_GOOD = [_an_actor("Odile Marsh", "Human", "Druid", 7, 50), _an_actor("Corvin Ash", "Elf", "Ranger", 6, 44)]
THE_REFUSED = [_file("party-notes.json", A_SKETCH), _file("portrait.json", "\x89PNG, and the rest of it")]


def choose_files(page: Page, demo: Demo) -> None:
    """What would come in is told before anything is written."""
    page.set_input_files("main input[type=file]", THE_GOOD)
    page.wait_for_selector("[data-part=preview] li")


def bring_them_in(page: Page, demo: Demo) -> None:
    choose_files(page, demo)
    with page.expect_navigation():
        page.click("main button[type=submit]")


def choose_files_of_which_some_are_refused(page: Page, demo: Demo) -> None:
    page.set_input_files("main input[type=file]", [THE_GOOD[0], *THE_REFUSED])
    page.wait_for_selector("[data-part=preview] li")


def bring_in_what_is_refused(page: Page, demo: Demo) -> None:
    page.set_input_files("main input[type=file]", THE_REFUSED)
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
    "choose files": choose_files,
    "bring them in": bring_them_in,
    "choose files, some refused": choose_files_of_which_some_are_refused,
    "bring in what is refused": bring_in_what_is_refused,
    "follow the link": follow_the_link,
    "sign in wrongly": sign_in_wrongly,
    "sign in with two steps": sign_in_with_two_steps,
    "open the dice": open_the_dice,
    "print": print_it,
}
