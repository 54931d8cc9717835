import base64
import secrets
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from accounts import sealed
from accounts.actors import SYSTEM
from accounts.models import User
from accounts.operations import people


def a_key(key_id: str) -> str:
    return f"{key_id}:{base64.b64encode(secrets.token_bytes(32)).decode()}"


@given(st.text(max_size=80))
def test_what_is_sealed_comes_back(text: str) -> None:
    box = sealed.seal(text)
    assert sealed.unseal(box) == text
    assert len(text) < 4 or text not in box


def test_the_same_text_is_never_sealed_alike() -> None:
    assert sealed.seal("noor@example.org") != sealed.seal("noor@example.org")


def test_an_old_key_still_opens_and_the_first_one_seals(settings: Any) -> None:
    old, new = a_key("k1"), a_key("k2")
    settings.SEALING_KEYS = [old]
    box = sealed.seal("noor@example.org")
    settings.SEALING_KEYS = [new, old]
    assert sealed.unseal(box) == "noor@example.org"
    assert not sealed.is_current(box)
    assert sealed.is_current(sealed.seal("x"))


def test_without_its_key_nothing_opens(settings: Any) -> None:
    settings.SEALING_KEYS = [a_key("k1")]
    box = sealed.seal("noor@example.org")
    settings.SEALING_KEYS = [a_key("k2")]
    with pytest.raises(sealed.Unreadable, match="k1"):
        sealed.unseal(box)


def test_an_altered_text_does_not_open(settings: Any) -> None:
    settings.SEALING_KEYS = [a_key("k1")]
    key_id, _, encoded = sealed.seal("noor@example.org").partition(".")
    raw = bytearray(base64.b64decode(encoded))
    raw[-1] ^= 1
    with pytest.raises(sealed.Unreadable, match="altered"):
        sealed.unseal(f"{key_id}.{base64.b64encode(raw).decode()}")


def test_the_key_id_is_part_of_what_is_sealed(settings: Any) -> None:
    material = base64.b64encode(secrets.token_bytes(32)).decode()
    settings.SEALING_KEYS = [f"k1:{material}", f"k2:{material}"]
    box = sealed.seal("x")
    with pytest.raises(sealed.Unreadable):
        sealed.unseal(box.replace("k1.", "k2.", 1))


def test_equal_addresses_share_an_index_and_others_do_not() -> None:
    assert sealed.blind_index(" Noor@Example.org ") == sealed.blind_index("noor@example.org")
    assert sealed.blind_index("noor@example.org") != sealed.blind_index("ada@example.org")
    assert sealed.blind_index("  ") == ""


@pytest.mark.django_db
def test_the_database_does_not_hold_the_address() -> None:
    user = people.create("noor", None, actor=SYSTEM, email="noor@example.org")
    assert User.objects.get(pk=user.pk).email == "noor@example.org"
    assert User.objects.get(email_index=sealed.blind_index("NOOR@example.org")) == user
    with connection.cursor() as cursor:
        cursor.execute("SELECT email, email_index FROM accounts_user")
        assert not any("noor@" in str(value) or "example.org" in str(value) for value in cursor.fetchone())


@pytest.mark.django_db
def test_a_changed_address_is_found_under_its_new_name() -> None:
    user = people.create("noor", None, actor=SYSTEM, email="noor@example.org")
    people.update(user, {"email": "n@example.org"}, actor=SYSTEM)
    assert User.objects.get(email_index=sealed.blind_index("n@example.org")) == user


@pytest.mark.django_db
def test_logging_out_everywhere_ends_every_session() -> None:
    user = people.create("noor", "a-long-enough-password", actor=SYSTEM)
    before = user.get_session_auth_hash()
    user.session_epoch += 1
    assert user.get_session_auth_hash() != before
