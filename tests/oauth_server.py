"""A house like Discord, Twitch or Google on loopback: asks its guest, gives a code, then a token, then the profile.

`mode` says how it answers the server's questions; `guest` is who is signed in there; `name` is whose words it speaks.
"""

import json
import secrets
import threading
from collections.abc import Callable
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

CLIENT_ID, CLIENT_SECRET = "troupe-at-the-house", "the-house-knows-this"
# How a question may be answered besides "well", "hangs", "no token" and "no id".
FAILURES = {
    "500": (500, "application/json", b'{"message": "500: Internal Server Error"}'),
    "html": (200, "text/html", b"<h1>We are down</h1>"),
    "refuses": (403, "application/json", b'{"error": "access_denied"}'),
    "a list": (200, "application/json", b"[1, 2]"),
}
NOOR: dict[str, Any] = {
    "id": "80351110224678912",
    "username": "noor.tide",
    "global_name": "Noor of the Tide",
    "avatar": "8342729096ea3675442027381ff50dfe",
    "email": "noor@example.org",
    "verified": False,
}


def of_twitch(guest: dict[str, Any]) -> dict[str, Any]:
    person = {"login": guest["username"], "display_name": guest["global_name"], "email": guest["email"]}
    return {
        "data": [{**person, **_given(guest, "id", "id"), "profile_image_url": "https://static-cdn.jtvnw.net/n.png"}]
    }


def of_google(guest: dict[str, Any]) -> dict[str, Any]:
    person = {"given_name": guest["username"], "name": guest["global_name"], "email": guest["email"]}
    verified = {"email_verified": guest["verified"], "picture": "https://lh3.googleusercontent.com/n"}
    return {**person, **verified, **_given(guest, "id", "sub")}


def _given(guest: dict[str, Any], name: str, told: str) -> dict[str, Any]:
    return {told: guest[name]} if name in guest else {}


PROFILES: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "discord": dict,
    "twitch": of_twitch,
    "google": of_google,
}


class OAuthServer:
    """`with OAuthServer() as house:`; `house.url` is where it is."""

    def __init__(self, name: str = "discord") -> None:
        self.name = name
        self.mode = "well"
        self.fails_at = "/token"  # or "/users/@me": which question is answered by `mode`
        self.guest = dict(NOOR)
        self.codes: dict[str, str] = {}  # code to redirect_uri
        self.tokens: set[str] = set()
        self.asked: list[dict[str, str]] = []
        self.hang = threading.Event()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), type("OfThisHouse", (Handler,), {"house": self}))
        self.server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self) -> "OAuthServer":
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.hang.set()
        self.server.shutdown()
        self.server.server_close()

    def agree(self, asked: dict[str, str]) -> str:
        """What pressing "Authorise" leads to."""
        code = secrets.token_urlsafe(12)
        self.codes[code] = asked["redirect_uri"]
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def decline(self, asked: dict[str, str]) -> str:
        told = {"error": "access_denied", "error_description": "<b>no</b>", "state": asked["state"]}
        return f"{asked['redirect_uri']}?{urlencode(told)}"

    def question(self, address: str) -> dict[str, str]:
        """What a redirect to us asks for."""
        parts = urlsplit(address)
        assert f"{parts.scheme}://{parts.netloc}" == self.url
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.asked.append(asked)
        return asked


class Handler(BaseHTTPRequestHandler):
    house: OAuthServer

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if path == "/authorize":
            self.page(self.house.question(self.house.url + self.path))
        elif path == "/users/@me" and token in self.house.tokens:
            guest = self.house.guest
            known = {key: value for key, value in guest.items() if key != "id" or self.house.mode != "no id"}
            self.answer(path, PROFILES[self.house.name](known))
        else:
            self.tell(401, {"message": "401: Unauthorized"})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        sent = {name: values[0] for name, values in parse_qs(body).items()}
        known = (sent.get("client_id"), sent.get("client_secret")) == (CLIENT_ID, CLIENT_SECRET)
        promised = self.house.codes.pop(sent.get("code", ""), None)  # a code is good once
        if not known or promised is None or promised != sent.get("redirect_uri"):
            return self.tell(400, {"error": "invalid_grant", "error_description": "Invalid code"})
        token = secrets.token_urlsafe(20)
        self.house.tokens.add(token)
        told = {"access_token": token, "token_type": "Bearer", "expires_in": 604800, "scope": "identify"}
        return self.answer("/token", {**told, "refresh_token": secrets.token_urlsafe(20)})

    def answer(self, path: str, told: dict[str, Any]) -> None:
        mode = self.house.mode if path == self.house.fails_at else "well"
        missing = {"no token": "access_token"}.get(mode)
        if mode == "hangs":
            self.house.hang.wait(30)
        elif mode in FAILURES:
            self.send(*FAILURES[mode])
        else:
            self.tell(200, {name: value for name, value in told.items() if name != missing})

    def page(self, asked: dict[str, str]) -> None:
        links = (("Authorise", self.house.agree(asked)), ("Cancel", self.house.decline(asked)))
        listed = "".join(f'<p><a href="{escape(address)}">{name}</a></p>' for name, address in links)
        text = f"<!doctype html><title>House</title><h1>May Troupe see who you are?</h1>{listed}"
        self.send(200, "text/html; charset=utf-8", text.encode())

    def tell(self, status: int, document: Any) -> None:
        self.send(status, "application/json", json.dumps(document).encode())

    def send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Quiet."""


def settings_for(house: OAuthServer) -> dict[str, Any]:
    """What has to be overridden so that this house stands for the real one."""
    prefix = f"SOCIAL_AUTH_{house.name.upper()}"
    return {
        "SIGN_IN_PROVIDERS": {house.name: house.name.title()},
        f"{prefix}_KEY": CLIENT_ID,
        f"{prefix}_SECRET": CLIENT_SECRET,
        f"{prefix}_AUTHORIZATION_URL": f"{house.url}/authorize",
        f"{prefix}_ACCESS_TOKEN_URL": f"{house.url}/token",
        f"{prefix}_USER_URL": f"{house.url}/users/@me",
    }
