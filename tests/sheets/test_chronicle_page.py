"""How a chronicle plays, said in a form."""

from typing import Any

import pytest
from django.test import Client

from sheets import chronicle_page, queries
from sheets.chronicle import DEFAULTS
from tests.factories import Table, a_campaign
from tests.sheets.test_pages import signed_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def there(table: Table) -> str:
    return f"/campaigns/{table.campaign.slug}/chronicle"


@pytest.fixture
def storyteller(table: Table) -> Client:
    return signed_in(table.gm)


def test_every_setting_is_asked_for_in_words() -> None:
    assert DEFAULTS.keys() == {*chronicle_page.FLAGS, "bane_table", "prices"}


def test_the_form_shows_how_it_is_and_saves_how_it_shall_be(storyteller: Client, there: str, table: Table) -> None:
    page = text(storyteller.get(there))
    assert "The later printings: 0, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6" in page
    assert "The first printing, 2018: 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5" in page
    sent = {"bane_table": "2018", "xp_approval": "on", "price edge": "7", "price skill": ""}
    assert storyteller.post(there, sent).status_code == 302
    found = queries.settings_of(table.campaign.pk)
    assert (found["bane_table"], found["prices"]) == ("2018", {"edge": 7})
    assert [name for name in chronicle_page.FLAGS if found[name]] == ["xp_approval"]
    storyteller.post(there, {**sent, "price edge": " "})
    assert queries.settings_of(table.campaign.pk)["prices"] == {}


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"price edge": "a lot"}, "A whole number from 0 to 100"),
        ({"price edge": "101"}, "A whole number from 0 to 100"),
        ({"price luck": "1"}, "Look at what is marked below."),
        ({"bane_table": "1991"}, "One of: current, 2018."),
    ],
)
def test_what_is_refused_is_said_and_changes_nothing(
    storyteller: Client, there: str, table: Table, sent: dict[str, Any], words: str
) -> None:
    refused = storyteller.post(there, {"bane_table": "2018", "strict_creation": "on", **sent})
    page = text(refused)
    assert refused.status_code == 422 and words in page
    assert 'name="strict_creation" checked' in page
    assert queries.settings_of(table.campaign.pk) == DEFAULTS


def test_other_chronicles_are_not_this_one_s(storyteller: Client) -> None:
    assert storyteller.get(f"/campaigns/{a_campaign().slug}/chronicle").status_code == 404
