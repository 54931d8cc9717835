"""The audit trail: who changed what that no campaign's ledger tells of. Rows are only ever added.

An operation records inside its own transaction, so that there is no change without an entry and no entry without
a change. What is secret or only personal (see `redacted`) is named but never kept.
"""

import json
import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder

from accounts.actors import Actor
from accounts.models import AuditEntry
from contract.prepared import Writes

Subject = tuple[str, UUID, str]  # kind, id, name

# What this app records. Apps above have lists of their own.
ACTIONS = (
    *("account_created", "account_changed", "account_deleted", "password_set", "preferences_changed"),
    *("account_connected", "account_disconnected", "second_step_on", "second_step_off"),
    *("sign_in_begun", "sign_in_ended", "token_reused", "logged_out_everywhere"),
    *("key_issued", "key_rotated", "key_revoked"),
    *("team_created", "team_renamed", "team_deleted", "team_handed_over", "team_joined", "team_left"),
    *("team_member_removed", "team_role_changed", "invitation_issued", "invitation_accepted", "invitation_revoked"),
)

NOT_KEPT = "(not kept)"
_SECRET_NAME = re.compile(
    r"password|passwd|secret|token|digest|e?_?mail|seed|recovery|successor|session_key|cookie|authorization|api_?key",
    re.IGNORECASE,
)
_SECRET_TEXT = re.compile(
    r"trp_[a-z]{2,12}_[0-9A-Za-z]{36}"  # every token of ours
    r"|eyJ[\w-]{8,}\.[\w-]+\.[\w-]+"  # a JSON web token
    r"|[^\s@<>\"']+@[^\s@<>\"']+\.[^\s@<>\"']+"  # an e-mail address
)
_NAMES_OF_NO_SECRET = frozenset({"token_id", "hint", "has_password", "has_email"})


def record(
    action: str,
    *,
    actor: Actor,
    subject: Subject | None = None,
    campaign_id: UUID | None = None,
    team_id: UUID | None = None,
    before: Any = None,
    after: Any = None,
    writes: Writes | None = None,
) -> AuditEntry:
    """Add one entry; call it inside the transaction of the change. `before` and `after` are JSON-like documents. With
    `writes` the entry is written when those are.
    """
    kind, subject_id, name = subject or ("", None, "")
    entry = AuditEntry(
        actor_id=actor.user.pk if actor.user is not None else None,
        actor_name=actor.name[:120],
        credential=actor.credential[:60],
        request_id=actor.request_id[:40],
        action=action,
        subject_kind=kind,
        subject_id=subject_id,
        subject_name=str(redacted(name))[:160],
        campaign_id=campaign_id,
        team_id=team_id,
        before=_plain(redacted(before)),
        after=_plain(redacted(after)),
    )
    own = Writes() if writes is None else writes
    own.insert(entry)
    if writes is None:
        own.flush()
    return entry


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """`before=` and `after=` of `record`: what differs between two documents of one thing."""
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return {
        "before": {name: before[name] for name in names if name in before},
        "after": {name: after[name] for name in names if name in after},
    }


def redacted(part: Any) -> Any:
    """The document without what is secret, by the name it stands under or by how it looks."""
    if isinstance(part, Mapping):
        return {str(name): _under(str(name), value) for name, value in part.items()}
    if isinstance(part, list | tuple | set | frozenset):
        return [redacted(each) for each in part]
    return _SECRET_TEXT.sub(NOT_KEPT, part) if isinstance(part, str) else part


def _under(name: str, value: Any) -> Any:
    if _SECRET_NAME.search(name) and name not in _NAMES_OF_NO_SECRET:
        return NOT_KEPT if value else value
    return redacted(value)


def _plain(document: Any) -> Any:
    """As JSON has it: ids and moments become text."""
    return None if document is None else json.loads(json.dumps(document, cls=DjangoJSONEncoder))
