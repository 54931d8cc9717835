"""What a badge shows, worked out of the live state without Django and without a word of CSS.

The browser's twin is static/overlay/js/badge-view.js; tests/overlay/vectors/badges.json binds both, so that
the server's first paint is the picture the script goes on with.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from characters.conditions import tone
from overlay.geometry import Place, clamp_place, place

TIERS = ("large", "medium", "compact")
BAND_FRACTION = {"unhurt": 1.0, "hurt": 0.75, "bloodied": 0.5, "critical": 0.25, "down": 0.0}
# How much of the bar a temporary layer of unknown size takes.
SOME_TEMP = 0.08
TRACK_ORDER = ("health", "willpower", "hunger", "desperation", "danger", "humanity")
SHAPES = ("plain", "shield", "circle", "diamond", "square")
AC_SHAPES = SHAPES[1:]
CHIP_LIMIT = {"large": 4, "medium": 3, "compact": 0}
TRACK_LIMIT = {"large": 6, "medium": 3, "compact": 1}
DETACHED_CHIP_LIMIT = 8
MAX_STATS = 8
MAX_CELLS = 20
STATE_CHIPS = {"down": "Down", "dead": "Dead", "retired": "Retired"}


@dataclass(frozen=True, slots=True)
class Hp:
    """now and temp are shares of the bar, together at most 1; current, max, extra only when shown exactly."""

    mode: str
    now: float
    temp: float
    label: str
    band: str
    current: int | None = None
    max: int | None = None
    extra: int | None = None


@dataclass(frozen=True, slots=True)
class Track:
    """cells: of boxes "x" aggravated, "/" superficial or ""; of pips "on" or ""; of humanity also "stain"."""

    key: str
    label: str
    kind: str
    cells: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Stat:
    key: str
    label: str
    value: str
    shape: str


@dataclass(frozen=True, slots=True)
class Chip:
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Saves:
    """Three marks each: true is a save made or failed."""

    success: tuple[bool, bool, bool]
    failure: tuple[bool, bool, bool]


@dataclass(frozen=True, slots=True)
class Focal:
    x: float = 0.5
    y: float = 0.2


@dataclass(frozen=True, slots=True)
class Badge:
    id: str
    tier: str
    state: str
    vitals: str
    name: str
    role: str
    accent: str
    portrait: str
    crest: str
    focal: Focal
    ac: str
    ac_shape: str
    hp: Hp | None
    tracks: tuple[Track, ...]
    stats: tuple[Stat, ...]
    saves: Saves | None
    chips: tuple[Chip, ...]
    place: Place = field(default_factory=lambda: Place(0, 1))
    chips_place: Place | None = None


def _int(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return int(value)


def _count(value: object) -> int:
    return max(0, _int(value) or 0)


def _dict(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _share(value: float) -> float:
    return max(0.0, min(1.0, value))


def words(slug: str) -> str:
    """A slug as a label: "mirror-image" gives "Mirror image"."""
    text = re.sub(r"[-_]+", " ", slug).strip()
    return text[:1].upper() + text[1:]


def band_of(fraction: float) -> str:
    """The band of a known share; the server names it where the audience may not know the share."""
    if fraction <= 0:
        return "down"
    if fraction <= 0.25:
        return "critical"
    if fraction <= 0.5:
        return "bloodied"
    return "hurt" if fraction < 1 else "unhurt"


def hp_of(stats: Mapping[str, Any]) -> Hp | None:
    """The bar in whichever of the display modes the stats came; None when there is nothing to show."""
    raw = _dict(stats.get("hp"))
    if raw.get("band") in BAND_FRACTION:
        band = raw["band"]
        return Hp("band", BAND_FRACTION[band], 0.0, words(band), band)
    if _int(raw.get("fraction")) is not None:
        return _bar(_share(float(raw["fraction"])), raw.get("temp") is True)
    return _exact(raw)


def _bar(fraction: float, temp: bool) -> Hp:
    total = max(1.0, fraction + SOME_TEMP) if temp else 1.0
    return Hp("bar", fraction / total, SOME_TEMP / total if temp else 0.0, "", band_of(fraction))


def _exact(raw: Mapping[str, Any]) -> Hp | None:
    current, most, temp = _int(raw.get("current")), _count(raw.get("max")), _count(raw.get("temp"))
    if current is None or most == 0:
        return None
    # Temporary HP widen the bar when it is full: a layer that is there must be seen.
    total = max(most, min(max(current, 0), most) + temp)
    now = _share(min(max(current, 0), most) / total)
    label = f"{current} / {most}" + (f" +{temp}" if temp else "")
    return Hp("exact", now, temp / total, label, band_of(current / most), current, most, temp)


def state_of(character: Mapping[str, Any], hp: Hp | None) -> str:
    """up, down, dead or retired."""
    stats = _dict(character.get("stats"))
    if character.get("status") in ("dead", "retired"):
        return str(character["status"])
    if _count(_dict(stats.get("death_saves")).get("failure")) >= 3:
        return "dead"
    health = _dict(_dict(stats.get("tracks")).get("health"))
    wounded_out = 0 < _count(health.get("max")) <= _count(health.get("aggravated"))
    return "down" if wounded_out or (hp is not None and hp.band == "down") else "up"


def saves_of(stats: Mapping[str, Any], state: str, hp: Hp | None) -> Saves | None:
    """Only of those who fall by hit points: a vampire in torpor makes no death saves."""
    saves = _dict(stats.get("death_saves"))
    if state != "down" or hp is None or not saves:
        return None
    return Saves(_three(saves.get("success")), _three(saves.get("failure")))


def _three(value: object) -> tuple[bool, bool, bool]:
    made = _count(value)
    return (made > 0, made > 1, made > 2)


def track_of(key: str, raw: Mapping[str, Any], label: str = "") -> Track | None:
    most = min(MAX_CELLS, _count(raw.get("max")))
    if most == 0:
        return None
    label = label or words(key)
    if "superficial" in raw:
        return _boxes(key, label, raw, most)
    value = min(most, _count(raw.get("value")))
    if "stains" in raw:
        return _humanity(key, label, raw, value, most)
    cells = ("on",) * value + ("",) * (most - value)
    return Track(key, label, "pips", cells, f"{label} {value} of {most}")


def _boxes(key: str, label: str, raw: Mapping[str, Any], most: int) -> Track:
    aggravated = min(most, _count(raw.get("aggravated")))
    superficial = min(most - aggravated, _count(raw.get("superficial")))
    cells = ("x",) * aggravated + ("/",) * superficial + ("",) * (most - aggravated - superficial)
    text = f"{label} {aggravated} aggravated, {superficial} superficial of {most}"
    return Track(key, label, "boxes", cells, text)


def _humanity(key: str, label: str, raw: Mapping[str, Any], value: int, most: int) -> Track:
    # Stains are written from the right end, as on paper, and over none of the filled ones.
    stains = min(most, _count(raw.get("stains")))
    clear = max(most - stains, value)
    cells = tuple("stain" if n >= clear else "on" if n < value else "" for n in range(most))
    stained = f", {stains} stained" if stains else ""
    return Track(key, label, "humanity", cells, f"{label} {value} of {most}{stained}")


def _rank(key: str) -> tuple[int, str]:
    return (TRACK_ORDER.index(key) if key in TRACK_ORDER else len(TRACK_ORDER), key)


def _entries(card: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    raw = card.get("stats")
    listed = [entry for entry in raw if isinstance(entry, Mapping)] if isinstance(raw, list | tuple) else []
    shown = (entry for entry in listed if entry.get("visible") is not False)
    return [entry for entry in shown if isinstance(entry.get("key"), str)][:MAX_STATS]


def _label(entry: Mapping[str, Any]) -> str:
    label = entry.get("label")
    return label.strip() if isinstance(label, str) else ""


def tracks_of(stats: Mapping[str, Any], card: Mapping[str, Any], tier: str) -> tuple[Track, ...]:
    """All tracks in their usual order, or, when the card names some, those in the card's order."""
    tracks = _dict(stats.get("tracks"))
    wanted = [entry for entry in _entries(card) if entry["key"].startswith("tracks.")]
    asked = [(entry["key"].removeprefix("tracks."), _label(entry)) for entry in wanted]
    names = asked or [(key, "") for key in sorted(tracks, key=_rank)]
    drawn = (track_of(key, _dict(tracks.get(key)), label) for key, label in names)
    return tuple(track for track in drawn if track)[: TRACK_LIMIT[tier]]


