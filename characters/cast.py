"""The cast: the characters of a campaign that are somebody.

An app above may keep in a character what is nobody (the tracks of a cell of hunters), so that the desk, the overlay
and undo have it as any other. It stands on stage, and not among the cast.
"""

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from characters.models import Character

_nobody: list[Q] = []


def register(nobody: Q) -> None:
    """What of the characters is nobody."""
    _nobody.append(nobody)


def of(found: QuerySet[Character]) -> QuerySet[Character]:
    """Those of them who are somebody."""
    return found.exclude(_any()) if _nobody else found


def outside(campaign_id: UUID) -> set[str]:
    """Ids of the campaign's characters that are nobody; one query."""
    found: Any = Character.objects.filter(_any(), campaign_id=campaign_id).values_list("pk", flat=True)
    return {str(id_) for id_ in found} if _nobody else set()


def _any() -> Q:
    result = Q()
    for each in _nobody:
        result |= each
    return result
