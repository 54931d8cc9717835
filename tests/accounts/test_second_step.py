"""The second step at sign-in: codes from an app, and recovery codes."""

import re
import time
from typing import Any

import pytest
from django_otp.oath import TOTP

from accounts import tokens
from accounts.actors import SYSTEM
from accounts.models import TwoFactor, User
from accounts.operations import people, two_factor
from tests.accounts.pages import is_signed_in, send, sign_in, text_of, visitor
from tests.factories import PASSWORD, a_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A phone and a server that agree on the time, until the test moves it."""
    moved = {"by": 0.0}
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + moved["by"])
    return moved


def code_of(user: User, ahead: int = 0) -> str:
    """What the app of this person shows, `ahead` steps from now."""
    totp = TOTP(bytes.fromhex(TwoFactor.objects.get(user=user).seed), drift=ahead)
    totp.time = time.time()
    return f"{totp.token():06d}"


def guarded() -> tuple[User, list[str]]:
    """Somebody with the second step on, and the recovery codes; the app's code of now is not spent."""
    user = a_user(is_staff=True)
    two_factor.begin(user)
    codes = two_factor.confirm(user, code_of(user), actor=SYSTEM)
    assert codes
    TwoFactor.objects.filter(user=user).update(last_step=-1)
    return user, codes


def test_it_is_switched_on_by_a_code_of_the_app() -> None:
    user = a_user()
    client = visitor(user)
    page = client.get("/accounts/security/second-step").content.decode()
    key = re.search(r'class="num">([A-Z2-7 ]+)<', page)
    assert key
    assert 'src="data:image/svg+xml;base64,' in page
    assert not two_factor.is_on(user)
    assert "does not fit" in text_of(send(client, "/accounts/security/second-step", code="000000"))
    shown = text_of(send(client, "/accounts/security/second-step", code=code_of(user)))
    codes = re.findall(r"\b(?:[a-z2-9]{5}-){2}[a-z2-9]{5}\b", shown)
    assert len(set(codes)) == 10
    assert two_factor.is_on(user)
    assert client.get("/accounts/security/second-step").status_code == 302  # the seed is not shown again
    assert "10 recovery codes left" in text_of(client.get("/accounts/security"))


def test_the_password_alone_opens_nothing() -> None:
    user, _ = guarded()
    client = visitor()
    response = sign_in(client, user.username, next="/admin/")
    assert response["Location"] == "/accounts/login/code"
    assert not is_signed_in(client)
    assert client.get("/admin/").status_code == 302
    before = client.session.session_key
    done = send(client, "/accounts/login/code", code=code_of(user))
    assert done["Location"] == "/admin/"
    assert is_signed_in(client)
    assert client.session.session_key != before


def test_who_was_signed_in_here_is_not_any_more() -> None:
    user, _ = guarded()
    client = visitor(a_user())
    sign_in(client, user.username)
    assert not is_signed_in(client)


def test_a_code_works_once() -> None:
    user, _ = guarded()
    code = code_of(user)
    assert two_factor.check(user, code)
    assert not two_factor.check(user, code)


@pytest.mark.parametrize(("ahead", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_clocks_may_be_half_a_minute_apart(ahead: int, fits: bool) -> None:
    user, _ = guarded()
    assert two_factor.check(user, code_of(user, ahead)) is fits


def test_an_older_code_than_the_last_one_is_spent() -> None:
    user, _ = guarded()
    assert two_factor.check(user, code_of(user, 1))
    assert not two_factor.check(user, code_of(user, 0))


def test_each_recovery_code_opens_once() -> None:
    user, codes = guarded()
    client = visitor()
    sign_in(client, user.username)
    assert send(client, "/accounts/login/code", code=codes[0].upper().replace("-", " ")).status_code == 302
    assert is_signed_in(client)
    assert two_factor.recovery_left(user) == 9
    assert not two_factor.check(user, codes[0])


@pytest.mark.parametrize("code", ["", "12345", "1234567", "١٢٣٤٥٦", "abcdef", "a" * 41, "\x00"])
def test_what_is_no_code_is_refused(code: str) -> None:
    user, _ = guarded()
    client = visitor()
    sign_in(client, user.username)
    assert send(client, "/accounts/login/code", code=code).status_code == 200
    assert not is_signed_in(client)


def test_guessing_codes_ends_after_five() -> None:
    user, _ = guarded()
    client = visitor()
    sign_in(client, user.username)
    answers = [send(client, "/accounts/login/code", code="000000").status_code for _ in range(5)]
    assert answers == [200] * 4 + [429]
    assert send(client, "/accounts/login/code", code=code_of(user))["Location"] == "/accounts/login"
    assert sign_in(visitor(), user.username).status_code == 429
    assert not is_signed_in(client)


def test_one_may_not_wait_before_the_second_step_for_ever(monkeypatch: pytest.MonkeyPatch, clock: Any) -> None:
    user, _ = guarded()
    client = visitor()
    sign_in(client, user.username)
    clock["by"] = 601
    assert send(client, "/accounts/login/code", code=code_of(user))["Location"] == "/accounts/login"


def test_a_new_password_ends_the_waiting() -> None:
    user, _ = guarded()
    client = visitor()
    sign_in(client, user.username)
    people.set_password(user, "the tide is late tonight", actor=SYSTEM)
    assert send(client, "/accounts/login/code", code=code_of(user))["Location"] == "/accounts/login"


def test_nobody_comes_to_the_second_step_first() -> None:
    assert visitor().get("/accounts/login/code")["Location"] == "/accounts/login"


def test_switching_off_takes_password_and_code() -> None:
    user, _ = guarded()
    client = visitor(user)
    off = "/accounts/security/second-step/off"
    assert "not your password" in text_of(send(client, off, current_password="not-it-at-all", code=code_of(user)))
    assert "does not fit" in text_of(send(client, off, current_password=PASSWORD, code="000000"))
    TwoFactor.objects.filter(user=user).update(last_step=-1)
    assert send(client, off, current_password=PASSWORD, code=code_of(user)).status_code == 302
    assert not two_factor.is_on(user)


def test_the_database_holds_neither_seed_nor_recovery_codes() -> None:
    user, codes = guarded()
    device = TwoFactor.objects.get(user=user)
    assert tokens.digest(codes[0].replace("-", "")) in device.recovery_digests
    raw = str(TwoFactor.objects.extra(select={"raw": "seed"}).values("raw", "recovery_digests").first())
    assert device.seed not in raw
    assert not any(code in raw for code in codes)
