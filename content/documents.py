"""What a document is, by its content: a PDF, or text in UTF-8. The web process's end of `content.workshop.papers`."""

import io
import json
import os
import subprocess
import sys
import tempfile
import threading
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from typing import Any, BinaryIO

from django.conf import settings

from content.waiting import hand_back_connection
from contract.refusals import Unavailable

PDF, TEXT, MARKDOWN = "pdf", "text", "markdown"
FORMATS = (PDF, TEXT, MARKDOWN)
HEAD_BYTES = 1024
PDF_SIGNATURE = b"%PDF-"
BOM = b"\xef\xbb\xbf"
# What a browser would run. Served as text it runs nowhere, but who sends it means something else by it.
PAGES = (b"<svg", b"<?xml", b"<!doctype", b"<html", b"<script", b"<head", b"<body", b"%!ps", b"{\\rtf")
MARKDOWN_NAMES = (".md", ".markdown")

WALL_SECONDS = 20
CPU_SECONDS = 15
GROWTH = 4  # what is written anew is at most so many times as large, and
SLACK = 4 * 1024 * 1024  # so many bytes
WAIT_SECONDS = 8.0  # for a free place

NEITHER = (
    "This is no picture, sound, video, PDF or text that we can read. Send JPEG, PNG or WebP, a recording, a PDF, or "
    "text in UTF-8."
)
MARKUP = "This is a web page, a drawing or a program, no text. Save a drawing as PNG, a page as PDF, and send that."
TOO_MUCH = "This PDF takes too long or too much memory to read. Print it to a PDF anew, or send less of it."


class NotTaken(ValueError):
    """The message is a sentence for the person who sent the file."""


@dataclass(frozen=True)
class Document:
    """`file` stands at its beginning; the caller closes it. `pages` only of a PDF, `words` only of text."""

    format: str
    file: BinaryIO
    size: int
    pages: int | None = None
    words: int | None = None


def is_pdf(head: bytes) -> bool:
    return head.startswith(PDF_SIGNATURE)


def is_text(head: bytes) -> bool:
    """Whether a file that begins so may be text: the rest is read when it is taken."""
    try:
        head.decode()
    except UnicodeDecodeError as error:
        if error.start < len(head) - 3:  # else a character is cut in two
            return False
    return bool(head) and b"\0" not in head


def most_bytes_of(head: bytes) -> int | None:
    """None for what is no document."""
    if is_pdf(head):
        return int(settings.CONTENT_MOST_PDF_BYTES)
    return int(settings.CONTENT_MOST_TEXT_BYTES) if is_text(head) else None


def taken(file: BinaryIO, name: str) -> Document:
    """The document, clean. The name only tells Markdown from other text. Raises NotTaken, Unavailable."""
    file.seek(0)
    head = file.read(HEAD_BYTES)
    return _pdf(file) if is_pdf(head) else _text(file, name)


def _text(file: BinaryIO, name: str) -> Document:
    file.seek(0)
    raw = file.read(settings.CONTENT_MOST_TEXT_BYTES + len(BOM) + 1).removeprefix(BOM)
    if len(raw) > settings.CONTENT_MOST_TEXT_BYTES:
        raise NotTaken(f"This text is longer than {settings.CONTENT_MOST_TEXT_BYTES / 2**20:g} MB. Cut it in parts.")
    if raw[:64].lstrip().lower().startswith(PAGES):
        raise NotTaken(MARKUP)
    try:
        words = len(raw.decode().split())
    except UnicodeDecodeError as error:
        raise NotTaken(NEITHER) from error
    if b"\0" in raw:
        raise NotTaken(NEITHER)
    form = MARKDOWN if name.lower().endswith(MARKDOWN_NAMES) else TEXT
    return Document(form, io.BytesIO(raw), len(raw), words=words)


def _pdf(file: BinaryIO) -> Document:
    hand_back_connection()
    with ExitStack() as stack:
        made: BinaryIO = stack.enter_context(tempfile.TemporaryFile())
        if not _places().acquire(timeout=WAIT_SECONDS):
            raise Unavailable(5)
        try:
            answer = _rewritten(file, made)
        finally:
            _places().release()
        if answer is None:
            raise NotTaken(TOO_MUCH)
        if "refused" in answer:
            raise NotTaken(answer["refused"])
        size = made.seek(0, os.SEEK_END)
        made.seek(0)
        stack.pop_all()
    return Document(PDF, made, size, pages=answer["pages"])


def _rewritten(file: BinaryIO, made: BinaryIO) -> dict[str, Any] | None:
    """What the child said; None when it was ended by its limits. It has the three files and nothing else."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    limits = {
        "memory": settings.CONTENT_MEMORY,
        "file": size * GROWTH + SLACK,
        "cpu": CPU_SECONDS,
        "pages": settings.CONTENT_MOST_PAGES,
    }
    root = repr(str(settings.BASE_DIR))
    code = f"import sys; sys.path.insert(0, {root}); from content.workshop import papers; papers.main()"
    with tempfile.TemporaryFile() as report:
        fds = [file.fileno(), made.fileno(), report.fileno()]
        try:
            subprocess.run(  # noqa: S603  our own program
                [sys.executable, "-I", "-c", code, *map(str, fds), json.dumps(limits)],
                pass_fds=fds,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={"LANG": "C.UTF-8"},  # nothing of ours, least of all a secret
                cwd="/",
                timeout=WALL_SECONDS,
                check=True,
            )
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
            return None
        report.seek(0)
        said = report.read()
        answer: dict[str, Any] | None = json.loads(said) if said else None
        return answer


@cache
def _places() -> threading.BoundedSemaphore:
    return threading.BoundedSemaphore(settings.CONTENT_WORKERS)
