from campaigns.models import Campaign
from overlay.models import Layout


def layouts_by_tier(campaign: Campaign) -> dict[str, Layout]:
    """The saved ones, in one query."""
    return {layout.tier: layout for layout in Layout.objects.filter(campaign=campaign)}
