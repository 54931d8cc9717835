"""Every page that is photographed: its route as the URL configuration has it, where to find it, who looks at it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

VISITOR, GM, PLAYER, OTHER = "visitor", "gm", "player", "other"
NEWCOMER, GUARDED, ADMINISTRATOR = "newcomer", "guarded", "administrator"
Sizes = tuple[tuple[int, int], ...]
PAGES: Sizes = ((390, 844), (820, 1180), (1440, 900))
DOCK: Sizes = ((300, 700), *PAGES)
SCREENS: Sizes = ((1280, 720), (1920, 1080), (2560, 1440), (3840, 2160), (1080, 1920))


@dataclass(frozen=True)
class Photograph:
    """`path` may hold `{names}` of the scene; `step` is done before the picture is taken (`steps.STEPS`)."""

    name: str
    route: str
    path: str
    who: str = VISITOR
    status: int = 200
    step: str = ""
    sizes: Sizes = PAGES
    afresh: bool = False  # opened again at each size, as it looks at the window when it is


C, SLUG = "campaigns/<slug:slug>", "campaigns/{slug}"
ONE, CHARACTERS = f"{C}/characters/<uuid:character_id>", f"{SLUG}/characters"
OVERLAY = "overlay/<slug:slug>"
INTO_CROWD = "campaigns/{crowd}/characters"  # where two more do not change what other photographs show
PUBLIC = (
    Photograph("home", "", ""),
    Photograph("home-gm", "", "", GM),
    Photograph("home-newcomer", "", "", NEWCOMER),
    Photograph("campaigns", "campaigns", "campaigns"),
    Photograph("campaigns-none", "campaigns", "campaigns?search=nothing+of+this+name"),
    Photograph("begin", "begin", "begin", NEWCOMER),
    Photograph("hub", C, SLUG),
    Photograph("hub-gm", C, SLUG, GM),
    Photograph("hub-off-air", C, "campaigns/{chronicle}"),
    Photograph("hub-crowd", C, "campaigns/{crowd}"),
    Photograph("hub-nothing", C, "campaigns/{nothing}", GM),
    Photograph("episodes", f"{C}/episodes", f"{SLUG}/episodes"),
    Photograph("episodes-nothing", f"{C}/episodes", "campaigns/{nothing}/episodes"),
    Photograph("episode", f"{C}/episodes/<int:number>", f"{SLUG}/episodes/12"),
    Photograph("episode-on-air", f"{C}/episodes/<int:number>", f"{SLUG}/episodes/13"),
    Photograph("characters", f"{C}/characters", CHARACTERS),
    Photograph("characters-crowd", f"{C}/characters", "campaigns/{crowd}/characters"),
    Photograph("characters-nothing", f"{C}/characters", "campaigns/{nothing}/characters"),
    Photograph("import", f"{C}/characters/import", f"{CHARACTERS}/import", GM),
    Photograph("import-preview", f"{C}/characters/import", f"{CHARACTERS}/import", GM, step="choose files"),
    Photograph("import-mixed", f"{C}/characters/import", f"{CHARACTERS}/import", GM, step="choose files, some refused"),
    Photograph("import-refused", f"{C}/characters/import", f"{CHARACTERS}/import", GM, step="bring in what is refused"),
    Photograph("import-done", f"{C}/characters/import", f"{INTO_CROWD}/import", GM, step="bring them in"),
    Photograph("character", ONE, f"{CHARACTERS}/{{character}}"),
    Photograph("character-gm", ONE, f"{CHARACTERS}/{{character}}", GM),
    Photograph("character-of-darkness", ONE, "campaigns/{chronicle}/characters/{played}"),
    Photograph("character-retired", ONE, f"{CHARACTERS}/{{retired}}"),
    Photograph("character-bare", ONE, f"{CHARACTERS}/{{bare}}"),
    Photograph("character-longest", ONE, "campaigns/{crowd}/characters/{longest}"),
    Photograph("pictures", f"{ONE}/pictures", f"{CHARACTERS}/{{character}}/pictures", PLAYER),
    Photograph("library", f"{C}/library", f"{SLUG}/library", GM),
    Photograph("library-nothing", f"{C}/library", "campaigns/{nothing}/library", GM),
    Photograph("file", f"{C}/library/<uuid:asset_id>", f"{SLUG}/library/{{file}}", GM),
    Photograph("desk", f"{C}/control", f"{SLUG}/control", GM, sizes=DOCK),
    Photograph("desk-of-darkness", f"{C}/control", "campaigns/{chronicle}/control", GM, sizes=DOCK),
    Photograph("desk-crowd", f"{C}/control", "campaigns/{crowd}/control", GM, sizes=DOCK),
    Photograph("desk-nothing", f"{C}/control", "campaigns/{nothing}/control", GM, sizes=DOCK),
    Photograph("obs", f"{C}/control/obs", f"{SLUG}/control/obs", GM),
    Photograph("buttons", f"{C}/control/buttons", f"{SLUG}/control/buttons", GM),
    Photograph("overlay", OVERLAY, "overlay/{slug}?tier=large", step="checkered", sizes=SCREENS),
    Photograph("overlay-compact", OVERLAY, "overlay/{slug}?tier=compact", step="checkered", sizes=SCREENS),
    Photograph("overlay-of-darkness", OVERLAY, "overlay/{chronicle}", step="checkered", sizes=SCREENS),
    Photograph("overlay-crowd", OVERLAY, "overlay/{crowd}", step="checkered", sizes=SCREENS),
    Photograph("offline", "offline", "offline"),
    Photograph("invitations", "invitations", "invitations"),
    Photograph("invitation-gone", "invitations/open", "invitations/open", status=404),
    Photograph("invitation", "invitations/open", "invitations#{invitation}", step="follow the link"),
)
PART, TEAM = "accounts/teams/<uuid:team_id>", "accounts/teams/{team}"
ACCOUNT = (
    Photograph("login", "accounts/login", "accounts/login"),
    Photograph("login-refused", "accounts/login", "accounts/login", step="sign in wrongly"),
    Photograph("second-step", "accounts/login/code", "accounts/login", step="sign in with two steps"),
    Photograph("sign-up", "accounts/signup", "accounts/signup"),
    Photograph("lost-password", "accounts/password/lost", "accounts/password/lost"),
    Photograph("new-password", "accounts/password/new/<uidb64>/<token>", "accounts/password/new/MQ/x-y"),
    Photograph("profile", "accounts/profile", "accounts/profile", GM),
    Photograph("preferences", "accounts/preferences", "accounts/preferences", GM),
    Photograph("security", "accounts/security", "accounts/security", GM),
    Photograph("password", "accounts/security/password", "accounts/security/password", GM),
    Photograph("email", "accounts/security/email", "accounts/security/email", GM),
    Photograph("second-step-on", "accounts/security/second-step", "accounts/security/second-step", GM),
    Photograph("second-step-off", "accounts/security/second-step/off", "accounts/security/second-step/off", GM),
    Photograph("connections", "accounts/connections", "accounts/connections", GM),
    Photograph("data", "accounts/data", "accounts/data", GM),
    Photograph("delete", "accounts/data/delete", "accounts/data/delete", GM),
    Photograph("keys", "accounts/keys", "accounts/keys", GM),
    Photograph("keys-none", "accounts/keys", "accounts/keys", NEWCOMER),
    Photograph("teams", "accounts/teams", "accounts/teams", GM),
    Photograph("teams-invited", "accounts/teams", "accounts/teams", PLAYER),
    Photograph("teams-none", "accounts/teams", "accounts/teams", NEWCOMER),
    Photograph("team", PART, TEAM, GM),
    Photograph("team-editor", PART, TEAM, PLAYER),
    Photograph("team-delete", f"{PART}/delete", f"{TEAM}/delete", GM),
)
S = "sheets/<uuid:sheet_id>"
SHEETS = (
    Photograph("sheets", "sheets", "sheets", PLAYER),
    Photograph("sheets-none", "sheets", "sheets", NEWCOMER),
    Photograph("sheet-vampire", S, "sheets/{vampire}", PLAYER, afresh=True),
    Photograph("sheet-hunter", S, "sheets/{hunter}", OTHER, afresh=True),
    Photograph("sheet-teller", S, "sheets/{vampire}", GM, afresh=True),
    Photograph("sheet-dice", S, "sheets/{vampire}", PLAYER, step="open the dice", afresh=True),
    Photograph("sheet-print", S, "sheets/{vampire}", PLAYER, step="print", afresh=True),
    Photograph("sheet-pictures", f"{S}/pictures", "sheets/{vampire}/pictures", PLAYER),
    Photograph("table", f"{C}/sheets", "campaigns/{chronicle}/sheets", GM),
    Photograph("table-none", f"{C}/sheets", "campaigns/{nothing}/sheets", GM),
    Photograph("chronicle", f"{C}/chronicle", "campaigns/{chronicle}/chronicle", GM),
)
ERRORS = (
    Photograph("error-400", f"{S}/pdf", "sheets/{vampire}/pdf?paper=a0", PLAYER, status=400),
    Photograph("error-403", f"{PART}/delete", f"{TEAM}/delete", PLAYER, status=403),
    Photograph("error-404", C, "campaigns/no-such-campaign", status=404),
    Photograph("error-429", "photographs/429", "photographs/429", status=429),
    Photograph("error-500", "photographs/500", "photographs/500", status=500),
)


def of_rows(model: str, name: str, *, add: bool = True, delete: bool = True) -> Iterable[Photograph]:
    """The back office's pages about one kind of row; `name` is that of the row's id."""
    route, path = f"admin/{model}/", f"admin/{model}/{{{name}}}/"
    one, short = f"{route}<path:object_id>/", f"admin-{model.split('/')[1]}"
    yield Photograph(f"{short}-list", route, route, GM)
    yield Photograph(f"{short}-change", f"{one}change/", f"{path}change/", GM)
    yield Photograph(f"{short}-history", f"{one}history/", f"{path}history/", GM)
    if add:
        yield Photograph(f"{short}-add", f"{route}add/", f"{route}add/", GM)
    if delete:
        yield Photograph(f"{short}-delete", f"{one}delete/", f"{path}delete/", GM)


APP = "admin/^(?P<app_label>accounts|campaigns|characters|sheets|overlay)/$"
OWN, OWN_PATH = "admin/campaigns/campaign/<uuid:campaign_id>", "admin/campaigns/campaign"
STAGE, STAGE_PATH = "admin/characters/rosterentry/stage/<uuid:campaign_id>/", "admin/characters/rosterentry/stage"
EDITOR, EDITOR_PATH = "admin/overlay/layout/editor/<uuid:campaign_id>/", "admin/overlay/layout/editor"
USERS, TRAIL = "admin/accounts/user/", "admin/accounts/auditentry/"
A_USER, HERS = f"{USERS}<path:object_id>", f"{USERS}{{newcomer}}"
BACK_OFFICE = (
    Photograph("admin", "admin/", "admin/", GM),
    Photograph("admin-administrator", "admin/", "admin/", ADMINISTRATOR),
    Photograph("admin-app", APP, "admin/campaigns/", GM),
    Photograph("dashboard", f"{OWN}/dashboard/", f"{OWN_PATH}/{{campaign}}/dashboard/", GM),
    Photograph("dashboard-nothing", f"{OWN}/dashboard/", f"{OWN_PATH}/{{nothing_id}}/dashboard/", GM),
    Photograph("audit", f"{OWN}/audit/", f"{OWN_PATH}/{{campaign}}/audit/", GM),
    Photograph("people", f"{OWN}/people/", f"{OWN_PATH}/{{campaign}}/people/", GM),
    Photograph("people-nobody", f"{OWN}/people/", f"{OWN_PATH}/{{nothing_id}}/people/", GM),
    Photograph("hand-over", f"{OWN}/hand-over/", f"{OWN_PATH}/{{campaign}}/hand-over/", GM),
    *of_rows("campaigns/campaign", "campaign"),
    *of_rows("campaigns/episode", "episode"),
    *of_rows("campaigns/event", "event", add=False, delete=False),
    *of_rows("campaigns/campaigntoken", "token", delete=False),
    *of_rows("characters/character", "character"),
    *of_rows("characters/rosterentry", "rosterentry", add=False, delete=False),
    *of_rows("sheets/sheet", "sheet", add=False, delete=False),
    *of_rows("overlay/layout", "layout", add=False, delete=False),
    Photograph("admin-list-empty", "admin/campaigns/episode/", "admin/campaigns/episode/?q=nothing+of+it", GM),
    Photograph("stage", STAGE, f"{STAGE_PATH}/{{campaign}}/", GM),
    Photograph("stage-nothing", STAGE, f"{STAGE_PATH}/{{nothing_id}}/", GM),
    Photograph("editor", EDITOR, f"{EDITOR_PATH}/{{campaign}}/", GM, afresh=True),
    Photograph("editor-crowd", EDITOR, f"{EDITOR_PATH}/{{crowd_id}}/", GM, afresh=True),
    Photograph("admin-users", USERS, USERS, ADMINISTRATOR),
    Photograph("admin-user-add", f"{USERS}add/", f"{USERS}add/", ADMINISTRATOR),
    Photograph("admin-user", f"{A_USER}/change/", f"{HERS}/change/", ADMINISTRATOR),
    Photograph("admin-user-password", f"{USERS}<id>/password/", f"{HERS}/password/", ADMINISTRATOR),
    Photograph("admin-user-history", f"{A_USER}/history/", f"{HERS}/history/", ADMINISTRATOR),
    Photograph("trail", TRAIL, TRAIL, ADMINISTRATOR),
    Photograph("trail-entry", f"{TRAIL}<path:object_id>/change/", f"{TRAIL}{{entry}}/change/", ADMINISTRATOR),
)
ALBUM = (*PUBLIC, *ACCOUNT, *SHEETS, *ERRORS, *BACK_OFFICE)

_FILE, _ELSEWHERE, _CLOSED, _MACHINE = (
    "a file, no page",
    "leads to another page",
    "closed to everybody",
    "read by programs",
)
# Routes that are no page, or lead to one: why there is no photograph.
NOT_TAKEN: Mapping[str, str] = {
    **dict.fromkeys(("healthz", "readyz", "admin/autocomplete/", "admin/jsi18n/", f"{C}/episodes.rss"), _MACHINE),
    **dict.fromkeys(("robots.txt", "manifest.webmanifest", "service-worker.js"), _MACHINE),
    **dict.fromkeys(("sitemap.xml", "sitemap-<int:number>.xml"), _MACHINE),
    **dict.fromkeys(("crests/<uuid:character_id>.svg", "media/<path:key>", "accounts/data/download"), _FILE),
    **dict.fromkeys((f"{OWN}/audit.csv", f"{TRAIL}export.csv"), _FILE),
    "admin/overlay/layout/export/<uuid:campaign_id>/": _FILE,
    "admin/overlay/layout/preview/<uuid:campaign_id>/": "stands in the layout editor",
    **dict.fromkeys(("accounts/", "admin/login/", "admin/password_change/", "admin/password_change/done/"), _ELSEWHERE),
    **dict.fromkeys((f"{USERS}<path:object_id>/", f"{TRAIL}<path:object_id>/"), _ELSEWHERE),
    "admin/(?P<url>.*)$": "the page that says that there is none: error-404",
    "admin/r/<path:content_type_id>/<path:object_id>/": _ELSEWHERE,
    "accounts/with/<str:backend>/complete": _ELSEWHERE,
    **dict.fromkeys((f"{TRAIL}add/", f"{TRAIL}<path:object_id>/delete/", f"{A_USER}/delete/"), _CLOSED),
    f"{TRAIL}<path:object_id>/history/": "of an entry that never changes",
}
