"""What this app keeps of a person (see accounts.personal)."""

from collections.abc import Iterator
from typing import Any

from accounts import personal
from accounts.models import AuditEntry, Membership, TeamRole, User
from accounts.operations import connections, preferences, two_factor
from accounts.serializers import PersonSerializer, PreferencesSerializer


def account(user: User) -> dict[str, Any]:
    return {
        **PersonSerializer(user).data,
        "last_login": user.last_login,
        "second_step": two_factor.is_on(user),
        "preferences": PreferencesSerializer(preferences.of(user)).data,
        "connected_accounts": [
            {"provider": name, "id": each.uid, "since": each.created} for name, each in connections.of(user).items()
        ],
        "teams": [
            {"id": each.team_id, "name": each.team.name, "role": each.role, "since": each.created_at}
            for each in user.team_memberships.select_related("team").order_by("created_at")
        ],
        "api_keys": list(user.api_keys.values("name", "hint", "scopes", "created_at", "last_used_at", "expires_at")),
        "sign_ins_of_programs": list(
            user.refresh_families.order_by("created_at").values("created_at", "expires_at", "revoked_at")
        ),
    }


def deeds(user: User) -> list[dict[str, Any]]:
    names = ("at", "action", "credential", "subject_kind", "subject_id", "subject_name", "before", "after")
    return list(AuditEntry.objects.filter(actor_id=user.pk).order_by("at", "id").values(*names))


def obstacles(user: User) -> Iterator[str]:
    if user.is_superuser and not _superusers_besides(user):
        yield "You are the only administrator of this site. Make somebody else one first."
    for name in _teams_without_another_owner(user):
        yield f"The team “{name}” would be left without an owner. Hand it over, or delete it."


def _superusers_besides(user: User) -> bool:
    return User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk).exists()


def _teams_without_another_owner(user: User) -> Iterator[str]:
    owned = Membership.objects.filter(user=user, role=TeamRole.OWNER).select_related("team").order_by("team__name")
    for membership in owned:
        others = membership.team.memberships.exclude(user=user)
        if others.exists() and not others.filter(role=TeamRole.OWNER).exists():
            yield membership.team.name


def stays(user: User) -> Iterator[str]:
    yield "The audit trail keeps what you changed, with your name as it was then."


def register() -> None:
    personal.register(personal.Part("account", account, obstacles, stays))
    personal.register(personal.Part("deeds", deeds))
