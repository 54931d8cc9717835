"""Campaigns with people in them, for every test that needs some. Plain functions; each call makes a new row.

    gm = a_user()
    campaign = a_campaign(owner=gm)
    hero = a_character(campaign, hp=20)

`a_table()` makes a whole one: a campaign with its GM, players, tokens, and a rival with a campaign of their own.
"""

import itertools
from dataclasses import dataclass
from typing import Any

from accounts import invitations, scopes
from accounts.actors import SYSTEM, Actor
from accounts.models import ApiKey, Team, TeamRole, User
from accounts.operations import keys, teams
from campaigns.models import Campaign, CampaignToken, Episode, Member, Role, TokenKind, Visibility
from campaigns.operations import campaigns, episodes, members, tokens
from characters.models import Character
from characters.operations import lifecycle, roster

_numbers = itertools.count(1)

PASSWORD = "a-long-enough-password"


def a_user(username: str = "", **fields: Any) -> User:
    return User.objects.create_user(username or f"user-{next(_numbers)}", password=PASSWORD, **fields)


def a_campaign(*, owner: User | None = None, **fields: Any) -> Campaign:
    """A public campaign unless `visibility` says otherwise; its owner is its GM."""
    number = next(_numbers)
    named = {"slug": f"campaign-{number}", "name": f"Campaign {number}", **fields}
    return campaigns.create(owner or a_user(), actor=SYSTEM, **named)


def a_private_campaign(**fields: Any) -> Campaign:
    return a_campaign(visibility=Visibility.PRIVATE, **fields)


def a_character(campaign: Campaign, *, hp: int = 20, stats: dict[str, Any] | None = None, **fields: Any) -> Character:
    """Unhurt, with `hp` hit points; `stats` are merged on top, other fields are those of the model."""
    merged = {"hp": {"max": hp}, **(stats or {})}
    named = {"name": f"Hero {next(_numbers)}", **fields}
    return lifecycle.create(campaign, actor=SYSTEM, stats=merged, **named)


def a_vampire(campaign: Campaign, **fields: Any) -> Character:
    """A character without hit points and with one track of each form."""
    tracks = {
        "health": {"max": 7, "superficial": 2, "aggravated": 0},
        "hunger": {"value": 2, "max": 5},
        "humanity": {"value": 7, "stains": 0, "max": 10},
    }
    return a_character(campaign, hp=0, stats={"tracks": tracks}, **fields)


def on_stage(campaign: Campaign, *characters: Character) -> None:
    """Make these the roster, in this order."""
    roster.set_roster(campaign.pk, [(character.pk, "") for character in characters], actor=SYSTEM)


def an_episode(campaign: Campaign, **fields: Any) -> Episode:
    return episodes.create(campaign, actor=SYSTEM, **{"title": f"Episode {next(_numbers)}", **fields})


def a_member(campaign: Campaign, role: str = Role.PLAYER, user: User | None = None) -> Member:
    return members.set_role(campaign, user or a_user(), role, actor=SYSTEM)


def a_token(campaign: Campaign, kind: str = TokenKind.CONTROL, **fields: Any) -> tuple[CampaignToken, str]:
    """The token and its text."""
    return tokens.issue(campaign, kind, f"{kind} token", actor=SYSTEM, **fields)


def an_api_key(user: User, *wanted: str, **fields: Any) -> tuple[ApiKey, str]:
    """The key, with all scopes unless some are named, and its text."""
    return keys.issue(user, f"key {next(_numbers)}", wanted or scopes.ALL, actor=SYSTEM, **fields)


def a_team(owner: User | None = None, **people: User) -> Team:
    """`a_team(ada, editor=noor)`: the team of ada, with noor as an editor."""
    team = teams.create(f"Team {next(_numbers)}", actor=acting(owner or a_user()))
    for role, user in people.items():
        join_team(team, user, role)
    return team


def join_team(team: Team, user: User, role: str = TeamRole.VIEWER) -> None:
    _row, text = teams.invite(team.pk, role, actor=SYSTEM)
    invitations.accept(text, user, via=acting(user))


def acting(user: User) -> Actor:
    """The actor that a signed-in user is."""
    return Actor(user=user, via="session")


def at_table(token: CampaignToken) -> Actor:
    return Actor(token=token, via="x-token")


@dataclass
class Table:
    """A campaign with everybody who may come by; `*_token` are texts, `rival` runs another campaign."""

    campaign: Campaign
    hero: Character
    secret: Character
    gm: User
    player: User
    viewer: User
    stranger: User
    rival: User
    rival_campaign: Campaign
    rival_hero: Character
    control_token: str
    read_token: str
    overlay_token: str
    foreign_token: str


def a_table(**fields: Any) -> Table:
    """`hero` is on the roster and played by `player`; `secret` is a character that viewers do not know of."""
    gm, player, rival = a_user(), a_user(), a_user()
    campaign = a_campaign(owner=gm, **fields)
    a_member(campaign, Role.PLAYER, player)
    viewer = a_member(campaign, Role.VIEWER).user
    hero = a_character(campaign, name="Isaura Vane", hp=45, player=player, gm_notes="Owes the harbour master.")
    on_stage(campaign, hero)
    rival_campaign = a_campaign(owner=rival)
    return Table(
        campaign=campaign,
        hero=hero,
        secret=a_character(campaign, name="The Pale King", is_secret=True),
        gm=gm,
        player=player,
        viewer=viewer,
        stranger=a_user(),
        rival=rival,
        rival_campaign=rival_campaign,
        rival_hero=a_character(rival_campaign),
        control_token=a_token(campaign, TokenKind.CONTROL)[1],
        read_token=a_token(campaign, TokenKind.READ)[1],
        overlay_token=a_token(campaign, TokenKind.OVERLAY)[1],
        foreign_token=a_token(rival_campaign, TokenKind.CONTROL)[1],
    )
