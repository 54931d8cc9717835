"""Deeds: what a GM does with a row by one button, or with several by an action: start an episode, heal, undo."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.actors import Actor
from contract.refusals import Refusal


def always(_row: Any) -> bool:
    return True


@dataclass(frozen=True)
class Deed:
    """`done` tells what happened; `possible` decides whether the button is shown (the operation decides in the end)."""

    name: str
    label: str
    do: Callable[[Actor, Any], Any]
    done: str
    possible: Callable[[Any], bool] = always
    in_lists: bool = True
    primary: bool = False
    dangerous: bool = False


def words(refusal: Refusal) -> str:
    """A refusal in one line, with what it says about single fields."""
    if not refusal.details:
        return refusal.message
    return " ".join(message for _field, message in refusal.details)
