"""The back office of sheets. Importing this module registers its admin."""

from sheets.backoffice import sheet

__all__ = ["sheet"]
