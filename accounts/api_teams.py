"""REST endpoints of teams, their members and invitations; finding somebody; accepting an invitation."""

from functools import cached_property
from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access, invitations, queries, scopes
from accounts.api_self import SelfEndpoint
from accounts.idempotency import idempotent
from accounts.models import Membership, TeamInvitation, TeamRole, User
from accounts.models import Team as TeamModel
from accounts.operations import teams
from contract.fields import StrictCharField, StrictChoiceField, StrictDateTimeField, StrictIntegerField
from contract.paging import PAGING, paged
from contract.query import Text
from contract.schema import paged_schema
from contract.serializers import StrictSerializer

NOBODY = ("username", "There is nobody of this name.")


class FoundPersonSerializer(serializers.ModelSerializer):
    """What everybody who is signed in may know of somebody: never the e-mail address."""

    avatar_url = serializers.CharField(read_only=True)

    class Meta:
        model = User
        fields = ("id", "username", "display_name", "avatar_url")


class TeamSerializer(serializers.ModelSerializer):
    role = serializers.SerializerMethodField(help_text="Your own role; null for site administrators who look in.")

    class Meta:
        model = TeamModel
        fields = ("id", "name", "role", "created_at", "updated_at")

    def get_role(self, team: TeamModel) -> str | None:
        """owner, editor or viewer"""
        role: str | None = getattr(team, "own_role", None) or self.context.get("role")
        return role


class TeamInputSerializer(StrictSerializer):
    name = StrictCharField(max_length=80)


class TeamMemberSerializer(serializers.ModelSerializer):
    user_id = serializers.UUIDField()
    username = serializers.CharField(source="user.username")
    display_name = serializers.CharField(source="user.display_name")

    class Meta:
        model = Membership
        fields = ("user_id", "username", "display_name", "role", "created_at")


class TeamMemberPatchSerializer(StrictSerializer):
    role = StrictChoiceField(TeamRole.choices)


class TeamInvitationSerializer(serializers.ModelSerializer):
    invited = serializers.CharField(source="invited.username", allow_null=True, default=None)
    created_by = serializers.CharField(source="created_by.username", allow_null=True, default=None)

    class Meta:
        model = TeamInvitation
        fields = ("id", "role", "hint", "invited", "created_by", "created_at", "expires_at", "uses_left", "revoked_at")


class IssuedSerializer(serializers.Serializer):
    """What the answer to a new invitation holds besides the invitation."""

    token = serializers.CharField(
        allow_null=True, help_text="Shown this once; null when an Idempotency-Key repeats the answer."
    )
    url = serializers.CharField(allow_null=True, help_text="The link to send; it holds the token.")


class NewTeamInvitationSerializer(IssuedSerializer, TeamInvitationSerializer):
    class Meta:
        model = TeamInvitation
        fields = (*TeamInvitationSerializer.Meta.fields, "token", "url")


class InvitationInputSerializer(StrictSerializer):
    username = StrictCharField(max_length=150, required=False, help_text="For this person alone.")
    uses = StrictIntegerField(
        min_value=1,
        max_value=invitations.MOST_USES,
        required=False,
        allow_null=True,
        help_text="For how many people a link is good; null for any number. One, if not sent.",
    )
    expires_at = StrictDateTimeField(required=False, help_text=f"In {invitations.DEFAULT_DAYS} days, if not sent.")

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        """The person's name becomes the person."""
        name = fields.pop("username", None)
        if name is not None:
            fields["invited"] = queries.person(name)
            if fields["invited"] is None:
                raise serializers.ValidationError({NOBODY[0]: [NOBODY[1]]})
        return fields


class TeamInvitationInputSerializer(InvitationInputSerializer):
    role = StrictChoiceField(TeamRole.choices, required=False, default=TeamRole.VIEWER)


class AcceptSerializer(StrictSerializer):
    token = StrictCharField(max_length=80)


class WelcomeSerializer(serializers.Serializer):
    kind = serializers.CharField(help_text="What you have joined: team or campaign.")
    id = serializers.UUIDField()
    name = serializers.CharField()
    role = serializers.CharField()
    url = serializers.CharField(source="address", help_text="The page to go on with.")


class PersonalEndpoint(SelfEndpoint):
    read_scope = scopes.TEAMS_READ
    write_scope = scopes.TEAMS_WRITE


class People(PersonalEndpoint):
    parameters = (
        *PAGING,
        Text(name="username", required=True, max_length=150, description="The whole user name, as it is written."),
    )

    @extend_schema(responses=paged_schema(FoundPersonSerializer))
    def get(self, request: Request) -> Response:
        found = queries.person(self.params["username"])
        rows = [found] if found else []
        return Response(paged(request, rows, self.params, lambda some: FoundPersonSerializer(some, many=True).data))


