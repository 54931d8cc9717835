"""Every endpoint, asked by every actor, of a public and of a private campaign."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction

from accounts.actors import SYSTEM
from accounts.operations import refresh, teams
from campaigns.models import Event
from campaigns.operations import episodes, invitations
from characters.operations import initiative, lifecycle, relationships, vitals
from config.api import ROUTES
from sheets.models import Sheet
from sheets.operations import chronicles, experience
from sheets.pdf import printing
from tests.actors import ACTORS, api_as
from tests.api_client import ROOT, Api
from tests.content.pictures import a_picture
from tests.content.stored import an_asset
from tests.factories import (
    PASSWORD,
    Table,
    a_character,
    a_private_campaign,
    a_table,
    a_team,
    a_token,
    an_api_key,
    an_episode,
)
from tests.openapi import document
from tests.sheets.made import PLAYS, a_cell, a_face, a_roll, a_row, a_sheet, awarded, fallen

INSIDERS = ("player", "viewer", "read", "overlay")
INSIDE = ("gm", "control", *INSIDERS, "other")
OUTSIDERS = ("stranger", "rival", "foreign", "staff")


def everybody(status: int, **others: int) -> dict[str, int]:
    return dict.fromkeys(ACTORS, status) | others


# What each kind of endpoint answers to whom, for a public campaign; `done` stands for the 2xx of the row.
DONE = 0
SEEN = everybody(DONE)
MANAGED = everybody(403, gm=DONE, control=DONE, anonymous=401)
DRESSED = MANAGED | {"player": DONE}  # the character is the player's own
OWNED = everybody(403, gm=DONE, anonymous=401)
LOOKED_INTO = everybody(403, gm=DONE, control=DONE, read=DONE, anonymous=401)
# Groups are for the people and tokens of the campaign; players and the GM change them.
SHELVED = everybody(403, **dict.fromkeys(INSIDE, DONE), anonymous=401)
PLAYED = everybody(403, gm=DONE, control=DONE, player=DONE, other=DONE, anonymous=401)
SHELVES = everybody(403, gm=DONE, player=DONE, other=DONE, anonymous=401)
PERSONAL = everybody(DONE, control=403, read=403, overlay=403, foreign=403, anonymous=401)
HERS = everybody(404, gm=DONE, control=403, read=403, overlay=403, foreign=403, anonymous=401)
CREATED = everybody(DONE, control=403, read=403, overlay=403, foreign=403, anonymous=401)
# The sheet is the player's, in the chronicle of the table; it is not shared with the others there.
OF_SHEET = everybody(404, gm=DONE, control=DONE, player=DONE)
SHEET_SEEN = OF_SHEET | {"read": DONE}
SHEET_EDITED = SHEET_SEEN | {"read": 403, "anonymous": 401}
SHEET_TOLD = SHEET_EDITED | {"player": 403}
SHEET_OWNED = SHEET_EDITED | {"gm": 403, "control": 403}
SHEET_COPIED = SHEET_EDITED | {"control": 403}
LISTED = everybody(DONE, anonymous=401)
# In the team of the table the GM is an owner, the player an editor, the viewer a viewer.
TEAM_SEEN = CREATED | dict.fromkeys(("other", "stranger", "rival", "staff"), 404)
TEAM_OWNED = TEAM_SEEN | dict.fromkeys(("player", "viewer"), 403)


def in_private(rule: dict[str, int], method: str) -> dict[str, int]:
    """A private campaign does not exist for outsiders; who sends no credential with a write is asked for one."""
    hidden = dict.fromkeys((*OUTSIDERS, "anonymous"), 404)
    return rule | hidden | ({"anonymous": 401} if method != "GET" else {})


@dataclass
class Row:
    method: str
    path: str
    done: int
    rule: dict[str, int]
    body: Any = None
    given: Callable[[Table], Any] | None = None
    upload: str = ""  # the name of the form's file part

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def running(table: Table) -> None:
    episodes.start(table.campaign.episodes.get(number=1), actor=SYSTEM)


def down(table: Table) -> None:
    vitals.change_hp(table.campaign.pk, table.hero.pk, delta=-45, actor=SYSTEM)


def lucky(table: Table) -> None:
    lifecycle.update(table.hero, {"stats": {"tracks": {"luck": {"value": 0, "max": 3}}}}, actor=SYSTEM)


def with_a_face(table: Table) -> None:
    for sheet in Sheet.objects.filter(owner=table.player):
        a_face(sheet)


def in_turn(table: Table) -> None:
    entries = [{"character": table.hero.pk, "score": 14}, {"character": table.secret.pk, "score": 9}]
    initiative.set_order(table.campaign.pk, entries, actor=SYSTEM)


C = "/campaigns/{campaign}"
TEAM = "/teams/{team}"
ASSET = "/content/{asset}"
HERO = f"{C}/characters/{{character}}"
VTM = "/sheets/vtm/{sheet}"
XP = "/sheets/{sheet}/xp"
FACE = "/sheets/{sheet}/portraits/face"
HIT = {"type": "hp_change", "character_id": "{character}", "delta": -7, "kind": "fire"}
MOVE = {"badges": {"{character}": {"x": 0.1, "y": 0.9}}}

ROWS = [
    Row("GET", "/users?username={stranger}", 200, CREATED),
    Row("GET", "/teams", 200, CREATED),
    Row("POST", "/teams", 201, CREATED, {"name": "The Lamplighters"}),
    Row("GET", TEAM, 200, TEAM_SEEN),
    Row("PATCH", TEAM, 200, TEAM_OWNED, {"name": "The Lamplighters"}),
    Row("DELETE", TEAM, 204, TEAM_OWNED),
    Row("GET", f"{TEAM}/members", 200, TEAM_SEEN),
    Row("PATCH", f"{TEAM}/members/{{member}}", 200, TEAM_OWNED, {"role": "editor"}),
    Row("DELETE", f"{TEAM}/members/{{member}}", 204, TEAM_OWNED | {"viewer": DONE}),
    Row("GET", f"{TEAM}/invitations", 200, TEAM_OWNED),
    Row("POST", f"{TEAM}/invitations", 201, TEAM_OWNED, {"role": "viewer"}),
    Row("DELETE", f"{TEAM}/invitations/{{invitation}}", 204, TEAM_OWNED),
    Row("POST", "/invitations/accept", 200, CREATED, {"token": "{invitation_token}"}),
    Row("GET", "/content", 200, PERSONAL),
    Row("POST", "/content", 201, CREATED, upload="file"),
    Row("GET", "/content/usage", 200, PERSONAL),
    Row("GET", ASSET, 200, HERS),
    Row("PATCH", ASSET, 200, HERS, {"title": "The harbour"}),
    Row("DELETE", ASSET, 204, HERS),
    Row("GET", f"{ASSET}/versions", 200, HERS),
    Row("POST", f"{ASSET}/versions", 201, HERS, upload="file"),
    Row("POST", f"{ASSET}/versions/1/restore", 200, HERS),
    Row("GET", "/campaigns", 200, SEEN),
    Row("POST", "/campaigns", 201, CREATED, {"name": "The Drowned Bells"}),
    Row("GET", C, 200, SEEN),
    Row("PATCH", C, 200, MANAGED, {"description": "By night."}),
    Row("DELETE", C, 204, OWNED),
    Row("GET", f"{C}/members", 200, LOOKED_INTO),
    Row("POST", f"{C}/members", 201, OWNED, {"username": "{stranger}", "role": "player"}),
    Row("DELETE", f"{C}/members/{{member}}", 204, OWNED),
    Row("GET", f"{C}/tokens", 200, OWNED),
    Row("POST", f"{C}/tokens", 201, OWNED, {"kind": "overlay", "name": "OBS"}),
    Row("DELETE", f"{C}/tokens/{{token}}", 204, OWNED),
    Row("POST", f"{C}/tokens/{{token}}/rotate", 200, OWNED),
    Row("GET", f"{C}/invitations", 200, OWNED),
    Row("POST", f"{C}/invitations", 201, OWNED, {"role": "player", "character_id": "{character}"}),
    Row("DELETE", f"{C}/invitations/{{play_invitation}}", 204, OWNED),
    Row("GET", f"{C}/team", 200, OWNED),
    Row("PATCH", f"{C}/team", 200, OWNED, {"team_id": "{team}"}),
    Row("GET", f"{C}/library", 200, SHELVES),
    Row("POST", f"{C}/library", 201, SHELVES, upload="file"),
    Row("GET", f"{C}/library/usage", 200, SHELVES),
    Row("GET", f"{C}/episodes", 200, SEEN),
    Row("POST", f"{C}/episodes", 201, MANAGED, {"title": "Low tide"}),
    Row("GET", f"{C}/episodes/1", 200, SEEN),
    Row("PATCH", f"{C}/episodes/1", 200, MANAGED, {"title": "High tide"}),
    Row("DELETE", f"{C}/episodes/1", 204, MANAGED),
    Row("POST", f"{C}/episodes/1/start", 200, MANAGED),
    Row("POST", f"{C}/episodes/1/end", 200, MANAGED, given=running),
    Row("GET", f"{C}/characters", 200, SEEN),
    Row("POST", f"{C}/characters", 201, MANAGED, {"name": "Corvin Ash", "class": "Rogue", "level": 3}),
    Row("GET", HERO, 200, SEEN),
    Row("PATCH", HERO, 200, MANAGED, {"stats": {"hp": {"current": 35}}}),
    Row("DELETE", HERO, 204, MANAGED),
    Row("POST", f"{HERO}/retire", 200, MANAGED),
    Row("GET", f"{HERO}/portrait", 200, DRESSED),
    Row("GET", f"{HERO}/background", 200, DRESSED),
    Row("POST", f"{HERO}/portrait", 201, DRESSED, upload="file"),
    Row("DELETE", f"{HERO}/portrait", 204, DRESSED),
    Row("POST", f"{HERO}/background", 201, DRESSED, upload="file"),
    Row("DELETE", f"{HERO}/background", 204, DRESSED),
    Row("GET", f"{HERO}/relationships", 200, SEEN),
    Row("POST", f"{HERO}/relationships", 201, MANAGED, {"to_id": "{other_character}", "words": "Sworn to protect"}),
    Row("GET", f"{HERO}/relationships/{{relationship}}", 200, SEEN),
    Row("PATCH", f"{HERO}/relationships/{{relationship}}", 200, MANAGED, {"words": "Sworn to bury"}),
    Row("DELETE", f"{HERO}/relationships/{{relationship}}", 204, MANAGED),
    Row("GET", f"{C}/roster", 200, SEEN),
    Row("PATCH", f"{C}/roster", 200, MANAGED, {"character_ids": ["{character}"]}),
    Row("GET", f"{C}/initiative", 200, SEEN),
    Row("PATCH", f"{C}/initiative", 200, MANAGED, {"order": [{"character_id": "{character}", "score": 12}]}),
    Row("DELETE", f"{C}/initiative", 204, MANAGED),
    Row("POST", f"{C}/initiative/next", 200, MANAGED, given=in_turn),
    Row("GET", f"{C}/events", 200, SEEN),
    Row("POST", f"{C}/events", 201, MANAGED, HIT),
    Row("GET", f"{C}/events/{{event}}", 200, SEEN),
    Row("POST", f"{C}/events/{{event}}/undo", 201, MANAGED),
    Row("POST", f"{C}/undo", 201, MANAGED, {}),
    Row("POST", f"{HERO}/hp", 201, MANAGED, {"delta": -7, "kind": "fire"}),
    Row("POST", f"{HERO}/temp", 201, MANAGED, {"amount": 5}),
    Row("POST", f"{HERO}/condition", 201, MANAGED, {"condition": "prone"}),
    Row("POST", f"{HERO}/death-save", 201, MANAGED, {"result": "failure"}, given=down),
    Row("POST", f"{HERO}/track", 201, MANAGED, {"track": "luck", "delta": 1}, given=lucky),
    Row("POST", f"{C}/roll", 201, MANAGED, {"label": "Stealth", "total": 17}),
    Row("POST", f"{C}/episode/start", 201, MANAGED),
    Row("POST", f"{C}/episode/end", 201, MANAGED, given=running),
    Row("POST", f"{C}/import", 200, MANAGED, upload="files"),
    Row("GET", f"{C}/layout", 200, SEEN),
    Row("GET", f"{C}/layout/large", 200, SEEN),
    Row("PATCH", f"{C}/layout/large", 200, MANAGED, MOVE),
    Row("GET", f"{C}/live", 200, SEEN),
    Row("POST", f"{C}/live/tickets", 201, everybody(403, **dict.fromkeys(INSIDE, DONE), anonymous=401)),
    Row("GET", f"{C}/chronicle", 200, SEEN),
    Row("PATCH", f"{C}/chronicle", 200, MANAGED, {"bane_table": "2018", "prices": {"edge": 7}}),
    Row("GET", f"{C}/chronicle/table", 200, LOOKED_INTO),
    Row("POST", f"{C}/chronicle/awards", 201, MANAGED, {"amount": 3, "reason": "Session 4"}),
    Row("GET", "/sheets/vtm", 200, LISTED),
    Row("POST", "/sheets/vtm", 201, CREATED, {"name": "Elena Cross", "clan": "brujah", "strength": 3}),
    Row("GET", VTM, 200, SHEET_SEEN),
    Row("PATCH", VTM, 200, SHEET_EDITED, {"strength": 4, "tracks": {"hunger": {"value": 2}}}),
    Row("DELETE", VTM, 204, SHEET_OWNED),
    Row("POST", f"{VTM}/duplicate", 201, SHEET_COPIED),
    Row("GET", f"{VTM}/export?to=foundry", 200, SHEET_SEEN),
    Row("POST", "/sheets/import?commit=true", 200, CREATED, {"splat": "vampire", "name": "Robyn", "traits": []}),
    Row("GET", f"{VTM}/touchstones", 200, SHEET_SEEN),
    Row("POST", f"{VTM}/touchstones", 201, SHEET_EDITED, {"name": "Inés Calloway"}),
    Row("GET", f"{VTM}/touchstones/{{sheet_row}}", 200, SHEET_SEEN),
    Row("PATCH", f"{VTM}/touchstones/{{sheet_row}}", 200, SHEET_EDITED, {"conviction": "Never the unwilling."}),
    Row("DELETE", f"{VTM}/touchstones/{{sheet_row}}", 204, SHEET_EDITED),
    Row("POST", f"{VTM}/touchstones/{{sheet_row}}/duplicate", 201, SHEET_EDITED),
    Row("POST", "/sheets/{sheet}/tracks", 200, SHEET_EDITED, {"track": "health", "superficial": 2}),
    # Whoever plays the character may be given a sheet for it by its player too; this one is of another.
    Row("POST", "/sheets/{sheet}/play", 200, SHEET_EDITED, {"campaign": "{campaign}", "character": "{character}"}),
    Row("DELETE", "/sheets/{sheet}/play", 204, SHEET_EDITED),
    Row("GET", f"{C}/groups", 200, SHELVED),
    Row("POST", f"{C}/groups", 201, PLAYED, {"line": "vtm", "name": "The Bell Court", "chasse": 2}),
    Row("GET", f"{C}/groups/{{group}}", 200, SHELVED),
    Row("PATCH", f"{C}/groups/{{group}}", 200, PLAYED, {"notes": "A boat under the pier."}),
    Row("DELETE", f"{C}/groups/{{group}}", 204, MANAGED),
    Row("POST", "/sheets/{hunter}/group", 200, SHEET_EDITED, {"group": "{group}"}),
    Row("DELETE", "/sheets/{hunter}/group", 204, SHEET_EDITED),
    Row("POST", "/sheets/{sheet}/roll", 201, SHEET_EDITED, {"traits": ["strength", "brawl"], "difficulty": 3}),
    Row("GET", "/sheets/{sheet}/rolls", 200, SHEET_SEEN),
    Row("POST", "/sheets/{sheet}/rolls/{roll}/reroll", 200, SHEET_EDITED, {"dice": [0, 2]}),
    Row("POST", "/sheets/{hunter}/rolls/{choice}/choose", 200, SHEET_EDITED, {"choice": "overreach"}),
    Row("GET", "/sheets/{sheet}/pdf?paper=letter", 200, SHEET_SEEN),
    Row("GET", "/sheets/{sheet}/portraits", 200, SHEET_SEEN),
    Row("GET", FACE, 200, SHEET_SEEN),
    Row("POST", FACE, 201, SHEET_EDITED, upload="file"),
    Row("PATCH", FACE, 200, SHEET_EDITED, {"alt_text": "At the window"}, given=with_a_face),
    Row("DELETE", FACE, 204, SHEET_EDITED),
    Row("GET", XP, 200, SHEET_SEEN),
    Row("POST", XP, 201, SHEET_TOLD, {"kind": "award", "amount": 3, "reason": "Session 4"}),
    Row("POST", f"{XP}/{{request}}/approve", 201, SHEET_TOLD),
    Row("POST", f"{XP}/{{request}}/refuse", 201, SHEET_TOLD, {"reason": "Not yet."}),
    Row("POST", f"{XP}/{{entry}}/undo", 201, SHEET_TOLD),
    Row("POST", "/auth/token", 201, SEEN, {"username": "{gm}", "password": PASSWORD}),
    Row("POST", "/auth/token/refresh", 200, SEEN, {"refresh": "{refresh}"}),
    Row("POST", "/auth/token/revoke", 204, SEEN, {"refresh": "{refresh}"}),
    Row("GET", "/keys", 200, PERSONAL),
    Row("POST", "/keys", 201, PERSONAL, {"name": "Stream deck", "scopes": ["live:write"]}),
    Row("DELETE", "/keys/{key}", 204, HERS),
    Row("POST", "/keys/{key}/rotate", 200, HERS),
    Row("GET", "/users/me", 200, PERSONAL),
    Row("PATCH", "/users/me", 200, PERSONAL, {"display_name": "Noor"}),
    Row("GET", "/preferences", 200, PERSONAL),
    Row("PATCH", "/preferences", 200, PERSONAL, {"theme": "dark"}),
]
NOT_IN_THE_SCHEMA = {"/schema", "/docs"}


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is taken back, so that each actor meets the same table."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def names_of(table: Table) -> dict[str, str]:
    team = a_team(table.gm, editor=table.player, viewer=table.viewer)
    invitation, text = teams.invite(team.pk, "viewer", actor=SYSTEM)
    return {
        "team": str(team.pk),
        "invitation": str(invitation.pk),
        "play_invitation": str(invitations.issue(table.campaign, "viewer", actor=SYSTEM)[0].pk),
        "invitation_token": text,
        "campaign": table.campaign.slug,
        "character": str(table.hero.pk),
        **names_of_others(table),
        "event": str(Event.objects.filter(subject_id=table.hero.pk).earliest("seq").pk),
        "token": str(a_token(table.campaign, "overlay")[0].pk),
        "member": str(table.viewer.pk),
        "stranger": table.stranger.username,
        "gm": table.gm.username,
        "key": str(an_api_key(table.gm)[0].pk),
        "asset": str(an_asset(table.gm).pk),
        **sheet_names(table),
        "refresh": refresh.begin(table.gm, actor=SYSTEM).refresh,
    }


def names_of_others(table: Table) -> dict[str, str]:
    """Somebody whom the hero is still a stranger to, and to whom the hero is something."""
    other = a_character(table.campaign)
    back = relationships.add(table.campaign.pk, other.pk, table.hero.pk, words="Envies", actor=SYSTEM)
    return {"other_character": str(other.pk), "relationship": str(back.pk)}


def sheet_names(table: Table) -> dict[str, str]:
    """A sheet of the player with a touchstone, an award and a request that waits."""
    sheet = a_sheet(table.player, campaign=table.campaign)
    entry = awarded(sheet)
    chronicles.update(table.campaign, {"xp_approval": True}, actor=SYSTEM)
    request = experience.spend(sheet, actor=SYSTEM, standing=PLAYS, field="strength")
    hunter = a_sheet(table.player, "htr", table.campaign)
    of_sheet = {"sheet": sheet, "sheet_row": a_row(sheet), "entry": entry, "request": request, "roll": a_roll(sheet)}
    choice = fallen(hunter, [8, 3], [1], kind="desperation")
    of_sheet["group"] = a_cell(table.campaign)
    return {name: str(row.pk) for name, row in {**of_sheet, "hunter": hunter, "choice": choice}.items()}


def filled(part: Any, names: dict[str, str]) -> Any:
    if isinstance(part, str):
        return part.format(**names) if "{" in part else part
    if isinstance(part, list):
        return [filled(each, names) for each in part]
    if isinstance(part, dict):
        return {filled(key, names): filled(value, names) for key, value in part.items()}
    return part


def differing(rows: list[Row], rules: list[dict[str, int]], *, visibility: str) -> dict[str, Any]:
    """row → actor → (expected, found), where they differ. All rows meet the same table: what one does is taken back."""
    table = a_table(visibility=visibility)
    an_episode(table.campaign)
    names = names_of(table)
    asked = {actor: api_as(table, actor) for actor in ACTORS}
    faults: dict[str, Any] = {}
    for row, rule in zip(rows, rules, strict=True):
        wanted, found = expected(row, rule), answers(table, row, names, asked)
        faults |= {str(row): {each: (wanted[each], found[each]) for each in ACTORS if wanted[each] != found[each]}}
    return {row: fault for row, fault in faults.items() if fault}


def answers(table: Table, row: Row, names: dict[str, str], asked: dict[str, Api]) -> dict[str, int]:
    path, body = filled(row.path, names), filled(row.body, names)
    found = {}
    with undone():
        if row.given:
            row.given(table)
        for actor, api in asked.items():
            with undone():
                send = upload(api, path, row.upload) if row.upload else api.send(row.method, path, body)
            found[actor] = send.status_code
    return found


def upload(api: Any, path: str, part: str) -> Any:
    file = ("a.json", b"{}") if part == "files" else ("a.png", a_picture())
    return api.upload(path, dict([file]), part=part)


def expected(row: Row, rule: dict[str, int]) -> dict[str, int]:
    return {actor: status or row.done for actor, status in rule.items()}


@pytest.fixture(autouse=True)
def _nothing_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """A PDF takes a second; here it matters who is sent one."""
    monkeypatch.setattr(printing, "_answer", lambda order, made: {"pages": 2, "size": 9.0, "peak": 0})


def in_parts(rows: list[Row]) -> list[list[Row]]:
    """For two processes to share, and few enough to set a table for each."""
    return [rows[begin : begin + 20] for begin in range(0, len(rows), 20)]


@pytest.mark.django_db
@pytest.mark.parametrize("rows", in_parts(ROWS), ids=lambda rows: str(rows[0]))
def test_public_campaign(rows: list[Row]) -> None:
    assert differing(rows, [row.rule for row in rows], visibility="public") == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "rows", in_parts([row for row in ROWS if row.path.startswith(C)]), ids=lambda rows: str(rows[0])
)
def test_private_campaign(rows: list[Row]) -> None:
    assert differing(rows, [in_private(row.rule, row.method) for row in rows], visibility="private") == {}


def served() -> set[tuple[str, str]]:
    """Every (method, path) below the API, as the URL configuration has it."""
    found = set()
    for pattern in ROUTES:
        view = pattern.callback.cls
        methods = {name.upper() for name in ("get", "post", "put", "patch", "delete") if hasattr(view, name)}
        found |= {(method, f"/{pattern.pattern}") for method in methods}
    return found


def test_no_endpoint_is_without_a_row() -> None:
    filled_in = {
        "campaign": "<str:campaign_id>",
        "character": "<str:character_id>",
        "relationship": "<str:relationship_id>",
        "event": "<str:event_id>",
        "token": "<str:token_id>",
        "member": "<str:user_id>",
        "team": "<str:team_id>",
        "invitation": "<str:invitation_id>",
        "play_invitation": "<str:invitation_id>",
        "stranger": "",
        "key": "<str:key_id>",
        "asset": "<str:asset_id>",
        "sheet": "<str:sheet_id>",
        "sheet_row": "<str:row_id>",
        "hunter": "<str:sheet_id>",
        "group": "<str:group_id>",
        "roll": "<str:roll_id>",
        "choice": "<str:roll_id>",
        "entry": "<str:entry_id>",
        "request": "<str:entry_id>",
    }
    tabled = {(row.method, row.path.format(**filled_in).partition("?")[0]) for row in ROWS}
    tabled = {
        (
            m,
            p.replace("versions/1", "versions/<str:version>")
            .replace("episodes/1", "episodes/<str:number>")
            .replace("large", "<str:tier>")
            .replace("/sheets/vtm", "/sheets/<str:line>")
            .replace("touchstones", "<str:kind>")
            .replace("portraits/face", "portraits/<str:slot>"),
        )
        for m, p in tabled
    }
    assert {(m, p) for m, p in served() if p not in NOT_IN_THE_SCHEMA} == tabled


def test_no_endpoint_is_without_a_schema() -> None:
    described = {(method.upper(), path) for path, methods in document()["paths"].items() for method in methods}
    parameters = {"<str:": "{", ">": "}"}
    for method, path in served():
        if path not in NOT_IN_THE_SCHEMA:
            for old, new in parameters.items():
                path = path.replace(old, new)
            assert (method, f"{ROOT}{path}") in described


@pytest.mark.django_db
@pytest.mark.parametrize("actor", ["read", "overlay"])
def test_a_token_is_told_what_it_lacks(actor: str) -> None:
    table = a_table()
    response = api_as(table, actor).patch(f"/campaigns/{table.campaign.slug}", {"name": "Mine"})
    assert response.json()["details"] == [{"field": "credential", "message": "insufficient_scope"}]
    assert 'error="insufficient_scope"' in response["WWW-Authenticate"]


@pytest.mark.django_db
def test_listed_are_the_public_and_the_own() -> None:
    table = a_table(visibility="private")
    unlisted, other = a_private_campaign(), a_table(visibility="unlisted")

    def slugs(actor: str, of: Table = table) -> set[str]:
        return {row["slug"] for row in api_as(of, actor).get("/campaigns").json()["results"]}

    assert slugs("gm") >= {table.campaign.slug, table.rival_campaign.slug}
    assert table.campaign.slug in slugs("player") & slugs("viewer") & slugs("control") & slugs("overlay")
    assert table.campaign.slug not in slugs("stranger") | slugs("rival") | slugs("foreign") | slugs("anonymous")
    assert unlisted.slug not in slugs("gm")
    assert other.campaign.slug in slugs("gm", other)
    assert other.campaign.slug not in slugs("anonymous", other)
