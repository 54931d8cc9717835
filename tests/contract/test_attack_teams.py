"""Rows A08 and A10-A12 of the attack matrix where they meet teams and invitations."""

from typing import Any

import pytest

from accounts.actors import SYSTEM
from accounts.models import Membership, Team, TeamInvitation
from accounts.operations import teams
from campaigns.models import Campaign, CampaignInvitation, Member, Role
from campaigns.operations import campaigns, invitations, members
from tests.api_client import Api, fields
from tests.back_office import signed_in
from tests.factories import Table, a_private_campaign, a_table, a_team, a_user, acting

pytestmark = pytest.mark.django_db


def written() -> dict[str, Any]:
    """Every row that says who may do what."""
    models: tuple[Any, ...] = (Member, Membership, Team, TeamInvitation, CampaignInvitation)
    rows = {model.__name__: list(model.objects.order_by("pk").values()) for model in models}
    return {**rows, "shared": list(Campaign.objects.order_by("pk").values_list("pk", "team_id"))}


def test_a08_a_player_hands_out_nothing(table: Table) -> None:
    own = a_team(table.player)
    invitation, _ = invitations.issue(table.campaign, Role.VIEWER, actor=SYSTEM)
    here, before = f"/campaigns/{table.campaign.slug}", written()
    player = Api(user=table.player)
    for method, path, body in (
        ("POST", "/invitations", {"role": "gm"}),
        ("DELETE", f"/invitations/{invitation.pk}", None),
        ("PATCH", "/team", {"team_id": str(own.pk)}),
        ("POST", "/members", {"username": table.player.username, "role": "gm"}),
    ):
        assert player.send(method, here + path, body).status_code == 403
    assert written() == before


def test_a08_an_editor_does_not_rise(table: Table) -> None:
    team = a_team(table.gm, editor=table.player)
    editor, before = Api(user=table.player), written()
    mine = f"/teams/{team.pk}/members/{table.player.pk}"
    assert editor.patch(mine, {"role": "owner"}).status_code == 403
    assert editor.post(f"/teams/{team.pk}/invitations", {"role": "owner"}).status_code == 403
    assert editor.delete(f"/teams/{team.pk}/members/{table.gm.pk}").status_code == 403
    assert editor.delete(f"/teams/{team.pk}").status_code == 403
    assert written() == before


@pytest.mark.parametrize(
    "query", ["?owner=x", "?expand=owner.email", "?user=x", "?email=a@example.org", "?username__startswith=a"]
)
def test_a10_no_parameter_widens_a_list(query: str, table: Table) -> None:
    api, team = Api(user=table.gm), a_team(table.gm)
    here = f"/campaigns/{table.campaign.slug}/invitations"
    for path in ("/teams", f"/teams/{team.pk}/members", f"/teams/{team.pk}/invitations", "/users", here):
        answer = api.get(path + query)
        assert answer.status_code == 422
        assert fields(answer)[query[1:].partition("=")[0]] == "unknown parameter"


def test_a10_another_campaigns_invitation_is_not_reached_through_the_own(table: Table) -> None:
    theirs, _ = invitations.issue(table.rival_campaign, Role.VIEWER, actor=SYSTEM)
    api, here = Api(user=table.gm), f"/campaigns/{table.campaign.slug}/invitations"
    assert api.delete(f"{here}/{theirs.pk}").status_code == 404
    assert api.post(here, {"character_id": str(table.rival_hero.pk)}).status_code == 422
    team, other = a_team(table.gm), a_team(table.rival)
    foreign, _ = teams.invite(other.pk, "viewer", actor=SYSTEM)
    assert api.delete(f"/teams/{team.pk}/invitations/{foreign.pk}").status_code == 404
    assert api.delete(f"/teams/{team.pk}/members/{table.rival.pk}").status_code == 404
    theirs.refresh_from_db()
    foreign.refresh_from_db()
    assert (theirs.revoked_at, foreign.revoked_at) == (None, None)


def test_a11_who_is_removed_is_out_with_the_next_request() -> None:
    table = a_table(visibility="private")
    ally = a_user()
    team = a_team(table.gm, editor=ally)
    campaigns.assign_team(table.campaign.pk, team.pk, actor=acting(table.gm))
    member, editor = Api(user=table.player), Api(user=ally)
    page, here = f"/campaigns/{table.campaign.slug}", f"/campaigns/{table.campaign.slug}"
    assert member.get(here).status_code == editor.patch(here, {"description": "By night."}).status_code == 200

    members.remove(table.campaign, table.player.pk, actor=acting(table.gm))
    teams.remove(team.pk, ally.pk, actor=acting(table.gm))

    for api in (member, editor):
        assert api.get(here).status_code == api.patch(here, {"description": "Mine."}).status_code == 404
        assert api.client.get(page).status_code == 404
    assert editor.client.get(f"/admin/campaigns/campaign/{table.campaign.pk}/people/").status_code == 404


def test_a11_an_invitation_of_a_removed_gm_can_be_withdrawn_and_is_told(table: Table) -> None:
    friend = members.set_role(table.campaign, a_user(), Role.GM, actor=acting(table.gm)).user
    invitation, text = invitations.issue(table.campaign, Role.GM, actor=acting(friend))
    members.remove(table.campaign, friend.pk, actor=acting(table.gm))

    listed = Api(user=table.gm).get(f"/campaigns/{table.campaign.slug}/invitations").json()["results"]
    assert [(row["created_by"], row["role"]) for row in listed] == [(friend.username, "gm")]
    Api(user=table.gm).delete(f"/campaigns/{table.campaign.slug}/invitations/{invitation.pk}")
    assert Api(user=friend).post("/invitations/accept", {"token": text}).status_code == 422


def test_a12_the_new_pages_of_the_back_office_know_only_own_campaigns(table: Table) -> None:
    theirs, own = a_private_campaign(owner=table.rival, name="Xanthippe"), a_team(table.gm)
    before = written()
    client = signed_in(table.gm)
    for name in ("audit/", "audit.csv", "people/"):
        answer = client.get(f"/admin/campaigns/campaign/{theirs.pk}/{name}")
        assert answer.status_code == 404
        assert "Xanthippe" not in answer.content.decode()
    assert client.post(f"/admin/campaigns/campaign/{theirs.pk}/people/team/", {"team": str(own.pk)}).status_code == 404
    forged = {"role": "player", "uses": "1", "days": "7", "character_id": str(table.rival_hero.pk)}
    answer = client.post(f"/admin/campaigns/campaign/{table.campaign.pk}/people/", forged)
    assert "character_id" in answer.context["form"].errors
    assert written() == before
