"""From what somebody asks to roll to the dice that are thrown, and in words what fell. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sheets import dice
from sheets.lines.shape import EVERYBODY, OWNER, STORYTELLER, Dots, Draft, Kind, Line

POOL, ROUSE, REMORSE, FRENZY = "pool", "rouse", "remorse", "frenzy"
KINDS = (POOL, ROUSE, REMORSE, FRENZY)
SURGE = "surge"
CHECK_LABELS = {ROUSE: "Rouse check", REMORSE: "Remorse", FRENZY: "Resist frenzy"}
ABOUT = {ROUSE: dice.HUNGER, SURGE: dice.HUNGER, FRENZY: dice.HUNGER}
PASSED, FAILED = "passed", "failed"
OPEN, OVERREACH, TO_DESPAIR = "open", "overreach", "despair"
MOST_TRAITS = 3
MOST_MODIFIED = 20
HIGHEST_DIFFICULTY = 20
MOST_KEPT = 50
LONGEST_LABEL = 80

RowsById = Mapping[str, tuple[Kind, Mapping[str, Any]]]


class NotRolled(ValueError):
    """Why this cannot be rolled; `field` is the one of the request that it is about."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Part:
    """What adds dice to a pool, or takes some."""

    label: str
    dice: int
    column: str = ""
    is_power: bool = False
    is_checked: bool = False  # a track: no special dice, no second throw


@dataclass(frozen=True)
class Plan:
    """What is going to be thrown. `special` dice replace others (hunger) or come on top (desperation)."""

    label: str
    parts: tuple[Part, ...]
    special: int
    special_kind: str
    difficulty: int
    rerolls: bool

    @property
    def pool(self) -> int:
        return max(sum(part.dice for part in self.parts), 1)

    def thrown(self, d10: dice.D10) -> dice.Judged:
        if self.special_kind == dice.DESPERATION:
            return dice.rolled_with_desperation(self.pool, self.difficulty, d10, desperation=self.special)
        return dice.rolled(self.pool, self.difficulty, d10, hunger=self.special)


def plan(
    line: Line,
    draft: Draft,
    chronicle: Mapping[str, Any],
    asked: Mapping[str, Any],
    rows: RowsById,
    surge: bool = False,
) -> Plan:
    """The pool that is asked for: `traits` or a number of `dice`, with what comes on top. Raises NotRolled."""
    traits = [trait(line, draft, rows, name) for name in asked.get("traits", ())]
    if bool(traits) == ("dice" in asked):
        raise NotRolled("traits", "Name the traits of the pool, or a number of dice.")
    parts = traits or [Part("Dice", asked["dice"])]
    parts += _extras(line, draft, chronicle, asked, rows, traits)
    if surge:
        parts.append(Part("Blood surge", line.dice(draft, chronicle).surge))
    plain = bool(traits) and all(part.is_checked for part in traits)
    if sum(part.dice for part in parts) > dice.MOST_DICE:
        raise NotRolled("modifier", f"At most {dice.MOST_DICE} dice are thrown at once.")
    special = 0 if plain else special_dice(line, draft, asked)
    label = asked.get("label") or " + ".join(part.label for part in traits) or f"{asked['dice']} dice"
    return Plan(label[:LONGEST_LABEL], tuple(parts), special, line.special, asked["difficulty"], not plain)


def trait(line: Line, draft: Draft, rows: RowsById, name: str) -> Part:
    """A field with dots, the id of a row with a rating, or a track that is rolled as it stands. Raises NotRolled."""
    field = line.by_name.get(name)
    if isinstance(field, Dots):
        return Part(field.label, draft.fields[name], field.column)
    if name in line.checked:
        return Part(line.tracks_by_name[name].label, standing(draft.tracks[name]), is_checked=True)
    kind, values = rows.get(name, (None, {}))
    if kind is None or not kind.rating:
        raise NotRolled("traits", "Traits are fields with dots, or ids of rows with a rating, of this sheet.")
    return Part(_row_label(kind, values), values[kind.rating], is_power=kind.name == line.powers)


def _row_label(kind: Kind, values: Mapping[str, Any]) -> str:
    field = kind.by_name[kind.unique[0] if kind.unique else "name"]
    codes = getattr(field, "codes", {})
    return str(codes.get(values[field.name], values[field.name]))


def standing(track: Mapping[str, int]) -> int:
    """Of a track as a pool: what it counts, or its boxes without damage."""
    return track["value"] if "value" in track else track["max"] - track["superficial"] - track["aggravated"]


def _extras(
    line: Line,
    draft: Draft,
    chronicle: Mapping[str, Any],
    asked: Mapping[str, Any],
    rows: RowsById,
    traits: Sequence[Part],
) -> list[Part]:
    found = []
    if asked.get("specialty"):
        found.append(_specialty(line, rows, str(asked["specialty"]), asked.get("traits", ())))
    bonus = line.dice(draft, chronicle).bonus
    if bonus and any(part.is_power for part in traits):
        found.append(Part("Blood potency", bonus))
    if asked.get("modifier"):
        found.append(Part("Modifier", asked["modifier"]))
    pooled = any(not part.is_checked for part in traits)
    lost = dice.impairment(draft.tracks, {part.column for part in traits if part.column}) if pooled else 0
    return found + ([Part("Impaired", -lost)] if lost else [])


