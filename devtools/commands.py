"""The commands of dev.py."""

import argparse
import os
import signal
import sys
import threading
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path

from devtools import development, processes, services, suite
from devtools.environment import Environment, SetupError
from devtools.steps import say, step

ROOT = Path(__file__).resolve().parent.parent
BUCKET = "troupe"
DESCRIPTION = "Set-up, development server, tests and linters of Troupe."
TEST_HELP = """usage: dev.py test [--sqlite] [pytest arguments]

Without arguments: the whole suite on PostgreSQL and Redis, then the data layer on SQLite and in memory.
With arguments: one run of pytest with them on PostgreSQL and Redis, or with --sqlite on SQLite, in memory."""


def parser() -> argparse.ArgumentParser:
    main = argparse.ArgumentParser(prog="dev.py", description=DESCRIPTION)
    commands = main.add_subparsers(dest="command", metavar="command", required=True)
    commands.add_parser("setup", help="make .venv from the lock, or bring it up to date")
    up = commands.add_parser("up", help="serve the demo on this machine")
    up.add_argument("--port", type=int, default=8000)
    up.add_argument("--host", default="127.0.0.1", help="0.0.0.0 to be seen from other machines")
    up.add_argument("--no-demo", action="store_true", help="do not make the demo campaign")
    commands.add_parser("test", help="run the tests: [--sqlite] [pytest arguments]", add_help=False)
    commands.add_parser("bench", help="run a benchmark: NAME [--small] [--write]", add_help=False)
    commands.add_parser("lint", help="ruff, mypy and djlint")
    commands.add_parser("manage", help="manage.py with development settings: [arguments]", add_help=False)
    commands.add_parser("pictures", help="take the pictures of the README anew, from a demo of their own")
    commands.add_parser("photographs", help="of every page, to look at: [--out FOLDER] [--only NAME]", add_help=False)
    commands.add_parser("services", help="start PostgreSQL, Redis and S3, print their variables, wait for Ctrl-C")
    return main


def prepare(environment: Environment, level: str) -> None:
    if environment.is_ready(level):
        return
    tool = "uv" if environment.uv else "pip, about a minute"
    with step(f"Environment: {environment.folder.name} with the {level} packages ({tool})"):
        environment.prepare(level)


def manage(environment: Environment, arguments: Sequence[str], host: str = "127.0.0.1") -> int:
    return processes.run_in_front(
        [environment.python, "manage.py", *arguments],
        env=development.environment(environment.root, host, environment.environ),
        cwd=environment.root,
    )


def checked_manage(environment: Environment, name: str, arguments: Sequence[str]) -> None:
    """Raises SetupError when the management command fails."""
    with step(name):
        if code := manage(environment, arguments):
            raise SetupError(f"manage.py {arguments[0]} failed with code {code}.")


def command_setup(environment: Environment, arguments: argparse.Namespace, rest: Sequence[str]) -> int:
    prepare(environment, "runtime")
    say(f"Ready: {environment.python}")
    return 0


def command_up(environment: Environment, arguments: argparse.Namespace, rest: Sequence[str]) -> int:
    host, port = arguments.host, arguments.port
    if not development.port_is_free(host, port):
        raise SetupError(f"{host}:{port} is in use or not ours. Choose another: dev.py up --port {port + 1}")
    prepare(environment, "runtime")
    url = development.base_url(host, port)
    checked_manage(environment, "Database", ["migrate", "--verbosity", "0"])
    if not arguments.no_demo:
        checked_manage(environment, "Demo", ["demo", "--write", "var/demo.json", "--base-url", url])
    say("\n".join(["", *development.welcome(environment.root, url), "", "Ctrl-C ends the server."]))
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return manage(environment, ["runserver", address], host)


def command_test(environment: Environment, arguments: argparse.Namespace, rest: Sequence[str]) -> int:
    if list(rest) in (["-h"], ["--help"]):
        say(TEST_HELP)
        return 0
    with step("Tests in all"):
        prepare(environment, "dev")
        return suite.run(environment, rest)


def command_bench(environment: Environment, arguments: argparse.Namespace, rest: Sequence[str]) -> int:
    prepare(environment, "dev")
    command: list[str | Path] = [environment.python, "-m", "bench", *rest]
    return processes.run_in_front(command, env=environment.environ, cwd=environment.root)


