"""What every route answers to whom: the one table. A route of the URL configuration without a row fails
test_routes.py; so does a row without a route. What a client says over the live stream is at the end; a message that
the stream takes and that has no row fails test_socket.py.

Routes below /api/v1 have their rows in tests/contract/test_actors.py, which asks them with every method and body.
What else the back office refuses (forged keys, forms, filters) is in tests/campaigns/test_admin_scope.py.
"""

from dataclasses import dataclass, field
from typing import Any

from tests.contract.matrix.actors import (
    ACTORS,
    ANONYMOUS,
    FOREIGN,
    GM,
    MEMBERS,
    NOBODY,
    OUTSIDERS,
    RIVAL,
    STAFF,
    VIEWER,
    all_,
    but,
)

OPEN = all_(200)
# What one has to sign in for sends nobody to the sign-in page.
PERSONAL = but(OPEN, *NOBODY, status=302)
DONE = all_(302)  # a form that is taken leads on to a page; nobody is led to the sign-in page
# Of a private campaign there is nothing for those who are not in it.
CAMPAIGN = OPEN
DRESSING = but(all_(404), *NOBODY, status=302) | {GM: 200, "player": 200}
DESK = but(all_(404), *NOBODY, status=302) | {GM: 200}
# The library of a campaign is its GMs' and players'.
SHELVES = but(all_(404), *NOBODY, status=302) | {GM: 200, "player": 200, "other player": 200}
PRIVATE = but(OPEN, *OUTSIDERS, status=404)
# The team of the table: the GM owns it, the player edits, the viewer sees; there is none for others.
TEAM = but(all_(404), *NOBODY, status=302) | {GM: 200, "player": 200, VIEWER: 200}
OWNED = but(TEAM, VIEWER, "player", status=403)

# The back office: who has no staff account is sent to its sign-in page. Staff without a campaign is refused; a rival
# sees lists of the own rows, and of somebody else's row what a row is answered with that does not exist.
OFFICE = but(all_(302), GM, RIVAL, status=200) | {STAFF: 403}
ROW = OFFICE | {RIVAL: 302}
CLOSED = OFFICE | {GM: 403, RIVAL: 403}
OWN_PAGE = OFFICE | {RIVAL: 404, STAFF: 404}
ADMINISTRATORS = CLOSED


@dataclass(frozen=True)
class Row:
    """`route` as the URL configuration has it; `path` with the names of `test_routes.names_of`."""

    route: str
    path: str
    open: dict[str, int]
    private: dict[str, int] | None = None  # where the answer depends on whether the campaign is private
    method: str = "GET"
    body: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        assert self.open.keys() == set(ACTORS), self.route

    def __str__(self) -> str:
        return f"{self.method} /{self.path}"

    def expected(self, *, private: bool) -> dict[str, int]:
        return self.private if private and self.private is not None else self.open


def page(route: str, path: str, rule: dict[str, int], **more: Any) -> Row:
    return Row(route, path, rule, **more)


def press(route: str, path: str, rule: dict[str, int], **body: Any) -> Row:
    return Row(route, path, rule, method="POST", body=body)


