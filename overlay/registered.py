"""What this app contributes to the ledger: how a layout is told and taken back."""

from campaigns import events, messages, undoing
from characters import existence


def register() -> None:
    from overlay.operations import layouts

    messages.register(events.LAYOUT_UPDATED, layouts.layout_message)
    undoing.register(events.LAYOUT_UPDATED, layouts.take_back)
    existence.register(layouts.tell_again)
