"""Sheets on real sockets: what open pages of dice and of the storyteller are told."""

from typing import Any

from accounts.actors import SYSTEM
from campaigns.models import Campaign, TokenKind
from campaigns.operations import campaigns, tokens
from tests.asgi_server import AsgiServer
from tests.live.viewers import Viewer, viewer
from tests.sheets.made import a_played_sheet, a_roll, a_sheet, awarded, edit


def rolls(page: Viewer) -> list[Any]:
    return [data.get("roll", {}).get("id") for data in (m["data"] for m in page.messages if m["type"] == "EVENT")]


def test_a_roll_of_somebody_else_comes_at_once_a_hidden_one_to_the_gm(
    asgi_server: AsgiServer, campaign: Campaign
) -> None:
    sheet, _character = a_played_sheet(campaign)
    _row, token = tokens.issue(campaign, TokenKind.READ, "bot", actor=SYSTEM)
    with viewer(asgi_server, campaign) as player, viewer(asgi_server, campaign, "?auth=1&view=gm") as gm:
        player.next()
        gm.say(type="AUTH", token=token)
        assert gm.next()["audience"] == "gm"
        shown, hidden = a_roll(sheet), a_roll(sheet, hidden=True)
        campaign.refresh_from_db()
        for page in (player, gm):
            page.until(campaign.seq)
    assert rolls(player) == [str(shown.pk), None]
    assert rolls(gm) == [str(shown.pk), str(hidden.pk)]
    assert str(hidden.pk) not in str(player.frames)


def test_what_a_sheet_is_worth_is_told_to_the_gm_at_once(
    redis_url: str, asgi_server: AsgiServer, campaign: Campaign
) -> None:
    """Experience and blood potency are no live state; words that are being typed are no news."""
    sheet = a_sheet(campaign=campaign)
    _row, token = tokens.issue(campaign, TokenKind.READ, "bot", actor=SYSTEM)
    with viewer(asgi_server, campaign) as player, viewer(asgi_server, campaign, "?auth=1&view=gm") as gm:
        player.next()
        gm.say(type="AUTH", token=token)
        gm.next()
        edit(sheet, {"concept": "Courier of letters"})
        awarded(sheet, 3)
        edit(sheet, {"blood_potency": 2})
        told = {"type": "SHEET_CHANGED", "data": {"sheetId": str(sheet.pk)}}
        assert [gm.next(), gm.next()] == [told, told]
        campaigns.update(campaign.pk, {"description": "By night"}, actor=SYSTEM)
        assert player.next()["type"] == "CAMPAIGN_UPDATED" == gm.next()["type"]
