from typing import ClassVar

from django.db import models


class IdempotentReply(models.Model):
    """What was answered to a request with an `Idempotency-Key`, so that its repetition gets the same answer."""

    caller = models.CharField(max_length=80)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["caller", "key"], name="one_reply_per_key")]

    def __str__(self) -> str:
        return f"{self.caller} {self.key}"
