"""`Idempotency-Key`: a POST that is repeated with the same key and body has one effect and the same answer.

The claim of the key is the first row that the request's transaction writes. A repetition that comes while the first
is still at work waits for it at the unique index; a request that is refused takes its claim back with it.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.db import transaction
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from accounts.models import IdempotentReply
from contract.refusals import Invalid

HEADER = "Idempotency-Key"
LONGEST_KEY = 255
KEPT_HOURS = 24

BAD_KEY = (HEADER, f"Send 1 to {LONGEST_KEY} visible ASCII characters.")
OTHER_REQUEST = (HEADER, "This key came with another request before. Choose a new one.")

Handler = Callable[..., Response]


def idempotent(handler: Handler) -> Handler:
    """Honour the key on a view's method. The view has `actor`; what it names in `shown_once` is never kept."""

    @wraps(handler)
    def answer(view: Any, request: Any, *args: Any, **kwargs: Any) -> Response:
        once = _once(view, request)
        if once is None:
            return handler(view, request, *args, **kwargs)
        return once.answer(lambda: handler(view, request, *args, **kwargs))

    return answer


def _once(view: Any, request: Any) -> "Once | None":
    """None without a key. Raises Invalid."""
    key = request.headers.get(HEADER)
    if key is None:
        return None
    if not 1 <= len(key) <= LONGEST_KEY or not key.isascii() or not key.isprintable() or not key.strip():
        raise Invalid([BAD_KEY])
    return Once(view.actor.caller, key, fingerprint(request), getattr(view, "shown_once", ()))


def idempotent_at_last(handler: Handler) -> Handler:
    """As `idempotent`, for what takes long before its transaction: the claim, and with it the connection, is held only
    while the view's `finish` does the last step, which returns the answer. What came before has to be taken back by the
    view where `finish` returns without having called that step: the key has been answered meanwhile.
    """

    @wraps(handler)
    def answer(view: Any, request: Any, *args: Any, **kwargs: Any) -> Response:
        once = _once(view, request)
        view.finish = once.answer if once else _straight
        return (once.known() if once else None) or handler(view, request, *args, **kwargs)

    return answer


def _straight(act: Callable[[], Response]) -> Response:
    return act()


class Once:
    def __init__(self, caller: str, key: str, print_: str, shown_once: tuple[str, ...]) -> None:
        self.caller, self.key, self.fingerprint, self.shown_once = caller, key, print_, shown_once

    def answer(self, act: Callable[[], Response]) -> Response:
        with transaction.atomic():
            reply = self._claimed()
            if reply.status:
                return self._repeated(reply)
            response = act()
            self._keep(reply, response)
        return response

    def known(self) -> Response | None:
        """The answer that was given before, if it was. Raises Invalid."""
        reply = IdempotentReply.objects.filter(caller=self.caller, key=self.key, status__gt=0).first()
        return self._repeated(reply) if reply else None

    def _claimed(self) -> IdempotentReply:
        """A row without a status is ours: those of others are seen only after they were committed with one."""
        claim = IdempotentReply(caller=self.caller, key=self.key, fingerprint=self.fingerprint)
        IdempotentReply.objects.bulk_create([claim], ignore_conflicts=True)
        return IdempotentReply.objects.get(caller=self.caller, key=self.key)

    def _repeated(self, reply: IdempotentReply) -> Response:
        if reply.fingerprint != self.fingerprint:
            raise Invalid([OTHER_REQUEST])
        return Response(json.loads(reply.body) if reply.body else None, status=reply.status)

    def _keep(self, reply: IdempotentReply, response: Response) -> None:
        # As text: a JSON column of PostgreSQL does not keep the order of keys.
        reply.body = JSONRenderer().render(self._repeatable(response.data)).decode() if response.data else None
        reply.status = response.status_code
        reply.save(update_fields=["status", "body"])

    def _repeatable(self, data: Any) -> Any:
        return {**data, **dict.fromkeys(self.shown_once)} if self.shown_once else data


def fingerprint(request: Any) -> str:
    """Of method, address and what the body says (not of how it is spaced)."""
    head = f"{request.method} {request.get_full_path()}\n"
    digest = hashlib.sha256(head.encode())
    digest.update(json.dumps(request.data, sort_keys=True, default=str).encode())
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            digest.update(f"\n{name} {file.name} {hashlib.sha256(file.read()).hexdigest()}".encode())
            file.seek(0)
    return digest.hexdigest()


def forget(before: datetime) -> int:
    """Delete the answers given before that moment; returns how many."""
    deleted, _ = IdempotentReply.objects.filter(created_at__lt=before).delete()
    return deleted
