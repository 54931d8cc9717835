import uuid
from typing import ClassVar

from django.db import models


class AuditEntry(models.Model):
    """Who changed what, with which credential, from what to what. Rows are only ever added (see migration 0002).

    Nothing here is a foreign key: an entry outlives whatever it tells of.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(auto_now_add=True, db_index=True)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=120, blank=True)
    credential = models.CharField(max_length=60, blank=True)
    request_id = models.CharField(max_length=40, blank=True)
    action = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=30, blank=True)
    subject_id = models.UUIDField(null=True)
    subject_name = models.CharField(max_length=160, blank=True)
    campaign_id = models.UUIDField(null=True)
    team_id = models.UUIDField(null=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        verbose_name_plural = "audit entries"
        indexes: ClassVar = [
            models.Index(fields=["campaign_id", "-at"]),
            models.Index(fields=["actor_id", "-at"]),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_name}"