ON_SHELF = "campaigns/<slug:slug>/library/<uuid:asset_id>"
C, SLUG = "campaigns/<slug:slug>", "campaigns/{slug}"
PUBLIC = [
    page("healthz", "healthz", OPEN),
    page("readyz", "readyz", OPEN),
    page("", "", OPEN),
    page("campaigns", "campaigns", OPEN),
    # Whoever has an account may begin a campaign, as by the API; characters are brought in by who runs it.
    page("begin", "begin", PERSONAL),
    press("begin", "begin", DONE, name="The Drowned Bell", visibility="public"),
    page(f"{C}/characters/import", f"{SLUG}/characters/import", DESK),
    press(f"{C}/characters/import", f"{SLUG}/characters/import", DESK | {GM: 422}),
    page(C, SLUG, CAMPAIGN, private=PRIVATE),
    page(f"{C}/episodes", f"{SLUG}/episodes", CAMPAIGN, private=PRIVATE),
    page(f"{C}/episodes/<int:number>", f"{SLUG}/episodes/1", CAMPAIGN, private=PRIVATE),
    page(f"{C}/characters", f"{SLUG}/characters", CAMPAIGN, private=PRIVATE),
    page(f"{C}/characters/<uuid:character_id>", f"{SLUG}/characters/{{character}}", CAMPAIGN, private=PRIVATE),
    # For the GM and for whoever plays the character; there is no such page for others.
    page(f"{C}/characters/<uuid:character_id>/pictures", f"{SLUG}/characters/{{character}}/pictures", DRESSING),
    page(f"{C}/library", f"{SLUG}/library", SHELVES),
    # The file is the GM's, and not published.
    page(ON_SHELF, f"{SLUG}/library/{{file}}", but(SHELVES, "player", "other player", status=404)),
    press(ON_SHELF, f"{SLUG}/library/{{file}}", but(all_(404), *NOBODY, GM, status=302), save="1", title="The harbour"),
    # Drawn from the id alone: it tells nothing, and is the same for an id that is none.
    page("crests/<uuid:character_id>.svg", "crests/{character}.svg", OPEN),
    # A file is fetched with the mark that stands in its address: tests/content/test_portraits.py.
    page("media/<path:key>", "media/{slug}/portraits/{character}.webp", all_(404)),
    # The desk is the GM's; there is none for others.
    page(f"{C}/control", f"{SLUG}/control", DESK),
    press(f"{C}/control", f"{SLUG}/control", but(DESK, GM, status=302), do="amount 7"),
    page(f"{C}/control/obs", f"{SLUG}/control/obs", DESK),
    press(f"{C}/control/obs", f"{SLUG}/control/obs", DESK, key="1"),
    page(f"{C}/control/buttons", f"{SLUG}/control/buttons", DESK),
    # The page is empty without a key, which stands behind the # of its address; the socket asks for it.
    page("overlay/<slug:slug>", "overlay/{slug}", OPEN),
    page("robots.txt", "robots.txt", OPEN),
    page("manifest.webmanifest", "manifest.webmanifest", OPEN),
    page("service-worker.js", "service-worker.js", OPEN),
    page("offline", "offline", OPEN),
    page("sitemap.xml", "sitemap.xml", OPEN),
    page("sitemap-<int:number>.xml", "sitemap-1.xml", OPEN),
    page(f"{C}/episodes.rss", f"{SLUG}/episodes.rss", CAMPAIGN, private=PRIVATE),
    page("invitations", "invitations", OPEN),
    page("invitations/open", "invitations/open", all_(404)),
]

# A sheet of the player in the table's chronicle: its owner and the storyteller see and change it.
SHEET = but(all_(404), *NOBODY, status=302) | {GM: 200, "player": 200}
SHEETS = [
    page("sheets", "sheets", PERSONAL),
    press("sheets", "sheets", DONE, line="vtm", name="Elena Cross"),
    page("sheets/<uuid:sheet_id>", "sheets/{sheet}", SHEET),
    press("sheets/<uuid:sheet_id>", "sheets/{sheet}", SHEET | {GM: 302, "player": 302}, do="save", strength="4"),
    # The paper is none of ours, so that nobody has to draw: who sees the sheet is told so.
    page(
        "sheets/<uuid:sheet_id>/pdf",
        "sheets/{sheet}/pdf?paper=a0",
        SHEET | {GM: 400, "player": 400},
    ),
    page("sheets/<uuid:sheet_id>/pictures", "sheets/{sheet}/pictures", SHEET),
    press(
        "sheets/<uuid:sheet_id>/pictures",
        "sheets/{sheet}/pictures",
        SHEET | {GM: 302, "player": 302},
        purpose="face",
        remove="1",
    ),
    # The table and how the chronicle plays are its storyteller's; there is no such page for others.
    page("campaigns/<slug:slug>/sheets", "campaigns/{slug}/sheets", DESK),
    press("campaigns/<slug:slug>/sheets", "campaigns/{slug}/sheets", DESK | {GM: 302}, do="award", amount="3"),
    page("campaigns/<slug:slug>/chronicle", "campaigns/{slug}/chronicle", DESK),
    press("campaigns/<slug:slug>/chronicle", "campaigns/{slug}/chronicle", DESK | {GM: 302}, bane_table="2018"),
]

