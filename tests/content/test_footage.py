"""What is taken for sound and video, and what ffmpeg may do with it."""

import os
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from content.footage import facts, ffmpeg, forms
from content.footage.facts import Facts, NotTaken
from tests.content import recorded
from tests.content.pictures import a_picture, opened

STREAM = {"codec_type": "video", "codec_name": "h264", "width": 1920, "height": 1080, "avg_frame_rate": "30000/1001"}


def probed(*streams: dict[str, Any], duration: str = "12.5") -> dict[str, Any]:
    return {"streams": list(streams), "format": {"duration": duration}}


def read(*streams: dict[str, Any], **options: Any) -> Facts:
    return facts.read(probed(*streams, **options), most_seconds=60)


def test_facts_of_a_video() -> None:
    found = read(STREAM, {"codec_type": "audio", "codec_name": "aac", "channels": 2})
    assert found == Facts(12.5, 1920, 1080, 29.97, "h264", "aac", 2, False)


def test_a_phone_s_video_stands_upright() -> None:
    found = read({**STREAM, "side_data_list": [{"rotation": -90}]})
    assert (found.width, found.height) == (1080, 1920)


def test_the_cover_of_a_song_is_no_video() -> None:
    cover = {**STREAM, "codec_name": "mjpeg", "disposition": {"attached_pic": 1}}
    assert not read(cover, {"codec_type": "audio", "codec_name": "mp3"}).is_video


@pytest.mark.parametrize(("more", "expected"), [({"pix_fmt": "yuva420p"}, True), ({"pix_fmt": "yuv420p"}, False)])
def test_see_through(more: dict[str, Any], expected: bool) -> None:
    assert read({**STREAM, **more}).has_alpha is expected
    assert read({**STREAM, "tags": {"ALPHA_MODE": "1"}}).has_alpha


@pytest.mark.parametrize("duration", ["0", "61", "nan", "-1", "", "inf", "x"])
def test_what_has_no_length_or_too_much(duration: str) -> None:
    with pytest.raises(NotTaken, match="longer than 1 minutes"):
        read(STREAM, duration=duration)


@pytest.mark.parametrize("more", [{"width": 40_000, "height": 40_000}, {"width": 0}])
def test_what_has_too_many_pixels_or_none(more: dict[str, Any]) -> None:
    with pytest.raises(NotTaken, match="pixels"):
        read({**STREAM, **more})


def test_what_has_neither_sound_nor_video() -> None:
    with pytest.raises(NotTaken, match="no sound or video"):
        read({"codec_type": "subtitle"})
    with pytest.raises(NotTaken):
        facts.read({}, most_seconds=60)


@pytest.mark.parametrize("form", ["mp3", "wav", "flac", "ogg", "adts", "ipod", "matroska"])
def test_known_by_its_first_bytes(form: str) -> None:
    assert facts.is_recording(recorded.sound(0.3, form)[: facts.HEAD_BYTES])


@pytest.mark.parametrize("head", [b"", b"\xff", b"#EXTM3U\n", b"ffconcat version", b"<svg/>", b"\0\0\0\x1cftypavif"])
def test_not_known_by_its_first_bytes(head: bytes) -> None:
    assert not facts.is_recording(head)
    assert not facts.is_recording(a_picture("JPEG")[:16])
    assert not facts.is_recording(a_picture("WEBP")[:16])


@pytest.fixture
def source(tmp_path: Path) -> Any:
    def write(raw: bytes, name: str = "source") -> Path:
        path = tmp_path / name
        path.write_bytes(raw)
        return path

    return write


def about(path: Path) -> Facts:
    return facts.read(ffmpeg.probe(path), most_seconds=60)


