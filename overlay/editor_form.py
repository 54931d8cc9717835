"""The layout of one tier as plain forms: every badge as numbers, and what a card shows. Works without script."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms

from campaigns import theme
from campaigns.backoffice.campaign import COLOURS
from campaigns.backoffice.forms import ColourField
from characters.models import Tier
from overlay import layouts
from overlay.badges import badges, card_of
from overlay.geometry import Place, clamp_place
from overlay.layout_problems import AC_SHAPES, LONGEST_LABEL, MAX_STATS, PARTS, SHAPES
from overlay.snapshot import Snapshot

# The picture in whose pixels places are typed.
PICTURES = {"wide": (1920, 1080), "tall": (1080, 1920)}
PART_LABELS = {
    "portrait": "Portrait",
    "name": "Name",
    "role": "Class and player",
    "hp": "Hit points",
    "ac": "Armour class",
    "conditions": "Conditions",
}
NUMBERS = ("x", "y", "scale", "z")
FIELDS = ("own", *NUMBERS, "hidden", "locked")
ABILITIES = {
    "str": "Strength",
    "dex": "Dexterity",
    "con": "Constitution",
    "int": "Intelligence",
    "wis": "Wisdom",
    "cha": "Charisma",
}


class Drawn:
    """One tier of a campaign's layout as the GM's snapshot has it, for wide or for upright pictures."""

    def __init__(self, state: Snapshot, tier: str, shape: str) -> None:
        self.state = state
        self.tier = tier
        self.shape = shape
        told = state["layoutOverrides"].get(tier, {})
        self.version: int = told.get("version", 0)
        self.document = layouts.whole({key: part for key, part in told.items() if key != "version"})
        self.width, self.height = PICTURES[shape]
        self.names = {character["id"]: character["name"] for character in state["characters"]}
        self.places: Mapping[str, Any] = (self.document["tall"] if shape == "tall" else self.document)["badges"]

    def people(self) -> list[str]:
        """Who is on stage, then who else has a place or a card in any tier."""
        named = {id_ for layout in self.state["layoutOverrides"].values() for id_ in layouts.ids(layout)}
        others = sorted(named & self.names.keys() - set(self.state["roster"]), key=lambda id_: self.names[id_])
        return [*(id_ for id_ in self.state["roster"] if id_ in self.names), *others]

    def spots(self) -> dict[str, Place]:
        """Where badges stand, of their own or by the flow."""
        placed = {id_: clamp_place(place) for id_, place in self.places.items()}
        drawn = badges(self.state, self.tier, self.tier, self.width, self.height)
        return placed | {badge.id: badge.place for badge in drawn}


class PlacesForm(forms.Form):
    """A row for each badge. Numbers that somebody changes give the badge a place of its own."""

    def __init__(self, *args: Any, drawn: Drawn, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.drawn = drawn
        spots = drawn.spots()
        for id_ in drawn.people():
            self._add(id_, drawn.names[id_], spots.get(id_, Place(0, 1)))

    def _add(self, id_: str, name: str, spot: Place) -> None:
        width, height = self.drawn.width, self.drawn.height
        saved = self.drawn.places.get(id_)
        numbers = {
            "x": ("left edge in pixels", 0, width, round(spot.x * width)),
            "y": ("bottom edge in pixels from the top", 0, height, round(spot.y * height)),
            "scale": ("size in percent", 25, 400, round(spot.scale * 100)),
            "z": ("layer", -99, 99, spot.z),
        }
        for key, (label, low, high, now) in numbers.items():
            self.fields[f"{key}-{id_}"] = forms.IntegerField(
                label=f"{name}: {label}", min_value=low, max_value=high, initial=now
            )
        switches = {
            "own": ("place of its own", saved is not None),
            "hidden": ("hidden", not spot.visible),
            "locked": ("locked", bool(saved and saved.get("locked"))),
        }
        for key, (label, is_on) in switches.items():
            self.fields[f"{key}-{id_}"] = forms.BooleanField(label=f"{name}: {label}", required=False, initial=is_on)

    def lines(self) -> Iterator[dict[str, Any]]:
        roster = set(self.drawn.state["roster"])
        for id_ in self.drawn.people():
            bound = {key: self[f"{key}-{id_}"] for key in FIELDS}
            yield {"id": id_, "name": self.drawn.names[id_], "on_stage": id_ in roster, **bound}

    def patch(self) -> dict[str, Any]:
        """Of the rows that somebody changed: places by id, null for those that are to flow."""
        moved = {id_: self._place(id_) for id_ in self.drawn.people() if self._changed(id_)}
        if not moved:
            return {}
        return {"tall": {"badges": moved}} if self.drawn.shape == "tall" else {"badges": moved}

    def _changed(self, id_: str) -> set[str]:
        return {key for key in FIELDS if f"{key}-{id_}" in self.changed_data}

    def _place(self, id_: str) -> dict[str, Any] | None:
        typed = {key: self.cleaned_data[f"{key}-{id_}"] for key in FIELDS}
        if not typed["own"] and (self._changed(id_) == {"own"} or id_ in self.drawn.places):
            return None
        place = {
            "x": typed["x"] / self.drawn.width,
            "y": typed["y"] / self.drawn.height,
            "scale": typed["scale"] / 100,
            "z": typed["z"],
        }
        untouched = {key for key in ("x", "y", "scale") if f"{key}-{id_}" not in self.changed_data}
        # What was not typed keeps the digits that a pixel does not show.
        exact = self.drawn.spots().get(id_)
        place |= {key: getattr(exact, key) for key in untouched if exact is not None}
        return {**place, "visible": not typed["hidden"], "locked": typed["locked"]}


class CardForm(forms.Form):
    """What badges of the tier show, or, with a `subject`, the badge of that character."""

    def __init__(self, *args: Any, drawn: Drawn, subject: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.drawn = drawn
        self.subject = subject
        self.card = card_of(drawn.document, subject)
        if subject:
            self.fields["own"] = forms.BooleanField(
                label=f"{drawn.names[subject]} has a card of its own",
                required=False,
                initial=subject in drawn.document["cards"],
            )
        for part in PARTS:
            self.fields[part] = forms.BooleanField(label=PART_LABELS[part], required=False, initial=self.card[part])
        self.fields["ac_shape"] = forms.ChoiceField(
            label="Shape of the armour class",
            choices=[(shape, shape.capitalize()) for shape in AC_SHAPES],
            initial=self.card.get("ac_shape", AC_SHAPES[0]),
        )
        self._add_stats()
        if subject:
            own = drawn.document["cards"].get(subject, {}).get("colours", {})
            for token in theme.TOKENS:
                self.fields[f"colour_{token}"] = ColourField(label=COLOURS[token], initial=own.get(token, ""))

    def _add_stats(self) -> None:
        choices = [("", "Nothing"), *known_stats(self.drawn.state, self.card["stats"])]
        for number in range(MAX_STATS):
            stat = self.card["stats"][number] if number < len(self.card["stats"]) else {}
            place = f"Stat {number + 1}"
            self.fields[f"key_{number}"] = forms.ChoiceField(
                label=place, choices=choices, required=False, initial=stat.get("key", "")
            )
            self.fields[f"label_{number}"] = forms.CharField(
                label=f"{place}: short form", max_length=LONGEST_LABEL, required=False, initial=stat.get("label", "")
            )
            self.fields[f"shape_{number}"] = forms.ChoiceField(
                label=f"{place}: shape",
                choices=[(shape, shape.capitalize()) for shape in SHAPES],
                required=False,
                initial=stat.get("shape", SHAPES[0]),
            )

    def parts(self) -> list[Any]:
        return [self[part] for part in PARTS]

    def stats(self) -> list[tuple[Any, Any, Any]]:
        numbers = range(MAX_STATS)
        return [(self[f"key_{number}"], self[f"label_{number}"], self[f"shape_{number}"]) for number in numbers]

    def colours(self) -> list[Any]:
        return [self[f"colour_{token}"] for token in theme.TOKENS] if self.subject else []

    def patch(self) -> dict[str, Any]:
        if not self.changed_data:
            return {}
        typed = self._typed()
        if not self.subject:
            return {"card": typed}
        of_all = {"ac_shape": AC_SHAPES[0], **self.drawn.document["card"]}
        own = {key: value for key, value in typed.items() if of_all[key] != value}
        colours = {token: self.cleaned_data[f"colour_{token}"] for token in theme.TOKENS}
        colours = {token: colour for token, colour in colours.items() if colour}
        own |= {"colours": colours} if colours else {}
        has_own = self.cleaned_data["own"] or "own" not in self.changed_data
        return {"cards": {self.subject: own if has_own and own else None}}

    def _typed(self) -> dict[str, Any]:
        data = self.cleaned_data
        rows = [{key: data[f"{key}_{number}"] for key in ("key", "label", "shape")} for number in range(MAX_STATS)]
        stats = [row for row in rows if row["key"]]
        return {**{part: data[part] for part in PARTS}, "ac_shape": data["ac_shape"], "stats": stats}


def known_stats(state: Snapshot, chosen: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Keys and names of everything that a card could show of these characters, and of what it shows already."""
    tracks = sorted({name for character in state["characters"] for name in character["stats"].get("tracks", {})})
    names = {f"abilities.{key}": name for key, name in ABILITIES.items()}
    names |= {f"tracks.{name}": name.replace("_", " ").capitalize() for name in tracks}
    names |= {"level": "Level", "inspiration": "Inspiration"}
    return list(({stat["key"]: stat["key"] for stat in chosen} | names).items())


def tier_of(text: str | None) -> str:
    return text if text in Tier.values else Tier.LARGE


def shape_of(text: str | None) -> str:
    return text if text in PICTURES else "wide"
