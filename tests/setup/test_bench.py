"""The machinery of bench/, at a size that proves nothing about speed."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bench import machine, report, servers, websocket
from bench.crowd import understood
from bench.overlay import dropped
from bench.report import Outcome, Ratio, Table
from tests.conftest import ROOT, absent

SECTIONS = {
    "fanout": ["Troupe, without the fast path", "textbook Channels", "FastAPI loop", "KB per idle socket"],
    "order": ["messages out of order or seen twice", "disconnects that do not end equal to REST"],
    "reconnect": ["a snapshot per connection", "snapshots built"],
    "ingest": ["REST to bare, all on one campaign"],
    "pages": ["/api/v1/campaigns/{id}/live", "/admin/characters/character/"],
    "images": ["time of a picture, workshop to bare Pillow", "ms until 88 Mpx are refused"],
    "sheets": ["PATCH of a field to a bare ORM update, on stage", "| sheet to overlay |"],
    "overlay": ["percent of a core that an idle overlay takes", "| empty page |", "ms from a saved layout"],
}
# Of these even the tiniest run must show what the full one does.
MUST_HOLD = [
    "events that the ledger lacks",
    "seqs that a socket did not see",
    "messages out of order or seen twice",
    "disconnects that do not end equal to REST",
    "snapshots built for all who are bootstrapped",
    "clients or messages missing",
    "refused",
    "addresses with another number of queries",
    "addresses that ask more with more sheets",
]


@pytest.fixture(scope="module")
def printed() -> str:
    if not (os.environ.get("TEST_DATABASE_URL") and os.environ.get("TEST_REDIS_URL")):
        absent("no PostgreSQL and Redis: run by `dev.py test`")
    command = [sys.executable, "-m", "bench", "all", "--tiny"]
    before = report.RESULTS.read_text()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert report.RESULTS.read_text() == before, "written without --write"
    return done.stdout


@pytest.mark.parametrize("name", SECTIONS)
def test_every_benchmark_runs_and_prints_its_ratios(printed: str, name: str, request: pytest.FixtureRequest):
    if name == "overlay":
        request.getfixturevalue("chromium_path")
    section = re.split(r"^## ", printed, flags=re.MULTILINE)
    found = next(part for part in section if part.startswith(f"{name}\n"))
    assert "| ratio | measured | bar | holds |" in found
    for words in SECTIONS[name]:
        assert words in found


@pytest.mark.parametrize("name", MUST_HOLD)
def test_what_is_not_a_matter_of_speed_holds_at_any_size(printed: str, name: str):
    row = next(line for line in printed.splitlines() if line.startswith(f"| {name} "))
    assert row.endswith("| yes |")


def test_a_frame_is_understood_whatever_it_carries():
    def event(seq: int) -> dict[str, object]:
        return {"type": "EVENT", "seq": seq, "data": {"kind": f"{10**18 + seq}"}}

    one = understood(json.dumps(event(7)).encode())
    assert (one.first, one.last, one.events, one.stamps) == (7, 7, 1, (10**18 + 7,))
    batch = understood(json.dumps({"type": "BATCH", "seq": 9, "messages": [event(8), event(9)]}).encode())
    assert (batch.first, batch.last, batch.events, batch.whole) == (8, 9, 2, True)
    holed = understood(json.dumps({"type": "BATCH", "seq": 9, "messages": [event(7), event(9)]}).encode())
    assert not holed.whole
    assert understood(b'{"type":"HEARTBEAT","seq":9}').events == 0
    assert understood(b'{"type":"BOOTSTRAP","seq":9,"epoch":"a"}').boot


@pytest.mark.parametrize("size", [0, 125, 126, 65_535, 65_536])
def test_frames_are_taken_from_a_stream_in_any_pieces(size: int):
    stream = websocket.client_frame(websocket.TEXT, b"a" * size) + websocket.client_frame(websocket.PING, b"b")
    assert [(op, len(data)) for op, data, _ in websocket.take_frames(stream)] == [(1, size), (9, 1)]
    first = next(end for _, _, end in websocket.take_frames(stream))
    assert list(websocket.take_frames(stream[: first - 1])) == []
    assert [op for op, _, _ in websocket.take_frames(stream[first:])] == [9]


def test_a_processor_second_of_a_finished_thread_is_counted():
    code = "import threading, time; t = threading.Thread(target=lambda: sum(range(10**7))); t.start(); t.join()"
    process = subprocess.Popen([sys.executable, "-c", f"{code}; print(flush=True); time.sleep(60)"],
                               stdout=subprocess.PIPE)  # fmt: skip
    try:
        assert process.stdout is not None
        process.stdout.readline()
        assert machine.cpu_seconds(process.pid) > 0.05
    finally:
        process.kill()
        process.wait()


def test_a_frame_is_dropped_when_no_new_picture_was_there_for_it():
    even = [number * 1000 / 60 for number in range(10)]
    assert dropped(even) == dropped(even[::2]) == 0  # 60 and 30 a second
    assert dropped([0, 50]) == 1
    assert dropped([0, 16.7, 33.4, 133.4, 150]) == 2


def test_the_servers_start_as_the_procfile_says():
    options = servers.procfile_options()
    assert options[options.index("--ws") + 1] == "websockets-sansio"
    assert options[options.index("--ws-per-message-deflate") + 1] == "false"
    assert not {"--port", "--host"} & set(options)


@pytest.mark.parametrize(("value", "bar", "at_least", "holds"), [
    (1.6, 1.6, False, True), (1.61, 1.6, False, False), (30.0, 30, True, True), (29.9, 30, True, False),
])  # fmt: skip
def test_a_ratio_holds_up_to_its_bar(value: float, bar: float, at_least: bool, holds: bool):
    ratio = Ratio("name", value, bar, at_least=at_least)
    assert ratio.holds is holds
    assert Outcome([ratio]).holds is holds


def test_a_section_of_the_results_takes_the_place_of_the_earlier(tmp_path: Path):
    path = tmp_path / "RESULTS.md"
    first = Outcome([Ratio("of the first", 1.0, 2)], [Table("T", ["a"], [[1234.5]])])
    report.write("fanout", "full", first, path)
    report.write("ingest", "full", Outcome([Ratio("of the other", 1.0, 2)]), path)
    report.write("fanout", "small", Outcome([Ratio("of the second", 1.0, 2)]), path)
    text = path.read_text()
    assert text.count("## fanout") == text.count("## ingest") == 1
    assert "of the second" in text
    assert "of the other" in text
    assert "of the first" not in text
    assert text.index("## fanout") < text.index("## ingest")


def test_a_report_names_no_folder_and_no_host():
    text = report.rendered("fanout", "full", Outcome([Ratio("r", 1.0, 2)]))
    assert time.strftime("%Y", time.gmtime()) in text
    assert os.uname().nodename not in text
    assert str(ROOT) not in text
