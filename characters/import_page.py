"""The page on which a game master brings characters in from files, and on the stage with them."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import limits
from accounts.actors import Actor
from campaigns.authentication import actor_of
from campaigns.managed import managed_campaign
from campaigns.models import Campaign
from characters.importers.imported import Finding
from characters.operations import imports, roster
from characters.operations.imports import Result
from characters.uploads import FILES, MOST_BYTES, Upload
from contract.refusals import Refusal

# What a GM calls that which a finding is about; the first that begins its dotted name.
LABELS = {
    "stats.ac": "Armour class",
    "stats.hp": "Hit points",
    "stats.abilities": "Abilities",
    "stats.conditions": "Conditions",
    "classes": "Classes",
    "external_id": "Which character it is",
}
NONE_CHOSEN = "Choose a file first; several at once are fine."
TOO_MUCH = f"All files together are larger than {MOST_BYTES >> 20} MB. Send fewer at once."


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def bring_in(request: HttpRequest, slug: str) -> HttpResponse:
    actor = actor_of(request)
    campaign = managed_campaign(slug, actor)
    context: dict[str, Any] = {"section": "campaigns", "campaign": campaign, "labels": LABELS, "status": 200}
    if request.method == "POST":
        context |= _brought(request, campaign, actor)
    context["is_empty"] = not campaign.characters.exists()
    return render(request, "characters/bring_in.html", context, status=context["status"])


def _brought(request: HttpRequest, campaign: Campaign, actor: Actor) -> dict[str, Any]:
    files = request.FILES.getlist(FILES)
    fault = NONE_CHOSEN if not files else TOO_MUCH if sum(file.size or 0 for file in files) > MOST_BYTES else ""
    if fault:
        return {"error": fault, "status": 422}
    try:
        limits.hit(limits.UPLOAD, f"user:{request.user.pk}")
        results = list(imports.bring_in(campaign, Upload(files, True, True).readings(), actor=actor, commit=True))
        if "stage" in request.POST:
            _take_the_stage(campaign, results, actor)
    except Refusal as refusal:
        return {"error": refusal.message, "status": refusal.status_code}
    taken = [result for result in results if result.character_id]
    refused = [result for result in results if not result.character_id]
    return {"taken": [shown(one) for one in taken], "refused": [shown(one) for one in refused]}


def _take_the_stage(campaign: Campaign, results: list[Result], actor: Actor) -> None:
    for result in results:
        if result.character_id:
            roster.place(campaign.pk, result.character_id, actor=actor)


def shown(result: Result) -> dict[str, Any]:
    imported = result.imported
    role = [imported.species, imported.class_name, str(imported.level or "")] if imported else []
    points = (result.stats or {}).get("hp") or {}
    return {
        "id": result.character_id,
        "file": result.file,
        "name": result.name or result.file,
        "role": " ".join(part for part in role if part),
        "hp": f"{points['current']} / {points['max']}" if points.get("max") else "",
        "findings": [_words(finding) for finding in result.warnings],
    }


def _words(finding: Finding) -> str:
    label = next((label for name, label in LABELS.items() if finding.field.startswith(name)), "")
    return f"{label}: {finding.message}" if label else finding.message