A = "accounts/"
T, TEAM_PATH = "accounts/teams/<uuid:team_id>", "accounts/teams/{team}"
MEMBER, MEMBER_PATH = f"{T}/members/<uuid:user_id>", f"{TEAM_PATH}/members/{{viewer}}"
PRESSED = OWNED | {GM: 302}
HERS = but(all_(404), *NOBODY, status=302)
ACCOUNT = [
    page(A, A, DONE),
    page(f"{A}login", f"{A}login", OPEN),
    page(f"{A}login/code", f"{A}login/code", DONE),
    page(f"{A}signup", f"{A}signup", but(DONE, *NOBODY, status=200)),
    press(f"{A}logout", f"{A}logout", DONE),
    page(f"{A}password/lost", f"{A}password/lost", OPEN),
    page(f"{A}password/new/<uidb64>/<token>", f"{A}password/new/MQ/x-y", OPEN),
    page(f"{A}profile", f"{A}profile", PERSONAL),
    page(f"{A}preferences", f"{A}preferences", PERSONAL),
    page(f"{A}security", f"{A}security", PERSONAL),
    page(f"{A}security/password", f"{A}security/password", PERSONAL),
    page(f"{A}security/email", f"{A}security/email", PERSONAL),
    press(f"{A}security/everywhere", f"{A}security/everywhere", DONE),
    page(f"{A}security/second-step", f"{A}security/second-step", PERSONAL),
    page(f"{A}security/second-step/off", f"{A}security/second-step/off", PERSONAL),
    # Nobody to sign in by is set up; with one: tests/accounts/test_discord.py.
    press(f"{A}with/<str:backend>", f"{A}with/discord", all_(404)),
    page(f"{A}with/<str:backend>/complete", f"{A}with/discord/complete", all_(404)),
    page(f"{A}connections", f"{A}connections", PERSONAL),
    press(f"{A}connections/<str:backend>/disconnect", f"{A}connections/discord/disconnect", HERS),
    page(f"{A}data", f"{A}data", PERSONAL),
    page(f"{A}data/download", f"{A}data/download", PERSONAL),
    page(f"{A}data/delete", f"{A}data/delete", PERSONAL),
    page(f"{A}keys", f"{A}keys", PERSONAL),
    # The key is the GM's: there is none for anybody else.
    press(f"{A}keys/<uuid:key_id>/rotate", f"{A}keys/{{key}}/rotate", HERS | {GM: 200}),
    press(f"{A}keys/<uuid:key_id>/revoke", f"{A}keys/{{key}}/revoke", HERS | {GM: 302}),
    page(f"{A}teams", f"{A}teams", PERSONAL),
    press(f"{A}teams", f"{A}teams", DONE, name="The Lamplighters"),
    page(T, TEAM_PATH, TEAM),
    press(f"{T}/rename", f"{TEAM_PATH}/rename", PRESSED, name="The Wicks"),
    press(f"{T}/invite", f"{TEAM_PATH}/invite", OWNED, role="viewer", uses="1", days="7"),
    press(
        f"{T}/invitations/<uuid:invitation_id>/revoke", f"{TEAM_PATH}/invitations/{{team_invitation}}/revoke", PRESSED
    ),
    press(f"{MEMBER}/role", f"{MEMBER_PATH}/role", PRESSED, role="editor"),
    press(f"{MEMBER}/remove", f"{MEMBER_PATH}/remove", PRESSED),
    press(f"{MEMBER}/hand-over", f"{MEMBER_PATH}/hand-over", PRESSED),
    press(f"{T}/leave", f"{TEAM_PATH}/leave", PRESSED | {VIEWER: 302, "player": 302}),
    page(f"{T}/delete", f"{TEAM_PATH}/delete", OWNED),
    press(f"{T}/delete", f"{TEAM_PATH}/delete", PRESSED),
    # It names the viewer of the table, so there is none for anybody else.
    press(
        f"{A}invitations/<uuid:invitation_id>/accept",
        f"{A}invitations/{{named_invitation}}/accept",
        but(all_(404), *NOBODY, VIEWER, status=302),
    ),
]


def rows_of(model: str, name: str, *, add: bool = True, delete: bool = True) -> list[Row]:
    """The pages that every admin of a campaign's rows has; `name` is that of the row's id."""
    route, path = f"admin/{model}/", f"admin/{model}/{{{name}}}/"
    one = f"{route}<path:object_id>/"
    return [
        page(route, route, OFFICE),
        page(f"{route}add/", f"{route}add/", OFFICE if add else CLOSED),
        page(one, path, but(all_(302), STAFF, status=302)),
        page(f"{one}change/", f"{path}change/", ROW),
        page(f"{one}history/", f"{path}history/", ROW | {STAFF: 302}),
        page(f"{one}delete/", f"{path}delete/", ROW if delete else CLOSED),
        press(
            f"{route}<str:object_id>/do/<slug:deed>/",
            f"{path}do/nothing/",
            but(all_(302), GM, RIVAL, STAFF, status=404),
        ),
    ]


