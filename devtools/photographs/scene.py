"""Fills the demo up for the photographs, by the product's own operations. Django is set up before (`fill`)."""

import json
import secrets
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO

from django.utils import timezone
from PIL import Image
from social_django.models import UserSocialAuth

from accounts import scopes
from accounts.actors import SYSTEM, Actor
from accounts.models import AuditEntry, TwoFactor, User
from accounts.operations import keys, people, teams
from campaigns import clock
from campaigns.models import Campaign, CampaignToken, Event, Role, TokenKind
from campaigns.operations import campaigns, episodes, invitations, members, tokens
from characters.models import Character, RosterEntry
from characters.operations import initiative, lifecycle, roster, vitals
from characters.operations import pictures as character_pictures
from characters.pictures import PORTRAIT
from content import background
from content.operations import assets
from devtools.photographs import cast
from overlay.demo import lowmere
from overlay.operations import layouts
from sheets import lines, portraits
from sheets.access import Standing
from sheets.models import Sheet
from sheets.operations import chronicles, experience, groups, playing, rolling, rows, sheets
from sheets.operations import portraits as sheet_portraits

PICTURES = Path(__file__).resolve().parent.parent.parent / "docs/pictures"
PLAYS, TELLS = (Standing(owns=not tells, tells=tells, sees=True) for tells in (False, True))
Names = dict[str, str]


def fill(path: Path) -> None:
    """Adds `names` (of rows, for addresses) and `people` (who signs in) to what `manage.py demo` wrote."""
    demo = json.loads(path.read_text())
    gm, noor = (User.objects.get(username=name) for name in (lowmere.GM, "noor"))
    campaign = Campaign.objects.get(pk=demo["campaign"]["id"])
    names = {"slug": campaign.slug, "campaign": str(campaign.pk)}
    names |= _evening(campaign, gm) | _library(campaign, gm) | _doors(campaign, gm) | _team(campaign, gm, noor)
    names |= _chronicle(gm, noor) | _crowd(gm) | _nothing(gm)
    known = {"gm": lowmere.GM, "player": "noor", "other": "teo"}
    signing_in = {who: _log_in(User.objects.get(username=name)) for who, name in known.items()}
    demo |= {"names": names, "people": signing_in | _others(names)}
    names["entry"] = str(AuditEntry.objects.filter(campaign_id=campaign.pk)[0].pk)
    background.wait()
    path.write_text(json.dumps(demo, indent=2))


def _log_in(user: User) -> Names:
    password = secrets.token_urlsafe(12)
    people.set_password(user, password, actor=SYSTEM)
    return {"username": user.username, "password": password}


def _others(names: Names) -> dict[str, Names]:
    """Who has nothing yet, who signs in with two steps, who runs the place."""
    newcomer, guarded, keeper = (people.create(name, None, actor=SYSTEM) for name in ("wren", "ferrier", "keeper"))
    keeper.is_staff = keeper.is_superuser = True
    keeper.save()
    TwoFactor.objects.create(user=guarded, seed="ab" * 20, confirmed_at=timezone.now())
    names["newcomer"] = str(newcomer.pk)
    found = {"newcomer": newcomer, "guarded": guarded, "administrator": keeper}
    return {who: _log_in(user) for who, user in found.items()}


def _evening(campaign: Campaign, gm: User) -> Names:
    """The next episode is on: a fight in its second round, one down, one without a turn to come."""
    actor = Actor(user=gm, via="session")
    cast_of = dict(Character.objects.filter(campaign=campaign).values_list("name", "pk"))
    running = campaign.episodes.get(number=13)
    with clock.at(timezone.now() - timedelta(minutes=52)):
        episodes.start(running, actor=actor)
    episodes.update(campaign.episodes.get(number=12), {"vod_url": "https://example.org/v/12"}, actor=actor)
    fight = [(cast_of["Grale"], 19), (cast_of["Isaura Vane"], 17), (cast_of["Sister Quill"], 12)]
    order: list[dict[str, Any]] = [{"character": pk, "score": score} for pk, score in fight]
    order += [{"name": "Bell Warden", "score": 9}, {"name": "Something below", "score": 3, "hidden": True}]
    initiative.set_order(campaign.pk, order, actor=actor)
    for _ in range(7):
        initiative.next_turn(campaign.pk, actor=actor)
    vitals.change_hp(campaign.pk, cast_of["Isaura Vane"], delta=-9, kind="fire", actor=actor)
    vitals.give_temporary_hp(campaign.pk, cast_of["Grale"], amount=6, actor=actor)
    layout = layouts.save(campaign.pk, "large", {"card": {"stats": []}}, actor=actor)
    subjects = Event.objects.filter(campaign=campaign).order_by("-seq")
    return {
        "character": str(cast_of["Isaura Vane"]),
        "retired": str(cast_of["Hesper Ashdown"]),
        "bare": str(cast_of["Maud of the Salt"]),
        "rosterentry": str(RosterEntry.objects.filter(campaign=campaign)[0].pk),
        "episode": str(running.pk),
        "event": str(subjects[0].pk),
        "layout": str(layout.pk),
    }


