"""Teams are made, renamed, joined, left, handed over, deleted. All changes of one team happen one after another."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts import audit, invitations
from accounts.actors import Actor
from accounts.models import Membership, Team, TeamInvitation, TeamRole, User
from contract.refusals import Conflict, Invalid, NotAllowed, NotVisible

TOKEN_KIND = "teaminvite"  # noqa: S105  the kind of a token
MOST_TEAMS = 50  # that one person founds or joins
MOST_MEMBERS = 200
LAST_OWNER = "A team needs an owner. Make somebody else one first, or delete the team."
RANK = {TeamRole.VIEWER: 0, TeamRole.EDITOR: 1, TeamRole.OWNER: 2}

# Apps above hear of every new role here: told(team, user, role).
told_of_roles: list[Callable[[Team, User, str], None]] = []


def create(name: str, *, actor: Actor) -> Team:
    """A new team with the actor as its owner. Raises Invalid."""
    if actor.user is None:
        raise NotAllowed
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=actor.user.pk)
        _refuse_too_many_teams(actor.user)
        team = Team.objects.create(name=_named(name))
        Membership.objects.create(team=team, user=actor.user, role=TeamRole.OWNER)
        _record("team_created", team, actor, after={"name": team.name, "owner": actor.user.username})
    return team


def rename(team_id: UUID, name: str, *, actor: Actor) -> Team:
    """Raises Invalid."""
    with _writing(team_id) as team:
        before, team.name = team.name, _named(name)
        if team.name != before:
            team.save(update_fields=["name", "updated_at"])
            _record("team_renamed", team, actor, before={"name": before}, after={"name": team.name})
    return team


def delete(team_id: UUID, *, actor: Actor) -> None:
    """The team goes, its members stay; campaigns of the team go back to their owners alone."""
    with _writing(team_id) as team:
        people = {str(each.user_id): each.role for each in team.memberships.all()}
        _record("team_deleted", team, actor, before={"name": team.name, "members": people})
        team.delete()


def invite(
    team_id: UUID,
    role: str,
    *,
    actor: Actor,
    invited: User | None = None,
    uses: int | None = 1,
    expires_at: datetime | None = None,
) -> tuple[TeamInvitation, str]:
    """An invitation by link, or to one person by name; its text is to be shown once. Raises Invalid.

    `uses` is for how many people the link is good, None for any number.
    """
    with _writing(team_id) as team:
        _refuse_bad_role(role)
        if invited is not None and team.memberships.filter(user=invited).exists():
            raise Invalid([("username", "This person is in the team already.")])
        invitations.refuse_too_many(invitations.good(TeamInvitation).filter(team=team))
        fields, text = invitations.minted(TOKEN_KIND, actor=actor, invited=invited, uses=uses, expires_at=expires_at)
        invitation = TeamInvitation.objects.create(team=team, role=role, **fields)
        after = {"role": role, "hint": invitation.hint, "uses": fields["uses_left"], "until": fields["expires_at"]}
        after["for"] = invited.username if invited else None
        _record("invitation_issued", team, actor, after=after)
    return invitation, text


def revoke_invitation(team_id: UUID, invitation_id: UUID, *, actor: Actor) -> bool:
    """Nobody can accept it any more; who has stays. False when it was revoked before."""
    with _writing(team_id) as team:
        found = TeamInvitation.objects.filter(team=team, pk=invitation_id, revoked_at=None)
        if not found.update(revoked_at=timezone.now()):
            return False
        hint = TeamInvitation.objects.values_list("hint", flat=True).get(pk=invitation_id)
        _record("invitation_revoked", team, actor, before={"hint": hint})
    return True


def accept(digest: str, user: User, actor: Actor) -> invitations.Welcome:
    """Join by an invitation; who is in the team already gets the better of both roles. Raises Invalid.

    A member whom the invitation gives nothing new does not use it up.
    """
    team_id = TeamInvitation.objects.filter(digest=digest).values_list("team_id", flat=True).first()
    if team_id is None:
        raise invitations.invalid()
    with _writing(team_id) as team:
        invitation = invitations.locked(TeamInvitation, digest, user)
        member = team.memberships.filter(user=user).first()
        if member is None or RANK[TeamRole(member.role)] < RANK[TeamRole(invitation.role)]:
            invitations.use(invitation)
            member = _join(team, user, member, invitation, actor)
    address = reverse("accounts:team", args=(team.pk,))
    return invitations.Welcome("team", team.pk, team.name, member.role, address)


def change_role(team_id: UUID, user_id: UUID, role: str, *, actor: Actor) -> Membership:
    """Raises Invalid for the last owner, NotVisible for somebody who is not in the team."""
    with _writing(team_id) as team:
        _refuse_bad_role(role)
        member = _member(team, user_id)
        before = member.role
        if before == role:
            return member
        if role != TeamRole.OWNER:
            _refuse_last_owner(team, member, "role")
        _set(member, role)
        _record_member("team_role_changed", member, actor, before={"role": before}, after={"role": role})
    return member


def remove(team_id: UUID, user_id: UUID, *, actor: Actor) -> None:
    """Somebody else takes a member out, or the member leaves. Raises Invalid for the last owner, NotVisible."""
    with _writing(team_id) as team:
        member = _member(team, user_id)
        _refuse_last_owner(team, member, "user_id")
        member.delete()
        left = actor.user is not None and actor.user.pk == user_id
        action = "team_left" if left else "team_member_removed"
        _record_member(action, member, actor, before={"role": member.role})


def hand_over(team_id: UUID, user_id: UUID, *, actor: Actor) -> None:
    """The actor's ownership goes to another member; the actor stays as an editor."""
    if actor.user is None:
        raise NotAllowed
    with _writing(team_id) as team:
        mine, theirs = _member(team, actor.user.pk), _member(team, user_id)
        if mine.role != TeamRole.OWNER:
            raise NotAllowed
        if mine.pk == theirs.pk:
            raise Invalid([("user_id", "The team is yours already.")])
        before = {mine.user.username: mine.role, theirs.user.username: theirs.role}
        _set(theirs, TeamRole.OWNER)
        _set(mine, TeamRole.EDITOR)
        after = {mine.user.username: mine.role, theirs.user.username: theirs.role}
        _record("team_handed_over", team, actor, before=before, after=after)


