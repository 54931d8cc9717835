"""The form in which a file arrives: multipart, one part `file`, and words about it."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request

from content import documents
from content.footage import facts
from content.operations.uploads import FILE
from content.workshops import Crop
from contract.fields import StrictCharField
from contract.refusals import Detail, Invalid, TooLarge
from contract.serializers import StrictSerializer

ROOM_FOR_WORDS = 64 * 1024  # bytes of the form beside the file
SMALLEST_CROP = 0.01
CROP = "Send four shares of the upright picture, from 0 to 1, as left,top,width,height: 0.1,0,0.8,1"


class CropField(StrictCharField):
    """`left,top,width,height` as a tuple of shares."""

    def to_internal_value(self, data: Any) -> Any:
        try:
            left, top, width, height = (float(part) for part in super().to_internal_value(data).split(","))
        except ValueError:
            raise serializers.ValidationError(CROP) from None
        fits = left >= 0 and top >= 0 and left + width <= 1.0001 and top + height <= 1.0001
        if not (fits and min(width, height) >= SMALLEST_CROP):  # false for what is no number, too
            raise serializers.ValidationError(CROP)
        return left, top, min(width, 1 - left), min(height, 1 - top)


class WordsSerializer(StrictSerializer):
    alt_text = StrictCharField(max_length=400, allow_blank=True, required=False)
    licence = StrictCharField(max_length=120, allow_blank=True, required=False)
    credit = StrictCharField(max_length=200, allow_blank=True, required=False)


class PictureInputSerializer(WordsSerializer):
    takes_all = False
    file = serializers.FileField(help_text="JPEG, PNG or WebP; the library also takes sound, video, PDF and text.")
    crop = CropField(max_length=80, required=False, allow_blank=True, help_text=CROP)

    def get_fields(self) -> dict[str, serializers.Field]:
        fields = super().get_fields()
        return {name: field for name, field in fields.items() if name != FILE or not self.context.get("words")}


@dataclass(frozen=True)
class Sent:
    """`words` are alt_text, licence, credit and the like, as far as they were sent."""

    upload: UploadedFile
    crop: Crop | None
    words: dict[str, Any]

    @property
    def name(self) -> str:
        """Of the file, as the client calls it."""
        return self.upload.name or ""

    @contextmanager
    def file(self) -> Iterator[BinaryIO]:
        """With a descriptor that another process can be handed."""
        if hasattr(self.upload, "temporary_file_path"):
            self.upload.seek(0)
            yield cast(Any, self.upload.file)
            return
        with tempfile.TemporaryFile() as file:
            self.upload.seek(0)
            shutil.copyfileobj(cast(Any, self.upload), file)
            file.flush()
            yield cast(BinaryIO, file)


class OneFileParser(MultiPartParser):
    """Of a picture; of whatever may be larger, where `takes_all`."""

    takes_all = False

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        length = str(parser_context["request"].META.get("CONTENT_LENGTH", ""))
        most = largest() if self.takes_all else most_bytes()
        if length.isdecimal() and int(length) > most + ROOM_FOR_WORDS:
            raise too_large(most)
        return super().parse(stream, media_type, parser_context)


class LibraryFileParser(OneFileParser):
    takes_all = True


def too_large(most: int) -> TooLarge:
    limit = f"{most / 2**20:g} MB"
    said = f"The file is larger than {limit}. Scale it down, cut it, or save it smaller."
    return TooLarge(said, [(FILE, said)])  # pages say what details say


def read(request: Request, serializer: type[PictureInputSerializer] = PictureInputSerializer) -> Sent:
    """The form as sent to the API. Raises Invalid with every fault, TooLarge."""
    return read_form(cast(QueryDict, request.data), request.FILES, serializer)


def read_form(form: QueryDict, files: Any, serializer: type[PictureInputSerializer] = PictureInputSerializer) -> Sent:
    uploads = files.getlist(FILE)
    words = serializer(data=_once(form), context={"words": True})
    faults = [*_file_faults(form, files, uploads), *word_faults(words)]
    if faults:
        raise Invalid(faults)
    most = most_bytes_of(uploads[0]) if serializer.takes_all else most_bytes()
    if uploads[0].size > most:
        raise too_large(most)
    found = dict(words.validated_data)
    return Sent(uploads[0], found.pop("crop", None) or None, found)


def _once(form: QueryDict) -> Mapping[str, Any]:
    names = [name for name in form if name not in (FILE, "csrfmiddlewaretoken")]
    return {name: form.getlist(name) if len(form.getlist(name)) > 1 else form[name] for name in names}


def _file_faults(form: QueryDict, files: Any, uploads: list[UploadedFile]) -> Iterator[Detail]:
    for name in files:
        if name != FILE:
            yield name, "unknown field"
    if len(uploads) != 1 or (FILE in form and not isinstance(form.get(FILE), UploadedFile)):
        yield FILE, "Send one file, as a file part of this name."
    elif not uploads[0].size:
        yield FILE, "The file is empty."


def word_faults(words: serializers.BaseSerializer) -> Iterator[Detail]:
    if not words.is_valid():
        for name, reasons in cast(dict[str, Any], words.errors).items():
            yield from ((name if name != "non_field_errors" else "", str(reason)) for reason in reasons)


def most_bytes() -> int:
    """Of a picture."""
    return int(settings.CONTENT_MOST_BYTES)


def largest() -> int:
    """Of whatever the library takes."""
    return max(most_bytes(), int(settings.CONTENT_MOST_MEDIA_BYTES), int(settings.CONTENT_MOST_PDF_BYTES))


def most_bytes_of(upload: UploadedFile) -> int:
    upload.seek(0)
    head = upload.read(documents.HEAD_BYTES)
    upload.seek(0)
    if facts.is_recording(head):
        return int(settings.CONTENT_MOST_MEDIA_BYTES)
    return documents.most_bytes_of(head) or most_bytes()
