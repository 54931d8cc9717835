import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from accounts.models import Timed
from campaigns.models import Campaign
from characters.models import Character


class Shared(models.TextChoices):
    PRIVATE = "private", "Its owner and the storyteller"
    TABLE = "table", "Everybody in the campaign"


class Group(Timed):
    """A cell of hunters, a coterie: what its sheets share. What it holds its line says (`sheets.lines.shape.Together`).

    Its tracks are one character of the campaign, as those of a sheet on stage are: the desk moves them, the overlay
    shows them as a badge of the group's own, undo takes them back. `tracks` is what they were when it came to be.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="sheet_groups")
    line = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    fields = models.JSONField(default=dict)
    tracks = models.JSONField(default=dict)
    # No constraint: a character that is deleted may be brought back by undo.
    character = models.OneToOneField(
        Character, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="sheet_group"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["name", "id"]
        indexes: ClassVar = [models.Index(fields=["campaign", "line", "name"])]

    def __str__(self) -> str:
        return self.name


class Sheet(Timed):
    """A sheet of a game line. What its fields are called and may hold, the line says (`sheets.lines`).

    While it plays a character, that character's stats hold the live tracks, and `tracks` is only what they were before.
    """

    line = models.CharField(max_length=20)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sheets")
    campaign = models.ForeignKey(
        Campaign, null=True, blank=True, on_delete=models.SET_NULL, related_name="sheets", verbose_name="chronicle"
    )
    # No constraint: a character that is deleted may be brought back by undo, and is played again then.
    character = models.OneToOneField(
        Character, null=True, blank=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="sheet"
    )
    group = models.ForeignKey(Group, null=True, blank=True, on_delete=models.SET_NULL, related_name="sheets")
    shared = models.CharField(max_length=10, choices=Shared.choices, default=Shared.PRIVATE)
    name = models.CharField(max_length=100)
    fields = models.JSONField(default=dict)
    tracks = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    field_versions = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["name", "id"]
        indexes: ClassVar = [
            models.Index(fields=["owner", "line", "name"]),
            models.Index(fields=["campaign", "name"]),
            models.Index(fields=["name", "id"]),
        ]

    def __str__(self) -> str:
        return self.name


class Row(Timed):
    """A child of a sheet: a touchstone, an advantage, a power. It keeps its id as long as it is there."""

    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="rows")
    kind = models.CharField(max_length=20)
    position = models.PositiveSmallIntegerField()
    values = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    field_versions = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        indexes: ClassVar = [models.Index(fields=["sheet", "kind", "position"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.position}"


class Experience(models.Model):
    """One entry of a sheet's experience. Rows are only ever added (migration 0002); a correction is another entry.

    `side` is what the amount counts for: earned, spent, or nothing (a request, its refusal). `answers` is the entry
    that this one approves, refuses or takes back. Who made it is noted without a key: an entry outlives its author.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="experience")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10)
    side = models.CharField(max_length=10, blank=True)
    amount = models.IntegerField()
    label = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    bought = models.JSONField(null=True)  # {"purchase", "field" or "row", "before", "after", "price"}
    answers = models.ForeignKey(
        "self", null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="answered_by"
    )
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sheet", "number"], name="one_entry_per_number"),
            # However often and by whom it is pressed: one answer.
            models.UniqueConstraint(
                fields=["answers"], condition=models.Q(answers__isnull=False), name="one_answer_per_entry"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.label}"


class Roll(models.Model):
    """What fell for a sheet. The last of them are kept (`sheets.rolling.MOST_KEPT`); on stage each is an event besides.

    `result` is what is told of it now, after a re-roll or a choice; `asked` what the pool was made of. A hidden one is
    for the storyteller and for whoever rolled it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="rolls")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10)
    label = models.CharField(max_length=120)
    asked = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    hidden = models.BooleanField(default=False)
    rerolled = models.BooleanField(default=False)
    choice = models.CharField(max_length=10, blank=True)  # "open" until a hunter has chosen
    event_id = models.UUIDField(null=True)  # the last event of the campaign's ledger that told of it
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["sheet", "number"], name="one_roll_per_number")]

    def __str__(self) -> str:
        return f"{self.number}. {self.label}"


class Chronicle(Timed):
    """How a campaign plays the lines (`sheets.chronicle`); without a row, by the defaults."""

    campaign = models.OneToOneField(Campaign, on_delete=models.CASCADE, related_name="chronicle")
    settings = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"Chronicle of {self.campaign}"
