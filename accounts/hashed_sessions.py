"""Sessions in the database, under the hash of their key: whoever reads the table can open none of them."""

import hashlib
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.sessions.backends import db
from django.utils import timezone

from accounts.models import User
from accounts.queries import BY_KEY
from accounts.session_people import guesses
from contract.prepared import Lookup, Parameter, together

LENGTH = 40  # what the column holds: 160 bits


def stored(session_key: str) -> str:
    """What the database calls the session that a cookie names."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:LENGTH]


def _alive() -> Any:
    model = SessionStore.get_model_class()
    key, expires = model._meta.get_field("session_key"), model._meta.get_field("expire_date")
    return model.objects.filter(session_key=Parameter("key", key), expire_date__gt=Parameter("now", expires)).order_by()


ALIVE = Lookup(_alive)


class SessionStore(db.SessionStore):  # the name is Django's: it is part of the signature of what is kept
    person: User | None = None  # whom the session named before, as they are now (accounts/session_people.py)

    @property
    def stored_key(self) -> str | None:
        return stored(self.session_key) if self.session_key else None

    def _get_session_from_db(self) -> Any:
        key = stored(self.session_key or "")
        guess = guesses.get(key)
        along = [BY_KEY.of(key=guess)] if guess is not None else []
        found, *people = together(ALIVE.of(key=key, now=timezone.now()), *along)
        if found is None:
            self._session_key = None
        elif people:
            self.person = people[0]
        return found

    def exists(self, session_key: str) -> bool:
        return super().exists(stored(session_key))

    def create_model_instance(self, data: Any) -> Any:
        row = super().create_model_instance(data)
        row.session_key = stored(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            super().delete(stored(key))

    async def _aget_session_from_db(self) -> Any:
        return await sync_to_async(self._get_session_from_db)()

    async def aexists(self, session_key: str) -> bool:
        return await sync_to_async(self.exists)(session_key)

    async def acreate_model_instance(self, data: Any) -> Any:
        return await sync_to_async(self.create_model_instance)(data)

    async def adelete(self, session_key: str | None = None) -> None:
        await sync_to_async(self.delete)(session_key)
