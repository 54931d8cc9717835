"""One ASGI application for HTTP and the live stream. `web` and `ws` processes serve the same code (see Procfile)."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup(set_prefix=False)

from channels.routing import ProtocolTypeRouter  # noqa: E402  apps must be loaded first
from django.conf import settings  # noqa: E402
from django.utils.module_loading import import_string  # noqa: E402

from characters.express import recorded_event  # noqa: E402
from contract.asgi import ApiGuard, OneThreadHandler  # noqa: E402
from contract.express import ExpressLane  # noqa: E402
from overlay.routing import live_stream  # noqa: E402
from overlay.warmup import freeze_garbage  # noqa: E402

application = ProtocolTypeRouter(
    {
        "http": ApiGuard(ExpressLane(OneThreadHandler(), recorded_event)),
        "websocket": live_stream,
    }
)
if settings.TASKS == "worker":  # half a second, which the first upload would wait
    import_string(settings.CELERY_APP)
freeze_garbage()
