"""A scene collection for OBS: one scene for each tier, with the overlay as its browser source.

The fields are those of a collection that OBS 30 and later write (names and values as `obs-browser-plugin.cpp` reads
them); what OBS fills in by itself is left out. OBS itself has not been run on it.
"""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from characters.models import Tier

Document = dict[str, Any]

FPS = 30
CANVASES = {"1920x1080": (1920, 1080), "1280x720": (1280, 720), "2560x1440": (2560, 1440), "3840x2160": (3840, 2160),
            "1080x1920": (1080, 1920)}  # fmt: skip
MAIN_CANVAS = "6c69626f-6273-4c00-9d88-c5136d61696e"  # how OBS 31 and later call the one that everybody has
TOP_LEFT = 5
STRETCH_NOTHING = 0
CSS = "body { background-color: rgba(0, 0, 0, 0); margin: 0px auto; overflow: hidden; }"  # as OBS fills it in


def address(overlay: str, tier: str, key: str = "") -> str:
    """The overlay's address for one source; the key stands behind #, where no server and no log sees it."""
    return f"{overlay}?tier={tier}" + (f"#key={key}" if key else "")


def collection(name: str, overlay: str, size: tuple[int, int], key: str = "") -> Document:
    """`overlay` is the address of the overlay without a query."""
    scenes = [f"{name}: {Tier(tier).label.lower()}" for tier in Tier.values]
    sources: list[Document] = []
    for scene, tier in zip(scenes, Tier.values, strict=True):
        source = _browser(f"Overlay, {tier}", address(overlay, tier, key), size, overlay)
        sources += [source, _scene(scene, source, size, overlay)]
    return {
        "name": name,
        "current_scene": scenes[0],
        "current_program_scene": scenes[0],
        "scene_order": [{"name": scene} for scene in scenes],
        "sources": sources,
        "groups": [],
        "transitions": [],
        "quick_transitions": [],
        "saved_projectors": [],
        "current_transition": "Cut",
        "transition_duration": 300,
        "modules": {},
    }


def _source(kind: str, name: str, seed: str, settings: Document) -> Document:
    return {
        "name": name,
        "uuid": str(uuid5(NAMESPACE_URL, f"{seed} {name}")),
        "id": kind,
        "versioned_id": kind,
        "settings": settings,
        "mixers": 0,
        "volume": 1.0,
        "balance": 0.5,
        "enabled": True,
        "muted": False,
        "hotkeys": {},
        "private_settings": {},
    }


def _browser(name: str, url: str, size: tuple[int, int], seed: str) -> Document:
    settings = {
        "url": url,
        "width": size[0],
        "height": size[1],
        "fps_custom": True,
        "fps": FPS,
        "css": CSS,
        "shutdown": False,
        "restart_when_active": False,
        "reroute_audio": False,
        "webpage_control_level": 1,  # status only: enough to know whether the stream is on
    }
    return _source("browser_source", name, seed, settings)


def _scene(name: str, source: Document, size: tuple[int, int], seed: str) -> Document:
    canvas = {"x": float(size[0]), "y": float(size[1])}
    item = {
        "name": source["name"],
        "source_uuid": source["uuid"],
        "id": 1,
        "visible": True,
        "locked": True,
        "rot": 0.0,
        "align": TOP_LEFT,
        "bounds_type": STRETCH_NOTHING,
        "bounds_align": 0,
        "bounds": {"x": 0.0, "y": 0.0},
        "pos": {"x": 0.0, "y": 0.0},
        "scale": {"x": 1.0, "y": 1.0},
        "scale_ref": canvas,
        **{f"crop_{side}": 0 for side in ("left", "top", "right", "bottom")},
        "scale_filter": "disable",
        "blend_method": "default",
        "blend_type": "normal",
        "group_item_backup": False,
        "private_settings": {},
    }
    settings = {"id_counter": 1, "custom_size": False, "items": [item]}
    return {**_source("scene", name, seed, settings), "canvas_uuid": MAIN_CANVAS}
