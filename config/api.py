"""The REST API: every app's endpoints under /api/v1, its schema and its documentation page."""

from typing import Any, ClassVar

from django.urls import path
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView
from rest_framework.response import Response

from accounts import api_auth, api_keys, api_self, api_teams
from campaigns import api as campaigns
from campaigns import api_invitations, api_library
from characters import api as characters
from characters import api_lines, api_pictures, api_relationships
from content import api as content
from contract.routes import gathered
from overlay import api as overlay
from sheets import api as sheets
from sheets import api_groups, api_pdf, api_portraits, api_rolls, api_table

ONE = "campaigns/<str:campaign_id>"
TEAM = "teams/<str:team_id>"
ASSET = "content/<str:asset_id>"
SHEET = "sheets/<str:sheet_id>"
IN_LINE = "sheets/<str:line>/<str:sheet_id>"


class Schema(SpectacularJSONAPIView):
    """OpenAPI 3.1 of everything below; made once per process."""

    _made: ClassVar[Any] = None

    def _get_schema_response(self, request: Any) -> Any:
        if Schema._made is None:
            Schema._made = super()._get_schema_response(request).data
        return Response(Schema._made)


class Docs(SpectacularSwaggerSplitView):
    template_name = "api/docs.html"
    url_name = "schema"


