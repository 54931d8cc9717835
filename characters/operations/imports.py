"""Characters come in from files: new ones are made, known ones (by external id) are brought up to date.

What happened at the table stays: hit points, conditions, death saves, inspiration and tracks, unless told otherwise.
So do the GM's words: name, summary and appearance are taken from a file only where there are none.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from accounts.actors import Actor
from campaigns import ledger
from campaigns.models import Campaign
from characters import stats
from characters.importers.imported import Finding, ImportedCharacter
from characters.importers.reading import Reading
from characters.models import Character
from characters.operations import lifecycle
from contract.refusals import Invalid, Refusal

LIVE = ("conditions", "condition_rounds", "death_saves", "inspiration", "tracks")
LIVE_HP = ("current", "temp")
WORDS = ("summary", "appearance")


@dataclass(frozen=True)
class Result:
    """What became, or would become, of one actor; `character_id` is None for one still to be made."""

    file: str
    status: str
    name: str
    warnings: list[Finding]
    imported: ImportedCharacter | None = None
    character_id: Any = None
    stats: dict[str, Any] | None = None


def bring_in(
    campaign: Campaign, readings: Iterable[Reading], *, actor: Actor, commit: bool, keep_live: bool = True
) -> Iterator[Result]:
    """One result for each reading, as it is done. Each character is written whole or not at all.

    Without `commit` nothing is written. A file that cannot be taken does not keep the others out.
    """
    for reading in readings:
        if reading.character is None:
            yield Result(reading.file, "refused", reading.name, [Finding("", reading.message)])
            continue
        try:
            if commit:
                yield _written(campaign, reading, reading.character, actor, keep_live)
            else:
                yield _previewed(reading, reading.character, _known(campaign, reading.character), keep_live)
        except Refusal as refusal:
            reasons = [Finding(field, message) for field, message in refusal.details] or [Finding("", refusal.message)]
            yield Result(reading.file, "refused", reading.name, reasons)


def _written(
    campaign: Campaign, reading: Reading, imported: ImportedCharacter, actor: Actor, keep_live: bool
) -> Result:
    # The campaign's lock is taken before the look-up, so that two imports do not both make the character.
    with ledger.writing(campaign.pk, actor):
        known = _known(campaign, imported)
        result = _previewed(reading, imported, known, keep_live)
        character = _write(campaign, imported, known, actor, keep_live)
    return replace(result, character_id=character.pk, stats=character.stats)


def _write(
    campaign: Campaign, imported: ImportedCharacter, known: Character | None, actor: Actor, keep_live: bool
) -> Character:
    fields = _fields(imported)
    if known is None:
        return lifecycle.create(campaign, actor=actor, stats=imported.stats, **fields)
    kept = {"name", *(word for word in WORDS if getattr(known, word))}
    changes = {name: value for name, value in fields.items() if name not in kept}
    patch = _patch(known.stats, imported.stats, keep_live)
    return lifecycle.update(known, {**changes, "stats": patch}, actor=actor)


def _fields(imported: ImportedCharacter) -> dict[str, Any]:
    source, _, id_ = imported.external_id.partition(":")
    return {
        "name": imported.name,
        "class_name": imported.class_name,
        "race": imported.species,
        "level": imported.level,
        "summary": imported.public_biography,
        "appearance": imported.appearance,
        **({"external_ids": {source: id_}} if id_ else {}),
    }


def _known(campaign: Campaign, imported: ImportedCharacter) -> Character | None:
    source, _, id_ = imported.external_id.partition(":")
    if not id_:
        return None
    found = Character.objects.filter(campaign=campaign, **{f"external_ids__{source}": id_})
    return found.order_by("created_at", "pk").first()


def _previewed(reading: Reading, imported: ImportedCharacter, known: Character | None, keep_live: bool) -> Result:
    after = _stats_after(known, imported, keep_live)
    warnings = [*imported.findings, *(_differences(known, imported, keep_live) if known else ())]
    status = "warning" if warnings else "ok"
    key = known.pk if known else None
    return Result(reading.file, status, known.name if known else imported.name, warnings, imported, key, after)


def _stats_after(known: Character | None, imported: ImportedCharacter, keep_live: bool) -> stats.Stats:
    try:
        if known is None:
            return stats.merged(stats.blank(), imported.stats)
        return stats.merged(known.stats, _patch(known.stats, imported.stats, keep_live))
    except stats.InvalidStats as error:
        raise Invalid([(f"stats.{path}".rstrip("."), message) for path, message in error.problems]) from error


def _patch(now: stats.Stats, read: stats.Stats, keep_live: bool) -> dict[str, Any]:
    """What a file changes in the stats of a character that is here already."""
    if not keep_live:
        return {"condition_rounds": dict.fromkeys(now["condition_rounds"]), **read}
    hp = {name: value for name, value in read["hp"].items() if name not in LIVE_HP}
    # Current hit points never give way to the maximum of a file: an effect at the table may have raised it.
    hp["max"] = max(hp["max"], now["hp"]["current"])
    return {**{name: part for name, part in read.items() if name not in LIVE}, "hp": hp}


def _differences(known: Character, imported: ImportedCharacter, keep_live: bool) -> Iterator[Finding]:
    if known.name != imported.name:
        yield Finding("name", f"The file says {imported.name}; the name here is kept.")
    read, now = imported.stats["hp"]["max"], known.stats["hp"]["current"]
    if keep_live and read < now:
        yield Finding("stats.hp.max", f"The file says {read}, less than the {now} hit points now. Please check.")


def told(result: Result) -> dict[str, Any]:
    """As API and command show it."""
    imported = result.imported
    return {
        "file": result.file,
        "status": result.status,
        "name": result.name,
        "classes": [list(each) for each in imported.classes] if imported else [],
        "species": imported.species if imported else "",
        "character_id": str(result.character_id) if result.character_id else None,
        "stats": result.stats,
        "warnings": [{"field": finding.field, "message": finding.message} for finding in result.warnings],
    }
