"""How much room files take and may take."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Sum

from content.models import Space, Version
from contract.refusals import Invalid

QUOTA_EXCEEDED = "quota_exceeded"


@dataclass(frozen=True)
class Room:
    """What is counted in `space`, and at most `allowed` bytes of it."""

    space: UUID
    allowed: int

    def used(self) -> int:
        """Bytes, those included whose storing has begun."""
        found = Version.objects.filter(asset__space=self.space).aggregate(total=Sum("size"))["total"]
        return int(found or 0)

    def require(self, size: int) -> None:
        """Raises Invalid where `size` bytes more would be too much."""
        used = self.used()
        if used + size > self.allowed:
            taken, allowed, needed = (each / 2**20 for each in (used, self.allowed, size))
            needs = f", and this needs {needed:.1f} MB" if size else ""
            told = (
                f"There is no room for it: {taken:.1f} of {allowed:.1f} MB are taken{needs}. Delete what is not in use."
            )
            raise Invalid([("file", told)], QUOTA_EXCEEDED)

    def lock(self) -> None:
        """Inside a transaction: whoever counts next counts what this one adds."""
        Space.objects.get_or_create(pk=self.space)
        Space.objects.select_for_update().get(pk=self.space)
