"""The page on which a GM reads who did what to a campaign, and takes it along as CSV."""

import csv
import io
import json
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib.admin import AdminSite
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from campaigns import queries
from campaigns.models import Campaign
from campaigns.trail import Line, Trail, actions

LINES_ON_A_PAGE = 50
MOST_EXPORTED = 10_000
COLUMNS = ("time (UTC)", "who", "credential", "request", "action", "what", "before", "after")
# Spreadsheets take a cell that begins so for a formula, and would run what a stranger chose as a name.
_ACTIVE = ("=", "+", "-", "@", "\t", "\r")


class AuditFilter(forms.Form):
    who = forms.CharField(required=False, max_length=80, label="Who")
    action = forms.ChoiceField(required=False, choices=lambda: [("", "Every change"), *actions()], label="What")
    since = forms.DateField(required=False, label="From", widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(required=False, label="To", widget=forms.DateInput(attrs={"type": "date"}))

    def narrowed(self, campaign: Campaign) -> Trail:
        """What the filter lets through; a value that is none narrows nothing, and its field says so."""
        self.is_valid()
        data = self.cleaned_data
        until = data.get("until")
        return queries.audit(
            campaign,
            who=data.get("who", ""),
            action=data.get("action", ""),
            since=_midnight(data.get("since")),
            until=_midnight(until + timedelta(days=1) if until and until < date.max else None),
        )


def page(request: HttpRequest, campaign: Campaign, site: AdminSite) -> HttpResponse:
    form = AuditFilter(request.GET)
    found: Any = form.narrowed(campaign)
    shown: Any = Paginator(found, LINES_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        **site.each_context(request),
        "title": "Audit",
        "campaign": campaign,
        "opts": Campaign._meta,
        "form": form,
        "page": shown,
        "lines": [(line, cell(line.before), cell(line.after)) for line in shown.object_list],
        "query": _without_page(request),
    }
    request.current_app = site.name
    return TemplateResponse(request, "admin/campaigns/campaign/audit.html", context)


def export(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """The newest lines that the filter lets through, as CSV."""
    lines = AuditFilter(request.GET).narrowed(campaign).newest(MOST_EXPORTED)
    return as_csv(f"audit-{campaign.slug}.csv", COLUMNS, (_cells(line) for line in lines))


def as_csv(name: str, columns: Iterable[str], rows: Iterable[list[str]]) -> HttpResponse:
    """A file with inert cells."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([inert(each) for each in row])
    answer = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer


def inert(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_ACTIVE) else text


def _cells(line: Line) -> list[str]:
    named = [moment(line.at), line.who, line.credential, line.request_id, line.action, line.what]
    return [*named, cell(line.before), cell(line.after)]


def moment(at: datetime) -> str:
    return at.astimezone(tz=timezone.get_fixed_timezone(0)).isoformat(timespec="milliseconds")


def cell(document: Any) -> str:
    return "" if document is None else json.dumps(document, ensure_ascii=False, sort_keys=True)


def _midnight(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None


def _without_page(request: HttpRequest) -> str:
    kept = request.GET.copy()
    kept.pop("page", None)
    return kept.urlencode()
