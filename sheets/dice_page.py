"""The dice of the sheet's page: what can be rolled, what fell last, what its buttons do without a line of script."""

from collections.abc import Callable, Collection
from typing import Any

from django.http import HttpRequest

from accounts.views.acting import acting
from contract.refusals import Invalid
from sheets import dice, documents, pools, queries, rolling
from sheets.operations import rolling as operations
from sheets.parts import Snapshot
from sheets.queries import Found
from sheets.serializers import ThrowAgainSerializer, ThrowSerializer

LISTED = 12
PLACE = "#dice"


def context(request: HttpRequest, snapshot: Snapshot) -> dict[str, Any]:
    """What the template of the dice needs; at most two queries."""
    found = snapshot.found
    fallen = list(queries.rolls(found.sheet, acting(request), found.standing)[:LISTED])
    gone = queries.taken_back(fallen)
    told = [documents.roll_document(roll, gone) for roll in fallen]
    return {
        "offered": pools.offered(found.line, snapshot.draft, snapshot.parts.rows, snapshot.parts.settings),
        "last": told[0] if told else None,
        "faces": pools.faces(told[0]) if told else {},
        "rolls": told,
    }


# --- what the buttons do ---


def _roll(kind: str, *more: str) -> Callable[[HttpRequest, Found], str]:
    """With `more` that the button itself asks for: a surge, desperation."""

    def deed(request: HttpRequest, found: Found) -> str:
        asked = _asked(request, kind, more)
        operations.roll(found.sheet, asked, actor=acting(request), standing=found.standing)
        return PLACE

    return deed


def _asked(request: HttpRequest, kind: str, more: Collection[str]) -> dict[str, Any]:
    sent: dict[str, Any] = {"kind": kind, "hidden": "hidden" in request.POST}
    if kind in (rolling.POOL, rolling.FRENZY):
        sent["difficulty"] = _whole(request, "difficulty")
    if kind == rolling.POOL:
        sent["traits"] = [name for name in request.POST.getlist("traits") if name]
        sent["modifier"] = _whole(request, "modifier")
        sent |= {name: True for name in (rolling.SURGE, dice.DESPERATION) if name in {*request.POST, *more}}
        sent |= {"specialty": request.POST["specialty"]} if request.POST.get("specialty") else {}
    if kind == rolling.ROUSE:
        sent["level"] = _whole(request, "level")
    if kind == rolling.FRENZY and "fury" in request.POST:
        sent["fury"] = True
    return _read(ThrowSerializer, sent)


def _reroll(request: HttpRequest, found: Found) -> str:
    places = [int(text) for text in request.POST.getlist("dice") if text.isdecimal() and len(text) < 3]
    chosen = _read(ThrowAgainSerializer, {"dice": places})["dice"] if places else []
    if not chosen:
        raise Invalid([("dice", "Choose one to three dice that are rolled again.")])
    operations.reroll(_of(request, found), chosen, actor=acting(request), standing=found.standing)
    return PLACE


def _choose(choice: str) -> Callable[[HttpRequest, Found], str]:
    def deed(request: HttpRequest, found: Found) -> str:
        operations.choose(_of(request, found), choice, actor=acting(request), standing=found.standing)
        return PLACE

    return deed


def _of(request: HttpRequest, found: Found) -> Any:
    return queries.roll(found.sheet, request.POST.get("roll", ""), acting(request), found.standing)


def _whole(request: HttpRequest, name: str) -> Any:
    text = request.POST.get(name, "").replace("−", "-") or "0"
    return int(text) if text.lstrip("-").isdecimal() and text.isascii() and len(text) < 6 else text


def _read(serializer: Any, sent: dict[str, Any]) -> dict[str, Any]:
    """As the API reads it. Raises Invalid."""
    read = serializer(data=sent)
    if not read.is_valid():
        raise Invalid([(str(name), str(_first(found))) for name, found in read.errors.items()])
    values = dict(read.validated_data)
    return {**values, "specialty": str(values["specialty"])} if "specialty" in values else values


def _first(found: Any) -> Any:
    while isinstance(found, (list, dict)) and found:
        found = next(iter(found.values())) if isinstance(found, dict) else found[0]
    return found


DEEDS: dict[str, Callable[[HttpRequest, Found], str]] = {
    "roll": _roll(rolling.POOL),
    "surge": _roll(rolling.POOL, rolling.SURGE),
    "desperation": _roll(rolling.POOL, dice.DESPERATION),
    "rouse": _roll(rolling.ROUSE),
    "remorse": _roll(rolling.REMORSE),
    "frenzy": _roll(rolling.FRENZY),
    "reroll": _reroll,
    "overreach": _choose(rolling.OVERREACH),
    "despair": _choose(rolling.TO_DESPAIR),
}
