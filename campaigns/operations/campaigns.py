"""A campaign is created, changed, deleted."""

import itertools
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from accounts import audit
from accounts.access import EDIT_CONTENT, may
from accounts.actors import Actor
from accounts.models import Team, User
from campaigns import events, ledger, posters, theme, versions
from campaigns.access import RUN_BY
from campaigns.documents import DEFAULT_SETTINGS, MOST_DELAY, campaign_document
from campaigns.models import Campaign, Member, Role, Visibility
from campaigns.operations.members import give_back_office
from campaigns.undoing import Effect
from content.operations import assets, exposure
from contract.refusals import Conflict, Invalid

EDITABLE = ("slug", "name", "description", "game_system", "visibility", "theme", "settings")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SLUG_TAKEN = ("slug", "This address is taken; choose another.")


def create(owner: User, *, actor: Actor, **fields: Any) -> Campaign:
    """A new campaign with its owner as GM; without a slug it gets one from its name. Raises Invalid."""
    fields["slug"] = fields.get("slug") or _free_slug(fields["name"])
    _refuse_bad(fields)
    try:
        with transaction.atomic():
            campaign = Campaign(owner=owner, **fields)
            campaign.settings = {**DEFAULT_SETTINGS, **campaign.settings}
            campaign.save(force_insert=True)
            Member.objects.create(campaign=campaign, user=owner, role=Role.GM)
            give_back_office(owner)
            after = {"owner": owner.username, **{name: getattr(campaign, name) for name in EDITABLE}}
            _record("campaign_created", campaign, actor, after=after)
    except IntegrityError as error:
        raise Invalid([SLUG_TAKEN]) from error
    return campaign


def update(campaign_id: UUID, changes: dict[str, Any], *, actor: Actor, seen: int | None = None) -> Campaign:
    """Change fields of `EDITABLE`; `settings` and `theme` merge key by key (null removes a key of the theme).

    Raises Invalid, and Conflict where a field changed after version `seen`.
    """
    with ledger.writing(campaign_id, actor) as book:
        campaign = book.campaign
        wanted = {name: _merged(campaign, name, value) for name, value in changes.items()}
        _refuse_bad(wanted)
        stale = versions.stale(campaign.field_versions, wanted, seen)
        if stale:
            current = {"version": campaign.version, **{name: getattr(campaign, name) for name in stale}}
            raise Conflict(f"Changed by somebody else meanwhile: {', '.join(stale)}.", current=current)
        changed = {
            name: [getattr(campaign, name), value] for name, value in wanted.items() if getattr(campaign, name) != value
        }
        if changed:
            _write(book, changed)
            data = {"campaign": campaign_document(campaign), "changed": changed}
            book.record(events.CAMPAIGN_UPDATED, data, subject=(events.SUBJECT_CAMPAIGN, campaign.pk))
    return campaign


def assign_team(campaign_id: UUID, team_id: UUID | None, *, actor: Actor) -> Campaign:
    """Share the campaign with a team: its owners and editors become GMs, its viewers see it. None shares it no more.

    Raises Invalid for a team whose content the actor may not change.
    """
    with ledger.writing(campaign_id, actor) as book:
        campaign = book.campaign
        if campaign.team_id == team_id:
            return campaign
        team = Team.objects.filter(pk=team_id).first() if team_id else None
        if team_id and (team is None or not may(actor, EDIT_CONTENT, team)):
            raise Invalid([("team_id", "You are no owner or editor of such a team.")])
        before = {"team": str(campaign.team or "")}
        campaign.team = team
        campaign.save(update_fields=["team", "updated_at"])
        for member in team.memberships.filter(role__in=RUN_BY).select_related("user") if team else ():
            give_back_office(member.user)
        _record("team_assigned", campaign, actor, before=before, after={"team": str(team or "")})
    return campaign


def hear_of_role(team: Team, user: User, role: str) -> None:
    """Who runs the campaigns of a team works in the back office."""
    if role in RUN_BY and Campaign.objects.filter(team=team).exists():
        give_back_office(user)


