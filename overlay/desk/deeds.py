"""The desk's form, when it is sent without script: its button's value says what to do.

amount 7 · typed · condition prone · inspire · save <id> success · undo 41 · stage <id> on · move <id> up · tier <id> ·
episode start 3 · episode end 3 · turn next · turn to <id> · turn begin · turn end · roll · cue
"""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import QueryDict
from rest_framework.exceptions import ValidationError

from accounts.actors import Actor
from campaigns import queries as campaign_queries
from campaigns.messages import GM
from campaigns.models import Campaign
from campaigns.operations import episodes, undo
from characters import ingest, initiative, queries
from characters.operations import initiative as turns
from characters.operations import lifecycle, roster
from contract.errors import refusal_for
from contract.refusals import Invalid
from overlay.desk import orders
from overlay.desk.orders import Chosen, Document

NOBODY = ("who", "Choose somebody first.")
UNREADABLE = ("do", "Load the desk again: it has changed since.")


def do(campaign: Campaign, form: QueryDict, *, actor: Actor) -> str:
    """What the button asks for, whole or not at all; returns what to say of it. Raises Refusal."""
    verb, *arguments = form.get("do", "").split(" ")
    deed, takes = _DEEDS.get(verb, (None, ()))
    if deed is None or len(arguments) not in takes:
        raise Invalid([UNREADABLE])
    with transaction.atomic():
        return deed(Desk(campaign, form, actor), arguments)


class Desk:
    def __init__(self, campaign: Campaign, form: QueryDict, actor: Actor) -> None:
        self.campaign, self.form, self.actor = campaign, form, actor

    def chosen(self) -> list[Chosen]:
        ids = [campaign_queries.key(text) for text in self.form.getlist("who")]
        found = queries.characters(self.campaign, GM).filter(pk__in=ids)
        if not ids or not found:
            raise Invalid([NOBODY])
        return [Chosen(str(one.pk), one.stats) for one in found]

    def one(self, text: str) -> Chosen:
        character = queries.character(self.campaign, campaign_queries.key(text), GM)
        return Chosen(str(character.pk), character.stats)

    def number(self, text: str) -> int:
        if not (text.isascii() and text.isdigit() and 1 <= int(text[:5]) <= 9999):
            raise Invalid([("number", "Type a number from 1 to 9999.")])
        return int(text)

    def text(self, name: str) -> str:
        return self.form.get(name, "").strip()

    def record(self, documents: Sequence[Document]) -> str:
        for document in documents:
            ingest.record(self.campaign.pk, read(document), actor=self.actor)
        return "Done." if documents else "Nobody is changed by that."


def read(document: Document) -> ingest.Sent:
    """As the API reads it. Raises Refusal."""
    try:
        return ingest.read(document)
    except ValidationError as error:
        raise refusal_for(error) from error


def _amount(desk: Desk, arguments: Sequence[str]) -> str:
    number = desk.number(arguments[0] if arguments else desk.text("number"))
    mode = desk.text("mode")
    if mode not in orders.MODES or mode == orders.CONDITIONS:
        raise Invalid([("mode", "Choose damage, healing or temporary hit points.")])
    return desk.record(orders.amounts(mode, desk.text("kind"), number, desk.chosen()))


def _condition(desk: Desk, arguments: Sequence[str]) -> str:
    name = " ".join(arguments).strip() or desk.text("condition")
    if not name:
        raise Invalid([("condition", "Name the condition, for example prone.")])
    rounds = desk.number(desk.text("rounds")) if desk.text("rounds") else None
    return desk.record(orders.condition(name, rounds, desk.chosen()))


def _inspire(desk: Desk, _arguments: Sequence[str]) -> str:
    on, who = orders.inspiration(desk.chosen())
    for one in who:
        character = queries.character(desk.campaign, UUID(one.id), GM)
        lifecycle.update(character, {"stats": {"inspiration": on}}, actor=desk.actor)
    return "Inspired." if on else "No longer inspired."


def _save(desk: Desk, arguments: Sequence[str]) -> str:
    id_, result = arguments
    return desk.record([orders.death_save(result, desk.one(id_))])


def _undo(desk: Desk, arguments: Sequence[str]) -> str:
    text = arguments[0]
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        raise Invalid([UNREADABLE])
    event = campaign_queries.entry_to_undo(desk.campaign, int(text))
    undo.undo(desk.campaign.pk, event.pk, actor=desk.actor)
    return "Taken back."


def _stage(desk: Desk, arguments: Sequence[str]) -> str:
    id_, on = arguments
    roster.place(desk.campaign.pk, UUID(desk.one(id_).id), on=on == "on", actor=desk.actor)
    return "On the overlay." if on == "on" else "Off the overlay."


