"""The back office as a browser uses it: pages are read, their forms are filled in and sent back whole."""

from html.parser import HTMLParser
from typing import Any

from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.models import User


class _Inputs(HTMLParser):
    """What a browser would send: the successful controls of the form with the id `wanted`."""

    def __init__(self, wanted: str) -> None:
        super().__init__()
        self.wanted, self.inside = wanted, False
        self.found: dict[str, str] = {}
        self._select = self._textarea = ""
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.inside = given.get("id") == self.wanted
        name = given.get("name") or ""
        if not self.inside:
            return
        if tag == "input" and name and "disabled" not in given:
            self._input(name, given)
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in given or self._select not in self.found):
            self.found[self._select] = given.get("value") or ""
        elif tag == "textarea":
            self._textarea, self._text = name, ""

    def _input(self, name: str, given: dict[str, str | None]) -> None:
        kind = given.get("type", "text")
        if kind in ("submit", "button") or (kind in ("checkbox", "radio") and "checked" not in given):
            return
        self.found[name] = given.get("value") or ("on" if kind == "checkbox" else "")

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea" and self._textarea:
            self.found[self._textarea] = self._text.removeprefix("\n")
            self._textarea = ""
        elif tag == "form":
            self.inside = False


def fields_of(page: Any, form_id: str) -> dict[str, str]:
    parser = _Inputs(form_id)
    parser.feed(page.content.decode())
    return {name: value for name, value in parser.found.items() if name != "csrfmiddlewaretoken"}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(row: Any, page: str, *args: Any) -> str:
    """The address of a page about a row, or about all rows of a model when `row` is the model."""
    opts = row._meta
    pk = () if isinstance(row, type) else (row.pk,)
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}", args=(*pk, *args))


def edit(client: Client, row: Any, **changes: Any) -> Any:
    """Open the row's page, change these fields and save."""
    return save(client, row, opened(client, row), **changes)


def opened(client: Client, row: Any) -> dict[str, str]:
    page = client.get(url(row, "change"))
    assert page.status_code == 200, page.status_code
    return fields_of(page, f"{row._meta.model_name}_form")


def save(client: Client, row: Any, seen: dict[str, str], **changes: Any) -> Any:
    """Send the page as it was `opened`, with some fields changed; False unticks a box."""
    data = {name: value for name, value in {**seen, **changes}.items() if value is not False}
    return client.post(url(row, "change"), {**data, "_save": "Save"})


def add(client: Client, model: Any, **fields: Any) -> Any:
    page = client.get(url(model, "add"))
    assert page.status_code == 200, page.status_code
    data = {**fields_of(page, f"{model._meta.model_name}_form"), **fields, "_save": "Save"}
    return client.post(url(model, "add"), {name: value for name, value in data.items() if value is not False})


def press(client: Client, row: Any, deed: str) -> Any:
    """A button above the row's page."""
    return client.post(url(row, "deed", deed), follow=True)


def act(client: Client, model: Any, action: str, rows: Any, **more: Any) -> Any:
    """An action of the list on these rows (or keys)."""
    keys = [str(getattr(row, "pk", row)) for row in rows]
    data = {"action": action, "_selected_action": keys, "index": "0", **more}
    return client.post(url(model, "changelist"), data, follow=True)


def errors_of(page: Any) -> dict[str, list[str]]:
    assert page.status_code == 200, page.status_code
    return {name: list(errors) for name, errors in page.context["adminform"].form.errors.items()}


def told(page: Any) -> str:
    """The messages that the page shows."""
    return " ".join(str(message) for message in page.context["messages"])


def registered() -> list[type]:
    return list(admin.site._registry)
