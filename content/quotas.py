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
            shown = f"{used / 1e6:.1f} of {self.allowed / 1e6:.1f} MB are taken, and this needs {size / 1e6:.1f} MB"
            raise Invalid([("file", f"{QUOTA_EXCEEDED}: {shown}. Delete what is not in use.")], QUOTA_EXCEEDED)

    def lock(self) -> None:
        """Inside a transaction: whoever counts next counts what this one adds."""
        Space.objects.get_or_create(pk=self.space)
        Space.objects.select_for_update().get(pk=self.space)
