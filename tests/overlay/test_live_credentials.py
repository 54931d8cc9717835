"""Who watches by being in a team that shares the campaign, and what happens when that ends."""

import pytest
from django.test import Client

from accounts.actors import SYSTEM
from accounts.operations import teams
from campaigns.messages import GM, VIEWER
from campaigns.operations import campaigns
from overlay.live import codes, credentials, reads
from tests.factories import a_private_campaign, a_team, a_user, acting

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("role", "view"), [("viewer", VIEWER), ("editor", VIEWER), ("editor", GM)])
def test_a_socket_opened_by_a_team_closes_with_it(role: str, view: str) -> None:
    ada, noor = a_user(), a_user()
    campaign = a_private_campaign(owner=ada)
    team = a_team(ada, **{role: noor})
    campaigns.assign_team(campaign.pk, team.pk, actor=acting(ada))
    client = Client()
    client.force_login(noor)
    grant = credentials.by_session(campaign.pk, str(client.session.session_key), view)
    assert grant is not None

    assert credentials.withdrawn([grant], reads.heads([campaign.pk])) == {}
    teams.remove(team.pk, noor.pk, actor=SYSTEM)
    assert credentials.withdrawn([grant], reads.heads([campaign.pk])) == {grant: codes.NOT_ALLOWED}


def test_an_editor_who_becomes_a_viewer_loses_the_gms_view_only() -> None:
    ada, noor = a_user(), a_user()
    campaign = a_private_campaign(owner=ada)
    team = a_team(ada, editor=noor)
    campaigns.assign_team(campaign.pk, team.pk, actor=acting(ada))
    client = Client()
    client.force_login(noor)
    grants = [credentials.by_session(campaign.pk, str(client.session.session_key), view) for view in (GM, VIEWER)]

    teams.change_role(team.pk, noor.pk, "viewer", actor=SYSTEM)

    found = credentials.withdrawn([grant for grant in grants if grant], reads.heads([campaign.pk]))
    assert found == {grants[0]: codes.NOT_ALLOWED}
