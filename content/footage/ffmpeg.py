"""ffmpeg and ffprobe as processes that have little: so much memory, processor time, time and output, no network, no
environment, and of all readers only those that read one file.
"""

import json
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from content.footage.facts import NEITHER, READERS, NotTaken

MEMORY = 2 * 1024 * 1024  # KB of address space
LARGEST_OUTPUT = 1024 * 1024 * 1024  # bytes
OPEN_FILES = 64
PROBE_SECONDS = 10
ABSENT = "This site takes no sound or video: it has no ffmpeg. Ask whoever runs it."
TOO_MUCH = "This takes too long, or too much memory. Send something shorter or smaller."

# The shell sets the limits and becomes the program. A function between fork and exec would run Python there, in a
# process whose other threads may hold locks.
LIMITED = 'ulimit -v "$1"; ulimit -t "$2"; ulimit -f "$3"; ulimit -n "$4"; ulimit -c 0; shift 4; exec "$@"'

Heard = Callable[[float], None]  # is told how many seconds are made


class Absent(Exception):
    """There is no ffmpeg; the message is a sentence for the person who sent the file."""


def path_of(program: str) -> str:
    """Raises Absent."""
    found = shutil.which(program)
    if found is None:
        raise Absent(ABSENT)
    return found


def probe(source: Path) -> dict[str, Any]:
    """What ffprobe says of the file. Raises NotTaken, Absent."""
    asked = ["-print_format", "json", "-show_format", "-show_streams"]
    reading = ["-v", "error", "-protocol_whitelist", "file", "-format_whitelist", READERS]
    with tempfile.TemporaryFile() as out:
        _run([path_of("ffprobe"), *reading, *asked, _named(source)], PROBE_SECONDS, source.parent, out)
        out.seek(0)
        try:
            found: dict[str, Any] = json.loads(out.read())
        except ValueError as error:
            raise NotTaken(NEITHER) from error
        return found


def convert(
    source: Path,
    wanted: Sequence[str],
    target: Path,
    *,
    seconds: float,
    reading: Sequence[str] = (),
    heard: Heard | None = None,
) -> str:
    """Make `target` of `source`; what ffmpeg said besides. `seconds` is how long it may take.

    Nothing of the source's metadata, chapters, subtitles and attachments comes along. Raises NotTaken, Absent.
    """
    limits = ["-protocol_whitelist", "file", "-format_whitelist", READERS]
    clean = ["-map_metadata", "-1", "-map_chapters", "-1", "-sn", "-dn", "-fflags", "+bitexact"]
    command = [
        *(path_of("ffmpeg"), "-nostdin", "-nostats", "-hide_banner", "-y", "-progress", "pipe:1", "-threads", "2"),
        *(*limits, *reading, "-i", _named(source)),
        *(*clean, *wanted, _named(target)),
    ]
    return _run(command, seconds, source.parent, None, heard)


def _named(path: Path) -> str:
    """A name is a file's, whatever it looks like."""
    return f"file:{path}"


def _run(command: Sequence[str], seconds: float, folder: Path, out: Any, heard: Heard | None = None) -> str:
    """What it wrote to stderr; stdout goes to the file `out`, or tells of progress."""
    limits = [str(MEMORY), str(int(seconds * 2) + 1), str(LARGEST_OUTPUT // 512), str(OPEN_FILES)]
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(  # noqa: S603  a fixed command; names are our own
            ["/bin/sh", "-c", LIMITED, "sh", *limits, *command],
            stdin=subprocess.DEVNULL,
            stdout=out or subprocess.PIPE,
            stderr=errors,
            cwd=folder,
            env={"LANG": "C.UTF-8"},
            start_new_session=True,
        )
        code, is_late = _awaited(process, seconds, heard or _ignore)
        errors.seek(0)
        said = errors.read(256 * 1024).decode(errors="replace")
    if is_late or code in (-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGXFSZ) or "Cannot allocate memory" in said:
        raise NotTaken(TOO_MUCH)
    if code:
        raise NotTaken(NEITHER)
    return said


def _awaited(process: subprocess.Popen[bytes], seconds: float, heard: Heard) -> tuple[int, bool]:
    """Its code, and whether it was ended for being late. It is gone when this returns or raises."""
    late = threading.Event()

    def end() -> None:
        late.set()
        process.kill()

    alarm = threading.Timer(seconds, end)
    alarm.start()
    try:
        if process.stdout is not None:
            with process.stdout:
                _listen(process.stdout, heard)
        return process.wait(), late.is_set()
    finally:
        alarm.cancel()
        with suppress(ProcessLookupError):
            process.kill()
        process.wait()


def _listen(stdout: Any, heard: Heard) -> None:
    for line in stdout:
        name, _, value = line.decode(errors="replace").strip().partition("=")
        if name == "out_time_us" and value.isdigit():
            heard(int(value) / 1e6)


def _ignore(_seconds: float) -> None:
    pass
