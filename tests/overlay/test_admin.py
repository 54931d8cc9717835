"""Layouts in the back office: looked at, put back, never typed."""

import pytest
from django.test import Client

from accounts.models import User
from campaigns import events
from campaigns.models import Campaign
from overlay import layouts as documents
from overlay.models import Layout
from overlay.operations import layouts
from tests.back_office import act, press, signed_in, told, url
from tests.factories import a_campaign, a_character, a_user, acting

pytestmark = pytest.mark.django_db


@pytest.fixture
def gm() -> User:
    return a_user(is_staff=True)


@pytest.fixture
def campaign(gm: User) -> Campaign:
    return a_campaign(owner=gm)


@pytest.fixture
def layout(campaign: Campaign) -> Layout:
    hero = a_character(campaign)
    patch = {"badges": {str(hero.pk): {"x": 0.25, "y": 0.5}}, "card": {"ac": False}}
    return layouts.save(campaign.pk, "large", patch, actor=acting(campaign.owner))


@pytest.fixture
def client(gm: User) -> Client:
    return signed_in(gm)


def test_the_document_is_shown(client: Client, layout: Layout) -> None:
    page = client.get(url(layout, "change")).content.decode()

    assert "&quot;x&quot;: 0.25" in page
    assert 'name="document"' not in page


@pytest.mark.parametrize("by_button", [True, False])
def test_reset_puts_it_back_and_can_be_undone(
    by_button: bool, client: Client, campaign: Campaign, layout: Layout
) -> None:
    page = press(client, layout, "reset") if by_button else act(client, Layout, "reset", [layout])

    assert "Reset to default" in told(page)
    assert Layout.objects.get().document == documents.blank()
    event = campaign.events.latest("seq")
    assert event.type == events.LAYOUT_UPDATED

    press(client, event, "undo")
    assert Layout.objects.get().document == layout.document


def test_a_layout_changed_meanwhile_is_not_reset(
    client: Client, campaign: Campaign, layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = layouts.save

    def late(*args: object, **kwargs: object) -> Layout:
        save(campaign.pk, "large", {"card": {"hp": False}}, actor=acting(campaign.owner))
        return save(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(layouts, "save", late)

    assert "changed by somebody else" in told(press(client, layout, "reset"))
    assert Layout.objects.get().document["card"]["ac"] is False


def test_layouts_are_not_added_edited_or_deleted(client: Client, layout: Layout) -> None:
    assert client.get(url(Layout, "add")).status_code == 403
    assert client.post(url(layout, "change"), {"document": "{}"}).status_code == 403
    assert client.post(url(layout, "delete"), {"post": "yes"}).status_code == 403
    assert Layout.objects.get().version == 1
