"""The public page of the cast. What viewers see, whoever looks. A character's own page is live, so overlay has it."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode

from campaigns.messages import VIEWER
from campaigns.models import Campaign
from campaigns.pages import campaign_page, text_of
from characters import cast, queries
from characters.models import Status
from characters.plates import STATUSES, plate
from characters.projection import character_document

ON_A_PAGE = 48


@campaign_page
def character_list(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    search, status = text_of(request, "search"), text_of(request, "status")
    status = status if status in Status.values else ""
    found = cast.of(queries.characters(campaign, VIEWER, status=status, search=search))
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    documents = (character_document(character, VIEWER) for character in page.object_list)
    context = {
        "section": "campaigns",
        "campaign": campaign,
        "plates": [plate(document) for document in documents if document is not None],
        "page": page,
        "search": search,
        "status": status,
        "tabs": _tabs(campaign, search, status),
        "query": _query(search, status),
    }
    return render(request, "characters/character_list.html", context)


def _tabs(campaign: Campaign, search: str, status: str) -> list[dict[str, Any]]:
    found = cast.of(queries.characters(campaign, VIEWER, search=search)).order_by()
    counts = dict(found.values_list("status").annotate(Count("pk")))
    tabs = [("", "Everyone", sum(counts.values()))]
    tabs += [(value, label, counts.get(value, 0)) for value, label in STATUSES.items()]
    return [
        {"label": label, "count": count, "current": value == status, "query": _query(search, value)}
        for value, label, count in tabs
        if count or value in {"", status}
    ]


def _query(search: str, status: str) -> str:
    return urlencode({key: value for key, value in (("status", status), ("search", search)) if value})
