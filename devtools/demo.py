"""A demo on a database of its own, served while pictures of it are taken, and who signs in to it in a browser."""

import contextlib
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Response

from devtools import development, processes
from devtools.steps import step

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60.0
FLAGS = ["--no-sandbox", "--disable-gpu", "--force-color-profile=srgb", "--font-render-hinting=none"]


def environment(folder: Path) -> dict[str, str]:
    """Nothing of this shell's database, Redis or files: the pictures show the demo alone."""
    outer = {name: value for name, value in os.environ.items() if name not in {"REDIS_URL", "S3_BUCKET"}}
    own = {"DATABASE_URL": f"sqlite:///{folder}/db.sqlite3", "MEDIA_ROOT": f"{folder}/media", "LOG_LEVEL": "WARNING"}
    return {**development.environment(ROOT, environ=outer), **own, "DEBUG": "1"}


@contextlib.contextmanager
def served(folder: Path, env: Mapping[str, str], server: Sequence[str], *more: Sequence[str]) -> Iterator[Any]:
    """Yields what the demo's file says. `more` are programs of Python that run before the server does, with the file's
    path as their last word; `server` is told its port the same way.
    """
    port, file = processes.free_port(), f"{folder}/demo.json"
    url = development.base_url("127.0.0.1", port)
    made = (["manage.py", "migrate", "--verbosity", "0"], ["manage.py", "demo", "--write", file, "--base-url", url])
    with step("Demo"):
        for command in (*made, *([*each, file] for each in more)):
            if code := processes.run_in_front([sys.executable, *command], env=env, cwd=ROOT):
                sys.exit(code)
    process = processes.start([sys.executable, *server, str(port)], log=folder / "server.log", env=env, cwd=ROOT)
    try:
        processes.wait_until(lambda: processes.accepts(port), process, seconds=START_SECONDS, name="the server")
        yield json.loads(Path(file).read_text())
    finally:
        processes.stop(process)


def log_in(page: Page, user: Mapping[str, str]) -> None:
    page.goto("/accounts/login")
    page.fill("input[name=username]", user["username"])
    page.fill("input[name=password]", user["password"])
    with page.expect_navigation():
        page.press("input[name=password]", "Enter")


def refuse_failure(name: str, answer: Response | None, status: int = 200) -> None:
    """Raises RuntimeError where the page did not answer so, or sent the browser elsewhere."""
    if answer is None or answer.status != status or answer.request.redirected_from:
        raise RuntimeError(f"no picture of {name}: the page answered {answer and answer.status}")
