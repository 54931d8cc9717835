"""Two pages and the storyteller edit one sheet over a network that loses, repeats and reorders.

The pages are the saver of static/sheets/js run by Node; the server merges by `campaigns.versions` as `sheets` does. All
values are their own, so that it can be told whose value was written over, and whether whoever did so had seen it.
"""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from campaigns.versions import stale, stamped
from tests.conftest import absent

ROOT = Path(__file__).resolve().parents[2]
FIELDS = ("concept", "ambition")
CLIENTS = (0, 1)


class Peer:
    def __init__(self, node: str) -> None:
        self.process = subprocess.Popen(
            [node, "tests/sheets/saver_peer.mjs"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __call__(self, name: str, client: int = 0, *args: Any, **more: Any) -> Any:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps({"do": name, "client": client, "args": args, **more}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


class Server:
    """As sheets.operations.sheets.update: stale fields refuse the whole, what is sent with a version is stamped, and
    spaces at the ends are left out.
    """

    def __init__(self) -> None:
        self.version, self.values = 1, dict.fromkeys(FIELDS, "")
        self.stamps: dict[str, int] = {}

    def document(self) -> dict[str, Any]:
        return {"version": self.version, "values": dict(self.values)}

    def patch(self, seen: int, fields: dict[str, str]) -> bool:
        if stale(self.stamps, fields, seen):
            return False
        self.values |= {name: value.strip() for name, value in fields.items()}
        self.version += 1
        self.stamps = stamped(self.stamps, fields, self.version)
        return True


class Edits(RuleBasedStateMachine):
    peer: Peer

    def __init__(self) -> None:
        super().__init__()
        self.server = Server()
        self.peer("start", document=self.server.document(), count=len(CLIENTS))
        self.written = 0
        self.under_way: list[tuple[int, dict[str, Any]]] = []
        self.answers: list[tuple[int, int, str, dict[str, Any]]] = []
        # What each person has had before their eyes, or typed, of each field.
        self.seen: dict[tuple[int, str], set[str]] = {(c, f): {""} for c in CLIENTS for f in FIELDS}

    def state(self, client: int) -> Any:
        return self.peer("state", client)

    def look(self, client: int) -> None:
        found = self.state(client)
        for field in FIELDS:
            if field not in found["mine"]:
                self.seen[client, field].add(found["base"][field])

    @rule(client=st.sampled_from(CLIENTS), field=st.sampled_from(FIELDS), goes_on=st.booleans())
    def type(self, client: int, field: str, goes_on: bool) -> None:
        """Who is in the middle of a sentence has a space at its end."""
        self.written += 1
        value = f"{field} {self.written} of {client}"
        self.peer("edit", client, field, f"{value} " if goes_on else value)
        self.seen[client, field] |= {value, f"{value} "}

    @rule(client=st.sampled_from(CLIENTS), field=st.sampled_from(FIELDS))
    def type_back(self, client: int, field: str) -> None:
        found = self.state(client)
        if field not in found["conflicts"]:
            self.peer("edit", client, field, found["base"][field])
            self.seen[client, field].add(found["base"][field])

    @rule(field=st.sampled_from(FIELDS))
    def storyteller_types(self, field: str) -> None:
        """Looking at the sheet as it is."""
        self.written += 1
        assert self.server.patch(self.server.version, {field: f"{field} {self.written} of the storyteller"})

    @rule(client=st.sampled_from(CLIENTS))
    def send(self, client: int) -> None:
        request = self.peer("begin", client)
        if request is not None:
            self.under_way.append((client, request))

    @precondition(lambda self: self.under_way)
    @rule(data=st.data(), again=st.booleans())
    def arrive(self, data: Any, again: bool) -> None:
        """In any order, and perhaps more than once."""
        place = data.draw(st.integers(0, len(self.under_way) - 1))
        client, request = self.under_way[place] if again else self.under_way.pop(place)
        before = dict(self.server.values)
        done = self.server.patch(request["version"], request["fields"])
        waiting = self.state(client)["mine"]
        for field in request["fields"] if done else ():
            assert field in waiting, "what the page calls saved was changed by an older request of its own"
            assert before[field] in self.seen[client, field], f"{before[field]} was written over unseen"
        self.answers.append((client, request["id"], "accepted" if done else "stale", self.server.document()))

    @precondition(lambda self: self.under_way)
    @rule(data=st.data())
    def vanish(self, data: Any) -> None:
        self.under_way.pop(data.draw(st.integers(0, len(self.under_way) - 1)))

    @precondition(lambda self: self.answers)
    @rule(data=st.data(), forgotten=st.booleans())
    def answer(self, data: Any, forgotten: bool) -> None:
        client, id_, name, document = self.answers.pop(data.draw(st.integers(0, len(self.answers) - 1)))
        if forgotten:
            return
        self.peer(name, client, id_, *([document] if name == "accepted" else []))
        self.look(client)

    @rule(client=st.sampled_from(CLIENTS))
    def time_out(self, client: int) -> None:
        flight = self.state(client)["flight"]
        if flight:
            self.peer("lost", client, flight["id"])

    @rule(client=st.sampled_from(CLIENTS))
    def ask(self, client: int) -> None:
        self.peer("merge", client, self.server.document())
        self.look(client)

    @rule(client=st.sampled_from(CLIENTS))
    def leave_and_come_back(self, client: int) -> None:
        """What waited is in the browser's storage; a request on its way may arrive all the same."""
        self.peer("leave", client, document=self.server.document())
        self.answers = [answer for answer in self.answers if answer[0] != client]
        self.look(client)

    @rule(client=st.sampled_from(CLIENTS), keep=st.booleans())
    def choose(self, client: int, keep: bool) -> None:
        for field, conflict in self.state(client)["conflicts"].items():
            self.seen[client, field].add(conflict["theirs"])
            self.peer("resolve", client, field, keep)
        self.look(client)

    @invariant()
    def whatever_is_typed_is_shown_until_it_is_saved_or_given_up(self) -> None:
        for client in CLIENTS:
            found = self.state(client)
            for field in FIELDS:
                shown = found["mine"].get(field, found["base"][field])
                assert shown in self.seen[client, field]

    def teardown(self) -> None:
        """The network comes back: everything is told, and all see the same."""
        for client in CLIENTS:
            self.time_out(client)
        while self.under_way:
            client, request = self.under_way.pop()
            self.server.patch(request["version"], request["fields"])
        for _ in range(20):
            if all(self.settle(client) for client in CLIENTS):
                break
        self.under_way, self.answers = [], []
        for client in CLIENTS:
            self.ask(client)
            found = self.state(client)
            assert (found["mine"], found["conflicts"], found["standing"]) == ({}, {}, "saved")
            assert found["base"] == self.server.values

    def settle(self, client: int) -> bool:
        self.ask(client)
        self.choose(client, True)
        request = self.peer("begin", client)
        if request is None:
            return True
        done = self.server.patch(request["version"], request["fields"])
        document = [self.server.document()] if done else []
        self.peer("accepted" if done else "stale", client, request["id"], *document)
        return False


@pytest.fixture(scope="module")
def peer() -> Iterator[Peer]:
    node = shutil.which("node")
    if node is None:
        absent("no Node: the saver of sheets did not run")
    found = Peer(node or "")
    yield found
    found.process.kill()
    found.process.wait()


def test_no_keystroke_is_lost(peer: Peer) -> None:
    Edits.peer = peer
    relaxed = settings(max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Edits, settings=relaxed)


def document(version: int, **values: str) -> dict[str, Any]:
    return {"version": version, "values": {"concept": "", "ambition": "", **values}}


def test_what_is_refused_is_kept_and_said(peer: Peer) -> None:
    peer("start", document=document(1), count=1)
    peer("edit", 0, "concept", "x" * 300)
    peer("edit", 0, "ambition", "Out")
    request = peer("begin")
    assert peer("begin") is None  # one at a time
    peer("refused", 0, request["id"], [{"field": "concept", "message": "Shorten it to 200."}])
    found = peer("state")
    assert (found["errors"], found["standing"]) == ({"concept": "Shorten it to 200."}, "attention")
    assert peer("begin")["fields"] == {"ambition": "Out"}
    peer("edit", 0, "concept", "Courier")
    assert peer("state")["errors"] == {}


def test_a_lost_answer_is_no_conflict(peer: Peer) -> None:
    peer("start", document=document(1), count=1)
    peer("edit", 0, "concept", "Courier")
    peer("lost", 0, peer("begin")["id"])
    peer("edit", 0, "concept", "Courier of letters")
    again = peer("begin")
    peer("stale", 0, again["id"])  # the first had arrived
    assert peer("begin") is None and peer("state")["behind"]
    peer("merge", 0, document(2, concept="Courier"))
    assert peer("state")["conflicts"] == {}
    assert peer("begin")["fields"] == {"concept": "Courier of letters"}


def test_a_choice_that_is_not_made_waits_for_the_next_visit(peer: Peer) -> None:
    peer("start", document=document(1), count=1)
    peer("edit", 0, "concept", "Courier")
    peer("begin")
    for _ in range(2):
        peer("leave", 0, document=document(2, concept="Smuggler"))
        found = peer("state")
        assert (found["mine"], found["conflicts"]) == ({"concept": "Courier"}, {"concept": {"theirs": "Smuggler"}})


def test_what_was_sent_before_the_page_was_left_is_one_s_own(peer: Peer) -> None:
    peer("start", document=document(1), count=1)
    peer("edit", 0, "concept", "Courier")
    peer("begin")
    peer("edit", 0, "concept", "Courier of letters")
    peer("leave", 0, document=document(2, concept="Courier"))  # it had arrived
    assert peer("state")["conflicts"] == {}
    assert peer("begin")["fields"] == {"concept": "Courier of letters"}


def test_another_s_value_is_asked_about(peer: Peer) -> None:
    peer("start", document=document(1), count=1)
    peer("edit", 0, "concept", "Courier")
    peer("merge", 0, document(2, concept="Smuggler", ambition="Rich"))
    found = peer("state")
    assert found["conflicts"] == {"concept": {"theirs": "Smuggler"}} and found["base"]["ambition"] == "Rich"
    assert peer("begin") is None
    peer("resolve", 0, "concept", True)
    assert peer("begin") == {"id": 1, "version": 2, "fields": {"concept": "Courier"}}


def test_who_types_on_meets_no_stranger_where_the_server_leaves_out_a_space(peer: Peer) -> None:
    for heard_before in (False, True):
        peer("start", document=document(1), count=1)
        peer("edit", 0, "ambition", "To be left ")
        request = peer("begin")
        peer("edit", 0, "ambition", "To be left alone")
        if heard_before:  # with the answer to something else
            peer("merge", 0, document(3, ambition="To be left"))
        peer("accepted", 0, request["id"], document(2, ambition="To be left"))
        found = peer("state")
        assert (found["conflicts"], found["mine"]) == ({}, {"ambition": "To be left alone"})
        assert peer("begin")["fields"] == {"ambition": "To be left alone"}