def test_sound_in_both_forms_with_loudness_and_waveform(source: Any, tmp_path: Path) -> None:
    path = source(recorded.sound(2))
    found = about(path)
    heard: list[float] = []
    for name, form in forms.forms_of(found).items():
        forms.make(path, found, form, tmp_path / name, seconds=300, heard=heard.append)
        made = about(tmp_path / name)
        assert (made.audio_codec, made.is_video) == (name, False)
        assert made.seconds == pytest.approx(2, abs=0.1)
        assert recorded.MARKER.encode() not in (tmp_path / name).read_bytes()
    assert max(heard) == pytest.approx(2, abs=0.2)
    level = forms.loudness(path, seconds=300)
    assert set(level) == set(forms.MEASURED)
    assert level["integrated"] == pytest.approx(-21.5, abs=1.5)  # a sine at an eighth of full scale, twice
    peaks = forms.waveform(path, found, tmp_path / "samples", seconds=300)
    assert 900 <= len(peaks) <= 1000
    assert set(peaks[10:-40]) <= set(range(6, 16))


def test_silence_has_no_loudness(source: Any, tmp_path: Path) -> None:
    recorded.needs_ffmpeg()
    path = source(recorded.made("-f", "lavfi", "-i", "anullsrc=d=1", "-f", "wav"))
    level = forms.loudness(path, seconds=300)
    assert level == dict.fromkeys(forms.MEASURED) and forms.evened(level, -16) == ()
    assert set(forms.waveform(path, about(path), tmp_path / "samples", seconds=300)) == {0}


@pytest.mark.parametrize("gain", [0.02, 0.9])
@pytest.mark.parametrize("target", [-16.0, -23.0])
def test_quiet_and_loud_are_made_equally_loud(source: Any, tmp_path: Path, gain: float, target: float) -> None:
    recorded.needs_ffmpeg()
    tone = f"aevalsrc='{gain}*sin(500*2*PI*t)':d=6"
    path = source(recorded.made("-f", "lavfi", "-i", tone, "-ac", "2", "-f", "wav"))
    sound = forms.evened(forms.loudness(path, seconds=300), target)
    for name, form in forms.forms_of(about(path)).items():
        forms.make(path, about(path), form, tmp_path / name, seconds=300, sound=sound)
        made = forms.loudness(tmp_path / name, seconds=300)
        assert made["integrated"] == pytest.approx(target, abs=0.6)
        assert made["true_peak"] is not None and made["true_peak"] <= -1.5


def test_peaks_stay_below_where_a_gain_alone_would_cut_them_off(source: Any, tmp_path: Path) -> None:
    """Clicks at full scale over a murmur: as loud as is asked for, they would be far above."""
    recorded.needs_ffmpeg()
    clicks = "aevalsrc='if(lt(mod(t,0.5),0.002),0.95,0.01*sin(300*2*PI*t))':d=6"
    path = source(recorded.made("-f", "lavfi", "-i", clicks, "-f", "wav"))
    sound = forms.evened(forms.loudness(path, seconds=300), -16)
    forms.make(path, about(path), forms.AAC, tmp_path / "aac", seconds=300, sound=sound)
    made = forms.loudness(tmp_path / "aac", seconds=300)
    assert made["true_peak"] is not None and made["true_peak"] <= -1.5


@pytest.mark.parametrize("form", ["mp3", "wav", "flac", "ogg", "adts", "ipod", "opus"])
def test_the_original_says_nothing_of_itself(source: Any, tmp_path: Path, form: str) -> None:
    path = source(recorded.sound(1, form))
    forms.make(path, about(path), forms.original_of(about(path)), tmp_path / "original", seconds=300)
    assert recorded.MARKER.encode() not in (tmp_path / "original").read_bytes()
    before, after = (forms.loudness(each, seconds=300)["integrated"] for each in (path, tmp_path / "original"))
    assert after == pytest.approx(before, abs=0.3)


def test_what_ffmpeg_says_of_loudness_is_read() -> None:
    said = 'x {"a": 1}\n[loudnorm]\n{"input_i" : "-21.75", "input_tp" : "-18.06", "input_lra" : "0.00"}\nmore'
    assert forms.measured(said) == {
        **dict.fromkeys(forms.MEASURED),
        "integrated": -21.75,
        "true_peak": -18.06,
        "range": 0.0,
    }
    for silent in ("", "{", '{"input_i" : "-inf"}', '{"input_i" : "-70.00"}'):
        assert forms.measured(silent) == dict.fromkeys(forms.MEASURED)


