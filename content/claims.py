"""Which pictures are in use: an app above that gives assets a purpose registers how to ask it (AppConfig.ready)."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TypedDict
from uuid import UUID


class Progress(TypedDict):
    """`state` is one of content.models.JobState, `percent` is done, `reason` is why it failed."""

    state: str
    percent: int
    reason: str


@dataclass(frozen=True)
class Claim:
    """`in_use` gets ids of subjects and returns the addresses of pictures that they show, or could show again;
    `open_to_all`, those of them whose pictures everybody may fetch.

    `lost` is told subject, purpose and the keys of files of which one is gone for good; `grown`, subject and purpose
    of a picture that has more forms than before, or lies elsewhere; `progressed`, how far it is made (Progress).
    """

    purposes: frozenset[str]
    in_use: Callable[[Collection[UUID]], set[str]]
    open_to_all: Callable[[Collection[UUID]], set[UUID]]
    lost: Callable[[UUID, str, set[str]], None]
    grown: Callable[[UUID, str], None]
    progressed: Callable[[UUID, str, Progress], None]


_claims: dict[str, Claim] = {}


def register(claim: Claim) -> None:
    for purpose in claim.purposes:
        _claims[purpose] = claim


def of(purpose: str) -> Claim | None:
    return _claims.get(purpose)
