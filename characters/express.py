"""What happens to a character, sent with the campaign's control token, without the way through Django's views.

`contract.express` says when; `characters.api.Events.post` does the same, and refuses whatever is refused.
"""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from rest_framework.renderers import JSONRenderer

from accounts import limits
from campaigns import events
from campaigns.authentication import SeenTokens
from campaigns.messages import GM
from campaigns.models import TokenKind
from characters import ingest
from contract.express import Request
from contract.json import loads
from contract.parsers import refuse_other_media
from contract.refusals import NotAllowed

_PATH = re.compile(r"/api/v1/campaigns/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/events")
_RENDERER = JSONRenderer()
_TOKENS = SeenTokens()


class RecordedEvent:
    """One POST …/events."""

    def __init__(self, campaign_id: UUID, token: str, media_type: str) -> None:
        self._campaign_id = campaign_id
        self._token = token
        self._media_type = media_type
        self.is_counted = False

    def answer(self, body: bytes, request_id: str) -> bytes:
        refuse_other_media(self._media_type)
        sent = ingest.read(loads(body))
        actor = _TOKENS.actor(self._token, request_id)
        token: Any = actor.token
        # Here nobody has to be told apart from the GM.
        if token.kind != TokenKind.CONTROL or token.campaign_id != self._campaign_id or not _is_vital(sent):
            raise NotAllowed
        limits.hit(limits.WRITE, limits.holder_of(token))
        self.is_counted = True
        event = ingest.record(self._campaign_id, sent, actor=actor)
        answer: bytes = _RENDERER.render(ingest.answer(event, GM))
        return answer


def recorded_event(scope: Mapping[str, Any], headers: dict[bytes, bytes]) -> Request | None:
    """An ASGI request, if it is of this kind."""
    named = _PATH.fullmatch(scope["path"])
    if named is None or b"x-token" not in headers or b"content-type" not in headers:
        return None
    token, media_type = (headers[name].decode("latin-1") for name in (b"x-token", b"content-type"))
    return RecordedEvent(UUID(named[1]), token, media_type)


def _is_vital(sent: ingest.Sent) -> bool:
    return sent["type"] in events.VITALS and "character_id" in sent
