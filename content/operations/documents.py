"""PDF and text come in; there is nothing further to be made of them."""

from collections.abc import Iterator
from contextlib import contextmanager

from content import documents, recipes
from content.documents import MARKDOWN, PDF, TEXT, Document
from content.models import Kind, StoredFile, Version
from content.operations import exposure, uploads
from content.operations.uploads import FILE, Arrival, Picture
from content.present import DOCUMENT
from contract.refusals import Invalid

SUFFIXES = {PDF: ".pdf", TEXT: ".txt", MARKDOWN: ".md"}
# Markdown too: it is never a page, whoever opens it.
MEDIA_TYPES = {PDF: "application/pdf", TEXT: "text/plain; charset=utf-8", MARKDOWN: "text/plain; charset=utf-8"}


@contextmanager
def arriving(wanted: Picture) -> Iterator[Arrival]:
    """As uploads.arriving, for documents. Raises Invalid (field `file`), Unavailable."""
    wanted.room.require(0)
    try:
        made = documents.taken(wanted.file, wanted.name)
    except documents.NotTaken as error:
        raise Invalid([(FILE, str(error))]) from error
    with made.file as file:
        facts = {"format": made.format, "pages": made.pages, "words": made.words}
        version = uploads.reserve(wanted, made.size, Kind.DOCUMENT, facts=facts)
        with uploads.stored(Arrival(wanted, version, [_row(version, wanted, made)]), [file]) as arrival:
            yield arrival


def _row(version: Version, wanted: Picture, made: Document) -> StoredFile:
    stem, is_known = exposure.place(wanted.stem, version.asset)
    return StoredFile(
        version=version,
        name=DOCUMENT,
        key=f"{recipes.numbered(stem, version.number)}{SUFFIXES[made.format]}",
        media_type=MEDIA_TYPES[made.format],
        size=made.size,
        exposed=is_known,
        digest=uploads.digest_of(made.file),
    )