def delete(campaign_id: UUID, *, actor: Actor) -> None:
    """Delete the campaign with everything in it. There is no way back; open sockets close with 4404."""
    with ledger.writing(campaign_id, actor) as book:
        campaign = book.campaign
        before = {name: getattr(campaign, name) for name in EDITABLE}
        _record("campaign_deleted", campaign, actor, before={**before, "seq": campaign.seq})
        assets.forget_library(campaign.pk)
        campaign.delete()


def take_back(book: ledger.Book, event: Any) -> Effect:
    changed = event.data["changed"]
    differs = [name for name, (_before, after) in changed.items() if getattr(book.campaign, name) != after]
    if differs:
        raise Conflict(f"Changed again since: {', '.join(differs)}. Undo the later change first.")
    inverse = {name: [after, before] for name, (before, after) in changed.items()}
    _write(book, inverse)
    return events.CAMPAIGN_UPDATED, {"campaign": campaign_document(book.campaign), "changed": inverse}


def _record(action: str, campaign: Campaign, actor: Actor, **states: Any) -> None:
    subject = (events.SUBJECT_CAMPAIGN, campaign.pk, campaign.name)
    audit.record(action, actor=actor, subject=subject, campaign_id=campaign.pk, **states)


def _write(book: ledger.Book, changed: dict[str, list[Any]]) -> None:
    campaign = book.campaign
    for name, (_before, after) in changed.items():
        setattr(campaign, name, after)
    campaign.version += 1
    campaign.field_versions = versions.stamped(campaign.field_versions, changed, campaign.version)
    if "visibility" in changed:
        exposure.changed(campaign.pk)
    if posters.SHOWS & changed.keys():
        posters.changed(campaign.pk)
    try:
        with transaction.atomic():
            campaign.save(update_fields=[*changed, "version", "field_versions", "updated_at"])
    except IntegrityError as error:
        raise Invalid([SLUG_TAKEN]) from error


def _merged(campaign: Campaign, name: str, value: Any) -> Any:
    if name not in {"settings", "theme"} or not isinstance(value, dict):
        return value
    both = {**getattr(campaign, name), **value}
    return {key: part for key, part in both.items() if part is not None}


def _refuse_bad(fields: dict[str, Any]) -> None:
    found = [(f"theme.{key}".rstrip("."), message) for key, message in theme.problems(fields.get("theme", {}))]
    found += _setting_problems(fields.get("settings", {}))
    if fields.get("visibility", Visibility.PUBLIC) not in Visibility.values:
        found.append(("visibility", f"One of: {', '.join(Visibility.values)}."))
    if _UUID.fullmatch(fields.get("slug", "")):
        found.append(("slug", "This is the form of an id; choose words."))
    if found:
        raise Invalid(found)


def _free_slug(name: str) -> str:
    base = slugify(name).replace("_", "-").strip("-")[:50].strip("-") or "campaign"
    base = re.sub("-+", "-", base)
    taken = set(Campaign.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return base if base not in taken else next(slug for slug in _numbered(base) if slug not in taken)


def _numbered(base: str) -> Iterator[str]:
    return (f"{base}-{number}" for number in itertools.count(2))


def _setting_problems(settings: Any) -> list[tuple[str, str]]:
    if not isinstance(settings, dict):
        return [("settings", "An object is expected.")]
    found = []
    for key, value in settings.items():
        if key not in DEFAULT_SETTINGS:
            found.append((f"settings.{key}"[:80], f"Unknown setting; there are: {', '.join(DEFAULT_SETTINGS)}."))
        elif key == "viewer_delay":
            if type(value) is not int or not 0 <= value <= MOST_DELAY:
                found.append(("settings.viewer_delay", f"Whole seconds from 0 to {MOST_DELAY}."))
        elif type(value) is not bool:
            found.append((f"settings.{key}", "true or false."))
    return found