def stats_of(character: Mapping[str, Any], card: Mapping[str, Any], tier: str) -> tuple[Stat, ...]:
    if tier == "compact":
        return ()
    plain = [entry for entry in _entries(card) if not entry["key"].startswith("tracks.")]
    drawn = (_stat(character, entry) for entry in plain)
    return tuple(stat for stat in drawn if stat)


def _stat(character: Mapping[str, Any], entry: Mapping[str, Any]) -> Stat | None:
    key = entry["key"]
    value: Any = character.get("stats")
    for step in key.split("."):
        value = _dict(value).get(step)
    text = _value(character.get("level") or None if key == "level" else value)
    if text == "":
        return None
    shape = entry.get("shape")
    return Stat(key, _label(entry) or words(key.split(".")[-1]), text, shape if shape in SHAPES else "plain")


def _value(value: object) -> str:
    if isinstance(value, str):
        return value.strip()[:12]
    if value is True:
        return "Yes"
    number = _int(value)
    return "" if number is None else str(number)


def chips_of(stats: Mapping[str, Any], state: str, saves: Saves | None) -> list[Chip]:
    """State first, so that it is never the one that is cut off; death saves say "down" themselves."""
    rounds = _dict(stats.get("condition_rounds"))
    chips = [Chip(STATE_CHIPS[state], "state")] if state in STATE_CHIPS and not saves else []
    if stats.get("inspiration") is True:
        chips.append(Chip("Inspired", "good"))
    for condition in stats.get("conditions") or ():
        left = _int(rounds.get(condition))
        chips.append(Chip(words(condition) + (f" {left}" if left is not None else ""), tone(condition) or "plain"))
    return chips


