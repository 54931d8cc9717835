import json
import socket
import stat
from pathlib import Path

import pytest

from devtools import commands, development, services, suite
from devtools.environment import Environment
from tests.redis_share import share_of_worker

SERVED = {
    "TEST_DATABASE_URL": "postgres://x",
    "TEST_REDIS_URL": "redis://x",
    "TEST_S3_ENDPOINT_URL": "http://x",
}


def test_pytest_and_manage_get_their_arguments_untouched():
    arguments = ["-k", "name", "--sqlite", "-h", "--", "tests/x.py::test"]
    for command in ("test", "manage"):
        parsed, rest = commands.parse([command, *arguments])
        assert parsed.command == command
        assert rest == arguments


def test_up_has_defaults_and_options():
    parsed, rest = commands.parse(["up"])
    assert (parsed.host, parsed.port, parsed.no_demo, rest) == ("127.0.0.1", 8000, False, [])
    parsed, rest = commands.parse(["up", "--port", "8123", "--host", "0.0.0.0", "--no-demo"])
    assert (parsed.host, parsed.port, parsed.no_demo) == ("0.0.0.0", 8123, True)


@pytest.mark.parametrize("argv", [[], ["dance"], ["setup", "--fast"], ["up", "--port", "x"]])
def test_a_wrong_command_line_ends_with_its_usage(argv, capsys):
    with pytest.raises(SystemExit) as end:
        commands.parse(argv)
    assert end.value.code == 2
    assert "usage: dev.py" in capsys.readouterr().err


def test_every_command_is_carried_out_by_something():
    assert set(commands.COMMANDS) == set(commands.parser()._subparsers._group_actions[0].choices)  # type: ignore[union-attr,arg-type]


def test_without_arguments_the_suite_runs_whole_and_its_data_layer_again_on_sqlite():
    whole, again = suite.parts([], SERVED, sqlite=False)
    assert whole.variables == SERVED
    assert "-m" not in whole.arguments
    assert again.variables == {}
    assert again.arguments[-2:] == ("-m", "data_layer")


def test_arguments_make_one_run():
    (part,) = suite.parts(["tests/x.py", "-k", "y"], SERVED, sqlite=False)
    assert part.arguments == ["tests/x.py", "-k", "y"]
    assert part.variables == SERVED
    (part,) = suite.parts(["tests/x.py"], SERVED, sqlite=True)
    assert part.variables == {"TEST_S3_ENDPOINT_URL": "http://x"}


def test_without_postgresql_the_suite_runs_once():
    assert [part.name for part in suite.parts([], {}, sqlite=False)] == ["Whole suite on SQLite"]


def test_an_address_of_the_shell_does_not_reach_a_run_on_sqlite():
    part = suite.Part("x", [])
    assert suite.environment_of(part, {"TEST_DATABASE_URL": "postgres://x", "HOME": "/h"}) == {"HOME": "/h"}
    assert suite.environment_of(part, {"PYTHONDONTWRITEBYTECODE": "1"}) == {}


def test_what_is_missing_is_said_loudly_and_fails_in_ci(capsys):
    lacking = {"postgresql": "no initdb"}
    assert suite.is_acceptable(lacking, {})
    assert "NOT TESTED" in capsys.readouterr().out
    assert not suite.is_acceptable(lacking, {"CI": "true"})
    assert "no initdb" in capsys.readouterr().out
    assert suite.is_acceptable({}, {"CI": "true"})


def test_the_secret_key_is_made_once_and_for_its_owner_only(tmp_path):
    key = development.secret_key(tmp_path)
    assert len(key) >= 50
    assert development.secret_key(tmp_path) == key
    assert stat.S_IMODE((tmp_path / "var/secret-key").stat().st_mode) == 0o600


def test_the_shell_wins_over_the_development_defaults(tmp_path):
    environ = development.environment(tmp_path, environ={"DEBUG": "0", "SECRET_KEY": "mine"})
    assert (environ["DEBUG"], environ["SECRET_KEY"]) == ("0", "mine")
    assert not (tmp_path / "var").exists()
    assert development.environment(tmp_path, environ={})["DEBUG"] == "1"


def test_only_a_public_server_admits_more_than_this_machine():
    assert development.served_hosts("127.0.0.1") == ["localhost", "127.0.0.1", "[::1]"]
    assert development.served_hosts("troupe.lan")[-1] == "troupe.lan"
    assert socket.gethostname() in development.served_hosts("0.0.0.0")
    assert "*" not in development.served_hosts("0.0.0.0")


@pytest.mark.parametrize(("host", "url"), [("127.0.0.1", "http://127.0.0.1:8000"), ("::1", "http://[::1]:8000")])
def test_the_address_can_be_pasted_into_a_browser(host, url):
    assert development.base_url(host, 8000) == url


def test_a_taken_port_is_noticed():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        assert not development.port_is_free("127.0.0.1", port)
    assert development.port_is_free("127.0.0.1", port)


def test_the_welcome_names_pages_and_log_ins(tmp_path):
    (tmp_path / "var").mkdir()
    demo = {
        "campaign": {"id": "1", "slug": "harbour"},
        "users": [{"username": "gm", "password": "pw", "role": "gm"}],
    }
    (tmp_path / "var/demo.json").write_text(json.dumps(demo))
    lines = "\n".join(development.welcome(tmp_path, "http://h"))
    assert "http://h/campaigns/harbour" in lines
    assert "http://h/overlay/harbour?tier=large" in lines
    assert "gm / pw (gm)" in lines


def test_the_welcome_without_a_demo_tells_how_to_begin(tmp_path):
    assert "createsuperuser" in development.welcome(tmp_path, "http://h")[-1]


def test_the_services_are_printed_for_servers_and_for_pytest():
    found = services.Services(urls={"postgresql": "postgres://x", "s3": "http://s"})
    variables = commands.service_variables(found)
    assert variables["DATABASE_URL"] == variables["TEST_DATABASE_URL"] == "postgres://x"
    assert variables["S3_ENDPOINT_URL"] == "http://s"
    assert "REDIS_URL" not in variables


def test_templates_are_linted_once_there_are_some(tmp_path):
    environment = Environment(tmp_path, {})
    assert len(commands.lint_commands(environment)) == 3
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/page.html").touch()
    assert Path(commands.lint_commands(environment)[-1][0]).name == "djlint"


def test_main_says_what_went_wrong_in_one_line(monkeypatch, capsys):
    monkeypatch.setattr(development, "port_is_free", lambda host, port: False)
    assert commands.main(["up", "--port", "8123"]) == 1
    assert "8123 is in use" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("url", "worker", "share"),
    [
        ("", "gw0", ""),
        ("redis://h:1/0", "", "redis://h:1/0"),
        ("redis://h:1/0", "gw0", "redis://h:1/1"),
        ("redis://u:p@h:1", "gw14", "redis://u:p@h:1/15"),
    ],
)
def test_each_test_process_has_its_own_redis_database(url, worker, share):
    assert share_of_worker(url, worker) == share


def test_more_test_processes_than_redis_databases_are_refused():
    with pytest.raises(ValueError, match="at most 15"):
        share_of_worker("redis://h", "gw15")
