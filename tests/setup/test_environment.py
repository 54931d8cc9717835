import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from devtools import environment
from devtools.environment import STAMP, Environment, SetupError, Stamp, interpreter, lock_hash

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "requirements.txt").write_text("one==1\n")
    (tmp_path / "requirements-dev.txt").write_text("one==1\ntwo==2\n")
    return tmp_path


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What would have been run; making an environment leaves an interpreter behind."""
    ran: list[list[str]] = []

    def run(self: Environment, command: list[object]) -> None:
        ran.append([str(part) for part in command])
        if "venv" in ran[-1]:
            self.programs.mkdir(parents=True, exist_ok=True)
            self.python.unlink(missing_ok=True)
            self.python.symlink_to(sys.executable)

    monkeypatch.setattr(Environment, "_run", run)
    return ran


def path_with(tmp_path: Path, *names: str) -> dict[str, str]:
    folder = tmp_path / "programs"
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).write_text("#!/bin/sh\n")
        (folder / name).chmod(0o755)
    return {"PATH": str(folder)}


def test_a_prepared_environment_is_left_alone(checkout, commands):
    prepared = Environment(checkout, path_with(checkout, "uv"))
    assert not prepared.is_ready("runtime")
    prepared.prepare("runtime")
    assert prepared.is_ready("runtime")
    assert not prepared.is_ready("dev")


def test_uv_makes_and_fills_the_environment_where_it_is_on_the_path(checkout, commands):
    Environment(checkout, path_with(checkout, "uv")).prepare("runtime")
    made, filled = commands
    assert made[1] == "venv"
    assert filled[1:3] == ["pip", "sync"]
    assert "--require-hashes" in filled
    assert filled[-1].endswith("requirements.txt")


def test_pip_resolves_nothing_and_checks_hashes(checkout, commands):
    Environment(checkout, path_with(checkout)).prepare("dev")
    assert commands[0][1:3] == ["-m", "venv"]
    installed = commands[-1]
    assert {"--no-deps", "--require-hashes"} <= set(installed)
    assert installed[-1].endswith("requirements-dev.txt")


def test_an_environment_made_by_uv_gets_pip_when_uv_is_gone(checkout, commands):
    Environment(checkout, path_with(checkout, "uv")).prepare("runtime")
    commands.clear()
    Environment(checkout, {"PATH": ""}).prepare("dev")
    assert commands[0][1:3] == ["-m", "ensurepip"]
    assert commands[1][1:4] == ["-m", "pip", "install"]


def test_a_changed_lock_is_installed_into_the_same_environment(checkout, commands):
    prepared = Environment(checkout, path_with(checkout, "uv"))
    prepared.prepare("runtime")
    (checkout / "requirements.txt").write_text("one==2\n")
    assert not prepared.is_ready("runtime")
    commands.clear()
    prepared.prepare("runtime")
    assert [command[1] for command in commands] == ["pip"]
    assert prepared.is_ready("runtime")


def test_development_packages_stay_when_the_server_is_started(checkout, commands):
    prepared = Environment(checkout, path_with(checkout, "uv"))
    prepared.prepare("dev")
    assert prepared.is_ready("runtime")
    (checkout / "requirements-dev.txt").write_text("one==2\ntwo==2\n")
    prepared.prepare("runtime")
    assert commands[-1][-1].endswith("requirements-dev.txt")


def test_another_interpreter_gets_another_environment(checkout, commands):
    prepared = Environment(checkout, path_with(checkout, "uv"))
    prepared.prepare("runtime")
    stamp = Stamp("cpython 3.99 /elsewhere", "runtime", lock_hash(checkout / "requirements.txt"))
    (prepared.folder / STAMP).write_text(json.dumps(stamp.__dict__))
    assert not prepared.is_ready("runtime")
    commands.clear()
    prepared.prepare("runtime")
    assert commands[0][1] == "venv"


def test_an_environment_made_by_hand_is_taken_over(checkout, commands):
    prepared = Environment(checkout, path_with(checkout, "uv"))
    prepared.programs.mkdir(parents=True)
    prepared.python.symlink_to(sys.executable)
    prepared.prepare("runtime")
    assert [command[1] for command in commands] == ["pip"]


@pytest.mark.parametrize("content", ["", "[]", '{"lock": 1}', "null"])
def test_an_unreadable_stamp_counts_as_none(checkout, content):
    prepared = Environment(checkout, {})
    prepared.folder.mkdir()
    (prepared.folder / STAMP).write_text(content)
    assert prepared.stamp() is None


def test_a_python_without_ensurepip_is_told_what_to_install(checkout, commands, monkeypatch):
    monkeypatch.setattr(environment, "has_ensurepip", lambda: False)
    with pytest.raises(SetupError, match=r"apt install python3\.\d+-venv"):
        Environment(checkout, {"PATH": ""}).prepare("runtime")
    assert commands == []


def test_a_failing_command_is_named(checkout):
    with pytest.raises(SetupError, match=r"code 3:\n.*exit\(3\)"):
        Environment(checkout, {})._run([sys.executable, "-c", "exit(3)"])


def test_the_interpreter_is_named_by_version_and_place():
    assert interpreter().startswith(f"{sys.implementation.name} {sys.version_info.major}.")


def locked(name: str) -> dict[str, str]:
    pins = re.findall(r"^([a-z0-9._-]+(?:\[.*?\])?)==(\S+)", (ROOT / name).read_text(), re.MULTILINE)
    return dict(pins)


def test_the_development_lock_holds_the_runtime_lock():
    runtime, dev = locked("requirements.txt"), locked("requirements-dev.txt")
    assert len(runtime) > 20
    assert runtime.items() <= dev.items()


def test_an_old_python_is_told_so_in_words():
    """Runs the check of dev.py with a version that is not this interpreter's."""
    check = (ROOT / "dev.py").read_text().split("from devtools")[0]
    old = "import sys; sys.version_info = (3, 10, 13); sys.version = '3.10.13 (main)'\n"
    done = subprocess.run([sys.executable, "-c", old + check], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "needs Python 3.11 or newer; this is 3.10.13" in done.stderr