CHOICES = "app_label=campaigns&model_name=campaigntoken&field_name=campaign"
OWN = "admin/campaigns/campaign/<uuid:campaign_id>/"
OWN_PATH = "admin/campaigns/campaign/{campaign}/"
LAYOUTS, OF = "admin/overlay/layout", "<uuid:campaign_id>/"
TRAIL = "admin/accounts/auditentry/"
USERS, USER = "admin/accounts/user/", "admin/accounts/user/{viewer}/"
BACK_OFFICE = [
    page("admin/", "admin/", but(OPEN, *NOBODY, VIEWER, "player", "other player", status=302)),
    # Its own sign-in, sign-out and password pages lead to those that everybody uses.
    page("admin/login/", "admin/login/", DONE),
    press("admin/logout/", "admin/logout/", DONE),
    page("admin/password_change/", "admin/password_change/", DONE),
    page("admin/password_change/done/", "admin/password_change/done/", OFFICE | {STAFF: 200}),
    page("admin/autocomplete/", f"admin/autocomplete/?{CHOICES}", OFFICE),
    page("admin/jsi18n/", "admin/jsi18n/", OFFICE | {STAFF: 200}),
    page(
        "admin/r/<path:content_type_id>/<path:object_id>/", "admin/r/1/1/", but(all_(302), GM, RIVAL, STAFF, status=404)
    ),
    page(
        "admin/^(?P<app_label>accounts|campaigns|characters|sheets|overlay)/$",
        "admin/campaigns/",
        OFFICE | {STAFF: 404},
    ),
    page("admin/(?P<url>.*)$", "admin/nothing/", but(all_(302), GM, RIVAL, STAFF, status=404)),
    page(f"{OWN}dashboard/", f"{OWN_PATH}dashboard/", OWN_PAGE),
    press(f"{OWN}dashboard/", f"{OWN_PATH}dashboard/", OWN_PAGE | {GM: 302}, do="stage {character} on"),
    page(f"{OWN}audit/", f"{OWN_PATH}audit/", OWN_PAGE),
    page(f"{OWN}audit.csv", f"{OWN_PATH}audit.csv", OWN_PAGE),
    page(f"{OWN}people/", f"{OWN_PATH}people/", OWN_PAGE),
    press(f"{OWN}people/", f"{OWN_PATH}people/", OWN_PAGE, role="viewer", uses="1", days="7"),
    press(f"{OWN}people/revoke/", f"{OWN_PATH}people/revoke/", OWN_PAGE | {GM: 302}),
    press(f"{OWN}people/team/", f"{OWN_PATH}people/team/", OWN_PAGE | {GM: 302}),
    page(f"{OWN}hand-over/", f"{OWN_PATH}hand-over/", OWN_PAGE),
    press(f"{OWN}hand-over/", f"{OWN_PATH}hand-over/", OWN_PAGE | {GM: 302}, user="{co_gm}"),
    *rows_of("campaigns/campaign", "campaign"),
    *rows_of("campaigns/episode", "episode"),
    *rows_of("campaigns/event", "event", add=False, delete=False),
    *rows_of("campaigns/campaigntoken", "token", delete=False),
    *rows_of("characters/character", "character"),
    *rows_of("characters/rosterentry", "rosterentry", add=False, delete=False),
    *rows_of("sheets/sheet", "sheet", add=False, delete=False),
    *rows_of("overlay/layout", "layout", add=False, delete=False),
    page(
        "admin/characters/rosterentry/stage/<uuid:campaign_id>/",
        "admin/characters/rosterentry/stage/{campaign}/",
        OWN_PAGE,
    ),
    page(f"{LAYOUTS}/editor/{OF}", f"{LAYOUTS}/editor/{{campaign}}/", OWN_PAGE),
    page(f"{LAYOUTS}/preview/{OF}", f"{LAYOUTS}/preview/{{campaign}}/", OWN_PAGE),
    page(f"{LAYOUTS}/export/{OF}", f"{LAYOUTS}/export/{{campaign}}/", OWN_PAGE),
    press(f"{LAYOUTS}/import/{OF}", f"{LAYOUTS}/import/{{campaign}}/", OWN_PAGE | {GM: 302}),
    page(USERS, USERS, ADMINISTRATORS),
    page(f"{USERS}add/", f"{USERS}add/", ADMINISTRATORS),
    page(f"{USERS}<id>/password/", f"{USER}password/", ADMINISTRATORS),
    page(f"{USERS}<path:object_id>/", USER, all_(302)),
    page(f"{USERS}<path:object_id>/change/", f"{USER}change/", ADMINISTRATORS),
    page(f"{USERS}<path:object_id>/history/", f"{USER}history/", ADMINISTRATORS),
    page(f"{USERS}<path:object_id>/delete/", f"{USER}delete/", ADMINISTRATORS),
    page(TRAIL, TRAIL, ADMINISTRATORS),
    page(f"{TRAIL}export.csv", f"{TRAIL}export.csv", ADMINISTRATORS),
    page(f"{TRAIL}add/", f"{TRAIL}add/", ADMINISTRATORS),
    page(f"{TRAIL}<path:object_id>/", f"{TRAIL}{{entry}}/", all_(302)),
    page(f"{TRAIL}<path:object_id>/change/", f"{TRAIL}{{entry}}/change/", ADMINISTRATORS),
    page(f"{TRAIL}<path:object_id>/history/", f"{TRAIL}{{entry}}/history/", ADMINISTRATORS),
    page(f"{TRAIL}<path:object_id>/delete/", f"{TRAIL}{{entry}}/delete/", ADMINISTRATORS),
]

