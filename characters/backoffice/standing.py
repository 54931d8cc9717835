"""Whether a character stands on the stage."""

from characters.models import Character


def on_stage(character: Character) -> bool:
    """Costs no query where `roster_entry` was selected along."""
    return getattr(character, "roster_entry", None) is not None
