from accounts.models.audit import AuditEntry
from accounts.models.base import Timed
from accounts.models.credentials import ApiKey, RefreshFamily, RefreshToken
from accounts.models.people import Preferences, SiteRole, TwoFactor, User
from accounts.models.replies import IdempotentReply
from accounts.models.teams import InvitationBase, Membership, Team, TeamInvitation, TeamRole

__all__ = [
    "ApiKey",
    "AuditEntry",
    "IdempotentReply",
    "InvitationBase",
    "Membership",
    "Preferences",
    "RefreshFamily",
    "RefreshToken",
    "SiteRole",
    "Team",
    "TeamInvitation",
    "TeamRole",
    "Timed",
    "TwoFactor",
    "User",
]