ROWS = [*PUBLIC, *ACCOUNT, *SHEETS, *BACK_OFFICE]


# The live stream. Sessions come by cookie from a page of ours, the foreign token by header from a program. An answer is
# the audience of a BOOTSTRAP, the type of a message, the code of an ERROR or a close code, whichever comes first.
VIEWS, WAITS, REFUSED, DENIED, UNKNOWN = "viewer", "waits for AUTH", "403", "4403", "4401"
# A private campaign, and none at all, are waited at by who is not in them.
WATCHED = but(all_(VIEWS), FOREIGN, status=REFUSED)
HIDDEN = but(WATCHED, ANONYMOUS, RIVAL, STAFF, status=WAITS)
# In AUTH everybody shows a credential of their own; who has none, one that there is not.
AUTHENTICATED = but(all_(DENIED), *MEMBERS, status=VIEWS) | {GM: "gm", ANONYMOUS: UNKNOWN}


@dataclass(frozen=True)
class Said:
    """What a client says after a handshake with this query. `{token}` and `{ticket}` are the actor's."""

    query: str
    messages: tuple[dict[str, Any], ...]
    open: dict[str, str]
    private: dict[str, str]

    def __str__(self) -> str:
        return " ".join([self.query or "(plain)", *(message["type"] for message in self.messages)])


def after_bootstrap(answer: str) -> tuple[dict[str, str], dict[str, str]]:
    watched = but(all_(answer), FOREIGN, status=REFUSED)
    return watched, but(watched, ANONYMOUS, RIVAL, STAFF, status="auth_first")


def opened_by(name: str, rule: dict[str, str], query: str = "?auth=1") -> Said:
    # Without the header, which would be refused at the handshake, a token's holder says it here.
    return Said(query, ({"type": "AUTH", "token": name},), rule, rule)


RESUME: dict[str, Any] = {"type": "RESUME", "seq": 0, "epoch": "{epoch}"}
STATUS, PING = {"type": "STATUS", "visible": True}, {"type": "PING"}
WRITE: dict[str, Any] = {"type": "HP_CHANGE", "data": {"characterId": "{character}", "to": 0}}
GMS = but(all_(DENIED), ANONYMOUS, status=WAITS) | {GM: "gm", FOREIGN: REFUSED}
LATER = but(all_(WAITS), FOREIGN, status=REFUSED)

SOCKET = [
    Said("", (), WATCHED, HIDDEN),
    Said("?seq=0&epoch=x", (), WATCHED, HIDDEN),
    Said("?delay=1", (), WATCHED, HIDDEN),
    Said("?view=viewer", (), WATCHED, HIDDEN),
    Said("?view=gm", (), GMS, GMS),
    Said("?auth=1", (), LATER, LATER),
    opened_by("{token}", AUTHENTICATED),
    opened_by("{token}", but(AUTHENTICATED, *MEMBERS, status=DENIED) | {GM: "gm"}, "?auth=1&view=gm"),
    opened_by("{ticket}", AUTHENTICATED | {STAFF: UNKNOWN}),
    Said("", (RESUME,), *after_bootstrap("BATCH")),
    Said("", (PING,), *after_bootstrap("HEARTBEAT")),
    Said("", (STATUS, PING), *after_bootstrap("HEARTBEAT")),  # a STATUS has no answer
    Said("", (WRITE,), *after_bootstrap("not_accepted")),
]
