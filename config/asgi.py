"""One ASGI application for HTTP and the live stream. `web` and `ws` processes serve the same code (see Procfile)."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup(set_prefix=False)

from channels.routing import ProtocolTypeRouter  # noqa: E402  apps must be loaded first

from contract.asgi import ApiGuard, OneThreadHandler  # noqa: E402
from overlay.routing import live_stream  # noqa: E402
from overlay.warmup import freeze_garbage  # noqa: E402

application = ProtocolTypeRouter(
    {
        "http": ApiGuard(OneThreadHandler()),
        "websocket": live_stream,
    }
)
freeze_garbage()
