from typing import Any

from channels.routing import URLRouter
from django.urls import path, re_path

from overlay.consumers import LiveConsumer


async def refuse(scope: Any, receive: Any, send: Any) -> None:
    """Any other WebSocket address: 403, and no traceback in the log."""
    await receive()
    await send({"type": "websocket.close"})


watch: Any = LiveConsumer.as_asgi()
anything_else: Any = refuse

live_stream = URLRouter([path("campaigns/<str:campaign>/ws", watch), re_path("", anything_else)])
