"""What is made of sound and of video, by ffmpeg."""

import json
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

from content.footage import ffmpeg
from content.footage.facts import Facts
from content.footage.ffmpeg import Heard

POINTS = 1000  # of the waveform
RATE = 8000  # samples a second, for the waveform
AS_PLAYED = "aformat=sample_rates=48000:channel_layouts=mono|stereo"
SILENCE = -70.0  # LUFS; what is below is gated away
# dBTP that is asked for. To encode it makes peaks a little higher: -1.5 is what is promised.
PEAK = -2.0
MEASURED = {
    "integrated": "input_i",
    "true_peak": "input_tp",
    "range": "input_lra",
    "threshold": "input_thresh",
    "offset": "target_offset",
}
# Whose stream is carried over as it is; Vorbis has what was written about it inside.
COPIED = frozenset({"aac", "alac", "flac", "mp3", "opus"})
Loudness = dict[str, float | None]
POSTER_AT = 0.1  # of the length
# Within 1280 × 720 or upright 720 × 1280, even numbers, never larger than it was.
FITTED = (
    "scale=w='if(gt(iw,ih),min(1280,iw),min(720,iw))':h='if(gt(iw,ih),min(720,ih),min(1280,ih))'"
    ":force_original_aspect_ratio=decrease:force_divisible_by=2"
)
EXACT = ("-flags:v", "+bitexact", "-flags:a", "+bitexact")
SOUND = ("-map", "0:a:0", "-vn", *EXACT)
SHOWN = ("-map", "0:v:0", "-map", "0:a:0?", "-fpsmax", "60", *EXACT)


@dataclass(frozen=True)
class Form:
    suffix: str
    media_type: str
    options: tuple[str, ...]


OPUS = Form(".opus", "audio/ogg", (*SOUND, "-c:a", "libopus", "-b:a", "96k", "-f", "ogg"))
AAC = Form(".m4a", "audio/mp4", (*SOUND, "-c:a", "aac", "-b:a", "128k", "-movflags", "+faststart", "-f", "ipod"))
H264 = Form(
    ".mp4",
    "video/mp4",
    (
        *(*SHOWN, "-vf", f"{FITTED},format=yuv420p", "-c:v", "libx264", "-preset", "veryfast", "-crf", "23"),
        *("-c:a", "aac", "-b:a", "128k", "-movflags", "+faststart", "-f", "mp4"),
    ),
)
# See-through, for a source in OBS and for browsers that show VP9 so.
WEBM = Form(
    ".webm",
    "video/webm",
    (
        *(*SHOWN, "-vf", FITTED, "-c:v", "libvpx-vp9", "-pix_fmt", "yuva420p", "-auto-alt-ref", "0"),
        *("-b:v", "0", "-crf", "34", "-deadline", "realtime", "-cpu-used", "7", "-row-mt", "1"),
        *("-c:a", "libopus", "-b:a", "96k", "-f", "webm"),
    ),
)
FRAME = ("-map", "0:v:0", "-frames:v", "1", "-vf", FITTED, "-c:v", "png", "-f", "image2", "-update", "1")


def forms_of(facts: Facts) -> dict[str, Form]:
    """By name."""
    if not facts.is_video:
        return {"opus": OPUS, "aac": AAC}
    return {"mp4": H264, "webm": WEBM} if facts.has_alpha else {"mp4": H264}


def reading(facts: Facts) -> tuple[str, ...]:
    """ffmpeg's own reader of VP9 does not see what is see-through."""
    readers = {"vp9": "libvpx-vp9", "vp8": "libvpx"}
    return ("-c:v", readers[facts.video_codec]) if facts.has_alpha and facts.video_codec in readers else ()


def original_of(facts: Facts) -> Form:
    """The sound as it was sent, without what was written about it."""
    copied = facts.audio_codec in COPIED or facts.audio_codec.startswith("pcm_")
    coded = ("copy",) if copied else ("libopus", "-b:a", "160k")
    return Form("_original.mka", "audio/x-matroska", (*SOUND, "-c:a", *coded, "-f", "matroska"))


