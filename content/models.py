import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from accounts.models import Team, Timed


class Kind(models.TextChoices):
    IMAGE = "image", "Picture"
    AUDIO = "audio", "Sound"
    VIDEO = "video", "Video"
    DOCUMENT = "document", "Document"


class State(models.TextChoices):
    STORING = "storing", "Being stored"
    READY = "ready", "Ready"


LIBRARY = "library"  # what somebody put into the library, for no subject in particular


class Space(models.Model):
    """What files are counted in: a campaign or a person, by its id. Whoever adds files to it locks it first."""

    id = models.UUIDField(primary_key=True, editable=False)

    def __str__(self) -> str:
        return str(self.pk)


class Asset(Timed):
    """A picture (or other file) with all its versions. `subject_id` is what it belongs to in an app above."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="assets"
    )
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="assets")
    space = models.UUIDField(db_index=True, editable=False)
    purpose = models.CharField(max_length=20, default=LIBRARY, editable=False)
    subject_id = models.UUIDField(null=True, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.IMAGE)
    title = models.CharField(max_length=120, blank=True)
    alt_text = models.CharField(max_length=400, blank=True)
    licence = models.CharField(max_length=120, blank=True)
    credit = models.CharField(max_length=200, blank=True)
    published = models.BooleanField(default=False)
    # Whether everybody may fetch its files; see content.operations.exposure.
    open = models.BooleanField(default=False, editable=False)
    current = models.ForeignKey("Version", null=True, on_delete=models.SET_NULL, related_name="+", editable=False)

    class Meta:
        ordering: ClassVar = ["-created_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["purpose", "subject_id"],
                condition=models.Q(subject_id__isnull=False),
                name="one_asset_per_purpose",
            )
        ]

    def __str__(self) -> str:
        return self.title or self.purpose

    @property
    def is_personal(self) -> bool:
        """Of the owner's own library, not of one that many share."""
        return self.space == self.owner_id


class Version(Timed):
    """One upload. It is numbered and its place reserved before its files are stored; ready when they are.

    `width` and `height` are those of the upright picture as it was sent, `size` is the sum of what is stored, in bytes.
    `replaced_at` is when another one, or none, took its place; its files are kept for a while, so that this can be
    undone. `facts` are those of sound and video (content.footage.facts), with `loudness` and `peaks` once known.
    """

    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.STORING)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    size = models.BigIntegerField(default=0)
    colour = models.CharField(max_length=7, blank=True)
    blur = models.CharField(max_length=1000, blank=True)
    facts = models.JSONField(default=dict)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    replaced_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["asset", "number"], name="one_version_per_number")]

    def __str__(self) -> str:
        return f"{self.asset} {self.number}"


class StoredFile(models.Model):
    """One object in the storage, all of our own making. `digest` is the SHA-256 of its bytes, `size` their number.

    `exposed`: its key was given to everybody, or can be guessed by whoever knows what it shows.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=20)
    key = models.CharField(max_length=300, unique=True)
    media_type = models.CharField(max_length=40)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    size = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    exposed = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["version", "name"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["version", "name"], name="one_file_per_name")]

    def __str__(self) -> str:
        return self.key


class FormerKey(models.Model):
    """Where a file lay before it was withdrawn. Nothing is served from there; an undo still finds the file by it."""

    key = models.CharField(max_length=300, primary_key=True)
    file = models.ForeignKey(StoredFile, on_delete=models.CASCADE, related_name="former_keys")

    def __str__(self) -> str:
        return self.key


class JobState(models.TextChoices):
    QUEUED = "queued", "Queued"
    RUNNING = "running", "Being made"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"


class Job(Timed):
    """What is made of a version in the background. `percent` of it is done; `reason` is why it failed, a sentence.

    `attempts` counts how often it was begun, so that what brings every worker down is not begun for ever.
    """

    version = models.OneToOneField(Version, on_delete=models.CASCADE, related_name="job")
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    percent = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "updated_at"])]

    def __str__(self) -> str:
        return f"{self.version} {self.state}"


class Revision(models.Model):
    """A document as it was: `text` is its canonical JSON (content.snapshots), `digest` that text's SHA-256.

    Of a subject (`kind` and `subject_id`, in an app above) revisions are numbered from 1. None is ever changed; what
    saves itself (`autosave`) is pruned some day, and its children are then those of its parent.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20)
    subject_id = models.UUIDField()
    number = models.PositiveIntegerField()
    parent = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="children")
    restored = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField()
    digest = models.CharField(max_length=64)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    message = models.CharField(max_length=200, blank=True)
    autosave = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "subject_id", "number"], name="one_revision_per_number")
        ]
        indexes: ClassVar = [models.Index(fields=["autosave", "created_at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id} no. {self.number}"
