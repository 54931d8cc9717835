"""Parts of a file: what players of sound and video ask for."""

from typing import Any

import pytest

from content import ranges
from content.ranges import MOST, Unsatisfiable, asked
from tests.api_client import Api
from tests.content.papers import a_pdf
from tests.content.stored import fetched, send
from tests.factories import a_user

SIZE = 1000


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-", (0, 999)),
        ("bytes=0-0", (0, 0)),
        ("bytes=10-19", (10, 19)),
        ("bytes=990-5000", (990, 999)),
        ("bytes=-10", (990, 999)),
        ("bytes=-5000", (0, 999)),
    ],
)
def test_one_part(header: str, part: tuple[int, int]) -> None:
    assert asked(header, SIZE) == part


@pytest.mark.parametrize(
    "header", ["", "bytes", "bytes=-", "bytes=9-3", "bytes=0-1,5-6", "lines=1-2", "bytes=a-", "x" * 99]
)
def test_the_whole(header: str) -> None:
    assert asked(header, SIZE) is None


@pytest.mark.parametrize("header", ["bytes=1000-", "bytes=5000-6000", "bytes=-0"])
def test_after_the_end(header: str) -> None:
    with pytest.raises(Unsatisfiable):
        asked(header, SIZE)


def test_no_part_is_long() -> None:
    assert asked("bytes=7-", 10 * MOST) == (7, MOST + 6)


@pytest.mark.django_db
@pytest.mark.usefixtures("on_disk")
def test_a_file_in_parts(monkeypatch: Any) -> None:
    monkeypatch.setattr(ranges, "MOST", 100)
    api = Api(user=a_user())
    url = send(api, "/content", a_pdf()).json()["document"]["url"]
    whole, got = fetched(url).content, b""
    while len(got) < len(whole):
        answer = api.client.get(url, headers={"Range": f"bytes={len(got)}-"})
        assert answer.status_code == 206
        assert answer["Content-Range"] == f"bytes {len(got)}-{len(got) + len(answer.content) - 1}/{len(whole)}"
        assert (answer["X-Content-Type-Options"], answer["Content-Disposition"]) == ("nosniff", "attachment")
        got += answer.content
    assert got == whole
    late = api.client.get(url, headers={"Range": f"bytes={len(whole)}-"})
    assert (late.status_code, late["Content-Range"]) == (416, f"bytes */{len(whole)}")
    assert api.client.get(url)["Accept-Ranges"] == "bytes"


@pytest.mark.django_db(transaction=True)
def test_a_long_file_piece_by_piece(asgi_server: Any, gm: Api, table: Any) -> None:
    """By the real server, in another folder than this process: it takes the file itself."""
    import httpx

    from tests.factories import PASSWORD

    raw = a_pdf(contents=bytes(range(256)) * 12_000)
    with httpx.Client(base_url=asgi_server.url) as client:
        signed = client.post("/api/v1/auth/token", json={"username": table.gm.username, "password": PASSWORD}).json()
        headers = {"Authorization": f"Bearer {signed['access']}"}
        sent = client.post("/api/v1/content", files={"file": ("x.pdf", raw)}, headers=headers)
        document = sent.json()["document"]
        whole = client.get(document["url"])
        assert len(whole.content) == document["size"] == int(whole.headers["Content-Length"]) > MOST
        part = client.get(document["url"], headers={"Range": "bytes=-20"})
        assert (part.status_code, part.content) == (206, whole.content[-20:])
