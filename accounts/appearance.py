"""How pages look to one person. Signed in: by their preferences, on every device. Else: by a cookie."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from accounts.models import Preferences
from accounts.models.people import Theme, User

COOKIE = "theme"
YEAR = 365 * 24 * 3600


def theme_of(user: User) -> str | None:
    """None for somebody who has never said."""
    return Preferences.objects.filter(user=user).values_list("theme", flat=True).first()


def shown_to(request: HttpRequest) -> dict[str, object]:
    """`theme` and whether bars of hit points move, for the page's root element."""
    user = getattr(request, "user", None)
    chosen = request.COOKIES.get(COOKIE, Theme.AUTO)
    moving = True
    if isinstance(user, User) or (user is not None and user.is_authenticated):
        row = Preferences.objects.filter(user=user).values_list("theme", "hp_animation").first()
        chosen, moving = row or (chosen, moving)
    return {"theme": chosen if chosen in Theme.values else Theme.AUTO.value, "hp_animation": moving}


def write_cookie(response: HttpResponseBase, theme: str | None) -> None:
    """So that the device keeps the theme when the person signs out. Scripts change it too (common/js/theme.js)."""
    if theme is not None:
        response.set_cookie(COOKIE, theme, max_age=YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