class Teams(PersonalEndpoint):
    parameters = PAGING

    @extend_schema(responses=paged_schema(TeamSerializer))
    def get(self, request: Request) -> Response:
        rows = queries.teams(self.person)
        return Response(paged(request, rows, self.params, lambda found: TeamSerializer(found, many=True).data))

    @extend_schema(request=TeamInputSerializer, responses={201: TeamSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        access.require(self.actor, access.CREATE_TEAM)
        team = teams.create(**self.body(TeamInputSerializer), actor=self.actor)
        return Response(TeamSerializer(team, context={"role": TeamRole.OWNER.value}).data, status=201)


class TeamEndpoint(PersonalEndpoint):
    """`needed` is the ability that a write takes, `needed_to_read` that of a read."""

    team: TeamModel
    needed = access.RENAME_TEAM
    needed_to_read = access.SEE_TEAM

    def find(self) -> None:
        super().find()
        self.team = queries.team(queries.key(self.kwargs["team_id"]), self.actor)
        if self.request.method == "GET":
            access.require(self.actor, self.needed_to_read, self.team)

    def authorise(self) -> None:
        access.require(self.actor, self.needed, self.team)

    @cached_property
    def shown(self) -> dict[str, Any]:
        return TeamSerializer(self.team, context={"role": access.team_role(self.actor, self.team.pk)}).data


class Team(TeamEndpoint):
    def authorise(self) -> None:
        needed = access.DELETE_TEAM if self.request.method == "DELETE" else access.RENAME_TEAM
        access.require(self.actor, needed, self.team)

    @extend_schema(responses=TeamSerializer)
    def get(self, request: Request, team_id: str) -> Response:
        return Response(self.shown)

    @extend_schema(request=TeamInputSerializer, responses=TeamSerializer)
    def patch(self, request: Request, team_id: str) -> Response:
        changes = self.body(TeamInputSerializer, partial=True)
        if changes:
            self.team = teams.rename(self.team.pk, changes["name"], actor=self.actor)
        return Response(self.shown)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, team_id: str) -> Response:
        teams.delete(self.team.pk, actor=self.actor)
        return Response(status=204)


class TeamMembers(TeamEndpoint):
    parameters = PAGING

    @extend_schema(responses=paged_schema(TeamMemberSerializer))
    def get(self, request: Request, team_id: str) -> Response:
        rows = queries.members(self.team)
        return Response(paged(request, rows, self.params, lambda found: TeamMemberSerializer(found, many=True).data))


class TeamMember(TeamEndpoint):
    """A member is taken out by an owner, or leaves."""

    def authorise(self) -> None:
        own = self.request.method == "DELETE" and self.kwargs["user_id"] == str(self.person.pk)
        needed = access.LEAVE_TEAM if own else access.CHANGE_ROLES
        access.require(self.actor, needed, self.team)

    @extend_schema(request=TeamMemberPatchSerializer, responses=TeamMemberSerializer)
    def patch(self, request: Request, team_id: str, user_id: str) -> Response:
        member = queries.member(self.team, queries.key(user_id))
        changes = self.body(TeamMemberPatchSerializer, partial=True)
        if changes:
            member = teams.change_role(self.team.pk, member.user_id, changes["role"], actor=self.actor)
        return Response(TeamMemberSerializer(member).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, team_id: str, user_id: str) -> Response:
        teams.remove(self.team.pk, queries.key(user_id), actor=self.actor)
        return Response(status=204)


class TeamInvitations(TeamEndpoint):
    parameters = PAGING
    needed = needed_to_read = access.INVITE
    shown_once = ("token", "url")

    @extend_schema(responses=paged_schema(TeamInvitationSerializer))
    def get(self, request: Request, team_id: str) -> Response:
        rows = queries.open_invitations(self.team)
        shown = paged(request, rows, self.params, lambda found: TeamInvitationSerializer(found, many=True).data)
        return Response(shown)

    @extend_schema(request=TeamInvitationInputSerializer, responses={201: NewTeamInvitationSerializer})
    @idempotent
    def post(self, request: Request, team_id: str) -> Response:
        invitation, text = teams.invite(self.team.pk, actor=self.actor, **self.body(TeamInvitationInputSerializer))
        told = {"token": text, "url": invitations.link(base_address(request), text)}
        return Response({**TeamInvitationSerializer(invitation).data, **told}, status=201)


class OneTeamInvitation(TeamEndpoint):
    needed = access.INVITE

    @extend_schema(responses={204: None})
    def delete(self, request: Request, team_id: str, invitation_id: str) -> Response:
        invitation = queries.invitation(self.team, queries.key(invitation_id))
        teams.revoke_invitation(self.team.pk, invitation.pk, actor=self.actor)
        return Response(status=204)


class InvitationAcceptance(PersonalEndpoint):
    @extend_schema(request=AcceptSerializer, responses=WelcomeSerializer)
    @idempotent
    def post(self, request: Request) -> Response:
        welcome = invitations.accept(self.body(AcceptSerializer)["token"], self.person, via=self.actor)
        return Response(WelcomeSerializer(welcome).data)


def base_address(request: Any) -> str:
    """Of this site, for links that are sent to people."""
    return settings.TROUPE_BASE_URL or f"{request.scheme}://{request.get_host()}"
