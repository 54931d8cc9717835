"""An upload with an Idempotency-Key: one effect, one answer, and no connection held while it is stored."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from accounts.idempotency import Once
from content import storage
from content.models import Asset, StoredFile, Version
from tests.actors import api_as
from tests.api_client import Api
from tests.content.pictures import a_picture
from tests.content.stored import an_asset, keys, wait_for_storage
from tests.factories import Table, a_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_disk")]


def post(api: Api, path: str, raw: bytes, key: str = "one") -> Any:
    headers = api._all({"Idempotency-Key": key})
    return api.client.post(api._address(path), {"file": SimpleUploadedFile("x.png", raw)}, headers=headers)


def nothing_is_left_over() -> bool:
    wait_for_storage()
    return keys() == set(StoredFile.objects.values_list("key", flat=True))


@pytest.fixture
def paths(table: Table) -> dict[str, Api]:
    gm = api_as(table, "gm")
    asset = an_asset(table.gm)
    here = f"/campaigns/{table.campaign.slug}"
    hero = f"{here}/characters/{table.hero.pk}"
    return dict.fromkeys(("/content", f"{here}/library", f"/content/{asset.pk}/versions", f"{hero}/portrait"), gm)


def test_twice_is_once_on_every_way(paths: dict[str, Api]) -> None:
    for number, (path, api) in enumerate(paths.items()):
        raw, before = a_picture(), Version.objects.count()
        first, second = (post(api, path, raw, f"key-{number}") for _ in range(2))
        assert (first.status_code, second.status_code, first.json()) == (201, 201, second.json())
        assert Version.objects.count() == before + 1
        assert post(api, path, a_picture(width=90), f"key-{number}").status_code == 422
    assert nothing_is_left_over()


def test_what_was_answered_meanwhile_is_answered_again_and_taken_back(monkeypatch: Any) -> None:
    """Two at once: both are painted and stored, one of them is accepted."""
    api, raw = Api(user=a_user()), a_picture()
    first = post(api, "/content", raw)
    with monkeypatch.context() as patch:
        patch.setattr(Once, "known", lambda self: None)
        second = post(api, "/content", raw)
    assert second.json() == first.json()
    assert (Asset.objects.count(), Version.objects.count(), nothing_is_left_over()) == (1, 1, True)


def test_what_is_refused_takes_its_claim_back() -> None:
    api = Api(user=a_user())
    assert post(api, "/content", b"PK\x03\x04\0").status_code == 422
    assert post(api, "/content", a_picture()).status_code == 201


@pytest.mark.django_db(transaction=True)
def test_while_it_is_stored_no_connection_is_held(table: Table, monkeypatch: Any) -> None:
    put, held = storage.put, []

    def watched(*arguments: Any, **options: Any) -> None:
        put(*arguments, **options)
        held.append(connection.in_atomic_block)

    monkeypatch.setattr(storage, "put", watched)
    gm = api_as(table, "gm")
    for path in ("/content", f"/campaigns/{table.campaign.slug}/characters/{table.hero.pk}/portrait"):
        assert post(gm, path, a_picture(), path).status_code == 201
    assert len(held) >= 2 and not any(held)