@pytest.mark.parametrize(
    ("size", "expected"),
    [("1920x1080", (1280, 720)), ("1080x1920", (720, 1280)), ("321x241", (320, 240)), ("64x48", (64, 48))],
)
def test_a_video_fits_into_720_lines_and_is_never_enlarged(
    source: Any, tmp_path: Path, size: str, expected: Any
) -> None:
    path = source(recorded.video(0.3, size, sounds=False, form="matroska"))
    found = about(path)
    assert list(forms.forms_of(found)) == ["mp4"]
    forms.make(path, found, forms.H264, tmp_path / "mp4", seconds=300)
    made = about(tmp_path / "mp4")
    assert (made.width, made.height, made.video_codec, made.audio_codec) == (*expected, "h264", "")
    forms.poster(path, found, tmp_path / "frame", seconds=300)
    assert opened((tmp_path / "frame").read_bytes()).size == expected


def test_what_is_see_through_stays_so(source: Any, tmp_path: Path) -> None:
    path = source(recorded.see_through())
    found = about(path)
    assert list(forms.forms_of(found)) == ["mp4", "webm"]
    forms.make(path, found, forms.WEBM, tmp_path / "webm", seconds=300)
    made = about(tmp_path / "webm")
    assert made.has_alpha
    forms.poster(tmp_path / "webm", made, tmp_path / "frame", seconds=300)
    alpha = opened((tmp_path / "frame").read_bytes()).getchannel("A")
    assert (alpha.getpixel((8, 24)), alpha.getpixel((56, 24))) == (255, 0)


@pytest.mark.parametrize(
    "raw",
    [
        b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n",
        b"ffconcat version 1.0\nfile /etc/hostname\n",
        b"OggS" + bytes(400),
        b"\x1a\x45\xdf\xa3" + os.urandom(400),
        b"",
    ],
)
def test_lists_of_other_files_and_rubbish_are_not_read(source: Any, raw: bytes) -> None:
    recorded.needs_ffmpeg()
    with pytest.raises(NotTaken):
        ffmpeg.probe(source(raw))


@pytest.mark.parametrize(
    "list_",
    [
        "ffconcat version 1.0\nfile other.mp3\n",
        "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:2,\nother.mp3\n#EXT-X-ENDLIST\n",
    ],
    ids=["concat", "hls"],
)
def test_another_recording_is_not_reached_through_a_list(source: Any, tmp_path: Path, list_: str) -> None:
    """Which ffmpeg by itself would follow: as others' files, or as requests to other machines."""
    source(recorded.sound(1), "other.mp3")
    bait, taken = source(list_.encode()), tmp_path / "taken"
    followed = subprocess.run([ffmpeg.path_of("ffprobe"), "-v", "error", "-show_format", bait], capture_output=True)
    assert b"duration=" in followed.stdout, followed.stderr
    with pytest.raises(NotTaken):
        ffmpeg.probe(bait)
    with pytest.raises(NotTaken):
        ffmpeg.convert(bait, ["-f", "wav"], taken, seconds=300)
    assert not taken.exists() or taken.stat().st_size == 0


def test_what_is_cut_off_is_refused_or_short(source: Any, tmp_path: Path) -> None:
    with pytest.raises(NotTaken):
        about(source(recorded.video()[:400]))


def test_what_takes_too_long_is_ended(source: Any, tmp_path: Path) -> None:
    path = source(recorded.video(20, "1280x720", sounds=False))
    began = time.monotonic()
    with pytest.raises(NotTaken, match="too long"):
        forms.make(path, about(path), forms.WEBM, tmp_path / "webm", seconds=0.3)
    assert time.monotonic() - began < 15


def test_what_takes_too_much_memory_is_ended(source: Any, tmp_path: Path, monkeypatch: Any) -> None:
    path = source(recorded.video(1, "1280x720", sounds=False))
    found = about(path)
    monkeypatch.setattr(ffmpeg, "MEMORY", 150_000)
    with pytest.raises(NotTaken):
        forms.make(path, found, forms.H264, tmp_path / "mp4", seconds=300)


def test_without_ffmpeg_it_says_so(source: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ffmpeg.Absent, match="no ffmpeg"):
        ffmpeg.probe(source(b"OggS"))
