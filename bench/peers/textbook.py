"""What the documentation of Channels teaches: a channel per socket in a group per campaign, and `send_json` in each.

Served with Troupe's settings, so on the same Redis pub/sub layer.
"""

import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.core.asgi import get_asgi_application

http = get_asgi_application()

from channels.generic.websocket import AsyncJsonWebsocketConsumer  # noqa: E402  apps must be loaded first
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.urls import path  # noqa: E402

from bench.peers import groups  # noqa: E402


class CampaignConsumer(AsyncJsonWebsocketConsumer):
    async def connect(self) -> None:
        self.group = groups.textbook(self.scope["url_route"]["kwargs"]["campaign"])
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def campaign_event(self, event: dict[str, Any]) -> None:
        await self.send_json(event["message"])


application = ProtocolTypeRouter(
    {"http": http, "websocket": URLRouter([path("campaigns/<str:campaign>/ws", CampaignConsumer.as_asgi())])}
)
