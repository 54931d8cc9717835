"""Invitations to a campaign: to watch, to play a character, to run the table; by link, by name, through a team."""

import threading
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client

from accounts import invitations as links
from accounts.actors import SYSTEM
from accounts.models import AuditEntry, User
from accounts.operations import teams
from campaigns import access
from campaigns.models import Campaign, CampaignInvitation, Event, Member, Role
from campaigns.operations import campaigns, invitations
from characters.models import Character
from characters.operations import lifecycle
from contract.refusals import Invalid, Refusal
from tests.api_client import Api, fields
from tests.back_office import signed_in
from tests.factories import (
    Table,
    a_campaign,
    a_character,
    a_member,
    a_private_campaign,
    a_table,
    a_team,
    a_user,
    acting,
    join_team,
)

BY: dict[str, Any] = {"actor": SYSTEM}


def accept(text: str, user: User) -> links.Welcome:
    return links.accept(text, user, via=acting(user))


def role_of(campaign: Campaign, user: User) -> str | None:
    return Member.objects.filter(campaign=campaign, user=user).values_list("role", flat=True).first()


def refused(act: Any) -> set[str]:
    with pytest.raises(Invalid) as found:
        act()
    return {field for field, _message in found.value.details}


@pytest.mark.django_db
class TestByLink:
    @pytest.mark.parametrize("role", Role.values)
    def test_one_joins_with_the_role(self, role: str) -> None:
        campaign, noor = a_private_campaign(), a_user()
        _, text = invitations.issue(campaign, role, **BY)

        welcome = accept(text, noor)

        assert role_of(campaign, noor) == role
        assert (welcome.kind, welcome.role, welcome.address) == ("campaign", role, f"/campaigns/{campaign.slug}")
        assert access.may_see(acting(noor), campaign)
        noor.refresh_from_db()
        assert noor.is_staff == (role == Role.GM)

    def test_a_player_lands_on_the_character(self) -> None:
        campaign, noor = a_private_campaign(), a_user()
        hero = a_character(campaign, name="Isaura Vane")
        _, text = invitations.issue(campaign, Role.PLAYER, character_id=hero.pk, **BY)

        welcome = accept(text, noor)

        assert welcome.address == f"/campaigns/{campaign.slug}/characters/{hero.pk}"
        assert Character.objects.get(pk=hero.pk).player == noor
        assert signed_in(noor).get(welcome.address).status_code == 200
        told = Event.objects.filter(campaign=campaign, type="character_updated").get()
        assert (told.actor, told.credential) == (noor, "session")

    def test_a_secret_character_has_no_page_to_land_on(self) -> None:
        campaign, noor = a_campaign(), a_user()
        hidden = a_character(campaign, is_secret=True)
        _, text = invitations.issue(campaign, Role.PLAYER, character_id=hidden.pk, **BY)
        assert accept(text, noor).address == f"/campaigns/{campaign.slug}"
        assert Character.objects.get(pk=hidden.pk).player == noor

    def test_a_character_that_is_gone_leaves_a_member(self) -> None:
        campaign, noor = a_campaign(), a_user()
        hero = a_character(campaign)
        _, text = invitations.issue(campaign, Role.PLAYER, character_id=hero.pk, **BY)
        lifecycle.delete(hero, **BY)
        assert accept(text, noor).address == f"/campaigns/{campaign.slug}"
        assert role_of(campaign, noor) == Role.PLAYER

    def test_a_gm_who_plays_stays_gm(self) -> None:
        campaign = a_campaign()
        hero = a_character(campaign)
        _, text = invitations.issue(campaign, Role.PLAYER, character_id=hero.pk, **BY)
        assert accept(text, campaign.owner).role == Role.GM
        assert role_of(campaign, campaign.owner) == Role.GM
        assert Character.objects.get(pk=hero.pk).player == campaign.owner

    def test_a_member_who_gains_nothing_uses_nothing_up(self) -> None:
        campaign = a_campaign()
        player = a_member(campaign, Role.PLAYER).user
        row, text = invitations.issue(campaign, Role.VIEWER, **BY)
        assert accept(text, player).role == Role.PLAYER
        row.refresh_from_db()
        assert row.uses_left == 1

    def test_every_reason_sounds_the_same(self) -> None:
        campaign = a_campaign()
        row, revoked = invitations.issue(campaign, Role.VIEWER, **BY)
        assert invitations.revoke(campaign, row.pk, **BY)
        assert not invitations.revoke(campaign, row.pk, **BY)
        _, for_other = invitations.issue(campaign, Role.VIEWER, invited=a_user(), **BY)
        _, used = invitations.issue(campaign, Role.VIEWER, **BY)
        accept(used, a_user())
        for text in (revoked, for_other, used):
            with pytest.raises(Invalid) as found:
                accept(text, a_user())
            assert found.value.details == [("token", links.NOT_VALID)]

    def test_what_an_invitation_cannot_be(self) -> None:
        campaign, elsewhere = a_campaign(), a_character(a_campaign())
        hero = a_character(campaign)

        def issue(role: str = Role.PLAYER, **more: Any) -> Any:
            return lambda: invitations.issue(campaign, role, **BY, **more)

        assert refused(issue("king")) == {"role"}
        assert refused(issue(character_id=elsewhere.pk)) == {"character_id"}
        assert refused(issue(Role.VIEWER, character_id=hero.pk)) == {"role"}
        assert refused(issue(character_id=hero.pk, uses=5)) == {"uses"}
        assert refused(issue(uses=0)) == {"uses"}

    def test_who_was_invited_by_whom_is_told(self) -> None:
        campaign, noor = a_campaign(), a_user()
        _, text = invitations.issue(campaign, Role.VIEWER, actor=acting(campaign.owner))
        accept(text, noor)
        told = AuditEntry.objects.filter(campaign_id=campaign.pk).order_by("at").values_list("action", "actor_id")
        assert list(told)[-3:] == [
            ("invitation_issued", campaign.owner_id),
            ("invitation_accepted", noor.pk),
            ("member_joined", noor.pk),
        ]
        assert text not in str(list(AuditEntry.objects.values()))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("uses", [1, 3])
