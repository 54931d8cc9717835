"""Teams: who is in one, what a role may do, how one joins, and that none is left without an owner."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts import access, invitations, tokens
from accounts.actors import ANONYMOUS, SYSTEM, Actor
from accounts.models import AuditEntry, Membership, SiteRole, Team, TeamInvitation, TeamRole, User
from accounts.operations import teams
from contract.refusals import Conflict, Invalid, NotAllowed, NotSignedIn, NotVisible, Refusal
from tests.factories import a_team, a_user, acting, join_team

OWNER, EDITOR, VIEWER = TeamRole.OWNER, TeamRole.EDITOR, TeamRole.VIEWER


def accept(text: str, user: User) -> invitations.Welcome:
    return invitations.accept(text, user, via=acting(user))


def role_of(team: Team, user: User) -> str | None:
    return Membership.objects.filter(team=team, user=user).values_list("role", flat=True).first()


def refused(act: Callable[[], Any]) -> dict[str, str]:
    with pytest.raises(Invalid) as found:
        act()
    return dict(found.value.details)


@pytest.mark.django_db
class TestMembers:
    def test_who_founds_a_team_owns_it(self) -> None:
        ada = a_user()
        team = teams.create("  The   Lamplighters ", actor=acting(ada))
        assert (team.name, role_of(team, ada)) == ("The Lamplighters", OWNER)

    @pytest.mark.parametrize("name", ["", "   ", "x" * 81])
    def test_a_team_has_a_name(self, name: str) -> None:
        assert "name" in refused(lambda: teams.create(name, actor=acting(a_user())))

    def test_nobody_founds_teams_without_end(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(teams, "MOST_TEAMS", 2)
        ada = a_user()
        a_team(ada), a_team(ada)
        with pytest.raises(Conflict, match="2 teams"):
            a_team(ada)

    def test_the_last_owner_stays_one(self) -> None:
        ada, noor = a_user(), a_user()
        team = a_team(ada, editor=noor)
        for act in (
            lambda: teams.remove(team.pk, ada.pk, actor=acting(ada)),
            lambda: teams.change_role(team.pk, ada.pk, EDITOR, actor=acting(ada)),
        ):
            assert list(refused(act).values()) == [teams.LAST_OWNER]
        teams.change_role(team.pk, noor.pk, OWNER, actor=acting(ada))
        teams.remove(team.pk, ada.pk, actor=acting(ada))
        assert (role_of(team, ada), role_of(team, noor)) == (None, OWNER)

    def test_a_team_is_handed_over(self) -> None:
        ada, noor = a_user(), a_user()
        team = a_team(ada, viewer=noor)
        teams.hand_over(team.pk, noor.pk, actor=acting(ada))
        assert (role_of(team, ada), role_of(team, noor)) == (EDITOR, OWNER)
        with pytest.raises(NotAllowed):
            teams.hand_over(team.pk, ada.pk, actor=acting(ada))

    def test_strangers_are_no_members(self) -> None:
        team = a_team()
        with pytest.raises(NotVisible):
            teams.change_role(team.pk, a_user().pk, EDITOR, actor=SYSTEM)
        with pytest.raises(NotVisible):
            teams.remove(team.pk, a_user().pk, actor=SYSTEM)

    def test_a_team_that_is_gone_leaves_its_people(self) -> None:
        ada = a_user()
        team = a_team(ada)
        teams.delete(team.pk, actor=acting(ada))
        assert User.objects.filter(pk=ada.pk).exists()
        entry: Any = AuditEntry.objects.get(action="team_deleted")
        assert entry.before["members"] == {str(ada.pk): "owner"}
        with pytest.raises(NotVisible):
            teams.rename(team.pk, "Again", actor=acting(ada))

    def test_leaving_and_being_removed_are_told_apart(self) -> None:
        ada, noor, kit = a_user(), a_user(), a_user()
        team = a_team(ada, editor=noor, viewer=kit)
        teams.remove(team.pk, noor.pk, actor=acting(noor))
        teams.remove(team.pk, kit.pk, actor=acting(ada))
        told = dict(AuditEntry.objects.filter(team_id=team.pk).order_by("at").values_list("subject_id", "action"))
        assert (told[noor.pk], told[kit.pk]) == ("team_left", "team_member_removed")


@pytest.mark.django_db
class TestInvitations:
    def test_one_person_joins_by_a_link(self) -> None:
        team, noor = a_team(), a_user()
        row, text = teams.invite(team.pk, EDITOR, actor=SYSTEM)

        welcome = accept(text, noor)

        assert (welcome.kind, welcome.id, welcome.role) == ("team", team.pk, EDITOR)
        assert welcome.address == f"/accounts/teams/{team.pk}"
        assert role_of(team, noor) == EDITOR
        assert refused(lambda: accept(text, a_user())) == {"token": invitations.NOT_VALID}
        assert text not in str(TeamInvitation.objects.filter(pk=row.pk).values())

    def test_every_reason_sounds_the_same(self) -> None:
        team, noor = a_team(), a_user()
        revoked, revoked_text = teams.invite(team.pk, VIEWER, actor=SYSTEM)
        teams.revoke_invitation(team.pk, revoked.pk, actor=SYSTEM)
        late, late_text = teams.invite(team.pk, VIEWER, actor=SYSTEM)
        TeamInvitation.objects.filter(pk=late.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
        _, for_other = teams.invite(team.pk, VIEWER, actor=SYSTEM, invited=a_user())
        unknown, control = tokens.mint(teams.TOKEN_KIND), tokens.mint("control")

        for text in (revoked_text, late_text, for_other, unknown, control, "", "trp_teaminvite_x"):
            assert refused(lambda text=text: accept(text, noor)) == {"token": invitations.NOT_VALID}  # type: ignore[misc]
        assert role_of(team, noor) is None

    def test_who_is_in_already_uses_nothing_up_and_never_sinks(self) -> None:
        team, noor = a_team(), a_user()
        join_team(team, noor, EDITOR)
        row, text = teams.invite(team.pk, VIEWER, actor=SYSTEM)
        assert accept(text, noor).role == EDITOR
        row.refresh_from_db()
        assert row.uses_left == 1
        _, higher = teams.invite(team.pk, OWNER, actor=SYSTEM)
        assert accept(higher, noor).role == OWNER

    def test_a_link_for_anybody_is_never_used_up(self) -> None:
        team = a_team()
        _, text = teams.invite(team.pk, VIEWER, actor=SYSTEM, uses=None)
        for _ in range(3):
            accept(text, a_user())
        assert team.memberships.count() == 4

    def test_an_invitation_by_name_waits_for_the_person(self) -> None:
        team, noor = a_team(), a_user()
        row, _text = teams.invite(team.pk, VIEWER, actor=SYSTEM, invited=noor, uses=20)
        assert row.uses_left == 1
        assert invitations.waiting_for(noor) == [row]
        assert invitations.waiting_for(a_user()) == []

    @pytest.mark.parametrize(
        ("fields", "failing"),
        [
            ({"uses": 0}, "uses"),
            ({"uses": 501}, "uses"),
            ({"expires_at": timezone.now() - timedelta(hours=1)}, "expires_at"),
            ({"expires_at": timezone.now() + timedelta(days=91)}, "expires_at"),
        ],
    )
    def test_what_an_invitation_cannot_be(self, fields: dict[str, Any], failing: str) -> None:
        team = a_team()
        assert failing in refused(lambda: teams.invite(team.pk, VIEWER, actor=SYSTEM, **fields))

    def test_members_need_no_invitation(self) -> None:
        ada = a_user()
        team = a_team(ada)
        assert "username" in refused(lambda: teams.invite(team.pk, VIEWER, actor=SYSTEM, invited=ada))

    def test_revoking_twice_is_told_once(self) -> None:
        team = a_team()
        row, _text = teams.invite(team.pk, VIEWER, actor=SYSTEM)
        done = [teams.revoke_invitation(team.pk, row.pk, actor=SYSTEM) for _ in range(2)]
        assert done == [True, False]
        assert AuditEntry.objects.filter(action="invitation_revoked").count() == 1

    def test_the_secret_is_in_no_entry(self) -> None:
        team = a_team()
        _row, text = teams.invite(team.pk, VIEWER, actor=SYSTEM)
        accept(text, a_user())
        assert text not in str(list(AuditEntry.objects.values()))


ABILITIES = (access.SEE_TEAM, access.LEAVE_TEAM, access.EDIT_CONTENT, access.RENAME_TEAM, access.HAND_OVER)
# sees, leaves, changes content, renames (and invites, changes roles, deletes), hands over
RIGHTS = {
    "owner": (True, True, True, True, True),
    "editor": (True, True, True, False, False),
    "viewer": (True, True, False, False, False),
    "stranger": (False, False, False, False, False),
    "storyteller": (False, False, False, False, False),
    "admin": (True, False, True, True, False),
    "superuser": (True, False, True, True, False),
    "locked out": (False, False, False, False, False),
    "anonymous": (False, False, False, False, False),
}


def people_of(team: Team) -> dict[str, Actor]:
    found = {role: a_user() for role in TeamRole.values}
    Membership.objects.filter(team=team).delete()
    for role, user in found.items():
        Membership.objects.create(team=team, user=user, role=role)
    locked = a_user(is_active=False)
    Membership.objects.create(team=team, user=locked, role=OWNER)
    others = {
        "stranger": a_user(),
        "storyteller": a_user(role=SiteRole.STORYTELLER),
        "admin": a_user(role=SiteRole.ADMIN),
        "superuser": a_user(is_superuser=True),
        "locked out": locked,
    }
    return {**{name: acting(user) for name, user in {**found, **others}.items()}, "anonymous": ANONYMOUS}


@pytest.mark.django_db
@pytest.mark.parametrize("who", RIGHTS)
def test_the_table_of_abilities(who: str) -> None:
    team = a_team()
    actor = people_of(team)[who]
    assert tuple(access.may(actor, ability, team) for ability in ABILITIES) == RIGHTS[who]


@pytest.mark.django_db
def test_refusals_do_not_tell_that_a_team_exists() -> None:
    team = a_team()
    people = people_of(team)
    expected: dict[str, type[Refusal]] = {"anonymous": NotSignedIn, "stranger": NotVisible, "viewer": NotAllowed}
    for who, refusal in expected.items():
        with pytest.raises(refusal):
            access.require(people[who], access.RENAME_TEAM, team)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("uses", [1, 3])
def test_ten_at_once_and_exactly_as_many_as_allowed_come_in(uses: int) -> None:
    team = a_team()
    people = [a_user() for _ in range(10)]
    _, text = teams.invite(team.pk, VIEWER, actor=SYSTEM, uses=uses)
    start = threading.Barrier(len(people))
    refusals: list[Exception] = []

    def come(user: User) -> None:
        try:
            start.wait(10)
            accept(text, user)
        except Invalid as refusal:
            refusals.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=come, args=(user,)) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refusals) == 10 - uses
    assert team.memberships.filter(role=VIEWER).count() == uses
    assert TeamInvitation.objects.get(team=team).uses_left == 0
    assert AuditEntry.objects.filter(action="team_joined").count() == uses
