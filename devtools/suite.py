"""`dev.py test`: the suite on PostgreSQL and Redis, then its data layer on SQLite and in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from devtools import chromium, processes, services
from devtools.environment import Environment
from devtools.steps import loud, say, step

WITHOUT = {
    "postgresql": "everything that needs PostgreSQL; the suite runs on SQLite instead",
    "redis": "the tests of the Redis layer and of several server processes",
    "s3": "the tests of the S3 storage",
    "chromium": "the browser tests (tests/e2e)",
}
# Four times the tests are loaded and sixty times a server starts: compiled anew each time, that is half a minute.
NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"
PARALLEL = ("-n", "2", "--dist", "worksteal", "--durations", "25", "--durations-min", "2")


@dataclass(frozen=True)
class Part:
    """One run of pytest."""

    name: str
    arguments: Sequence[str]
    variables: Mapping[str, str] = field(default_factory=dict)


def parts(arguments: Sequence[str], variables: Mapping[str, str], *, sqlite: bool) -> list[Part]:
    """The whole suite on the services and its data layer on SQLite; with arguments, those, once."""
    served = "PostgreSQL" if "TEST_DATABASE_URL" in variables and not sqlite else "SQLite"
    if sqlite:
        variables = {key: value for key, value in variables.items() if key == "TEST_S3_ENDPOINT_URL"}
    if arguments:
        return [Part(f"Tests on {served}", list(arguments), variables)]
    whole = Part(f"Whole suite on {served}", PARALLEL, variables)
    if served == "SQLite":
        return [whole]
    return [whole, Part("Data layer on SQLite, in memory", (*PARALLEL, "-m", "data_layer"))]


def missing(found: services.Services, environ: Mapping[str, str]) -> dict[str, str]:
    browser = {} if chromium.find_chromium(environ) else {"chromium": chromium.NOT_FOUND}
    return {**found.missing, **browser}


def is_acceptable(lacking: Mapping[str, str], environ: Mapping[str, str]) -> bool:
    """Say loudly what will not be tested; in CI nothing may be left out."""
    if not lacking:
        return True
    in_ci = bool(environ.get("CI"))
    lines = [line for name, reason in lacking.items() for line in (f"{WITHOUT[name]}", f"    {name}: {reason}")]
    loud("FAILED, because CI is set and these cannot run:" if in_ci else "NOT TESTED in this run:", lines)
    return not in_ci


def environment_of(part: Part, environ: Mapping[str, str]) -> dict[str, str]:
    kept = {key: value for key, value in environ.items() if key not in (*services.VARIABLES.values(), NO_BYTECODE)}
    return {**kept, **part.variables}


def run_part(part: Part, environment: Environment) -> int:
    with step(part.name):
        return processes.run_in_front(
            [environment.python, "-m", "pytest", *part.arguments],
            env=environment_of(part, environment.environ),
            cwd=environment.root,
        )


def run(environment: Environment, arguments: Sequence[str]) -> int:
    """0 when every part passed; otherwise the first code that is not 0."""
    sqlite = "--sqlite" in arguments
    arguments = [argument for argument in arguments if argument != "--sqlite"]
    wanted = ("s3",) if sqlite else services.ALL
    with services.running(
        wanted, packages=environment.packages, python=environment.python, environ=environment.environ
    ) as found:
        for name, source in found.sources.items():
            say(f"{name}: {source}")
        lacking = missing(found, environment.environ)
        if not is_acceptable(lacking, environment.environ):
            return 1
        codes = [run_part(part, environment) for part in parts(arguments, found.test_variables(), sqlite=sqlite)]
        if lacking:
            is_acceptable(lacking, environment.environ)  # again, below the dots
    return next((code for code in codes if code), 0)