def test_ten_at_once_and_exactly_as_many_as_allowed_come_in(uses: int) -> None:
    campaign = a_campaign()
    people = [a_user() for _ in range(10)]
    _, text = invitations.issue(campaign, Role.VIEWER, uses=uses, **BY)
    start, refusals = threading.Barrier(len(people)), []

    def come(user: User) -> None:
        try:
            start.wait(10)
            accept(text, user)
        except Refusal as refusal:
            refusals.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=come, args=(user,)) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refusals) == 10 - uses
    assert Member.objects.filter(campaign=campaign, role=Role.VIEWER).count() == uses
    assert CampaignInvitation.objects.get(campaign=campaign).uses_left == 0


@pytest.mark.django_db
class TestTeams:
    def test_a_team_that_shares_a_campaign_has_roles_there(self) -> None:
        ada, noor, kit, stranger = (a_user() for _ in range(4))
        campaign = a_private_campaign(owner=ada)
        team = a_team(ada, editor=noor, viewer=kit)
        campaigns.assign_team(campaign.pk, team.pk, actor=acting(ada))
        campaign.refresh_from_db()

        assert access.role_of(acting(noor), campaign) == Role.GM
        assert access.role_of(acting(kit), campaign) == Role.VIEWER
        assert access.role_of(acting(stranger), campaign) is None
        assert campaign in access.managed(acting(noor))
        assert campaign not in access.managed(acting(kit))
        assert campaign in access.visible(acting(kit))
        assert campaign not in access.visible(acting(stranger))
        noor.refresh_from_db()
        assert noor.is_staff
        assert not User.objects.get(pk=kit.pk).is_staff

    def test_the_better_of_both_roles_counts(self) -> None:
        kit = a_user()
        campaign = a_campaign()
        team = a_team(campaign.owner, viewer=kit)
        campaigns.assign_team(campaign.pk, team.pk, actor=acting(campaign.owner))
        campaign.refresh_from_db()
        a_member(campaign, Role.PLAYER, kit)
        assert access.role_of(acting(kit), campaign) == Role.PLAYER
        teams.change_role(team.pk, kit.pk, "editor", **BY)
        assert access.role_of(acting(kit), campaign) == Role.GM

    def test_many_at_once_are_as_one_by_one(self) -> None:
        ada, noor, kit = a_user(), a_user(), a_user()
        first, second = a_campaign(owner=ada), a_campaign(owner=ada)
        team = a_team(ada, editor=noor, viewer=kit)
        campaigns.assign_team(first.pk, team.pk, actor=acting(ada))
        a_member(second, Role.PLAYER, kit)
        found = access.roles([noor.pk, kit.pk], [first.pk, second.pk])
        assert found == {
            (first.pk, noor.pk): Role.GM,
            (first.pk, kit.pk): Role.VIEWER,
            (second.pk, kit.pk): Role.PLAYER,
        }

    def test_who_leaves_the_team_leaves_its_campaigns(self) -> None:
        ada, noor = a_user(), a_user()
        campaign = a_private_campaign(owner=ada)
        team = a_team(ada, editor=noor)
        campaigns.assign_team(campaign.pk, team.pk, actor=acting(ada))
        client = signed_in(noor)
        address = f"/admin/campaigns/campaign/{campaign.pk}/change/"
        assert client.get(address).status_code == 200

        teams.remove(team.pk, noor.pk, actor=acting(ada))

        assert client.get(address).status_code == 403
        assert client.get(f"/campaigns/{campaign.slug}").status_code == 404

    def test_new_editors_get_the_back_office(self) -> None:
        ada, noor = a_user(), a_user()
        campaign = a_campaign(owner=ada)
        team = a_team(ada)
        campaigns.assign_team(campaign.pk, team.pk, actor=acting(ada))
        join_team(team, noor, "editor")
        assert User.objects.get(pk=noor.pk).is_staff

    def test_nobody_shares_with_a_team_of_others(self) -> None:
        campaign = a_campaign()
        for team in (a_team(), a_team(a_user(), viewer=campaign.owner)):
            act = lambda team=team: campaigns.assign_team(campaign.pk, team.pk, actor=acting(campaign.owner))  # noqa: E731
            assert refused(act) == {"team_id"}
        assert refused(lambda: campaigns.assign_team(campaign.pk, UUID(int=1), **BY)) == {"team_id"}

    def test_a_team_that_is_gone_leaves_the_campaign_to_its_owner(self) -> None:
        campaign = a_campaign()
        team = a_team(campaign.owner)
        campaigns.assign_team(campaign.pk, team.pk, actor=acting(campaign.owner))
        teams.delete(team.pk, **BY)
        campaign.refresh_from_db()
        assert campaign.team is None


