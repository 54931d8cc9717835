"""What this app contributes to the ledger: renderers and undo handlers of its own event types."""

from campaigns import events, messages, undoing


def register() -> None:
    from campaigns.operations import campaigns, episodes, table, undo

    messages.register_own()
    messages.register(events.ROLL, table.roll_message)
    messages.register(events.CUSTOM, table.custom_message)
    undoing.register(events.UNDO, undo.redo)
    undoing.register(events.CAMPAIGN_UPDATED, campaigns.take_back)
    undoing.register(events.EPISODE_STARTED, episodes.take_back)
    undoing.register(events.EPISODE_ENDED, episodes.take_back)
    undoing.register(events.ROLL, table.take_back)
    undoing.register(events.CUSTOM, table.take_back)
