"""Who does a thing and with which credential: what every operation, query and audit entry is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

if TYPE_CHECKING:
    from accounts.models import User
    from contract.prepared import Asked


class CampaignCredential(Protocol):
    """A credential that speaks for one campaign (an X-Token)."""

    id: UUID
    kind: str
    campaign_id: UUID


class Proof(Protocol):
    """That a credential is still good, which the database is asked in the transaction that acts on it."""

    @property
    def asked(self) -> Asked: ...

    def check(self, found: Any) -> None:
        """Raises AuthenticationFailed by what was found."""


@dataclass(frozen=True)
class Actor:
    """`via` is how the actor came in: session, bearer, api-key, x-token, admin, command, socket, system or nothing
    ("anonymous"). `key_id` is the id of the API key or of the sign-in behind an access token; `scopes` is what an API
    key may do, None for somebody in person.
    """

    user: User | None = None
    token: CampaignCredential | None = None
    via: str = "anonymous"
    request_id: str = ""
    key_id: UUID | None = None
    scopes: frozenset[str] | None = None
    proof: Proof | None = None  # where it is still to be had: only `campaigns.ledger.writing` asks for it

    @property
    def is_anonymous(self) -> bool:
        return self.user is None and self.token is None and self.via != "system"

    @property
    def name(self) -> str:
        """How the ledger names the actor."""
        if self.user is not None:
            return str(self.user)
        return f"{self.token.kind} token" if self.token is not None else self.via

    @property
    def credential(self) -> str:
        """How ledger and audit trail name what the actor came in with."""
        credential_id = self.token.id if self.token is not None else self.key_id
        return f"{self.via}:{credential_id}" if credential_id is not None else self.via

    @property
    def caller(self) -> str:
        """A key for everything that is counted or remembered per caller."""
        if self.token is not None:
            return f"token:{self.token.id}"
        return f"user:{self.user.pk}" if self.user is not None else "anonymous"


ANONYMOUS = Actor()
SYSTEM = Actor(via="system")
