from typing import ClassVar

from django.db import models

from accounts.models.base import Timed
from accounts.models.people import User


class TeamRole(models.TextChoices):
    OWNER = "owner", "Owner"
    EDITOR = "editor", "Editor"
    VIEWER = "viewer", "Viewer"


class Team(Timed):
    name = models.CharField(max_length=80)

    class Meta:
        ordering: ClassVar = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Membership(Timed):
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="team_memberships")
    role = models.CharField(max_length=10, choices=TeamRole.choices, default=TeamRole.VIEWER)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["team", "user"], name="one_place_in_a_team")]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"


class InvitationBase(Timed):
    """An invitation by link (its token shown once) or to one user by name. `uses_left` null: any number of people."""

    digest = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(max_length=40, editable=False)
    invited = models.ForeignKey(User, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    expires_at = models.DateTimeField()
    uses_left = models.PositiveSmallIntegerField(null=True, default=1)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        ordering: ClassVar = ["-created_at"]


class TeamInvitation(InvitationBase):
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=10, choices=TeamRole.choices, default=TeamRole.VIEWER)

    def __str__(self) -> str:
        return f"{self.team} ({self.get_role_display()})"
