import uuid
from collections.abc import Iterator
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.crypto import salted_hmac

from accounts.models.base import Timed
from accounts.sealed import SealedTextField


class SiteRole(models.TextChoices):
    MEMBER = "member", "Member"
    STORYTELLER = "storyteller", "Storyteller"
    ADMIN = "admin", "Administrator"


class User(AbstractUser):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    role = models.CharField(max_length=20, choices=SiteRole.choices, default=SiteRole.MEMBER)
    display_name = models.CharField(max_length=80, blank=True)
    avatar_url = models.URLField(blank=True, max_length=300)
    email = SealedTextField("e-mail address", blank=True)
    email_index = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    # Raised to log somebody out everywhere: sessions and tokens carry the number under which they were made.
    session_epoch = models.PositiveIntegerField(default=0, editable=False)

    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.display_name or self.username

    def get_session_auth_hash(self) -> str:
        return self._session_hash(None)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        for secret in settings.SECRET_KEY_FALLBACKS:
            yield self._session_hash(secret)

    def _session_hash(self, secret: str | None) -> str:
        value = f"{self.password}:{self.session_epoch}"
        return salted_hmac("accounts.User.session", value, secret=secret, algorithm="sha256").hexdigest()


class Theme(models.TextChoices):
    AUTO = "auto", "As my device has it"
    DARK = "dark", "Dark"
    LIGHT = "light", "Light"


def three_columns_above() -> list[int]:
    return [30, 35, 35]


def three_columns_below() -> list[int]:
    return [33, 33, 34]


class Preferences(Timed):
    """How one person likes pages to be. Column widths: three whole numbers, 10 to 70 each, 100 together (per cent)."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="preferences")
    theme = models.CharField(max_length=5, choices=Theme.choices, default=Theme.AUTO)
    column_widths_above = models.JSONField(default=three_columns_above)
    column_widths_below = models.JSONField(default=three_columns_below)
    textarea_heights = models.JSONField(default=dict)  # name of the field to pixels, 50 to 2000
    locale = models.CharField(max_length=12, default="en")
    hp_animation = models.BooleanField(default=True)

    class Meta:
        verbose_name_plural = "preferences"

    def __str__(self) -> str:
        return f"Preferences of {self.user}"


class TwoFactor(Timed):
    """A second step at sign-in: six digits from an app (TOTP, RFC 6238). Without `confirmed_at` it is not in force."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="two_factor")
    seed = SealedTextField()  # hexadecimal
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=-1)  # a code is good for one use
    recovery_digests = models.JSONField(default=list)  # SHA-256 of the codes that are left

    def __str__(self) -> str:
        return f"Second factor of {self.user}"
