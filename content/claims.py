"""Which pictures are in use: an app above that gives assets a purpose registers how to ask it (AppConfig.ready)."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Claim:
    """`in_use` gets ids of subjects and returns the addresses of pictures that they show, or could show again.

    `lost` is told subject, purpose and the keys of files of which one is gone for good; `grown`, subject and purpose
    of a picture that has more forms than before.
    """

    purposes: frozenset[str]
    in_use: Callable[[Collection[UUID]], set[str]]
    lost: Callable[[UUID, str, set[str]], None]
    grown: Callable[[UUID, str], None]


_claims: dict[str, Claim] = {}


def register(claim: Claim) -> None:
    for purpose in claim.purposes:
        _claims[purpose] = claim


def of(purpose: str) -> Claim | None:
    return _claims.get(purpose)
