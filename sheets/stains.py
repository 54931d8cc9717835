"""What it costs to be stained beyond the empty boxes: each stain that finds none marks an aggravated willpower."""

from collections.abc import Mapping
from uuid import UUID

from characters import consequences, tracks
from sheets import dice, lines
from sheets.models import Sheet

Steps = dict[str, int]
PAYS = "willpower"


def cost(before: Mapping[str, Mapping[str, int]], name: str, steps: Steps) -> list[tuple[str, Steps]]:
    """The step that follows from moving this track, if one does. Pure."""
    track = before.get(name, {})
    if "stains" not in track or PAYS not in before:
        return []
    raised = tracks.moved(dict(track), delta=steps.get("delta", 0))
    over = dice.stained(raised, steps.get("stains", 0))
    return [(PAYS, {"aggravated": over})] if over else []


def of_character(
    character_id: UUID, before: Mapping[str, dict[str, int]], name: str, steps: Steps
) -> list[tuple[str, Steps]]:
    """The same for a character, where a sheet plays it: by itself it is of no game. A query where there is a cost."""
    found = cost(before, name, steps)
    return found if found and _plays(character_id, name) else []


def _plays(character_id: UUID, name: str) -> bool:
    line = Sheet.objects.filter(character_id=character_id).values_list("line", flat=True).first()
    known = lines.every().get(line or "")
    return known is not None and name in known.tracks_by_name


def register() -> None:
    consequences.register(of_character)
