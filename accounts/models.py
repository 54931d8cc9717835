import uuid
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models


class Timed(models.Model):
    """A row with a UUID key that knows when it was made and last changed (UTC)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class SiteRole(models.TextChoices):
    MEMBER = "member", "Member"
    STORYTELLER = "storyteller", "Storyteller"
    ADMIN = "admin", "Administrator"


class User(AbstractUser):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    role = models.CharField(max_length=20, choices=SiteRole.choices, default=SiteRole.MEMBER)
    display_name = models.CharField(max_length=80, blank=True)

    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.display_name or self.username


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