def _picture(name: str, box: tuple[float, float, float, float] = (0, 0, 1, 1)) -> BinaryIO:
    """One of the README's, as a person's file; `box` in shares of its sides."""
    whole = Image.open(PICTURES / f"{name}.webp").convert("RGB")
    size = (whole.width, whole.height) * 2
    stream = tempfile.TemporaryFile()  # noqa: SIM115  the workshop is handed an open file
    whole.crop(tuple(round(a * b) for a, b in zip(box, size, strict=True))).save(stream, "PNG")  # type: ignore[arg-type]
    stream.flush()
    stream.seek(0)
    return stream


def _library(campaign: Campaign, gm: User) -> Names:
    actor = Actor(user=gm, via="session")
    for name, title in cast.FILES.items():
        facts = {"title": title, "alt_text": title, "licence": "CC BY 4.0", "credit": "Maren Holt"}
        kept = assets.upload(gm, _picture(name), actor=actor, name=f"{name}.png", space=campaign.pk, facts=facts)
    assets.update(kept, {"published": True}, actor=actor)
    maud = Character.objects.get(campaign=campaign, name="The Crow")
    character_pictures.put_on(maud, PORTRAIT, _picture("character", (0.05, 0.2, 0.3, 0.75)), actor=actor)
    return {"file": str(kept.pk)}


def _doors(campaign: Campaign, gm: User) -> Names:
    """Tokens, keys, invitations, a connected account."""
    actor = Actor(user=gm, via="session")
    soon, past = timezone.now() + timedelta(days=30), timezone.now() - timedelta(days=2)
    tokens.issue(campaign, TokenKind.READ, "The bot that posts to our channel", actor=actor, expires_at=soon)
    tokens.issue(campaign, TokenKind.CONTROL, "Stream Deck of last season", actor=actor, expires_at=past)
    gone, _ = tokens.issue(campaign, TokenKind.OVERLAY, "Old laptop", actor=actor)
    tokens.revoke(campaign, gone.pk, actor=actor)
    key, _ = keys.issue(gm, "Foundry on the desk", list(scopes.ALL)[:3], actor=actor, expires_at=soon)
    keys.issue(gm, "A key with everything", scopes.ALL, actor=actor)
    _, link = invitations.issue(campaign, Role.PLAYER, actor=actor, uses=1)
    invitations.issue(campaign, Role.VIEWER, actor=actor, uses=20, expires_at=soon)
    co_gm = people.create("orla", None, actor=SYSTEM, display_name="Orla Finch")
    members.set_role(campaign, co_gm, Role.GM, actor=actor)
    UserSocialAuth.objects.create(user=gm, provider="discord", uid="80351110224678912")
    token = CampaignToken.objects.filter(campaign=campaign)[0]
    return {"key": str(key.pk), "token": str(token.pk), "invitation": link, "co_gm": str(co_gm.pk)}


def _team(campaign: Campaign, gm: User, noor: User) -> Names:
    actor = Actor(user=gm, via="session")
    team = teams.create("The Lamplighters of the Long Pier", actor=actor)
    for user, role in ((noor, "editor"), (User.objects.get(username="ada"), "viewer")):
        invitation, _ = teams.invite(team.pk, role, actor=actor, invited=user)
        teams.accept(invitation.digest, user, Actor(user=user, via="session"))
    teams.invite(team.pk, "viewer", actor=actor, uses=5)
    teams.create("Nobody else yet", actor=actor)
    campaigns.assign_team(campaign.pk, team.pk, actor=actor)
    offered = teams.create("The Wicks", actor=Actor(user=User.objects.get(username="teo"), via="session"))
    teams.invite(offered.pk, "editor", actor=SYSTEM, invited=noor)
    return {"team": str(team.pk)}