def lint_commands(environment: Environment) -> list[list[str | Path]]:
    programs = environment.programs
    commands: list[list[str | Path]] = [
        [programs / "ruff", "check", "."],
        [programs / "ruff", "format", "--check", "."],
        [programs / "mypy", "."],
    ]
    if any((environment.root / "templates").rglob("*.html")):
        commands.append([programs / "djlint", "templates", "--lint", "--quiet"])
    return commands


def command_lint(environment: Environment, arguments: argparse.Namespace, rest: Sequence[str]) -> int:
    """Runs all of them, also after one has failed."""
    prepare(environment, "dev")
    codes = []
    for command in lint_commands(environment):
        with step(" ".join([Path(command[0]).name, *map(str, command[1:])])):
            codes.append(processes.run_in_front(command, env=dict(environment.environ), cwd=environment.root))
    return max(codes)


def command_manage(environment: Environment, arguments: argparse.Namespace, rest: Sequence[str]) -> int:
    prepare(environment, "runtime")
    return manage(environment, rest)


def command_pictures(environment: Environment, arguments: argparse.Namespace, rest: Sequence[str]) -> int:
    prepare(environment, "dev")  # it is a program of its own because the browser's driver lives there
    return processes.run_in_front(
        [environment.python, "-m", "devtools.pictures"], env=dict(environment.environ), cwd=environment.root
    )


def command_photographs(environment: Environment, arguments: argparse.Namespace, rest: Sequence[str]) -> int:
    prepare(environment, "dev")
    command: list[str | Path] = [environment.python, "-m", "devtools.photographs", *rest]
    return processes.run_in_front(command, env=dict(environment.environ), cwd=environment.root)


def service_variables(found: services.Services) -> dict[str, str]:
    """For the shell in which a server, or pytest by hand, is to use the services."""
    variables = {"DATABASE_URL": found.database_url, "REDIS_URL": found.redis_url, **found.test_variables()}
    if found.s3_url:
        variables |= {
            "S3_ENDPOINT_URL": found.s3_url,
            "S3_BUCKET": BUCKET,
            "S3_ACCESS_KEY_ID": "development",
            "S3_SECRET_ACCESS_KEY": "development",
            "S3_REGION": "us-east-1",
        }
    return {name: value for name, value in variables.items() if value}


def make_bucket(s3_url: str) -> None:
    with urllib.request.urlopen(urllib.request.Request(f"{s3_url}/{BUCKET}", method="PUT")):  # noqa: S310
        pass


def command_services(environment: Environment, arguments: argparse.Namespace, rest: Sequence[str]) -> int:
    prepare(environment, "dev")
    with services.running(
        packages=environment.packages, python=environment.python, environ=environment.environ
    ) as found:
        if "s3" in {service.name for service in found.started}:
            make_bucket(found.s3_url)
        for name, value in service_variables(found).items():
            say(f"export {name}={value}")
        for name, reason in found.missing.items():
            say(f"# not started: {name}: {reason}")
        say("# Ctrl-C ends them, and their data with them.")
        threading.Event().wait()
    return 0


COMMANDS: dict[str, Callable[[Environment, argparse.Namespace, Sequence[str]], int]] = {
    "setup": command_setup,
    "up": command_up,
    "test": command_test,
    "bench": command_bench,
    "lint": command_lint,
    "manage": command_manage,
    "pictures": command_pictures,
    "photographs": command_photographs,
    "services": command_services,
}
# Their arguments belong to pytest, bench, manage.py and a program of their own, dashes and all.
PASS_ON = {"test", "bench", "manage", "photographs"}


def parse(argv: Sequence[str]) -> tuple[argparse.Namespace, list[str]]:
    if argv and argv[0] in PASS_ON:
        return argparse.Namespace(command=argv[0]), list(argv[1:])
    return parser().parse_args(argv), []


def main(argv: Sequence[str] | None = None) -> int:
    arguments, rest = parse(sys.argv[1:] if argv is None else argv)
    environment = Environment(ROOT, dict(os.environ))
    try:
        with processes.sigterm_as_exit():
            return COMMANDS[arguments.command](environment, arguments, rest)
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
