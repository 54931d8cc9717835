from typing import ClassVar

from django.db import models

from accounts.models import Timed
from accounts.sealed import SealedTextField
from campaigns.models import Campaign
from characters.models import Tier


class Layout(Timed):
    """Where the badges of one tier stand; the document's shape is `overlay.layouts`."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="layouts")
    tier = models.CharField(max_length=10, choices=Tier.choices)
    document = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering: ClassVar = ["tier"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["campaign", "tier"], name="one_layout_per_tier")]

    def __str__(self) -> str:
        return f"{self.campaign}: {self.get_tier_display()}"


class LiveTicket(models.Model):
    """Opens the live stream once (overlay.operations.tickets). The grant may name a session, so it is sealed."""

    digest = models.CharField(max_length=64, primary_key=True)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+")
    grant = SealedTextField()
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.campaign} until {self.expires_at:%H:%M:%S}"