def _sheet(owner: User, line: str, what: dict[str, Any], with_rows: dict[str, list[dict[str, Any]]]) -> Sheet:
    made = sheets.create(owner, lines.line(line), what, actor=SYSTEM)
    for kind, values in with_rows.items():
        for each in values:
            rows.add(made, lines.line(line).kinds_by_name[kind], each, actor=SYSTEM)
    return made


def _on_stage(sheet: Sheet, chronicle: Campaign, **fields: Any) -> Character:
    stats = {"hp": {"max": 0}, "ac": 0}
    character = lifecycle.create(chronicle, actor=SYSTEM, name=sheet.name, player=sheet.owner, stats=stats, **fields)
    playing.play(sheet, chronicle, character.pk, actor=SYSTEM)
    return character


def _chronicle(gm: User, noor: User) -> Names:
    """A chronicle with a vampire, a hunter, their groups, rolls, an award and a wish that waits for its storyteller."""
    actor = Actor(user=gm, via="session")
    chronicle = campaigns.create(gm, actor=actor, **cast.CHRONICLE)
    teo = User.objects.get(username="teo")
    for user in (noor, teo):
        members.set_role(chronicle, user, Role.PLAYER, actor=actor)
    elena = _sheet(noor, "vtm", cast.ELENA, cast.ELENA_ROWS)
    jonah = _sheet(teo, "htr", cast.JONAH, cast.JONAH_ROWS)
    played = _on_stage(elena, chronicle, class_name="Brujah", accent="#e5484d", summary=cast.ELENA_IN_SHORT)
    hunter = _on_stage(jonah, chronicle, class_name="Faithful", accent="#6cc5b0")
    cell = groups.create(chronicle, lines.line("htr"), {"name": "The Lamplighters"}, actor=actor)
    groups.join(Sheet.objects.get(pk=jonah.pk), cell, actor=actor)
    coterie = groups.create(chronicle, lines.line("vtm"), cast.COTERIE, actor=actor)
    groups.join(Sheet.objects.get(pk=elena.pk), coterie, actor=actor)
    roster.set_roster(chronicle.pk, [(played.pk, ""), (hunter.pk, "")], actor=actor)
    episodes.create(chronicle, actor=actor, title="Salt on the Sill", season=1, number=1)
    _play(chronicle, Sheet.objects.get(pk=elena.pk), actor, Actor(user=noor, via="session"))
    return {
        "chronicle": chronicle.slug,
        "chronicle_id": str(chronicle.pk),
        "vampire": str(elena.pk),
        "hunter": str(jonah.pk),
        "played": str(played.pk),
        "sheet": str(elena.pk),
    }


def _play(chronicle: Campaign, elena: Sheet, teller: Actor, player: Actor) -> None:
    experience.award_all(chronicle, 15, actor=teller, reason="The night of the eel market")
    experience.spend(elena, actor=player, standing=PLAYS, field="stealth")
    chronicles.update(chronicle, {"xp_approval": True}, actor=teller)
    experience.spend(elena, actor=player, standing=PLAYS, field="occult", reason="Three nights in the bell archive")
    pool = {"kind": "pool", "traits": ["strength", "brawl"], "difficulty": 3, "label": "Through the wardens’ door"}
    rolling.roll(elena, pool, actor=player, standing=PLAYS)
    rolling.roll(elena, {"kind": "rouse"}, actor=teller, standing=TELLS)
    rolling.roll(elena, {"kind": "pool", "dice": 6, "difficulty": 2}, actor=player, standing=PLAYS)
    face = _picture("character", (0.05, 0.2, 0.3, 0.75))
    sheet_portraits.put_on(elena, portraits.FACE, face, actor=player)


def _crowd(gm: User) -> Names:
    """Thirty characters, twelve of them on stage, one with the longest name there is."""
    actor = Actor(user=gm, via="session")
    campaign = campaigns.create(gm, actor=actor, **cast.CROWD)
    made = [lifecycle.create(campaign, actor=actor, **each) for each in cast.crowd()]
    roster.set_roster(campaign.pk, [(character.pk, "") for character in made[:12]], actor=actor)
    return {"crowd": campaign.slug, "crowd_id": str(campaign.pk), "longest": str(made[0].pk)}


def _nothing(gm: User) -> Names:
    campaign = campaigns.create(gm, actor=Actor(user=gm, via="session"), slug="nothing-yet", name="Nothing Yet")
    return {"nothing": campaign.slug, "nothing_id": str(campaign.pk)}
