"""Questions about layouts."""

from campaigns.messages import GM
from campaigns.models import Campaign
from characters.queries import hidden_among
from overlay import layouts
from overlay.models import Layout


def layouts_seen(campaign: Campaign, audience: str) -> dict[str, Layout]:
    """The saved ones by tier as the audience may see them, in two queries at most. Not to be saved again."""
    stored = {layout.tier: layout for layout in Layout.objects.filter(campaign=campaign)}
    if audience != GM:
        placed = {id_ for layout in stored.values() for id_ in layouts.ids(layout.document)}
        hidden = hidden_among(campaign.pk, placed)
        for layout in stored.values():
            layout.document = layouts.without(layout.document, hidden)
    return stored
