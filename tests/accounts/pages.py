"""A browser without a browser: Django's client with CSRF on, as people use the pages about themselves."""

import re
from typing import Any

from django.test import Client

from accounts import post
from accounts.models import User
from tests.factories import PASSWORD

CSRF = "c" * 32


def visitor(user: User | None = None, **extra: Any) -> Client:
    client = Client(enforce_csrf_checks=True, **extra)
    client.cookies["csrftoken"] = CSRF
    if user is not None:
        client.force_login(user)
    return client


def send(client: Client, path: str, **fields: Any) -> Any:
    """POST a form with its CSRF token."""
    return client.post(path, {"csrfmiddlewaretoken": client.cookies["csrftoken"].value, **fields})


def sign_in(client: Client, username: str, password: str = PASSWORD, **fields: Any) -> Any:
    return send(client, "/accounts/login", username=username, password=password, **fields)


def is_signed_in(client: Client) -> bool:
    return bool(client.get("/accounts/profile").status_code == 200)


def text_of(response: Any) -> str:
    """What the page says, without markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def without_token(response: Any) -> str:
    """The page as the next visitor gets it: only the token of its forms is another each time."""
    return re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]+', r"\1", response.content.decode())


def wait_for_post() -> None:
    """Until every letter given to the post has left."""
    post._postman.submit(lambda: None).result(timeout=30)