@pytest.mark.django_db
class TestApi:
    def test_from_the_invitation_to_the_character(self) -> None:
        table, noor = a_table(), a_user()
        made = Api(user=table.gm).post(
            f"/campaigns/{table.campaign.slug}/invitations", {"character_id": str(table.hero.pk)}
        )
        assert made.status_code == 201
        assert made.json()["url"] == f"http://testserver/invitations#{made.json()['token']}"

        welcome = Api(user=noor).post("/invitations/accept", {"token": made.json()["token"]}).json()

        assert welcome["url"] == f"/campaigns/{table.campaign.slug}/characters/{table.hero.pk}"
        again = Api(user=a_user()).post("/invitations/accept", {"token": made.json()["token"]})
        assert fields(again).keys() == {"token"}

    def test_the_team_of_a_campaign(self) -> None:
        table = a_table()
        team, api, address = a_team(table.gm), Api(user=table.gm), f"/campaigns/{table.campaign.slug}/team"
        assert api.get(address).json() == {"team_id": None}
        assert api.patch(address, {"team_id": str(team.pk)}).json() == {"team_id": str(team.pk)}
        assert api.get(address).json() == {"team_id": str(team.pk)}
        assert fields(api.patch(address, {"team_id": str(a_team().pk)})).keys() == {"team_id"}
        assert api.patch(address, {"team_id": None}).json() == {"team_id": None}


@pytest.mark.django_db
class TestBackOffice:
    def page(self, table: Table, name: str = "people/") -> str:
        return f"/admin/campaigns/campaign/{table.campaign.pk}/{name}"

    def test_a_gm_invites_to_a_character(self) -> None:
        table = a_table()
        data = {"role": "player", "character_id": str(table.hero.pk), "uses": "1", "days": "7", "username": ""}
        answer: Any = signed_in(table.gm).post(self.page(table), data)
        row = CampaignInvitation.objects.get()
        assert (row.role, row.character_id, row.created_by) == ("player", table.hero.pk, table.gm)
        assert "http://testserver/invitations#trp_playinvite_" in answer.content.decode()
        again = signed_in(table.gm).get(self.page(table)).content.decode()
        assert "invitations#trp_" not in again
        assert row.hint in again

    def test_what_is_refused_is_said_at_the_field(self) -> None:
        table = a_table()
        data = {"role": "viewer", "character_id": str(table.hero.pk), "uses": "1", "days": "7", "username": "nobody"}
        answer: Any = signed_in(table.gm).post(self.page(table), data)
        assert set(answer.context["form"].errors) == {"username"}
        answer = signed_in(table.gm).post(self.page(table), {**data, "username": ""})
        assert set(answer.context["form"].errors) == {"role"}
        assert not CampaignInvitation.objects.exists()

    def test_a_gm_withdraws_one(self) -> None:
        table = a_table()
        row, text = invitations.issue(table.campaign, Role.VIEWER, **BY)
        signed_in(table.gm).post(self.page(table, "people/revoke/"), {"invitation": str(row.pk)})
        with pytest.raises(Invalid):
            accept(text, a_user())

    def test_a_gm_shares_with_an_own_team(self) -> None:
        table = a_table()
        team = a_team(table.gm)
        signed_in(table.gm).post(self.page(table, "people/team/"), {"team": str(team.pk)})
        table.campaign.refresh_from_db()
        assert table.campaign.team == team

    def test_only_the_gm_does_any_of_it(self) -> None:
        table = a_table()
        row, _ = invitations.issue(table.campaign, Role.VIEWER, **BY)
        team = a_team(table.rival)
        for name, data in (
            ("people/", {"role": "gm", "uses": "1", "days": "7"}),
            ("people/revoke/", {"invitation": str(row.pk)}),
            ("people/team/", {"team": str(team.pk)}),
        ):
            assert signed_in(table.rival).post(self.page(table, name), data).status_code == 404
            assert Client().post(self.page(table, name), data).status_code == 302
            assert signed_in(table.player).post(self.page(table, name), data).status_code == 302
        row.refresh_from_db()
        table.campaign.refresh_from_db()
        assert (row.revoked_at, table.campaign.team, CampaignInvitation.objects.count()) == (None, None, 1)
