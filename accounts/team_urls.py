"""Pages of teams below /accounts/, in the namespace `accounts`."""

from django.urls import path

from accounts.views import invitations, teams

urlpatterns = [
    path("teams", teams.own_teams, name="teams"),
    path("teams/<uuid:team_id>", teams.team, name="team"),
    path("teams/<uuid:team_id>/rename", teams.rename, name="team_rename"),
    path("teams/<uuid:team_id>/invite", teams.invite, name="team_invite"),
    path("teams/<uuid:team_id>/invitations/<uuid:invitation_id>/revoke", teams.revoke, name="team_revoke"),
    path("teams/<uuid:team_id>/members/<uuid:user_id>/role", teams.change_role, name="team_role"),
    path("teams/<uuid:team_id>/members/<uuid:user_id>/remove", teams.remove, name="team_remove"),
    path("teams/<uuid:team_id>/members/<uuid:user_id>/hand-over", teams.hand_over, name="team_hand_over"),
    path("teams/<uuid:team_id>/leave", teams.leave, name="team_leave"),
    path("teams/<uuid:team_id>/delete", teams.delete, name="team_delete"),
    path("invitations/<uuid:invitation_id>/accept", invitations.accept, name="accept_invitation"),
]