# --- inside the transaction ---


@contextmanager
def _writing(team_id: UUID) -> Iterator[Team]:
    with transaction.atomic():
        team = Team.objects.select_for_update(no_key=True).filter(pk=team_id).first()
        if team is None:
            raise NotVisible
        yield team


def _join(team: Team, user: User, member: Membership | None, invitation: TeamInvitation, actor: Actor) -> Membership:
    before = {"role": member.role} if member else None
    if member is None:
        if team.memberships.count() >= MOST_MEMBERS:
            raise Conflict(f"A team holds at most {MOST_MEMBERS} people.")
        _refuse_too_many_teams(user)
        member = Membership(team=team, user=user)
    _set(member, invitation.role)
    after = {"role": member.role, "invitation": str(invitation.pk)}
    _record_member("team_joined", member, actor, before=before, after=after)
    return member


def _set(member: Membership, role: str) -> None:
    member.role = role
    member.save()
    for told in told_of_roles:
        told(member.team, member.user, role)


def _member(team: Team, user_id: UUID) -> Membership:
    found = team.memberships.select_related("user").filter(user_id=user_id).first()
    if found is None:
        raise NotVisible
    return found


def _refuse_last_owner(team: Team, member: Membership, field: str) -> None:
    others = team.memberships.filter(role=TeamRole.OWNER).exclude(pk=member.pk)
    if member.role == TeamRole.OWNER and not others.exists():
        raise Invalid([(field, LAST_OWNER)])


def _refuse_too_many_teams(user: User) -> None:
    if Membership.objects.filter(user=user).count() >= MOST_TEAMS:
        raise Conflict(f"You are in {MOST_TEAMS} teams already. Leave one first.")


def _refuse_bad_role(role: str) -> None:
    if role not in TeamRole.values:
        raise Invalid([("role", f"One of: {', '.join(TeamRole.values)}.")])


def _named(name: str) -> str:
    name = " ".join(name.split())
    if not 1 <= len(name) <= 80:
        raise Invalid([("name", "From 1 to 80 characters.")])
    return name


def _record(action: str, team: Team, actor: Actor, **states: Any) -> None:
    audit.record(action, actor=actor, subject=("team", team.pk, team.name), team_id=team.pk, **states)


def _record_member(action: str, member: Membership, actor: Actor, **states: Any) -> None:
    subject = ("user", member.user_id, member.user.username)
    audit.record(action, actor=actor, subject=subject, team_id=member.team_id, **states)


def described(invitation: TeamInvitation) -> dict[str, Any]:
    return {"to": invitation.team.name, "sort": "team", "role": invitation.get_role_display(), "character": ""}