def _move(desk: Desk, arguments: Sequence[str]) -> str:
    id_, way = arguments
    rows = queries.roster(desk.campaign.pk)
    ids = [row["id"] for row in rows]
    if id_ not in ids or way not in STEPS:
        raise Invalid([UNREADABLE])
    at = ids.index(id_)
    ids.insert(max(at + STEPS[way], 0), ids.pop(at))
    roster.set_roster(desk.campaign.pk, [(UUID(one), None) for one in ids], actor=desk.actor)
    return "Order changed."


def _tier(desk: Desk, arguments: Sequence[str]) -> str:
    wanted = desk.text(f"tier-{arguments[0]}")
    rows = queries.roster(desk.campaign.pk)
    entries = [(UUID(row["id"]), wanted if row["id"] == arguments[0] else row["tier"]) for row in rows]
    roster.set_roster(desk.campaign.pk, entries, actor=desk.actor)
    return "Size changed."


def _episode(desk: Desk, arguments: Sequence[str]) -> str:
    what, number = arguments
    episode = campaign_queries.episode(desk.campaign, number, GM)
    if what == "start":
        episodes.start(episode, actor=desk.actor)
        return f"Episode {episode.number} begins."
    episodes.end(episode, actor=desk.actor)
    return f"Episode {episode.number} is over."


def _turn(desk: Desk, arguments: Sequence[str]) -> str:
    what = arguments[0]
    if what == "next":
        turns.next_turn(desk.campaign.pk, actor=desk.actor)
        return "Next turn."
    if what == "to" and len(arguments) == 2:
        turns.to_turn(desk.campaign.pk, arguments[1], actor=desk.actor)
        return "Turn changed."
    if what == "begin":
        turns.set_order(desk.campaign.pk, _order(desk), actor=desk.actor)
        return "The turn order is set."
    turns.put_away(desk.campaign.pk, actor=desk.actor)
    return "The turn order is put away."


def _order(desk: Desk) -> list[dict[str, Any]]:
    now = queries.turn_order(desk.campaign.pk)
    known = {entry["name"]: entry["id"] for entry in (now or {"order": []})["order"] if not entry["character"]}
    entries: list[dict[str, Any]] = []
    for field in desk.form:
        text = desk.text(field)
        kind, _, rest = field.partition("-")
        if kind == "score" and text:
            entries.append({"character": campaign_queries.key(rest), "score": _score(text)})
        elif kind == "foe" and rest.isdigit() and text:
            hidden = bool(desk.form.get(f"foe-hidden-{rest}"))
            score = _score(desk.text(f"foe-score-{rest}") or "0")
            name = text[: initiative.LONGEST_NAME]
            entries.append({"name": name, "score": score, "hidden": hidden, "id": known.get(name)})
    return entries


def _score(text: str) -> int:
    low, high = initiative.SCORES
    number = text.strip().removeprefix("-")
    if not (number.isascii() and number.isdigit() and len(number) <= 3 and low <= int(text) <= high):
        raise Invalid([("score", f"Type initiative as a number from {low} to {high}.")])
    return int(text)


def _roll(desk: Desk, _arguments: Sequence[str]) -> str:
    total = desk.text("roll_total")
    if not total.lstrip("-").isdecimal() or len(total) > 6:
        raise Invalid([("roll_total", "Type the total of the roll.")])
    document: Document = {"type": "roll", "label": desk.text("roll_label") or "Roll", "total": int(total)}
    return _told(desk, document, "roll_hidden")


def _cue(desk: Desk, _arguments: Sequence[str]) -> str:
    return _told(desk, {"type": "custom", "name": desk.text("cue")}, "cue_hidden")


def _told(desk: Desk, document: Document, hidden: str) -> str:
    if desk.form.get(hidden):
        document["hidden"] = True
    who: Any = desk.chosen() if desk.form.getlist("who") else []
    character = None
    if len(who) == 1:
        document["character_id"] = who[0].id
        character = queries.character(desk.campaign, UUID(who[0].id), GM)
    ingest.record(desk.campaign.pk, read(document), character, actor=desk.actor)
    return "Told."


STEPS = {"up": -1, "down": 1}
ANY = range(100)
# What each button does, and how many words may follow its name.
_DEEDS: dict[str, tuple[Callable[[Desk, Sequence[str]], str], Sequence[int]]] = {
    "amount": (_amount, (1,)),
    "typed": (_amount, (0,)),
    "condition": (_condition, ANY),
    "inspire": (_inspire, (0,)),
    "save": (_save, (2,)),
    "undo": (_undo, (1,)),
    "stage": (_stage, (2,)),
    "move": (_move, (2,)),
    "tier": (_tier, (1,)),
    "episode": (_episode, (2,)),
    "turn": (_turn, (1, 2)),
    "roll": (_roll, (0,)),
    "cue": (_cue, (0,)),
}
