import secrets
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models

from accounts.models import InvitationBase, Team, Timed
from campaigns import sentences


def new_epoch() -> str:
    """Names one unbroken history of a campaign; a new one makes every client fetch a fresh BOOTSTRAP."""
    return secrets.token_hex(8)


class Visibility(models.TextChoices):
    PUBLIC = "public", "Public: listed, open to everybody"
    UNLISTED = "unlisted", "Unlisted: open to everybody who has the address"
    PRIVATE = "private", "Private: members only"


class Campaign(Timed):
    slug = models.CharField(
        max_length=60,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*$", "Small letters, digits and single hyphens only.")],
        help_text="The address of the campaign: /campaigns/your-slug",
    )
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True, max_length=4000)
    game_system = models.CharField(max_length=60, blank=True, default="D&D 5e")
    visibility = models.CharField(max_length=10, choices=Visibility.choices, default=Visibility.PUBLIC)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="owned_campaigns")
    # Its members have roles here too: `campaigns.access` knows which.
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="campaigns")
    theme = models.JSONField(default=dict, blank=True)
    settings = models.JSONField(default=dict, blank=True)
    seq = models.BigIntegerField(default=0, editable=False)
    epoch = models.CharField(max_length=16, default=new_epoch, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    field_versions = models.JSONField(default=dict, editable=False)

    class Meta:
        ordering: ClassVar = ["name", "id"]
        # The second is the order of the back office, where also the lists of what belongs to campaigns begin.
        indexes: ClassVar = [models.Index(fields=["visibility", "name"]), models.Index(fields=["name", "id"])]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    GM = "gm", "Game master"
    PLAYER = "player", "Player"
    VIEWER = "viewer", "Viewer"


class Member(Timed):
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.PLAYER)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["campaign", "user"], name="one_membership_per_user")]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"


class CampaignInvitation(InvitationBase):
    """With `character_id`, who accepts becomes the character's player."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.PLAYER)
    character_id = models.UUIDField(null=True, blank=True)  # no foreign key: characters are in an app above

    def __str__(self) -> str:
        return f"{self.campaign} ({self.get_role_display()})"


class Episode(Timed):
    """`number` runs through the whole campaign; the season only groups."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="episodes")
    season = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1), MaxValueValidator(99)])
    number = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(9999)])
    title = models.CharField(max_length=160)
    date = models.DateField(null=True, blank=True)
    runtime_minutes = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(2880)])
    summary = models.TextField(blank=True, max_length=8000)
    vod_url = models.URLField(blank=True, max_length=500)
    vod_offset = models.IntegerField(
        default=0,
        help_text="Seconds into the video at which the episode starts (negative: the video starts later).",
    )
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    published = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["-number"]
        indexes: ClassVar = [models.Index(fields=["-number", "id"])]  # the order of the back office
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "number"], name="one_episode_per_number"),
            models.UniqueConstraint(
                fields=["campaign"],
                condition=models.Q(started_at__isnull=False, ended_at__isnull=True),
                name="one_running_episode",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class Event(models.Model):
    """One entry of the campaign's ledger: history, outbox, resume source and undo in one. Never changed, never removed.

    The subject is named by kind and id, without a foreign key, so that the ledger outlives what it tells of.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="events")
    seq = models.BigIntegerField()
    type = models.CharField(max_length=30)
    subject_kind = models.CharField(max_length=20, blank=True)
    subject_id = models.UUIDField(null=True)
    data = models.JSONField(default=dict)
    audience = models.CharField(max_length=10, default="viewer")  # gm: viewers learn only that something happened
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    actor_name = models.CharField(max_length=120, blank=True)
    credential = models.CharField(max_length=60, blank=True)
    request_id = models.CharField(max_length=40, blank=True)
    episode = models.ForeignKey(Episode, null=True, on_delete=models.SET_NULL, related_name="events")
    occurred_at = models.DateTimeField()
    # No constraint: the pair is only ever deleted together, with the campaign, and that must stay one statement.
    undoes = models.OneToOneField(
        "self", null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="undone_by"
    )
    # The `seq` of the event with which its step begins, where that is an earlier one (see campaigns.steps).
    continues = models.BigIntegerField(null=True)

    class Meta:
        ordering: ClassVar = ["seq"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["campaign", "seq"], name="one_event_per_seq")]
        indexes: ClassVar = [
            models.Index(fields=["campaign", "subject_id", "seq"]),
            models.Index(fields=["episode", "seq"]),
        ]

    def __str__(self) -> str:
        return f"No. {self.seq}: {sentences.sentence(self.type, self.data)}"


class TokenKind(models.TextChoices):
    CONTROL = "control", "Control: may do what the GM may at the table"
    OVERLAY = "overlay", "Overlay: shows a private campaign in OBS"
    READ = "read", "Read: sees what the GM sees, changes nothing"


class CampaignToken(Timed):
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="tokens")
    kind = models.CharField(max_length=10, choices=TokenKind.choices)
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(max_length=40, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    last_used_at = models.DateTimeField(null=True, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering: ClassVar = ["created_at"]

    def __str__(self) -> str:
        return f"{self.name} ({self.hint})"
