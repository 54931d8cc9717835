"""Field-wise optimistic concurrency, as pure functions on a row's `version` and `field_versions`.

A row's version rises by one with each change; `field_versions` remembers at which version each field (dotted path)
last changed. Somebody who saw version 7 may change every field that has not changed since.
"""

from collections.abc import Iterable, Mapping

FieldVersions = dict[str, int]


def stale(field_versions: Mapping[str, int], fields: Iterable[str], seen: int | None) -> list[str]:
    """The fields (or fields above or below them) that changed after version `seen`; none when nothing was seen."""
    if seen is None:
        return []
    return sorted({name for name in fields if _last_change(field_versions, name) > seen})


def stamped(field_versions: Mapping[str, int], fields: Iterable[str], version: int) -> FieldVersions:
    return {**field_versions, **dict.fromkeys(fields, version)}


def _last_change(field_versions: Mapping[str, int], name: str) -> int:
    related = (version for field, version in field_versions.items() if _related(field, name))
    return max(related, default=0)


def _related(one: str, other: str) -> bool:
    return one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")
