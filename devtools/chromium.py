"""Finds the browser of the browser tests."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

# The first draws no windows: a test takes a third of the processor time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
NOT_FOUND = f"no Chromium at CHROMIUM_PATH or on PATH ({', '.join(NAMES)})"


def find_chromium(environ: Mapping[str, str] = os.environ) -> Path | None:
    candidates = [environ.get("CHROMIUM_PATH", ""), *NAMES]
    paths = (shutil.which(name, path=environ.get("PATH", "")) for name in candidates if name)
    return next((Path(path) for path in paths if path), None)
