"""What happened at the table, in words: ledger events as sentences, told from the message that viewers get of them.

`static/pages/js/moments.js` says the same in the browser; tests/campaigns/moments.json holds both to it.
"""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from campaigns import events, history, messages
from campaigns.models import Campaign, Event

Data = dict[str, Any]
Telling = tuple[str, str]  # tone: wound, heal, temp or ""; sentence

TOLD = (*events.VITALS, events.ROLL, events.CHARACTER_CREATED, events.EPISODE_STARTED, events.EPISODE_ENDED)
# Conditions that one has; all others are what one is.
THINGS_TO_HAVE = frozenset({"bless", "exhaustion", "guidance", "haste", "hex", "inspiration", "rage", "sanctuary"})


def of(campaign: Campaign) -> QuerySet[Event]:
    """The events worth telling to viewers, those taken back left out; order them yourself."""
    return Event.objects.filter(
        campaign=campaign, type__in=TOLD, audience=messages.VIEWER, undone_by__isnull=True
    ).select_related("episode")


def recent(
    campaign: Campaign,
    most: int,
    *,
    until: int | None = None,
    subject: UUID | None = None,
    names: dict[str, str] | None = None,
) -> list[dict[str, Any]]:
    """The latest moments up to the ledger position `until`, newest first, of the campaign or of one character."""
    found = of(campaign).order_by("-seq")
    if until is not None:
        found = found.filter(seq__lte=until)
    if subject is not None:
        found = found.filter(subject_id=subject)
    return told(campaign, found[: most * 2], names)[:most]


def told(campaign: Campaign, found: Iterable[Event], names: dict[str, str] | None = None) -> list[dict[str, Any]]:
    """Each event that viewers may know of today: {seq, tone, text, at, clock, day, episode, second}.

    `names` (by id) serve events that carry no name themselves, such as rolls.
    """
    moments = []
    for event in history.tightened(campaign.pk, list(found)):
        name = name_in(event.data) or (names or {}).get(str(event.subject_id), "")
        telling = words(messages.message(event, messages.VIEWER, campaign.epoch), name)
        if telling is not None:
            moments.append(_moment(event, *telling))
    return moments


def _moment(event: Event, tone: str, text: str) -> dict[str, Any]:
    episode = event.episode
    started = episode.started_at if episode is not None else None
    return {
        "seq": event.seq,
        "tone": tone,
        "text": text,
        "at": event.occurred_at.isoformat().replace("+00:00", "Z"),
        "clock": event.occurred_at.strftime("%H:%M"),
        "day": event.occurred_at.date(),
        "episode": episode.number if episode is not None else None,
        "second": max(int((event.occurred_at - started).total_seconds()), 0) if started else None,
    }


def name_in(data: Data) -> str:
    return str(data.get("character", {}).get("name") or data.get("name") or "")


def words(message: messages.Message, name: str) -> Telling | None:
    """The sentence for one message; None for what is not told (a layout, a hidden roll, a bot's custom event)."""
    if message["type"] == "CHAR_CREATED":
        return "", f"{message['data']['name']} joins the company"
    data = message.get("data") or {}
    tell = _TELLERS.get(data.get("type", ""))
    return tell(data, name or "Somebody") if tell else None


def _hit_points(data: Data, name: str) -> Telling:
    if "delta" not in data:
        return "", f"{name}’s hit points change"
    delta, before, after = data["delta"], data["from"], data["to"]
    if data.get("kind") == "temp":
        verb = "gains" if delta >= 0 else "loses"
        return "temp", f"{name} {verb} {abs(delta)} temporary hit points"
    if delta > 0:
        return "heal", f"{name} regains {_points(delta)}" + (" and is back up" if before == 0 and after else "")
    if delta == 0:
        return ("wound", f"{name} is hit while down") if after == 0 else ("", f"{name} stays at {_points(after)}")
    kind = f"{data['kind']} damage" if data.get("kind") else "damage"
    return "wound", f"{name} takes {-delta} {kind}" + (" and falls" if before and not after else "")


def _points(count: int) -> str:
    return f"{count} hit point" + ("" if count == 1 else "s")


def _track(data: Data, name: str) -> Telling:
    label = data["track"].replace("_", " ")
    track = data.get("stats", {}).get("tracks", {}).get(data["track"])
    if track is None:
        return "", f"{name}’s {label} changes"
    if "superficial" in track:
        return (
            "",
            f"{name}’s {label}: {track['superficial']} superficial, {track['aggravated']} aggravated of {track['max']}",
        )
    stains = f", {track['stains']} stained" if track.get("stains") else ""
    return "", f"{name}’s {label}: {track['value']} of {track['max']}{stains}"


def _condition_added(data: Data, name: str) -> Telling:
    verb = "has" if data["condition"] in THINGS_TO_HAVE else "is"
    rounds = data.get("rounds")
    lasting = f" for {rounds} round{'' if rounds == 1 else 's'}" if rounds else ""
    return "", f"{name} {verb} {data['condition']}{lasting}"


def _condition_removed(data: Data, name: str) -> Telling:
    has = data["condition"] in THINGS_TO_HAVE
    return "", f"{name} {'no longer has' if has else 'is no longer'} {data['condition']}"


def _death_save(data: Data, name: str) -> Telling:
    result = data.get("result")
    saves = data.get("stats", {}).get("death_saves") or {}
    if result == "critical_success":
        return "heal", f"{name} rolls a natural 20 and is back up"
    if result == "success":
        return "heal", f"{name} passes a death save" + (" and is stable" if saves.get("success") == 3 else "")
    fails = "rolls a natural 1: two failed death saves" if result == "critical_failure" else "fails a death save"
    return "wound", f"{name} {fails}" + (" and dies" if saves.get("failure") == 3 else "")


def _roll(data: Data, name: str) -> Telling:
    who = "" if "characterId" not in data or name == "Somebody" else f"{name}, "
    return "", f"{who}{data['label']}: {data['roll']['summary'] if 'roll' in data else data['total']}"


def _episode_started(data: Data, _name: str) -> Telling | None:
    episode = data.get("episode")
    return ("", f"Episode {episode['number']} begins: {episode['title']}") if episode else None


def _episode_ended(_data: Data, _name: str) -> Telling:
    return "", "The episode ends"


_TELLERS: dict[str, Callable[[Data, str], Telling | None]] = {
    "HP_CHANGE": _hit_points,
    "TRACK_CHANGE": _track,
    "CONDITION_ADDED": _condition_added,
    "CONDITION_REMOVED": _condition_removed,
    "DEATH_SAVE": _death_save,
    "ROLL": _roll,
    "EPISODE_STARTED": _episode_started,
    "EPISODE_ENDED": _episode_ended,
}
