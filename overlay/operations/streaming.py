"""OBS has gone live: where the campaign wants it so, its next planned episode begins."""

from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from accounts.actors import Actor
from campaigns.documents import settings_of
from campaigns.models import CampaignToken, Episode, TokenKind
from campaigns.operations import episodes
from contract.refusals import Conflict


def stream_started(campaign_id: UUID, token_id: UUID) -> Episode | None:
    """Begin the planned episode with the lowest number; None where nothing is to begin.

    Only an overlay with the campaign's overlay token is believed: anybody may open the one of a public campaign.
    """
    unexpired = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    known = CampaignToken.objects.filter(unexpired, pk=token_id, campaign=campaign_id, revoked_at=None)
    token = known.filter(kind=TokenKind.OVERLAY).select_related("campaign").first()
    if token is None or not settings_of(token.campaign)["episode_with_stream"]:
        return None
    planned = token.campaign.episodes.filter(started_at=None).order_by("number").first()
    if planned is None:
        return None
    try:
        return episodes.start(planned, actor=Actor(token=token, via="socket"))
    except Conflict:  # one is running: begun by hand, or by another source of the same scene
        return None
