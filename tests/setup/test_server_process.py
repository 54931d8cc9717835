import http.client
import urllib.error
import urllib.request

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tests.asgi_server import AsgiServer


def fetch(url: str, **headers: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def status_of(server: AsgiServer) -> int:
    """The answer to its first page; redirects are not followed."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("GET", "/")
    return connection.getresponse().status


def test_the_server_runs_with_production_settings(asgi_server: AsgiServer):
    status, body = fetch(f"{asgi_server.url}/no-such-page")
    assert status == 404
    assert "urlpatterns" not in body


def test_the_server_sees_what_the_test_writes(asgi_server: AsgiServer):
    gm = get_user_model().objects.create_superuser("gm", password="a good long password")
    session = Client()
    session.force_login(gm)
    cookie = f"sessionid={session.cookies['sessionid'].value}"
    status, body = fetch(f"{asgi_server.url}/admin/", Cookie=cookie)
    assert status == 200
    assert "Log in" not in body
    assert "/static/admin/css/base." in body


def test_the_server_can_be_stopped_killed_and_started_again(asgi_server: AsgiServer):
    address = asgi_server.url
    asgi_server.stop()
    assert not asgi_server.is_running
    asgi_server.start()
    asgi_server.kill()
    with pytest.raises(urllib.error.URLError):
        fetch(f"{address}/healthz")
    asgi_server.start()
    assert asgi_server.url == address
    assert fetch(f"{address}/healthz")[0] == 200


def test_the_next_test_finds_the_server_running(asgi_server: AsgiServer):
    assert asgi_server.is_running
    asgi_server.kill()


def test_the_next_test_finds_it_running_although_this_one_was_killed(asgi_server: AsgiServer):
    assert fetch(f"{asgi_server.url}/healthz")[0] == 200


def test_a_second_server_has_its_own_port_and_variables(asgi_server: AsgiServer, start_server):
    second = start_server(HTTPS_ONLY="1")
    assert second.port != asgi_server.port
    assert status_of(asgi_server) == 200
    assert status_of(second) == 301


def test_a_probe_calls_by_address_and_a_page_by_name(start_server):
    server = start_server(ALLOWED_HOSTS="elsewhere.example")
    assert fetch(f"{server.url}/healthz")[0] == 200
    assert status_of(server) == 400


def test_a_server_that_does_not_start_shows_its_log(start_server):
    with pytest.raises(RuntimeError, match="uvicorn ended at its start") as error:
        start_server(DATABASE_POOL_MAX="many", LIVE_SOCKETS_PER_PROCESS="many")
    assert "many" in str(error.value)


def test_stopping_twice_is_harmless(asgi_server: AsgiServer):
    asgi_server.stop()
    asgi_server.stop()
    assert not asgi_server.is_running
