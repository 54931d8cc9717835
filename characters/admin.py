"""The back office of characters and the roster. Importing these modules registers their admins."""

from characters.backoffice import character, stage

__all__ = ["character", "stage"]
