from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models

from accounts.models import Timed
from campaigns.models import Campaign, Episode


class Status(models.TextChoices):
    ACTIVE = "active", "Active"
    RETIRED = "retired", "Retired"
    DEAD = "dead", "Dead"
    GUEST = "guest", "Guest"


class HPDisplay(models.TextChoices):
    EXACT = "exact", "Exact: numbers and bar"
    BAR = "bar", "Bar only"
    BAND = "band", "A word: unhurt, hurt, bloodied, critical, down"
    HIDDEN = "hidden", "Hidden"


class Tier(models.TextChoices):
    LARGE = "large", "Large"
    MEDIUM = "medium", "Medium"
    COMPACT = "compact", "Compact"


def default_stats() -> dict[str, Any]:
    from characters.stats import blank

    return blank()


class Character(Timed):
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="characters")
    player = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="characters"
    )
    name = models.CharField(max_length=120)
    player_name = models.CharField(max_length=80, blank=True)
    class_name = models.CharField("class", max_length=120, blank=True)
    race = models.CharField("race or species", max_length=80, blank=True)
    level = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(0), MaxValueValidator(100)])
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ACTIVE)
    stats = models.JSONField(default=default_stats)
    hp_display = models.CharField("HP shown as", max_length=10, choices=HPDisplay.choices, default=HPDisplay.EXACT)
    portrait_url = models.CharField(max_length=500, blank=True, editable=False)
    background_url = models.CharField(max_length=500, blank=True, editable=False)
    # What `content` knows of both, by purpose (see characters.pictures).
    pictures = models.JSONField(default=dict, blank=True, editable=False)
    accent = models.CharField(
        max_length=7, blank=True, validators=[RegexValidator(r"^#[0-9a-f]{6}$", "A colour such as #f0bd4f.")]
    )
    focal_x = models.FloatField(default=0.5, validators=[MinValueValidator(0), MaxValueValidator(1)])
    focal_y = models.FloatField(default=0.2, validators=[MinValueValidator(0), MaxValueValidator(1)])
    summary = models.TextField(blank=True, max_length=4000, help_text="Public: what viewers may read.")
    appearance = models.TextField(blank=True, max_length=4000, help_text="Public.")
    gm_notes = models.TextField("GM notes", blank=True, max_length=8000, help_text="Never shown to viewers or players.")
    is_secret = models.BooleanField(
        "secret", default=False, help_text="Viewers do not learn that this character exists."
    )
    external_ids = models.JSONField(default=dict, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    field_versions = models.JSONField(default=dict, editable=False)

    class Meta:
        ordering: ClassVar = ["name", "id"]
        indexes: ClassVar = [
            models.Index(fields=["campaign", "status", "name"]),
            models.Index(fields=["name", "id"]),  # the back office lists all campaigns together
        ]

    def __str__(self) -> str:
        return self.name


class TurnOrder(models.Model):
    """Who acts when, while there is an order; the document's shape is `characters.initiative`."""

    campaign = models.OneToOneField(Campaign, on_delete=models.CASCADE, related_name="turn_order", primary_key=True)
    document = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.campaign}: round {self.document.get('round', 1)}"


class RosterEntry(models.Model):
    """A character on stage: who is shown, in which order, and (optionally) how large."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="roster_entries")
    character = models.OneToOneField(Character, on_delete=models.CASCADE, related_name="roster_entry")
    position = models.PositiveSmallIntegerField()
    tier = models.CharField(max_length=10, choices=Tier.choices, blank=True)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        verbose_name_plural = "roster entries"

    def __str__(self) -> str:
        return f"{self.position}. {self.character}"


class Relationship(Timed):
    """What `source` is to `target`, in the source's words; the way back is a row of its own.

    Both are of one campaign, which the operations see to: characters never move to another.
    """

    source = models.ForeignKey(Character, on_delete=models.CASCADE, related_name="relationships")
    target = models.ForeignKey(Character, on_delete=models.CASCADE, related_name="relationships_of_others")
    words = models.CharField(max_length=80)
    note = models.TextField(blank=True, max_length=1000)
    since = models.ForeignKey(Episode, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    is_secret = models.BooleanField(
        "GM only", default=False, help_text="Viewers and players do not learn of this relationship."
    )

    class Meta:
        ordering: ClassVar = ["created_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "target"], name="one_relationship_per_direction"),
            models.CheckConstraint(condition=~models.Q(source=models.F("target")), name="no_relationship_to_oneself"),
        ]
        indexes: ClassVar = [models.Index(fields=["source", "created_at", "id"])]  # the order in which they are shown

    def __str__(self) -> str:
        return f"{self.source} → {self.target}: {self.words}"


class EarlierRelationship(models.Model):
    """A relationship in the words that it had until a moment ago, for those who watch with a viewer delay.

    Only what viewers knew of is kept, and only as long as the longest delay. Its ends may be gone since.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+")
    relationship_id = models.UUIDField()
    source_id = models.UUIDField(db_index=True)
    target_id = models.UUIDField(db_index=True)
    words = models.CharField(max_length=80)
    note = models.TextField(blank=True)
    since = models.ForeignKey(Episode, null=True, on_delete=models.SET_NULL, related_name="+")
    begun = models.DateTimeField()
    shown_from = models.DateTimeField()
    shown_until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.words} (until {self.shown_until:%H:%M:%S})"