def _cut(chips: Iterable[Chip], limit: int) -> tuple[Chip, ...]:
    chips = tuple(chips)
    if len(chips) <= limit or limit == 0:
        return chips[:limit]
    return (*chips[: limit - 1], Chip(f"+{len(chips) - limit + 1}", "plain"))


def role_of(character: Mapping[str, Any], tier: str, leveled: bool) -> str:
    if tier == "compact":
        return ""
    level = _count(character.get("level"))
    parts = [character.get("race"), character.get("class"), str(level) if leveled and level else ""]
    role = " ".join(part for part in parts if part)
    player = character.get("player_name") if tier == "large" else ""
    return " · ".join(part for part in (role, player) if part)


def _accent(character: Mapping[str, Any]) -> str:
    accent = character.get("accent")
    return accent if isinstance(accent, str) and re.fullmatch(r"#[0-9a-fA-F]{6}", accent) else ""


def _focal(character: Mapping[str, Any]) -> Focal:
    raw = _dict(character.get("focal"))
    x, y = raw.get("x"), raw.get("y")
    return Focal(
        _share(float(x)) if _int(x) is not None and x is not None else 0.5,
        _share(float(y)) if _int(y) is not None and y is not None else 0.2,
    )


def _ac_shape(card: Mapping[str, Any]) -> str:
    shape = card.get("ac_shape")
    return shape if shape in AC_SHAPES else AC_SHAPES[0]


