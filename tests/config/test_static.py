"""Static files as production has them: by names that change with what is in them, and as little as is needed."""

import gzip
import json
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from tests.factories import a_campaign, a_character, on_stage

IMPORTS = re.compile(r"""(?:from|import)\s*["'](\.{1,2}/[^"']+)["']""")
MOST_BYTES = 60 * 1024  # of the overlay, as it is sent: page, styles, scripts; without portraits


def source(path: str) -> Path:
    found = finders.find(path)
    assert found, path
    return Path(str(found))


def modules(entry: str) -> set[str]:
    """The module and whatever it imports, and so on."""
    known: set[str] = set()
    waiting = [entry]
    while waiting:
        path = waiting.pop()
        if path not in known:
            known.add(path)
            folder = Path(path).parent
            found = IMPORTS.findall(source(path).read_text())
            waiting += [str(Path("/", folder, each).resolve()).lstrip("/") for each in found]
    return known


@pytest.mark.django_db
def test_the_overlay_is_small(client: Client) -> None:
    campaign = a_campaign()
    on_stage(campaign, *(a_character(campaign, name=f"Hero {turn}") for turn in range(6)))
    html = client.get(f"/overlay/{campaign.slug}").content
    named = re.findall(r'(?:src|href)="/static/([^"?]+\.(?:js|css))"', html.decode())
    assert any(name.endswith(".js") for name in named) and any(name.endswith(".css") for name in named)
    files = {each for name in named for each in (modules(name) if name.endswith(".js") else {name})}
    assert len(files) > 8
    sent = len(gzip.compress(html)) + sum(len(gzip.compress(source(each).read_bytes())) for each in files)
    assert sent < MOST_BYTES


def test_modules_import_each_other_by_names_that_change(static_root: Path) -> None:
    """OBS would serve yesterday's code from its cache."""
    names = json.loads((static_root / "staticfiles.json").read_text())["paths"]
    own = [name for name in names if name.endswith(".js") and modules_of_ours(name)]
    assert "overlay/js/overlay.js" in own
    hashed = set(names.values())
    for name in own:
        folder = Path("/", names[name]).parent
        for imported in IMPORTS.findall((static_root / names[name]).read_text()):
            assert str((folder / imported).resolve()).lstrip("/") in hashed, (name, imported)


def modules_of_ours(name: str) -> bool:
    return (Path(__file__).parents[2] / "static" / name).exists()
