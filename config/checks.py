"""Settings that contradict each other, refused before the server starts.

Errors stop every command; warnings stop `check --deploy --fail-level WARNING`.
"""

import base64
from collections.abc import Sequence
from typing import Any

import limits
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured

from accounts import sealed
from content import background

LEAST_TASK_SECONDS = 30
SAMPLE_SECRETS = {"change-me", "changeme", "secret", "insecure"}


def _uses_sqlite() -> bool:
    return bool(settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"))


@register(Tags.security)
def secret_key(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    try:
        secret = settings.SECRET_KEY
    except ImproperlyConfigured:  # Django's way of saying that it is empty
        hint = "Make one: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
        return [Error("SECRET_KEY is empty.", hint=hint, id="troupe.E001")]
    if secret.lower() in SAMPLE_SECRETS:
        return [Error("SECRET_KEY is the sample from the documentation.", id="troupe.E002")]
    return []


@register(Tags.security)
def sealing_keys(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    ids = [entry.partition(":")[0] for entry in settings.SEALING_KEYS]
    if all(_is_sealing_key(entry) for entry in settings.SEALING_KEYS) and len(set(ids)) == len(ids):
        return []
    hint = "Its .env.example line shows a command that makes one."
    return [Error("SEALING_KEYS are not `id:base64 of 32 bytes`, each id once.", hint=hint, id="troupe.E009")]


def _is_sealing_key(entry: str) -> bool:
    key_id, _, encoded = entry.partition(":")
    try:
        return key_id.isalnum() and len(base64.b64decode(encoded, validate=True)) == sealed.KEY_BYTES
    except ValueError:
        return False


@register(Tags.compatibility)
def several_processes(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    found: list[CheckMessage] = []
    if settings.TROUPE_PROCESSES > 1 and not settings.REDIS_URL:
        hint = "Set REDIS_URL, or TROUPE_PROCESSES=1: without Redis an event reaches only the viewers of one process."
        found.append(Error("Several processes without Redis.", hint=hint, id="troupe.E003"))
    if settings.TROUPE_PROCESSES > 1 and _uses_sqlite():
        hint = "Set DATABASE_URL to a PostgreSQL database."
        found.append(Error("Several processes on SQLite.", hint=hint, id="troupe.E004"))
    return found


@register(Tags.compatibility)
def background_work(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    found: list[CheckMessage] = []
    if settings.TASKS not in background.MODES:
        found.append(Error(f"TASKS is none of {', '.join(background.MODES)}.", id="troupe.E012"))
    if settings.TASKS == background.WORKER and not settings.REDIS_URL:
        hint = "Set REDIS_URL, or TASKS=thread: tasks reach a worker by Redis."
        found.append(Error("A worker without Redis.", hint=hint, id="troupe.E013"))
    if settings.TASK_SECONDS < LEAST_TASK_SECONDS or settings.TASK_WORKERS < 1 or settings.TASK_MEMORY < 100_000:
        hint = f"At least TASK_SECONDS={LEAST_TASK_SECONDS}, TASK_WORKERS=1, TASK_MEMORY=100000 (KB)."
        found.append(Error("No task could be done within these limits.", hint=hint, id="troupe.E014"))
    return found


@register(Tags.security)
def rates(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    wrong = [f"RATE_{name.upper()}" for name, rate in settings.RATES.items() if not _is_rate(rate)]
    hint = "Write a number and a unit of time: 600/minute"
    return [Error(f"{name} is no rate.", hint=hint, id="troupe.E010") for name in wrong]


def _is_rate(text: str) -> bool:
    try:
        return limits.parse(text).amount > 0
    except ValueError:
        return False


@register(Tags.security, deploy=True)
def rate_limits(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    if settings.RATE_LIMITS or settings.DEBUG:
        return []
    hint = "RATE_LIMITS=off is for tests and measurements: without limits anybody may guess passwords."
    return [Error("Nothing limits how often somebody may ask.", hint=hint, id="troupe.E011")]


@register(Tags.database)
def pool(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    database = settings.DATABASES["default"]
    pool_options = database.get("OPTIONS", {}).get("pool")
    if pool_options and database.get("CONN_MAX_AGE"):
        hint = "Leave CONN_MAX_AGE out of DATABASE_URL: under ASGI it leaks a connection for each request thread."
        return [Error("Connection pool together with CONN_MAX_AGE.", hint=hint, id="troupe.E005")]
    if isinstance(pool_options, dict) and pool_options["min_size"] > pool_options["max_size"]:
        return [Error("DATABASE_POOL_MIN is larger than DATABASE_POOL_MAX.", id="troupe.E006")]
    return []


@register(Tags.security)
def cors(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    if "*" in settings.CORS_ALLOWED_ORIGINS or getattr(settings, "CORS_ALLOW_ALL_ORIGINS", False):
        hint = "List the origins: CORS_ALLOWED_ORIGINS=https://one.example,https://two.example"
        return [Error("CORS for every origin.", hint=hint, id="troupe.E007")]
    return []


@register(Tags.security)
def storage(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    options = settings.STORAGES["default"].get("OPTIONS", {})
    if settings.S3_BUCKET and bool(options.get("access_key")) != bool(options.get("secret_key")):
        hint = "Set both S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY, or neither (machine role)."
        return [Error("Half of an S3 credential.", hint=hint, id="troupe.E008")]
    return []


@register(Tags.security, deploy=True)
def production(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    found: list[CheckMessage] = []
    if _uses_sqlite():
        hint = "SQLite serves one machine and one process. Set DATABASE_URL to PostgreSQL."
        found.append(Warning("SQLite in production.", hint=hint, id="troupe.W001"))
    if not settings.SEALING_KEYS:
        hint = "Set SEALING_KEYS, so that SECRET_KEY can be changed without losing e-mail addresses."
        found.append(Warning("No key of its own seals what is personal.", hint=hint, id="troupe.W004"))
    if "*" in settings.ALLOWED_HOSTS:
        hint = "List the host names: ALLOWED_HOSTS=troupe.example"
        found.append(Warning("ALLOWED_HOSTS admits every host.", hint=hint, id="troupe.W002"))
    if settings.TASKS == background.AT_ONCE:
        hint = "Set TASKS=thread, or worker: at_once is for tests."
        found.append(
            Warning("Whoever uploads a file waits until everything is made of it.", hint=hint, id="troupe.W005")
        )
    if settings.TROUPE_PROCESSES > 1 and not settings.S3_BUCKET:
        hint = "Set S3_BUCKET, or share MEDIA_ROOT between the machines."
        found.append(Warning("Several processes with files on a local disk.", hint=hint, id="troupe.W003"))
    return found
