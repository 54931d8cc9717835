"""More forms of a picture, made in the background of the original that is stored: AVIF, and narrower ones of both."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from django.db import transaction

from content import background, recipes, storage
from content.models import StoredFile, Version
from content.operations.jobs import NotMade, Report
from content.present import AVIF, MAIN
from content.queries import files_of
from content.recipes import Recipe
from content.workshops import Made, NotTaken, workshop
from contract.refusals import Unavailable

ORIGINAL = "original"
PATIENCE_SECONDS = 60  # nobody waits
GONE = "The picture was removed meanwhile."


@dataclass(frozen=True)
class Ready:
    row: StoredFile
    file: BinaryIO


def make(version: Version, report: Report) -> None:
    """Raises Again and NotMade."""
    there = files_of(version)
    main, original = there[MAIN], there[ORIGINAL]
    wanted = recipes.further(version.asset.purpose, max(main.width or 0, main.height or 0))
    missing = {name: part for name, part in wanted.items() if name not in there}
    if not missing:
        return
    with _painted(original, missing) as made:
        report(60)
        stem = original.key.removesuffix(recipes.ORIGINAL.suffix)
        useless = _no_smaller(main, made, missing)
        ready = [each for each in _rows(original, stem, missing, made) if each.row.name not in useless]
        store(version, ready)


def store(version: Version, ready: list[Ready], seconds: float = PATIENCE_SECONDS) -> None:
    """Files first, rows after; what somebody else made meanwhile is the same, and stays. Raises Again, NotMade."""
    try:
        storage.put([storage.Item(each.row.key, each.file, each.row.media_type) for each in ready], seconds)
    except Unavailable as error:
        raise background.Again(str(error)) from error
    with transaction.atomic():
        current = Version.objects.select_for_update(no_key=True, of=("self",)).filter(pk=version.pk).first()
        if current is not None:
            new = [each.row for each in ready if each.row.name not in files_of(current)]
            StoredFile.objects.bulk_create(new)
            current.size += sum(row.size for row in new)
            current.save(update_fields=["size", "updated_at"])
            return
    storage.discard([each.row.key for each in ready])
    raise NotMade(GONE)


@contextmanager
def fetched(file: StoredFile) -> Iterator[BinaryIO]:
    """Raises Again, NotMade."""
    with tempfile.TemporaryFile() as copy:
        try:
            storage.fetch(file.key, copy)
        except FileNotFoundError as error:
            raise NotMade(GONE) from error
        except Unavailable as error:
            raise background.Again(str(error)) from error
        yield copy


@contextmanager
def _painted(original: StoredFile, recipe: Recipe) -> Iterator[Made]:
    with ExitStack() as stack:
        source = stack.enter_context(fetched(original))
        try:
            made = workshop().make(source, [part.output for part in recipe.values()])
        except NotTaken as error:
            raise NotMade(str(error)) from error
        except Unavailable as error:
            raise background.Again(str(error)) from error
        for file in made.files:
            stack.enter_context(file)
        yield made


def _rows(original: StoredFile, stem: str, recipe: Recipe, made: Made) -> Iterator[Ready]:
    for (name, part), painted, file in zip(recipe.items(), made.painted, made.files, strict=True):
        row = StoredFile(
            version=original.version,
            exposed=original.exposed,
            name=name,
            key=f"{stem}{part.suffix}",
            media_type=part.media_type,
            width=painted.width,
            height=painted.height,
            size=painted.size,
            digest=painted.digest,
        )
        yield Ready(row, file)


def _no_smaller(main: StoredFile, made: Made, recipe: Recipe) -> set[str]:
    """AVIF costs a browser more than WebP does: all or none of them, by whether the largest is worth it."""
    sizes = {name: painted.size for name, painted in zip(recipe, made.painted, strict=True)}
    return {name for name in recipe if name.startswith(AVIF)} if sizes.get(AVIF, 0) >= main.size else set()
