"""What this app contributes to its own registries: invitations to teams."""

from accounts import invitations
from accounts.models import TeamInvitation


def register() -> None:
    from accounts.operations import teams

    kind = invitations.Kind(TeamInvitation, teams.accept, teams.described, related=("team",))
    invitations.register(teams.TOKEN_KIND, kind)
