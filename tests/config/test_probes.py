from typing import Any

import pytest
from django.db import connection
from django.test import Client


@pytest.mark.parametrize("host", ["10.0.3.7", "testserver"])
def test_healthz_answers_by_any_name_and_touches_nothing(client: Client, settings: Any, host: str) -> None:
    settings.SECURE_SSL_REDIRECT = True
    answer = client.get("/healthz", headers={"host": host})
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "X-Request-ID" in answer


@pytest.mark.django_db
def test_readyz_answers_when_the_database_is_migrated(client: Client) -> None:
    answer = client.get("/readyz", headers={"host": "10.0.3.7"})
    assert answer.status_code == 200
    assert answer.json()["status"] in {"ok", "degraded"}


@pytest.mark.django_db
def test_readyz_is_503_while_migrations_are_pending(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.views.MigrationExecutor.migration_plan", lambda *args: ["0099_something"])
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "migrations pending"})


@pytest.mark.django_db
def test_readyz_is_503_while_the_database_is_down(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*args: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr("config.views.MigrationExecutor", down)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "database down"})
    assert connection.vendor not in answer.content.decode()
