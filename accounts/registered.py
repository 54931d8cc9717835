"""What this app contributes to its own registries: invitations to teams, and what it keeps of a person."""

from accounts import invitations
from accounts.models import TeamInvitation


def register() -> None:
    from accounts import own_part
    from accounts.operations import teams

    kind = invitations.Kind(TeamInvitation, teams.accept, teams.described, related=("team",))
    invitations.register(teams.TOKEN_KIND, kind)
    own_part.register()
