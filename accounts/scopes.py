"""What an API key may do. It acts as its owner, within its scopes and within what the owner may do; each scope stands
for itself alone. Who signs in in person (session, access token) has no scopes and all of the owner's rights.
"""

from accounts.actors import Actor
from contract.refusals import NotAllowed

CAMPAIGNS_READ = "campaigns:read"
CAMPAIGNS_WRITE = "campaigns:write"
LIVE_WRITE = "live:write"
PROFILE_READ = "profile:read"
PROFILE_WRITE = "profile:write"
TEAMS_READ = "teams:read"
TEAMS_WRITE = "teams:write"
CONTENT_READ = "content:read"
CONTENT_WRITE = "content:write"
SHEETS_READ = "sheets:read"
SHEETS_WRITE = "sheets:write"
# No key has this one: what hands out credentials, and what cannot be taken back, is done in person.
IN_PERSON = ""

DESCRIPTIONS = {
    CAMPAIGNS_READ: "See your campaigns, their characters, episodes and live state",
    CAMPAIGNS_WRITE: "Change campaigns, episodes, characters and layouts",
    LIVE_WRITE: "Run the table: hit points, conditions, roster, undo",
    PROFILE_READ: "See your profile and preferences",
    PROFILE_WRITE: "Change your profile and preferences",
    TEAMS_READ: "See your teams and who is in them",
    TEAMS_WRITE: "Change your teams and invite people",
    CONTENT_READ: "See your library of pictures and files",
    CONTENT_WRITE: "Change your library: upload, replace, publish, delete",
    SHEETS_READ: "See your sheets, and those of your chronicles",
    SHEETS_WRITE: "Change sheets, their rows and their experience",
}
ALL = tuple(DESCRIPTIONS)


def require(actor: Actor, scope: str) -> None:
    """Raises NotAllowed (insufficient_scope) for a key without this scope."""
    if actor.scopes is not None and scope not in actor.scopes:
        raise NotAllowed(_lacking(scope), code="insufficient_scope")


def _lacking(scope: str) -> str:
    if scope == IN_PERSON:
        return "No API key may do this. Sign in and do it in person."
    return f"This API key lacks the scope {scope}. Issue one that has it."