def make(
    source: Path,
    facts: Facts,
    form: Form,
    target: Path,
    *,
    seconds: float,
    sound: Sequence[str] = (),
    heard: Heard | None = None,
) -> None:
    """`sound` is what is done to it (`evened`). Raises NotTaken, Absent."""
    options = (*sound, *form.options)
    ffmpeg.convert(source, options, target, seconds=seconds, reading=reading(facts), heard=heard)


def poster(source: Path, facts: Facts, target: Path, *, seconds: float) -> None:
    """One picture of the video, as PNG, from a tenth into it; the first where there is none."""
    for at in (facts.seconds * POSTER_AT, 0.0):
        options = ("-ss", f"{at:.3f}", *reading(facts))
        ffmpeg.convert(source, FRAME, target, seconds=seconds, reading=options)
        if target.exists() and target.stat().st_size:
            return


def loudness(source: Path, *, seconds: float) -> Loudness:
    """By EBU R 128: `integrated` and `threshold` in LUFS, `true_peak` in dBFS, `range` in LU, `offset` in dB; None
    where it is silent or too short to say.
    """
    options = ("-map", "0:a:0", "-vn", "-af", f"{_loudnorm(-16, 7)}:print_format=json", "-f", "null")
    said = ffmpeg.convert(source, options, Path("-"), seconds=seconds)
    return measured(said)


def measured(said: str) -> Loudness:
    """From the last object of JSON in what ffmpeg said."""
    _, opened, rest = said.rpartition("{")
    try:
        found = json.loads(opened + rest.partition("}")[0] + "}")
    except ValueError:
        found = {}
    levels = {name: _level(found.get(key)) for name, key in MEASURED.items()}
    is_silent = levels["integrated"] is None or levels["integrated"] <= SILENCE
    return dict.fromkeys(MEASURED) if is_silent else levels


def evened(levels: Loudness, target: float) -> tuple[str, ...]:
    """The second pass: as loud as `target` (LUFS), by one gain for all of it wherever its peaks allow."""
    if None in levels.values():
        return ()
    known = {name: float(value) for name, value in levels.items() if value is not None}
    told = f"measured_I={known['integrated']}:measured_TP={known['true_peak']}:measured_LRA={known['range']}"
    more = f"measured_thresh={known['threshold']}:offset={known['offset']}:linear=true"
    return (
        "-af",
        f"{_loudnorm(target, known['range'])}:{told}:{more},aformat=sample_rates=48000:channel_layouts=mono|stereo",
    )


def _loudnorm(target: float, range_: float) -> str:
    """Its own range is asked for, as a narrower one would be another music."""
    return f"loudnorm=I={target}:TP={PEAK}:LRA={min(50, max(7, range_))}"


def _level(text: Any) -> float | None:
    try:
        value = float(text)
    except (TypeError, ValueError):
        return None
    return value if isfinite(value) else None


def waveform(source: Path, facts: Facts, samples: Path, *, seconds: float) -> list[int]:
    """At most `POINTS` peaks from 0 to 100. `samples` is a file to work with."""
    options = ("-map", "0:a:0", "-vn", "-ac", "1", "-ar", str(RATE), "-c:a", "pcm_s16le", "-f", "s16le")
    ffmpeg.convert(source, options, samples, seconds=seconds)
    each = max(1, round(facts.seconds * RATE / POINTS))
    found: list[int] = []
    with samples.open("rb") as file:
        while (chunk := file.read(each * 2)) and len(found) < POINTS:
            found.append(_peak(chunk))
    return found


def _peak(chunk: bytes) -> int:
    levels = array("h", chunk[: len(chunk) // 2 * 2])  # as the machine orders bytes: ours are all little endian
    return min(100, round(max(max(levels, default=0), -min(levels, default=0)) * 100 / 32767))
