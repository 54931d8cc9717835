"""One line for each ledger entry, in the words of the table: what the back office lists."""

from collections.abc import Callable
from typing import Any

from campaigns import events

Data = dict[str, Any]
# What a field is called at the table, where its own name does not say it.
WORDS = {
    "portrait_url": "portrait",
    "background_url": "background",
    "focal_x": "cut of the picture",
    "focal_y": "cut of the picture",
    "class_name": "class",
    "race": "people",
    "hp_display": "how hit points are shown",
    "is_secret": "secrecy",
    "gm_notes": "notes of the GM",
    "external_ids": "where it came from",
    "player_id": "player",
    "vod_url": "recording",
    "team_id": "team",
    "stats.hp.max": "HP maximum",
    "stats.hp.current": "HP",
    "stats.hp.temp": "temporary HP",
}


def sentence(type_: str, data: Data) -> str:
    """What happened, as the GM reads it; the type itself where there is nothing more to say."""
    return _SENTENCES.get(type_, lambda _data: "")(data) or label(type_)


def label(type_: str) -> str:
    """hp_change → HP change"""
    words = type_.replace("_", " ")
    return f"HP{words[2:]}" if words.startswith("hp") else words[:1].upper() + words[1:]


def _hp(data: Data) -> str:
    if data.get("kind") == "temp":
        return f"{data['name']}: {data['delta']:+d} temporary HP"
    kind = f" ({data['kind']})" if data.get("kind") else ""
    return f"{data['name']}: HP {data['from']} → {data['to']}{kind}"


def _condition_added(data: Data) -> str:
    rounds = f" for {data['rounds']} rounds" if data.get("rounds") else ""
    return f"{data['name']} is {data['condition']}{rounds}"


def _track(data: Data) -> str:
    track = str(data.get("track", ""))
    state = data["stats"].get("tracks", {}).get(track, {})
    values = ", ".join(f"{key} {value}" for key, value in state.items() if key != "max")
    return f"{data['name']}: {track.replace('_', ' ').capitalize()} {values}".rstrip()


def _death_save(data: Data) -> str:
    return f"{data['name']}: death save, {str(data.get('result', '')).replace('_', ' ')}".rstrip(", ")


def _roll(data: Data) -> str:
    return f"{data['label']}: {data['roll']['summary'] if 'roll' in data else data['total']}"


def _character(verb: str) -> Callable[[Data], str]:
    return lambda data: f"{data['character']['name']} {verb}"


def _character_updated(data: Data) -> str:
    if list(data["changed"]) == ["stats.inspiration"]:
        now = "" if data["character"]["stats"]["inspiration"] else "no longer "
        return f"{data['character']['name']} is {now}inspired"
    what = _fields(data) if data["changed"] else "pictures in more sizes"
    return f"{data['character']['name']}: {what}"


def _campaign_updated(data: Data) -> str:
    return f"Campaign: {_fields(data)}"


def _fields(data: Data) -> str:
    names = list(dict.fromkeys(map(_word, sorted(data["changed"]))))
    return f"{', '.join(names[:4])}{' …' if len(names) > 4 else ''} changed"


def _word(field: str) -> str:
    return WORDS.get(field) or field.removeprefix("stats.").replace("_", " ").replace(".", " ")


def _roster(data: Data) -> str:
    ids, ids_before = ([row["id"] for row in rows] for rows in (data["roster"], data.get("before", [])))
    if sorted(ids) != sorted(ids_before):
        return f"{len(ids)} on stage"
    return f"{'Sizes' if ids == ids_before else 'Order'} on the overlay changed"


def _layout(data: Data) -> str:
    return f"Layout {data['tier']} saved"


def _initiative(data: Data) -> str:
    now = data["initiative"]
    if now is None:
        return "Turn order put away"
    name = next((entry["name"] for entry in now["order"] if entry["id"] == now["turn"]), "")
    return f"Round {now['round']}: {name}".rstrip(": ")


def _episode(verb: str) -> Callable[[Data], str]:
    def told(data: Data) -> str:
        episode = data.get("episode")
        return f"Episode {episode['number']} {verb}" if episode else f"Episode {verb}"

    return told


def _undo(data: Data) -> str:
    return f"Took back no. {data['seq']}: {sentence(data['effect']['type'], data['effect']['data'])}"


_SENTENCES: dict[str, Callable[[Data], str]] = {
    events.HP_CHANGE: _hp,
    events.TRACK_CHANGE: _track,
    events.CONDITION_ADDED: _condition_added,
    events.CONDITION_REMOVED: lambda data: f"{data['name']} is no longer {data['condition']}",
    events.DEATH_SAVE: _death_save,
    events.ROLL: _roll,
    events.INITIATIVE: _initiative,
    events.ROSTER_UPDATED: _roster,
    events.CHARACTER_CREATED: _character("joined"),
    events.CHARACTER_UPDATED: _character_updated,
    events.CHARACTER_DELETED: _character("was deleted"),
    events.LAYOUT_UPDATED: _layout,
    events.CAMPAIGN_UPDATED: _campaign_updated,
    events.EPISODE_STARTED: _episode("started"),
    events.EPISODE_ENDED: _episode("ended"),
    events.UNDO: _undo,
    events.CUSTOM: lambda data: str(data["name"]),
}