def _vitals(hp: Hp | None, tracks: tuple[Track, ...]) -> str:
    if hp:
        return "both" if tracks else "hp"
    return "tracks" if tracks else "none"


def badge(character: Mapping[str, Any], tier: str, card: Mapping[str, Any], *, detached: bool = False) -> Badge:
    """One badge without its place. `card` switches parts off; what it does not name is shown."""

    def wants(part: str) -> bool:
        return card.get(part) is not False

    stats = _dict(character.get("stats"))
    hp = hp_of(stats)
    state = state_of(character, hp)
    saves = saves_of(stats, state, hp)
    tracks = tracks_of(stats, card, tier)
    chips = chips_of(stats, state, saves) if wants("conditions") else []
    portrait = character.get("portrait_url") or character.get("crest_url") or ""
    bar = hp if wants("hp") else None
    # Games that count in tracks have no levels and no armour class, and the fields' defaults are none.
    leveled = hp is not None or not stats.get("tracks")
    armoured = leveled or character.get("hp_display") == "hidden"
    ac = _count(stats.get("ac")) if armoured and wants("ac") and tier != "compact" else 0
    return Badge(
        id=str(character["id"]),
        tier=tier,
        state=state,
        vitals=_vitals(bar, tracks),
        name=str(character.get("name") or "") if wants("name") else "",
        role=role_of(character, tier, leveled) if wants("role") else "",
        accent=_accent(character),
        portrait=portrait if wants("portrait") else "",
        crest=character.get("crest_url") or "" if wants("portrait") else "",
        focal=_focal(character),
        ac=str(ac) if ac else "",
        ac_shape=_ac_shape(card),
        hp=bar,
        tracks=tracks,
        stats=stats_of(character, card, tier),
        saves=saves if tier != "compact" else None,
        chips=_cut(chips, DETACHED_CHIP_LIMIT if detached else CHIP_LIMIT[tier]),
    )


def _shown(state: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    by_id = {character["id"]: character for character in state.get("characters") or ()}
    return [by_id[key] for key in state.get("roster") or () if key in by_id]


def _tier(state: Mapping[str, Any], character_id: str, tier: str) -> str:
    own = _dict(state.get("rosterTiers")).get(character_id)
    return own if own in TIERS else tier


def badges(
    state: Mapping[str, Any],
    tier: str = "large",
    layout: str | None = None,
    width: float = 1920,
    height: float = 1080,
) -> list[Badge]:
    """The badges of a viewer's BOOTSTRAP in roster order, placed for a viewport of width x height pixels.

    `layout` names the tier whose saved layout is used (default: `tier`); "none" lets every badge flow.
    """
    tier = tier if tier in TIERS else TIERS[0]
    saved = _dict(_dict(state.get("layoutOverrides")).get(layout or tier))
    tall = _dict(saved.get("tall")) if height > width else {}
    own_chips = {**_dict(saved.get("chips")), **_dict(tall.get("chips"))}
    cast = _shown(state)
    tiers = {character["id"]: _tier(state, character["id"], tier) for character in cast}
    places = place(tiers.items(), _dict(saved.get("badges")), width, height, _dict(tall.get("badges")))
    return [
        _placed(character, tiers[character["id"]], card_of(saved, character["id"]), places, own_chips)
        for character in cast
    ]


def card_of(layout: Mapping[str, Any], character_id: str) -> Mapping[str, Any]:
    """What one badge shows: the character's own options on top of those of the tier."""
    return {**_dict(layout.get("card")), **_dict(_dict(layout.get("cards")).get(character_id))}


def _placed(
    character: Mapping[str, Any],
    tier: str,
    card: Mapping[str, Any],
    places: Mapping[str, Place],
    own_chips: Mapping[str, Any],
) -> Badge:
    key = character["id"]
    own = clamp_place(own_chips[key]) if key in own_chips else None
    drawn = badge(character, tier, card, detached=own is not None)
    return replace(drawn, place=places[key], chips_place=own)
