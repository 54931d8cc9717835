"""Somebody deletes their account: their own library goes, what they brought to campaigns stays."""

from typing import Any

import pytest
from django.test import Client

from accounts import personal
from accounts.actors import SYSTEM
from accounts.operations import departure
from content.models import Asset, StoredFile
from tests.content.stored import an_asset, fetched, keys, replaced, wait_for_storage
from tests.factories import Table, a_team

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_disk")]


@pytest.fixture
def own(table: Table) -> Asset:
    return replaced(an_asset(table.player, title="A map of my own"))


@pytest.fixture
def brought(table: Table) -> Asset:
    return an_asset(table.player, space=table.campaign.pk, title="A map of the lake", credit="Noor")


def test_what_goes_and_what_stays(
    table: Table, own: Asset, brought: Asset, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        departure.leave(table.player, actor=SYSTEM)
    wait_for_storage()
    left = Asset.objects.get()
    assert (left.pk, left.owner, left.title, left.credit) == (brought.pk, None, "A map of the lake", "Noor")
    assert keys() == set(StoredFile.objects.values_list("key", flat=True))
    assert all(key.startswith(f"library/{brought.pk}") for key in keys())


def test_it_is_told_before(table: Table, own: Asset, brought: Asset) -> None:
    Asset.objects.filter(pk=own.pk).update(team=a_team(table.gm, editor=table.player))
    assert personal.goes(table.player) == ["Your library: 1 file, 1 file of them shared with teams, with all versions."]
    assert any("libraries of campaigns (1 file)" in sentence for sentence in personal.stays(table.player))
    client = Client()
    client.force_login(table.player)
    page = client.get("/accounts/data/delete").content.decode()
    assert "Your library: 1 file" in page and "libraries of campaigns (1 file)" in page
    assert personal.goes(table.viewer) == []


def test_the_download_names_them_with_their_addresses(table: Table, own: Asset, brought: Asset) -> None:
    found = personal.everything(table.player)["library"]
    assert [each["title"] for each in found["own"]] == ["A map of my own"]
    assert [each["title"] for each in found["brought_to_campaigns"]] == ["A map of the lake"]
    versions = found["own"][0]["versions"]
    assert [version["number"] for version in versions] == [2, 1]
    assert all(fetched(version["picture"]["original_url"]) for version in versions)
    client = Client()
    client.force_login(table.player)
    assert client.get("/accounts/data/download").json()["library"]["own"][0]["id"] == str(own.pk)


def test_it_costs_the_same_for_one_and_for_many(
    table: Table, own: Asset, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    part = personal._parts["library"]
    with django_assert_max_num_queries(10) as first:
        part.collect(table.player)
    for _ in range(3):
        an_asset(table.player)
    with django_assert_num_queries(len(first)):
        part.collect(table.player)


def test_where_it_fails_the_files_stay(table: Table, own: Asset, monkeypatch: Any) -> None:
    """The account stays where something fails, and its files with it."""
    monkeypatch.setattr("accounts.models.User.delete", lambda self: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        departure.leave(table.player, actor=SYSTEM)
    wait_for_storage()
    assert (Asset.objects.count(), len(keys())) == (1, 6)
