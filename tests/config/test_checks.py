"""Settings that cannot work together are refused before anything is served; work in the background has its own file."""

import base64
from pathlib import Path
from typing import Any

import pytest
from django.conf import UserSettingsHolder
from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured

from config import checks
from config.settings import env

POSTGRES = {"ENGINE": "django.db.backends.postgresql", "NAME": "troupe"}
SQLITE = {"ENGINE": "django.db.backends.sqlite3", "NAME": "troupe"}
KEY = base64.b64encode(bytes(32)).decode()


def ids(found: Any) -> set[str]:
    return {each.id for each in found}


@pytest.fixture
def sound(monkeypatch: pytest.MonkeyPatch) -> Any:
    """As in production, with nothing to be said against it; only the checks see these settings."""
    settings = UserSettingsHolder(django_settings._wrapped)  # type: ignore[misc]
    monkeypatch.setattr(checks, "settings", settings)
    settings.SECRET_KEY, settings.SEALING_KEYS = "long enough and nobody's sample", [f"k1:{KEY}"]
    settings.DATABASES = {"default": POSTGRES}
    settings.ALLOWED_HOSTS, settings.CORS_ALLOWED_ORIGINS = ["troupe.example"], ["https://stream.example"]
    settings.TROUPE_PROCESSES, settings.REDIS_URL, settings.TASKS = 2, "redis://somewhere", "worker"
    settings.S3_BUCKET, settings.RATE_LIMITS = "pictures", True
    return settings


EVERY = (
    *(checks.secret_key, checks.sealing_keys, checks.several_processes, checks.background_work, checks.rates),
    *(checks.rate_limits, checks.pool, checks.cors, checks.storage, checks.production),
)


def of_all() -> set[str]:
    return {found for check in EVERY for found in ids(check(None))}


def test_what_is_sound_passes(sound: Any) -> None:
    assert of_all() == set()


def options(**given: Any) -> dict[str, Any]:
    return {"default": {**POSTGRES, "OPTIONS": {"pool": given.pop("pool")}, **given}}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"SECRET_KEY": "Change-Me"}, {"troupe.E002"}),
        ({"SEALING_KEYS": ["k1"]}, {"troupe.E009"}),
        ({"SEALING_KEYS": [f"k1:{KEY}", f"k1:{KEY}"]}, {"troupe.E009"}),
        ({"SEALING_KEYS": [f"k1:{KEY[:20]}"]}, {"troupe.E009"}),
        ({"SEALING_KEYS": []}, {"troupe.W004"}),
        ({"REDIS_URL": "", "TASKS": "thread"}, {"troupe.E003"}),
        ({"REDIS_URL": "", "TASKS": "thread", "TROUPE_PROCESSES": 1}, set()),
        ({"DATABASES": {"default": SQLITE}}, {"troupe.E004", "troupe.W001"}),
        ({"DATABASES": {"default": SQLITE}, "TROUPE_PROCESSES": 1}, {"troupe.W001"}),
        ({"DATABASES": options(pool={"min_size": 2, "max_size": 8})}, set()),
        ({"DATABASES": options(pool={"min_size": 9, "max_size": 8})}, {"troupe.E006"}),
        ({"DATABASES": options(pool={"min_size": 2, "max_size": 8}, CONN_MAX_AGE=60)}, {"troupe.E005"}),
        ({"CORS_ALLOWED_ORIGINS": ["*"]}, {"troupe.E007"}),
        ({"CORS_ALLOW_ALL_ORIGINS": True}, {"troupe.E007"}),
        ({"RATES": {"upload": "often"}}, {"troupe.E010"}),
        ({"RATE_LIMITS": False}, {"troupe.E011"}),
        ({"ALLOWED_HOSTS": ["*"]}, {"troupe.W002"}),
        ({"S3_BUCKET": ""}, {"troupe.W003"}),
        ({"S3_BUCKET": "", "TROUPE_PROCESSES": 1}, set()),
    ],
)
def test_settings_that_contradict_each_other(sound: Any, changes: dict[str, Any], expected: set[str]) -> None:
    for name, value in changes.items():
        setattr(sound, name, value)
    assert of_all() == expected


def test_without_a_secret_nothing_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    class Empty:
        @property
        def SECRET_KEY(self) -> str:
            raise ImproperlyConfigured

    monkeypatch.setattr(checks, "settings", Empty())
    assert ids(checks.secret_key(None)) == {"troupe.E001"}


@pytest.mark.parametrize(("access", "secret", "is_told"), [("a", "", True), ("", "s", True), ("", "", False)])
def test_half_a_credential(sound: Any, access: str, secret: str, is_told: bool) -> None:
    given = {"OPTIONS": {"access_key": access, "secret_key": secret}}
    sound.STORAGES = {**sound.STORAGES, "default": {**sound.S3_FILES, **given}}
    assert ids(checks.storage(None)) == ({"troupe.E008"} if is_told else set())


def test_a_secret_may_lie_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "secret"
    file.write_text("kept elsewhere")
    monkeypatch.setenv("A_SECRET_OF_THIS_TEST_FILE", str(file))
    assert env.str("A_SECRET_OF_THIS_TEST") == "kept elsewhere"
