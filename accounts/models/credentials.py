from typing import ClassVar

from django.db import models

from accounts.models.base import Timed
from accounts.models.people import User
from accounts.sealed import SealedTextField


class ApiKey(Timed):
    """A key with which a program acts as its owner, within `scopes` (see accounts.scopes)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(max_length=40, editable=False)
    scopes = models.JSONField(default=list)
    last_used_at = models.DateTimeField(null=True, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering: ClassVar = ["created_at"]
        verbose_name = "API key"

    def __str__(self) -> str:
        return f"{self.name} ({self.hint})"


class RefreshFamily(Timed):
    """One sign-in of a program and every refresh token that descends from it; it dies whole."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="refresh_families")
    # User.get_session_auth_hash() at the sign-in: a new password or a log-out everywhere ends the family.
    session_hash = models.CharField(max_length=64, blank=True)
    expires_at = models.DateTimeField()  # 30 days after the sign-in, however often it is renewed
    revoked_at = models.DateTimeField(null=True)
    revoked_because = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name_plural = "refresh families"

    def __str__(self) -> str:
        return f"{self.user} since {self.created_at:%Y-%m-%d}"


class RefreshToken(Timed):
    family = models.ForeignKey(RefreshFamily, on_delete=models.CASCADE, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True)
    generation = models.PositiveIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    # The text of the next one, so that who asks twice within the grace time gets the same; wiped when that is used.
    successor = SealedTextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["family", "generation"], name="one_token_per_generation"),
        ]

    def __str__(self) -> str:
        return f"generation {self.generation}"