def _specialty(line: Line, rows: RowsById, id_: str, traits: Sequence[str]) -> Part:
    kind, values = rows.get(id_, (None, {}))
    if kind is None or kind.name != "specialties":
        raise NotRolled("specialty", "This sheet has no such specialty.")
    if values["skill"] not in traits:
        skill = line.by_name[values["skill"]].label
        raise NotRolled("specialty", f"{values['name']} is a specialty of {skill}, which is not in this pool.")
    return Part(str(values["name"]), 1)


def checks(line: Line, draft: Draft) -> tuple[str, ...]:
    """The line's, where the sheet has the track that they are about."""
    return tuple(name for name in line.checks if ABOUT.get(name, "humanity") in draft.tracks)


def special_dice(line: Line, draft: Draft, asked: Mapping[str, Any]) -> int:
    """Hunger dice always, desperation dice where they are asked for. Raises NotRolled."""
    if asked.get("desperation") and line.special != dice.DESPERATION:
        raise NotRolled("desperation", "Only hunters add desperation dice.")
    if line.special == dice.HUNGER:
        return draft.tracks.get(dice.HUNGER, {"value": 0})["value"]
    if not asked.get("desperation"):
        return 0
    if draft.tracks["despair"]["value"]:
        raise NotRolled("desperation", "In despair there are no desperation dice. Redeem yourself first.")
    return draft.tracks[dice.DESPERATION]["value"]


def choices(result: Mapping[str, Any]) -> tuple[str, ...]:
    """What a hunter may choose after desperation dice showed a 1; without a win only despair is left."""
    if result["outcome"] == dice.CHOICE:
        return OVERREACH, TO_DESPAIR
    return (TO_DESPAIR,) if result["outcome"] == dice.DESPAIR else ()


def settled(result: Mapping[str, Any], choice: str) -> dict[str, Any]:
    """The result after the choice: overreach keeps the win, despair makes a failure of it."""
    if choice == TO_DESPAIR:
        return {**result, "outcome": dice.DESPAIR, "choice": choice}
    faces = [*result["normal"], *result["special"]]
    won = dice.CRITICAL if faces.count(10) >= 2 else dice.SUCCESS
    return {**result, "outcome": won, "choice": choice}


# --- for whom ---


def readers(*, hidden: bool, by_owner: bool) -> tuple[str, ...]:
    """A hidden roll is its roller's and the storyteller's."""
    if not hidden:
        return (EVERYBODY,)
    return (STORYTELLER, OWNER) if by_owner else (STORYTELLER,)


def noted(reader: str) -> str:
    """The name under which a sheet notes the version of the last roll that this reader may see."""
    return f"rolls.{reader}"


def version(field_versions: Mapping[str, int], may: Callable[[str], bool]) -> int:
    """Another one when there is something new among the rolls that somebody sees; 0 before the first."""
    seen = [reader for reader in (EVERYBODY, OWNER, STORYTELLER) if may(reader)]
    return max((field_versions.get(noted(reader), 0) for reader in seen), default=0)


# --- in words ---


def words(kind: str, result: Mapping[str, Any]) -> str:
    """The outcome as it is read aloud."""
    outcome = result["outcome"]
    if kind == ROUSE:
        return (
            "No more hunger"
            if outcome == PASSED
            else f"Hunger {'stays at' if result['frenzy'] else 'rises to'} " + str(result["hunger"])
        )
    if kind == REMORSE:
        return "The stains are cleared" if outcome == PASSED else f"Humanity falls to {result['humanity']}"
    if kind == FRENZY:
        return _against_frenzy(outcome)
    if result.get("choice") == OVERREACH:
        return f"{dice.LABELS[outcome]}, overreach"
    return dice.LABELS[outcome]


def _against_frenzy(outcome: str) -> str:
    if outcome in (dice.CRITICAL, dice.MESSY_CRITICAL):
        return "Frenzy resisted, no turn lost"
    return "Frenzy resisted" if outcome == dice.SUCCESS else "Frenzy"


def summary(kind: str, result: Mapping[str, Any]) -> str:
    """One clause for lists: the outcome and how it came to be."""
    said = words(kind, result)
    if kind in (ROUSE, REMORSE):
        return said[:1].lower() + said[1:]
    count = result["total"]
    return f"{said[:1].lower()}{said[1:]}, {count} success{'' if count == 1 else 'es'} against {result['difficulty']}"


def die(face: int, special: str = "") -> dict[str, Any]:
    """As the ledger carries it."""
    return {"sides": 10, "value": face, **({"kind": special} if special else {})}
