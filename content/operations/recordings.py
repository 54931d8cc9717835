"""Sound and video come in, and what pages play is made of them in the background.

What was sent is kept, under a name that is told to nobody, until that is done; then it is deleted. What is served is
always of our own making.
"""

import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.db import transaction

from content import background, recipes, storage
from content.footage import facts as footage
from content.footage import ffmpeg, forms
from content.footage.facts import Facts
from content.footage.ffmpeg import Absent
from content.models import Kind, StoredFile, Version
from content.operations import exposure, further, uploads
from content.operations.further import Ready
from content.operations.jobs import NotMade, Report
from content.operations.uploads import FILE, Arrival, Picture
from content.queries import files_of
from content.workshop.orders import Output
from content.workshops import NotTaken, workshop
from contract.refusals import Invalid, Unavailable

SOURCE = "source"
POSTER = Output("WEBP", 1280)
# Of the time for the whole task, what is left to store the files and say so.
FOR_STORING = 0.1


def is_recording(file: BinaryIO) -> bool:
    file.seek(0)
    head = file.read(footage.HEAD_BYTES)
    file.seek(0)
    return footage.is_recording(head)


@contextmanager
def arriving(wanted: Picture) -> Iterator[Arrival]:
    """As uploads.arriving, for sound and video. Raises Invalid (field `file`), Unavailable."""
    wanted.room.require(0)
    facts = _facts(wanted.file)
    size = wanted.file.seek(0, 2)
    kind = Kind.VIDEO if facts.is_video else Kind.AUDIO
    measured = {"width": facts.width or None, "height": facts.height or None, "facts": asdict(facts)}
    version = uploads.reserve(wanted, size, kind, **measured)
    arrival = Arrival(wanted, version, [_source(version, wanted, size)])
    with uploads.stored(arrival, [wanted.file]):
        yield arrival


def make(version: Version, report: Report) -> None:
    """Raises Again and NotMade. Without a source it was made before."""
    source = files_of(version).get(SOURCE)
    if source is None:
        return
    try:
        with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
            making = _Making(version, source, Path(folder), report, stack)
            ready = making.all()
            further.store(version, ready)
            _done(version, source, making.found)
    except (footage.NotTaken, NotTaken, Absent) as error:
        raise NotMade(str(error)) from error
    except Unavailable as error:
        raise background.Again(str(error)) from error


class _Making:
    def __init__(self, version: Version, source: StoredFile, folder: Path, report: Report, stack: ExitStack) -> None:
        self.version, self.folder, self.report, self.stack = version, folder, report, stack
        self.facts = Facts(**{name: version.facts[name] for name in Facts.__dataclass_fields__})
        self.exposed = source.exposed
        self.base = source.key.rpartition(f"_{SOURCE}-")[0]
        self.path = folder / SOURCE
        self.ends = time.monotonic() + settings.TASK_SECONDS * (1 - FOR_STORING)
        self.found: dict[str, Any] = {"facts": dict(version.facts)}
        with further.fetched(source) as copy, self.path.open("wb") as file:
            shutil.copyfileobj(copy, file)

    @property
    def seconds(self) -> float:
        """That are left."""
        return max(1.0, self.ends - time.monotonic())

    def all(self) -> list[Ready]:
        if self.facts.audio_codec:
            self._listen()
        wanted = forms.forms_of(self.facts)
        ready = [self._form(name, form, place, len(wanted)) for place, (name, form) in enumerate(wanted.items())]
        return [*ready, self._poster() if self.facts.is_video else self._original()]

    def _form(self, name: str, form: forms.Form, place: int, of: int) -> Ready:
        target = self.folder / name
        told = -1

        def heard(second: float) -> None:
            nonlocal told
            percent = min(95, round(5 + 90 * (place + min(second / self.facts.seconds, 1)) / of))
            if percent >= told + 5:  # each is a row written
                told = percent
                self.report(percent)

        sound = forms.evened(self.found["facts"].get("loudness") or {"integrated": None}, settings.CONTENT_LOUDNESS)
        forms.make(self.path, self.facts, form, target, seconds=self.seconds, sound=sound, heard=heard)
        made = footage.read(ffmpeg.probe(target), most_seconds=settings.CONTENT_MOST_SECONDS + 60)
        return self._ready(name, form.suffix, form.media_type, target, made.width, made.height)

    def _listen(self) -> None:
        self.found["facts"]["loudness"] = forms.loudness(self.path, seconds=self.seconds)
        samples = self.folder / "samples"
        self.found["facts"]["peaks"] = forms.waveform(self.path, self.facts, samples, seconds=self.seconds)

    def _original(self) -> Ready:
        """As loud as it was sent, without what was written about it."""
        form, target = forms.original_of(self.facts), self.folder / further.ORIGINAL
        forms.make(self.path, self.facts, form, target, seconds=self.seconds)
        return self._ready(further.ORIGINAL, form.suffix, form.media_type, target, 0, 0)

    def _poster(self) -> Ready:
        """The frame goes the way of every picture."""
        frame, target = self.folder / "frame", self.folder / "poster"
        forms.poster(self.path, self.facts, frame, seconds=self.seconds)
        with frame.open("rb") as file:
            made = workshop().make(file, [POSTER])
        with made.files[0] as painted, target.open("wb") as copy:
            shutil.copyfileobj(painted, copy)
        self.found |= {"colour": made.colour, "blur": made.blur}
        return self._ready("poster", ".webp", "image/webp", target, made.painted[0].width, made.painted[0].height)

    def _ready(self, name: str, suffix: str, media_type: str, path: Path, width: int, height: int) -> Ready:
        file = self.stack.enter_context(path.open("rb"))
        row = StoredFile(
            version=self.version,
            name=name,
            key=f"{self.base}{suffix}",
            media_type=media_type,
            width=width or None,
            height=height or None,
            size=path.stat().st_size,
            digest=uploads.digest_of(file),
            exposed=self.exposed,
        )
        return Ready(row, file)


def _facts(file: BinaryIO) -> Facts:
    """Raises Invalid."""
    try:
        with _on_disk(file) as path:
            return footage.read(ffmpeg.probe(path), most_seconds=settings.CONTENT_MOST_SECONDS)
    except (footage.NotTaken, Absent) as error:
        raise Invalid([(FILE, str(error))]) from error


@contextmanager
def _on_disk(file: BinaryIO) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, SOURCE)
        file.seek(0)
        with path.open("wb") as copy:
            shutil.copyfileobj(file, copy)
        yield path


def _source(version: Version, wanted: Picture, size: int) -> StoredFile:
    stem, is_known = exposure.place(wanted.stem, version.asset)
    return StoredFile(
        version=version,
        name=SOURCE,
        exposed=is_known,
        key=f"{recipes.numbered(stem, version.number)}_{SOURCE}-{secrets.token_hex(12)}",
        media_type="application/octet-stream",
        size=size,
        digest=uploads.digest_of(wanted.file),
    )


def _done(version: Version, source: StoredFile, found: dict[str, Any]) -> None:
    """What is known now is written down, and what was sent goes."""
    with transaction.atomic():
        current = Version.objects.select_for_update(no_key=True, of=("self",)).get(pk=version.pk)
        for name, value in found.items():
            setattr(current, name, value)
        if StoredFile.objects.filter(pk=source.pk).delete()[0]:
            current.size -= source.size
        current.save(update_fields=[*found, "size", "updated_at"])
        transaction.on_commit(lambda: storage.discard([source.key]), robust=True)
