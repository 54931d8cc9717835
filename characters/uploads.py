"""The form in which character files arrive: multipart, `files` as often as wanted, and two switches."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request

from characters.importers.documents import MAX_BYTES
from characters.importers.reading import Reading, read
from contract.refusals import Detail, Invalid, TooLarge

MOST_BYTES = 32 * 1024 * 1024  # of the whole form
SWITCHES = {"commit": False, "keep_live": True}
FILES = "files"


@dataclass(frozen=True)
class Upload:
    files: list[UploadedFile]
    commit: bool
    keep_live: bool

    def readings(self) -> Iterator[Reading]:
        for file in self.files:
            # One byte more than a file may have: the reader says so of this file, and the others are read.
            yield from read(file.name or "", file.read(MAX_BYTES + 1))


class CharacterFilesParser(MultiPartParser):
    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        length = str(parser_context["request"].META.get("CONTENT_LENGTH", ""))
        if length.isdecimal() and int(length) > MOST_BYTES:
            raise TooLarge(f"All files together are larger than {MOST_BYTES >> 20} MB. Send fewer at once.")
        return super().parse(stream, media_type, parser_context)

    @staticmethod
    def read(request: Request) -> Upload:
        """The form as sent; Invalid with every fault."""
        form, files = cast(QueryDict, request.data), request.FILES.getlist(FILES)
        faults = list(_faults(form, len(files)))
        if faults:
            raise Invalid(faults)
        switches = {name: form.get(name, str(default).lower()) == "true" for name, default in SWITCHES.items()}
        return Upload(files, **switches)


def _faults(form: QueryDict, files: int) -> Iterator[Detail]:
    for name in form:
        if name not in {FILES, *SWITCHES}:
            yield name, "unknown field"
    for name in SWITCHES:
        sent = form.getlist(name)
        if len(sent) > 1 or sent[:1] not in ([], ["true"], ["false"]):
            yield name, "Send true or false, once."
    if not files or len(form.getlist(FILES)) != files:
        yield FILES, "Send one file or more, each as a file part of this name."
