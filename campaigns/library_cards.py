"""Files of a library as its pages show them: what each is in a few words, and what draws it."""

from typing import Any

from django.template.defaultfilters import filesizeformat
from django.urls import reverse

from accounts.models import User
from campaigns.models import Campaign
from content import waveform
from content.models import Asset, Kind
from content.serializers import asset_document

# In the order of the tabs.
KINDS = {Kind.IMAGE: "Pictures", Kind.AUDIO: "Sound", Kind.VIDEO: "Video", Kind.DOCUMENT: "Documents"}
NAMES = {Kind.IMAGE: "Picture", Kind.AUDIO: "Sound", Kind.VIDEO: "Video", Kind.DOCUMENT: "Document"}
FORMATS = {"pdf": "PDF", "text": "Text", "markdown": "Markdown"}
# What `alt_text` is asked for by.
QUESTIONS = {
    Kind.IMAGE: "What it shows, for those who cannot see it",
    Kind.AUDIO: "What one hears, for those who cannot hear it",
    Kind.VIDEO: "What happens in it, for those who cannot see or hear it",
    Kind.DOCUMENT: "What it is about",
}
CARD_COLUMNS, WIDE_COLUMNS = 80, 240  # of a waveform


def card(asset: Asset, campaign: Campaign, reader: User, columns: int = CARD_COLUMNS) -> dict[str, Any]:
    document = asset_document(asset)
    kind, recording = Kind(asset.kind), document["recording"]
    return {
        **document,
        "name": asset.title or f"{NAMES[kind]} without a title",
        "kind_name": NAMES[kind],
        "facts": " · ".join(facts(document)),
        "address": reverse("campaigns:file", args=[campaign.slug, asset.pk]),
        "wave": waveform.outline(recording["peaks"], columns) if recording else "",
        "columns": columns,
        "height": waveform.HEIGHT,
        "by": "you" if asset.owner_id == reader.pk else str(asset.owner or "somebody who left"),
        "api": f"/api/v1/content/{asset.pk}",
        "making": document["job"] if document["job"] and document["job"]["state"] != "done" else None,
    }


def facts(document: dict[str, Any]) -> list[str]:
    """What it is, and how much of it."""
    picture, recording, written = document["picture"], document["recording"], document["document"]
    if picture:
        return [NAMES[Kind.IMAGE], f"{picture['width']} × {picture['height']}"]
    if recording:
        size = [f"{recording['width']} × {recording['height']}"] if recording["width"] else []
        return [NAMES[Kind(document["kind"])], length(recording["seconds"]), *size]
    pages, words = written["pages"], written["words"]
    counted = _counted(pages, "page") if pages is not None else _counted(words, "word")
    return [FORMATS[written["format"]], counted, filesizeformat(written["size"])]


def _counted(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def length(seconds: float) -> str:
    """95 → 1:35"""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
