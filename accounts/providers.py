"""Other houses whose accounts sign people in here: Discord, Twitch, Google, each where the operator has set it up.

An account there is known by its id at that house and by nothing else. E-mail addresses are not asked for, and one that
comes all the same is not looked at: an address proves nothing about who owns an account here. The tokens of the house
are used once, for the name and the picture, and not kept.
"""

import re
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import redirect
from social_core.backends.discord import DiscordOAuth2
from social_core.backends.google import GoogleOAuth2
from social_core.backends.twitch import TwitchOAuth2
from social_core.exceptions import AuthPolicyError, AuthResponseError
from social_django.strategy import DjangoStrategy

from accounts import audit, signing_in, usernames
from accounts.actors import Actor
from accounts.addresses import absolute
from accounts.models import User
from accounts.operations import people, two_factor
from contract import text

_NUMBER = re.compile(r"[0-9]{1,20}")
_SUBJECT = re.compile(r"[!-~]{1,255}")  # OpenID Connect: up to 255 ASCII characters
_PICTURE = re.compile(r"[A-Za-z0-9_]{1,64}")


class Discord(DiscordOAuth2):
    """`identify` only."""

    def user_data(self, access_token: str, *args: Any, **kwargs: Any) -> dict[str, Any]:
        address = self.setting("USER_URL", f"https://{self.HOSTNAME}/api/users/@me")
        told = _document(self, self.get_json(address, headers={"Authorization": f"Bearer {access_token}"}))
        return _identified(self, told, "id", _NUMBER)

    def get_user_details(self, response: dict[str, Any]) -> dict[str, Any]:
        picture = response.get("avatar")
        known = isinstance(picture, str) and _PICTURE.fullmatch(picture)
        address = f"https://cdn.discordapp.com/avatars/{response['id']}/{picture}.png?size=128" if known else ""
        return _details(response.get("username"), response.get("global_name"), address)


class Twitch(TwitchOAuth2):
    """Without a scope: the public profile."""

    DEFAULT_SCOPE: list[str] = []

    def user_data(self, access_token: str, *args: Any, **kwargs: Any) -> dict[str, Any]:
        address = self.setting("USER_URL", "https://api.twitch.tv/helix/users")
        headers = {"Authorization": f"Bearer {access_token}", "Client-Id": self.get_key_and_secret()[0]}
        people = _document(self, self.get_json(address, headers=headers)).get("data")
        first = people[0] if isinstance(people, list) and people else None
        return _identified(self, _document(self, first), "id", _NUMBER)

    def get_user_details(self, response: dict[str, Any]) -> dict[str, Any]:
        return _details(response.get("login"), response.get("display_name"), response.get("profile_image_url"))


class Google(GoogleOAuth2):
    """`openid profile`."""

    name = "google"
    DEFAULT_SCOPE: list[str] = ["openid", "profile"]
    LEGACY_ID_KEYS = ()  # type: ignore[assignment]  # nobody is known by an e-mail address

    def user_data(self, access_token: str, *args: Any, **kwargs: Any) -> dict[str, Any]:
        address = self.setting("USER_URL", "https://www.googleapis.com/oauth2/v3/userinfo")
        told = _document(self, self.get_json(address, headers={"Authorization": f"Bearer {access_token}"}))
        return _identified(self, told, "sub", _SUBJECT)

    def get_user_details(self, response: dict[str, Any]) -> dict[str, Any]:
        return _details(response.get("given_name"), response.get("name"), response.get("picture"))


def _document(backend: Any, told: Any) -> dict[str, Any]:
    if not isinstance(told, dict):
        raise AuthResponseError(backend, code="malformed_response", stage="user_info")
    return told


def _identified(backend: Any, told: dict[str, Any], key: str, form: re.Pattern[str]) -> dict[str, Any]:
    known = told.get(key)
    if not isinstance(known, str) or not form.fullmatch(known):
        raise AuthResponseError(backend, code="missing_claim", claim=key, stage="user_info")
    return told


def _details(username: Any, shown: Any, picture: Any) -> dict[str, Any]:
    safe = picture if isinstance(picture, str) and picture.startswith("https://") and len(picture) <= 300 else ""
    return {"username": str(username or ""), "shown": str(shown or ""), "picture": safe}


class Strategy(DjangoStrategy):
    """Addresses as people know us, and an account and its connection in one transaction."""

    def build_absolute_uri(self, path: str | None = None) -> str:
        if not path or path.startswith(("http://", "https://")) or self.request is None:
            return path or ""
        return absolute(self.request, path)

    def authenticate(self, backend: Any, **kwargs: Any) -> Any:
        with transaction.atomic():  # after the house has answered: no lock is held while we wait for it
            return super().authenticate(backend, **kwargs)


# --- Steps of the pipeline (settings.SOCIAL_AUTH_PIPELINE), in its order ------------------------------------------


def newcomer(
    strategy: Any, backend: Any, details: dict[str, Any], user: User | None = None, **others: Any
) -> dict[str, Any]:
    """An account of its own for whoever comes for the first time, whatever e-mail address the house may tell."""
    if user is not None:
        return {"is_new": False}
    name = usernames.free_like(details["username"] or backend.name)
    return {"is_new": True, "user": people.create(name, None, actor=_arriving(strategy.request, backend))}


def portrait(
    strategy: Any, backend: Any, details: dict[str, Any], user: User, is_new: bool, **others: Any
) -> dict[str, Any]:
    """The name shown, where there is none yet, and the picture, where there is none from elsewhere."""
    actor = _arriving(strategy.request, backend, user)
    if others.get("new_association") and not is_new:
        subject = ("user", user.pk, user.username)
        audit.record("account_connected", actor=actor, subject=subject, after={"provider": backend.name})
    changes = {}
    if not user.display_name and _clean(details["shown"]):
        changes["display_name"] = _clean(details["shown"])
    if details["picture"] != user.avatar_url and (not user.avatar_url or _same_house(user.avatar_url, details)):
        changes["avatar_url"] = details["picture"]
    if changes:
        people.update(user, changes, actor=actor)
    return {}


def second_step(strategy: Any, backend: Any, user: User, **others: Any) -> Any:
    """Somebody closed out stays out; somebody with a second step is asked for it as after a password."""
    request: HttpRequest = strategy.request
    if not user.is_active:
        raise AuthPolicyError(backend, code="authentication_disallowed", stage="pipeline")
    if request.user.is_authenticated or not two_factor.is_on(user):
        return {}
    on_to = strategy.session_get("next") or ""
    user.backend = f"{type(backend).__module__}.{type(backend).__name__}"
    signing_in.remember(request, user, on_to)
    return redirect("accounts:second_step")


def _arriving(request: Any, backend: Any, user: User | None = None) -> Actor:
    return Actor(user=user, via=backend.name, request_id=getattr(request, "request_id", ""))


def _same_house(address: str, details: dict[str, Any]) -> bool:
    return address.split("/")[2:3] == details["picture"].split("/")[2:3]


def _clean(shown: str) -> str:
    try:
        return text.clean(shown, max_length=80)
    except text.TextRefused:
        return ""