ROUTES: list[Any] = [
    path("schema", Schema.as_view(), name="schema"),
    path("docs", Docs.as_view(), name="docs"),
    path("auth/token", api_auth.Token.as_view()),
    path("auth/token/refresh", api_auth.TokenRefresh.as_view()),
    path("auth/token/revoke", api_auth.TokenRevocation.as_view()),
    path("keys", api_keys.Keys.as_view()),
    path("keys/<str:key_id>", api_keys.Key.as_view()),
    path("keys/<str:key_id>/rotate", api_keys.KeyRotation.as_view()),
    path("users/me", api_self.Me.as_view()),
    path("preferences", api_self.OwnPreferences.as_view(), name="preferences"),
    path("users", api_teams.People.as_view()),
    path("teams", api_teams.Teams.as_view()),
    path(TEAM, api_teams.Team.as_view()),
    path(f"{TEAM}/members", api_teams.TeamMembers.as_view()),
    path(f"{TEAM}/members/<str:user_id>", api_teams.TeamMember.as_view()),
    path(f"{TEAM}/invitations", api_teams.TeamInvitations.as_view()),
    path(f"{TEAM}/invitations/<str:invitation_id>", api_teams.OneTeamInvitation.as_view()),
    path("invitations/accept", api_teams.InvitationAcceptance.as_view()),
    path("content", content.Contents.as_view()),
    path("content/usage", content.Usage.as_view()),
    path(ASSET, content.OneContent.as_view()),
    path(f"{ASSET}/versions", content.ContentVersions.as_view()),
    path(f"{ASSET}/versions/<str:version>/restore", content.ContentRestoration.as_view()),
    path("campaigns", campaigns.Campaigns.as_view()),
    path(ONE, campaigns.Campaign.as_view()),
    path(f"{ONE}/members", campaigns.Members.as_view()),
    path(f"{ONE}/members/<str:user_id>", campaigns.Member.as_view()),
    path(f"{ONE}/tokens", campaigns.Tokens.as_view()),
    path(f"{ONE}/tokens/<str:token_id>", campaigns.Token.as_view()),
    path(f"{ONE}/tokens/<str:token_id>/rotate", campaigns.TokenRotation.as_view()),
    path(f"{ONE}/invitations", api_invitations.Invitations.as_view()),
    path(f"{ONE}/invitations/<str:invitation_id>", api_invitations.OneInvitation.as_view()),
    path(f"{ONE}/team", api_invitations.TeamOfCampaign.as_view()),
    path(f"{ONE}/library", api_library.Library.as_view()),
    path(f"{ONE}/library/usage", api_library.LibraryUsage.as_view()),
    path(f"{ONE}/episodes", campaigns.Episodes.as_view()),
    path(f"{ONE}/episodes/<str:number>", campaigns.OneEpisode.as_view()),
    path(f"{ONE}/episodes/<str:number>/start", campaigns.EpisodeStart.as_view()),
    path(f"{ONE}/episodes/<str:number>/end", campaigns.EpisodeEnd.as_view()),
    path(f"{ONE}/characters", characters.Characters.as_view()),
    path(f"{ONE}/characters/<str:character_id>", characters.OneCharacter.as_view()),
    path(f"{ONE}/characters/<str:character_id>/retire", characters.Retire.as_view()),
    path(f"{ONE}/characters/<str:character_id>/portrait", api_pictures.Portrait.as_view()),
    path(f"{ONE}/characters/<str:character_id>/background", api_pictures.Background.as_view()),
    path(f"{ONE}/characters/<str:character_id>/relationships", api_relationships.Relationships.as_view()),
    path(
        f"{ONE}/characters/<str:character_id>/relationships/<str:relationship_id>",
        api_relationships.OneRelationship.as_view(),
    ),
    path(f"{ONE}/characters/<str:character_id>/hp", api_lines.HP.as_view()),
    path(f"{ONE}/characters/<str:character_id>/temp", api_lines.Temp.as_view()),
    path(f"{ONE}/characters/<str:character_id>/condition", api_lines.Condition.as_view()),
    path(f"{ONE}/characters/<str:character_id>/death-save", api_lines.DeathSave.as_view()),
    path(f"{ONE}/characters/<str:character_id>/track", api_lines.Track.as_view()),
    path(f"{ONE}/roster", characters.Roster.as_view()),
    path(f"{ONE}/initiative", characters.Initiative.as_view()),
    path(f"{ONE}/initiative/next", characters.NextTurn.as_view()),
    path(f"{ONE}/events", characters.Events.as_view()),
    path(f"{ONE}/events/<str:event_id>", characters.OneEvent.as_view()),
    path(f"{ONE}/events/<str:event_id>/undo", characters.Undo.as_view()),
    path(f"{ONE}/undo", api_lines.UndoLine.as_view()),
    path(f"{ONE}/roll", api_lines.Roll.as_view()),
    path(f"{ONE}/episode/start", api_lines.EpisodeStartNext.as_view()),
    path(f"{ONE}/episode/end", api_lines.EpisodeEndRunning.as_view()),
    path(f"{ONE}/import", characters.Import.as_view()),
    path(f"{ONE}/layout", overlay.Layouts.as_view()),
    path(f"{ONE}/layout/<str:tier>", overlay.OneLayout.as_view()),
    path(f"{ONE}/live", overlay.Live.as_view()),
    path(f"{ONE}/live/tickets", overlay.LiveTickets.as_view()),
    path(f"{ONE}/chronicle", sheets.Chronicle.as_view()),
    path(f"{ONE}/chronicle/table", api_table.ChronicleTable.as_view()),
    path(f"{ONE}/chronicle/awards", api_table.ChronicleAwards.as_view()),
    path(f"{ONE}/groups", api_groups.Groups.as_view()),
    path(f"{ONE}/groups/<str:group_id>", api_groups.OneGroup.as_view()),
    path(f"{SHEET}/xp", sheets.SheetExperience.as_view()),
    path(f"{SHEET}/xp/<str:entry_id>/approve", sheets.ExperienceApproval.as_view()),
    path(f"{SHEET}/xp/<str:entry_id>/refuse", sheets.ExperienceRefusal.as_view()),
    path(f"{SHEET}/xp/<str:entry_id>/undo", sheets.ExperienceUndo.as_view()),
    path(f"{SHEET}/tracks", sheets.SheetTracks.as_view()),
    path(f"{SHEET}/play", sheets.SheetPlay.as_view()),
    path(f"{SHEET}/group", api_groups.SheetGroup.as_view()),
    path(f"{SHEET}/roll", api_rolls.SheetRoll.as_view()),
    path(f"{SHEET}/rolls", api_rolls.SheetRolls.as_view()),
    path(f"{SHEET}/rolls/<str:roll_id>/reroll", api_rolls.RollAgain.as_view()),
    path(f"{SHEET}/rolls/<str:roll_id>/choose", api_rolls.RollChoice.as_view()),
    path(f"{SHEET}/pdf", api_pdf.SheetPdf.as_view()),
    path(f"{SHEET}/portraits", api_portraits.SheetPortraits.as_view()),
    path(f"{SHEET}/portraits/<str:slot>", api_portraits.SheetPortrait.as_view()),
    path("sheets/import", sheets.SheetImport.as_view()),
    path("sheets/<str:line>", sheets.Sheets.as_view()),
    path(IN_LINE, sheets.OneSheet.as_view()),
    path(f"{IN_LINE}/duplicate", sheets.SheetDuplicate.as_view()),
    path(f"{IN_LINE}/export", sheets.SheetExport.as_view(), name="sheet-export"),
    path(f"{IN_LINE}/<str:kind>", sheets.SheetRows.as_view()),
    path(f"{IN_LINE}/<str:kind>/<str:row_id>", sheets.SheetRow.as_view()),
    path(f"{IN_LINE}/<str:kind>/<str:row_id>/duplicate", sheets.SheetRowDuplicate.as_view()),
]
urlpatterns = gathered(ROUTES)
