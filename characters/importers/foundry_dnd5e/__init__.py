"""Foundry Virtual Tabletop actors of the game system dnd5e, from 0.9 to 5.3.

Exports hold what is stored, without the sums Foundry makes while it runs: armour class, and since 2.1 the hit
point maximum, follow from classes, items and active effects. These modules repeat those sums.
"""

from characters.importers.foundry_dnd5e.character import import_actor

__all__ = ["import_actor"]
