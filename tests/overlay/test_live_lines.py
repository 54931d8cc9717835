"""A line: windows, order, who arrives when, what is remembered."""

import asyncio
import json
import time

from overlay.live import lines
from overlay.live.frames import Outgoing, Told
from overlay.live.lines import WINDOW, DelayedLine, Line
from overlay.live.sockets import Socket


class Listener(Socket):
    """Keeps what it is sent."""

    def __init__(self, seq: int = 0) -> None:
        super().__init__(None)  # type: ignore[arg-type]
        self.seq = seq
        self.heard: list[str] = []
        self.does_not_read = False

    def write(self, out: Outgoing) -> None:
        self.heard.append(out.message["text"])

    def is_stuck(self) -> bool:
        return self.does_not_read

    @property
    def seqs(self) -> list[int]:
        return [one["seq"] for text in self.heard for one in json.loads(text).get("messages", [json.loads(text)])]


class Care:
    def __init__(self) -> None:
        self.let_go: list[Socket] = []
        self.asked_for: list[Socket] = []

    def stuck(self, socket: Socket) -> None:
        self.let_go.append(socket)

    def lost(self, line: Line, socket: Socket) -> None:
        self.asked_for.append(socket)


def told(seq: int, type_: str = "EVENT", ts: int | None = None, pad: int = 0) -> Told:
    ts = int(time.time() * 1000) if ts is None else ts
    return Told(seq, ts, f'{{"type":"{type_}","seq":{seq},"epoch":"e","ts":{ts},"pad":"{"x" * pad}"}}')


def a_line(seq: int = 0) -> tuple[Line, Care]:
    care = Care()
    return Line("viewer", "e", seq, care), care


def join(line: Line, seq: int | None = None) -> Listener:
    listener = Listener(line.seq if seq is None else seq)
    line.arrive(listener)
    return listener


async def test_the_first_goes_out_at_once_and_the_rest_of_a_burst_together():
    line, _care = a_line()
    listener = join(line)
    for seq in (1, 2, 3):
        line.feed(told(seq))
    assert listener.seqs == [1]
    await asyncio.sleep(WINDOW * 2)
    assert listener.seqs == [1, 2, 3]
    assert len(listener.heard) == 2
    batch = json.loads(listener.heard[1])
    assert (batch["type"], batch["seq"], batch["epoch"], batch["ts"]) == ("BATCH", 3, "e", batch["messages"][-1]["ts"])


def test_nobody_waits_longer_than_one_sees():
    """What the protocol promises, as the tests here wait for whatever the window is."""
    assert WINDOW == 0.02


async def test_a_line_that_has_become_quiet_tells_at_once_again():
    line, _care = a_line()
    listener = join(line)
    line.feed(told(1))
    await asyncio.sleep(WINDOW * 2)
    line.feed(told(2))
    assert listener.seqs == [1, 2]
    assert json.loads(listener.heard[1])["type"] == "EVENT"


async def test_who_arrives_in_a_window_is_told_each_message_once():
    line, _care = a_line()
    first = join(line)
    line.feed(told(1))
    line.feed(told(2))
    late = join(line, seq=0)
    behind = join(line, seq=1)
    assert late.heard == []
    line.feed(told(3))
    await asyncio.sleep(WINDOW * 2)
    line.feed(told(4))
    await asyncio.sleep(WINDOW * 4)
    assert first.seqs == [1, 2, 3, 4]
    assert late.seqs == [1, 2, 3, 4]
    assert behind.seqs == [2, 3, 4]


async def test_who_is_ahead_waits_until_the_line_is_there():
    line, _care = a_line(5)
    ahead = join(line, seq=7)
    line.feed(told(6))
    line.feed(told(7))
    line.feed(told(8))
    await asyncio.sleep(WINDOW * 2)
    assert ahead.seqs == [8]


async def test_an_answer_ends_with_a_heartbeat():
    line, _care = a_line()
    line.feed(told(1))
    await asyncio.sleep(WINDOW * 2)
    listener = Listener(0)
    listener.wants_answer = True
    line.arrive(listener)
    assert [json.loads(text)["type"] for text in listener.heard] == ["EVENT", "HEARTBEAT"]
    assert listener.seqs == [1, 1]


