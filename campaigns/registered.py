"""What this app contributes: to the ledger the renderers and undo handlers of its event types, to accounts its
invitations and an ear for roles in teams.
"""

from accounts.invitations import Kind
from accounts.invitations import register as register_invitations
from campaigns import events, messages, undoing


def register() -> None:
    from accounts.operations import teams
    from campaigns.models import CampaignInvitation
    from campaigns.operations import campaigns, episodes, invitations, table, undo

    kind = Kind(CampaignInvitation, invitations.accept, invitations.described, related=("campaign",))
    register_invitations(invitations.TOKEN_KIND, kind)
    if campaigns.hear_of_role not in teams.told_of_roles:
        teams.told_of_roles.append(campaigns.hear_of_role)
    messages.register_own()
    messages.register(events.ROLL, table.roll_message)
    messages.register(events.CUSTOM, table.custom_message)
    undoing.register(events.UNDO, undo.redo)
    undoing.register(events.CAMPAIGN_UPDATED, campaigns.take_back)
    undoing.register(events.EPISODE_STARTED, episodes.take_back)
    undoing.register(events.EPISODE_ENDED, episodes.take_back)
    undoing.register(events.ROLL, table.take_back)
    undoing.register(events.CUSTOM, table.take_back)
