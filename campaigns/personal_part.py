"""What campaigns keep of a person (see accounts.personal)."""

from collections.abc import Iterator
from typing import Any

from accounts import personal
from accounts.models import User
from campaigns.models import Campaign, Event, Member


def places(user: User) -> dict[str, Any]:
    """Campaigns owned and joined, and every entry that the person made in their ledgers."""
    owned = Campaign.objects.filter(owner=user).order_by("created_at", "id")
    joined = Member.objects.filter(user=user).order_by("campaign__created_at", "id")
    entries = Event.objects.filter(actor=user).order_by("campaign_id", "seq")
    return {
        "owned": list(owned.values("id", "slug", "name", "created_at")),
        "member_of": list(joined.values("campaign__slug", "campaign__name", "role")),
        "entries": list(entries.values("campaign__slug", "seq", "type", "occurred_at", "data").iterator()),
    }


def obstacles(user: User) -> Iterator[str]:
    for name in Campaign.objects.filter(owner=user).order_by("name").values_list("name", flat=True):
        yield f"You own the campaign “{name}”. Delete it, or hand it over in the back office (Members and invitations)."


def stays(user: User) -> Iterator[str]:
    yield "The ledgers of campaigns keep what happened at the table, with the name that you had then."


def register() -> None:
    personal.register(personal.Part("campaigns", places, obstacles, stays))