async def test_who_is_too_far_back_is_looked_after():
    line, care = a_line()
    for seq in range(1, lines.REMEMBERED + 2):
        line.feed(told(seq))
    await asyncio.sleep(WINDOW * 2)
    listener = join(line, seq=0)
    assert care.asked_for == [listener]
    assert join(line, seq=1).seqs == list(range(2, lines.REMEMBERED + 2))


async def test_little_is_remembered_of_what_is_long():
    line, _care = a_line()
    for seq in range(1, 11):
        line.feed(told(seq, pad=lines.REMEMBERED_SIZE // 4))
    assert line.since(6) is None
    assert [one.seq for one in line.since(7) or []] == [8, 9, 10]


async def test_a_change_that_may_hide_something_empties_the_memory():
    for type_ in ("CHAR_UPDATED", "CHAR_DELETED"):
        line, _care = a_line()
        line.feed(told(1))
        line.feed(told(2, type_))
        assert line.since(0) is None
        assert [one.seq for one in line.since(1) or []] == [2]
        assert line.forgotten == 1


async def test_memory_is_filled_from_the_ledger_without_gaps():
    line, _care = a_line(10)
    line.remember([told(seq) for seq in (7, 8)])
    assert line.since(6) is None  # 9 and 10 are missing
    line.remember([told(seq) for seq in (8, 9, 10)])
    assert [one.seq for one in line.since(7) or []] == [8, 9, 10]
    line.feed(told(11))
    assert [one.seq for one in line.since(7) or []] == [8, 9, 10, 11]
    line.remember([told(seq) for seq in range(1, 11)])
    assert [one.seq for one in line.since(0) or []] == list(range(1, 12))


async def test_who_does_not_read_is_let_go_after_so_much():
    line, care = a_line()
    stuck, reader = join(line), join(line)
    stuck.does_not_read = True
    line.feed(told(1, pad=lines.CHECK_AFTER))
    await asyncio.sleep(WINDOW * 2)
    line.feed(told(2))
    assert care.let_go == [stuck]
    assert (stuck.seqs, reader.seqs) == ([1], [1, 2])


async def test_one_broken_socket_costs_the_others_nothing():
    line, _care = a_line()
    broken, listener = join(line), join(line)

    def fail(out: Outgoing) -> None:
        raise RuntimeError

    broken.write = fail  # type: ignore[method-assign]
    line.feed(told(1))
    assert broken.closed
    assert listener.seqs == [1]


async def test_a_quiet_line_beats(monkeypatch):
    line, _care = a_line(4)
    listener = join(line)
    line.beat()
    assert listener.heard == []
    monkeypatch.setattr(lines, "HEARTBEAT_AFTER", 0)
    line.beat()
    beat = json.loads(listener.heard[0])
    assert (beat["type"], beat["seq"], beat["epoch"]) == ("HEARTBEAT", 4, "e")


async def test_a_heartbeat_does_not_run_ahead_of_what_was_sent(monkeypatch):
    line, _care = a_line()
    listener = join(line)
    line.feed(told(1))
    line.feed(told(2))
    monkeypatch.setattr(lines, "HEARTBEAT_AFTER", 0)
    line.beat()
    assert listener.seqs == [1, 1]
    assert line.position(listener) == 1


class TestDelay:
    def a_line(self, delay: float) -> DelayedLine:
        return DelayedLine("viewer", "e", 0, Care(), delay)

    async def test_nothing_is_told_before_it_is_due(self):
        line = self.a_line(0.6)
        listener = join(line)
        line.complete([])
        line.feed(told(1))
        await asyncio.sleep(0.05)
        assert (listener.seqs, line.seq) == ([], 0)
        async with asyncio.timeout(30):
            while not listener.seqs:
                await asyncio.sleep(0.02)
        assert (listener.seqs, line.seq) == ([1], 1)

    async def test_what_came_before_the_line_was_complete_waits_for_what_is_missing(self):
        line = self.a_line(0)
        listener = join(line)
        line.feed(told(3))
        assert listener.seqs == []
        line.complete([told(1), told(2), told(3)])
        await asyncio.sleep(WINDOW * 2)
        assert listener.seqs == [1, 2, 3]

    async def test_a_longer_delay_holds_back_what_has_not_been_told(self):
        line = self.a_line(0.05)
        listener = join(line)
        line.complete([])
        line.feed(told(1))
        line.delay = 60
        await asyncio.sleep(0.1)
        assert listener.seqs == []
        line.delay = 0
        line.release()
        assert listener.seqs == [1]
