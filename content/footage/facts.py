"""What a file of sound or video is: by its first bytes, and by what ffprobe says of it. Pure."""

from dataclasses import dataclass
from typing import Any

HEAD_BYTES = 16
# First bytes, at an offset. What ffprobe would make of other files is not asked.
SIGNATURES = (
    (0, b"OggS"),
    (0, b"fLaC"),
    (0, b"ID3"),
    (0, b"\x1a\x45\xdf\xa3"),  # Matroska, WebM
    (8, b"WAVE"),
    (4, b"ftyp"),
)
MPEG_AUDIO = {b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"\xff\xfa", b"\xff\xf1", b"\xff\xf9"}
PICTURE_BRANDS = {b"avif", b"avis", b"heic", b"heix", b"mif1", b"msf1"}
# The readers that ffmpeg may use. Playlists and lists of files, which name other files, are not among them.
READERS = "mov,matroska,ogg,mp3,wav,flac,aac"
MOST_PIXELS = 4096 * 2304
WITH_ALPHA = ("yuva", "rgba", "argb", "bgra", "abgr", "gbrap", "ya8", "ya16", "pal8")

Stream = dict[str, Any]

NEITHER = "This is no sound or video that we can read. Send MP3, WAV, FLAC, Ogg, M4A, MP4, MOV or WebM."


class NotTaken(ValueError):
    """The message is a sentence for the person who sent the file."""


@dataclass(frozen=True)
class Facts:
    """`width` and `height` are those of the upright picture, 0 for sound alone."""

    seconds: float
    width: int = 0
    height: int = 0
    frames_per_second: float = 0
    video_codec: str = ""
    audio_codec: str = ""
    channels: int = 0
    has_alpha: bool = False

    @property
    def is_video(self) -> bool:
        return bool(self.video_codec)


def is_recording(head: bytes) -> bool:
    """Whether a file that begins so may be sound or video."""
    if head[4:8] == b"ftyp" and head[8:12] in PICTURE_BRANDS:
        return False
    return head[:2] in MPEG_AUDIO or any(head[at : at + len(sign)] == sign for at, sign in SIGNATURES)


def read(probed: dict[str, Any], *, most_seconds: int) -> Facts:
    """From the JSON of ffprobe. Raises NotTaken."""
    streams = probed.get("streams", [])
    video: Stream = next((each for each in streams if _is_moving(each)), {})
    audio: Stream = next((each for each in streams if each.get("codec_type") == "audio"), {})
    if not video and not audio:
        raise NotTaken(NEITHER)
    seconds = _number(probed.get("format", {}).get("duration")) or _number((video or audio).get("duration"))
    if not 0 < seconds <= most_seconds:
        raise NotTaken(f"This is longer than {most_seconds // 60} minutes, or does not say how long it is. Cut it.")
    width, height = int(video.get("width", 0)), int(video.get("height", 0))
    if video and not 0 < width * height <= MOST_PIXELS:
        raise NotTaken("This video has too many pixels. Scale it down to 1920 × 1080.")
    if _turned(video):
        width, height = height, width
    return Facts(
        seconds=round(seconds, 3),
        width=width,
        height=height,
        frames_per_second=round(_ratio(str(video.get("avg_frame_rate", "0/1"))), 3),
        video_codec=str(video.get("codec_name", "")),
        audio_codec=str(audio.get("codec_name", "")),
        channels=int(audio.get("channels", 0)),
        has_alpha=_has_alpha(video),
    )


def _is_moving(stream: Stream) -> bool:
    """The cover of a song is a video of one picture to ffprobe."""
    return stream.get("codec_type") == "video" and not stream.get("disposition", {}).get("attached_pic")


def _has_alpha(video: Stream) -> bool:
    tags = {str(name).lower(): value for name, value in video.get("tags", {}).items()}
    return tags.get("alpha_mode") == "1" or str(video.get("pix_fmt", "")).startswith(WITH_ALPHA)


def _turned(video: Stream) -> bool:
    turns = [side.get("rotation", 0) for side in video.get("side_data_list", [])]
    return any(int(turn) % 180 for turn in turns)


def _number(text: Any) -> float:
    try:
        return float(text)
    except (TypeError, ValueError):
        return 0.0


def _ratio(text: str) -> float:
    over, _, under = text.partition("/")
    return _number(over) / _number(under) if _number(under) else 0.0
