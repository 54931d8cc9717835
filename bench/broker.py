"""What loads and connects at a process's first event is not to be measured with it."""

from channels.layers import get_channel_layer

from campaigns import live

ATTEMPTS = 20


def connect() -> None:
    """Bring this process to the state of a worker that has served for a while."""
    get_channel_layer()
    for _ in range(ATTEMPTS):
        live.publisher.send("nobody", {"type": live.POKE})
        if live.publisher.flush(live.SEND_SECONDS) and live.breaker.admits():
            return
    raise RuntimeError("the broker does not answer")
