"""Every operation that has an actor leaves an entry: in the ledger of its campaign or in the audit trail.

An operation without a case fails `test_every_operation_has_a_case`.
"""

import inspect
import pkgutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.models.signals import pre_save
from django_otp.oath import TOTP
from social_django.models import UserSocialAuth

from accounts import audit
from accounts.actors import SYSTEM
from accounts.models import AuditEntry, Team, User
from accounts.operations import connections, departure, keys, people, preferences, refresh, sessions, teams, two_factor
from campaigns import trail
from campaigns.models import Event
from campaigns.operations import campaigns, members
from content.operations import assets
from sheets.exchange.reading import read
from sheets.lines.traits import TOUCHSTONES
from sheets.operations import chronicles, copies, exchange, experience, portraits, rolling, rows, sheets
from sheets.portraits import FACE
from tests.content.stored import an_asset, replaced
from tests.factories import PASSWORD, a_campaign, a_member, a_team, a_user, acting, an_api_key, join_team
from tests.overlay.test_every_operation import CASES, Stage
from tests.sheets.made import EVERYTHING, a_face, a_request, a_roll, a_row, a_sheet, awarded, fallen

pytestmark = pytest.mark.django_db

BY: dict[str, Any] = {"actor": SYSTEM}
SECRETS = (PASSWORD, "noor@example.org")


def _revoke(team: Team) -> None:
    teams.revoke_invitation(team.pk, teams.invite(team.pk, "viewer", **BY)[0].pk, **BY)


def _with_viewer(act: Callable[..., Any], *more: Any) -> None:
    noor = a_user()
    act(a_team(viewer=noor).pk, noor.pk, *more, **BY)


def _hand_over(owner: User, heir: User) -> None:
    teams.hand_over(a_team(owner, viewer=heir).pk, heir.pk, actor=acting(owner))


def _second_step(user: User) -> None:
    clock = TOTP(bytes.fromhex(two_factor.begin(user).seed))
    clock.time = time.time()
    assert two_factor.confirm(user, f"{clock.token():06}", **BY)


def _connected(user: User) -> None:
    UserSocialAuth.objects.create(user=user, provider="discord", uid="80351110224678912")
    connections.disconnect(user, "discord", **BY)


# Of the operations that change a campaign there are cases already; these are the others, and those that differ.
MORE: dict[str, Callable[[Stage], Any]] = {
    "campaigns.create": lambda s: campaigns.create(a_user(), name="The Second Bell", **BY),
    "campaigns.delete": lambda s: campaigns.delete(s.id, **BY),
    "members.remove": lambda s: members.remove(s.campaign, a_member(s.campaign).user_id, **BY),
    "members.hand_over": lambda s: members.hand_over(s.id, a_member(s.campaign, "gm").user_id, **BY),
    "people.create": lambda s: people.create("noor", PASSWORD, email=SECRETS[1], **BY),
    "people.update": lambda s: people.update(a_user(), {"email": SECRETS[1], "display_name": "Noor"}, **BY),
    "teams.create": lambda s: teams.create("The Wicks", actor=acting(a_user())),
    "teams.rename": lambda s: teams.rename(a_team().pk, "The Wicks", **BY),
    "teams.delete": lambda s: teams.delete(a_team().pk, **BY),
    "teams.invite": lambda s: teams.invite(a_team().pk, "viewer", **BY),
    "teams.revoke_invitation": lambda s: _revoke(a_team()),
    "teams.accept": lambda s: join_team(a_team(), a_user()),
    "teams.change_role": lambda s: _with_viewer(teams.change_role, "editor"),
    "teams.remove": lambda s: _with_viewer(teams.remove),
    "teams.hand_over": lambda s: _hand_over(a_user(), a_user()),
    "keys.issue": lambda s: an_api_key(a_user()),
    "keys.rotate": lambda s: keys.rotate(an_api_key(a_user())[0], **BY),
    "keys.revoke": lambda s: keys.revoke(an_api_key(a_user())[0], **BY),
    "refresh.begin": lambda s: refresh.begin(a_user(), **BY),
    "refresh.revoke": lambda s: refresh.revoke(refresh.begin(a_user(), **BY).refresh, **BY),
    "sessions.end_all": lambda s: sessions.end_all(a_user(), **BY),
    "preferences.update": lambda s: preferences.update(a_user(), {"theme": "light"}, **BY),
    "two_factor.confirm": lambda s: _second_step(a_user()),
    "two_factor.switch_off": lambda s: two_factor.switch_off(a_user(), **BY),
    "connections.disconnect": lambda s: _connected(a_user()),
    "assets.upload": lambda s: an_asset(a_user()),
    "assets.replace": lambda s: replaced(an_asset(a_user())),
    "assets.update": lambda s: assets.update(an_asset(a_user()), {"title": "The harbour"}, **BY),
    "assets.restore": lambda s: assets.restore(an_asset(a_user()), 1, **BY),
    "assets.delete": lambda s: assets.delete(an_asset(a_user()), **BY),
    "departure.leave": lambda s: departure.leave(a_user(), **BY),
    "sheets.create": lambda s: a_sheet(),
    "copies.duplicate": lambda s: copies.duplicate(a_sheet(), standing=EVERYTHING, owner=a_user(), **BY),
    "sheets.delete": lambda s: sheets.delete(a_sheet(campaign=s.campaign), **BY),
    "sheets.move_track": lambda s: sheets.move_track(a_sheet(), "hunger", {"delta": 1}, **BY),
    "rolling.roll": lambda s: a_roll(a_sheet()),
    "rolling.reroll": lambda s: rolling.reroll(a_roll(a_sheet()), [0], standing=EVERYTHING, **BY),
    "rolling.choose": lambda s: rolling.choose(
        fallen(a_sheet(line="htr"), [8], [1], kind="desperation"), "overreach", standing=EVERYTHING, **BY
    ),
    "rows.update": lambda s: rows.update(a_row(a_sheet()), TOUCHSTONES, {"conviction": "Never the unwilling."}, **BY),
    "rows.duplicate": lambda s: rows.duplicate(a_row(a_sheet()), TOUCHSTONES, **BY),
    "experience.award": lambda s: awarded(a_sheet()),
    "experience.award_all": lambda s: (a_sheet(campaign=s.campaign), experience.award_all(s.campaign, 3, **BY)),
    "experience.approve": lambda s: experience.approve(a_request(s.campaign), **BY),
    "experience.refuse": lambda s: experience.refuse(a_request(s.campaign), **BY),
    "experience.undo": lambda s: experience.undo(awarded(a_sheet()), **BY),
    "experience.carry_over": lambda s: experience.carry_over(a_sheet(), 9, 3, source="Foundry", **BY),
    "portraits.put_on": lambda s: a_face(a_sheet()),
    "portraits.describe": lambda s: portraits.describe(a_face(a_sheet()), FACE, {"alt_text": "Elena"}, **BY),
    "portraits.take_off": lambda s: portraits.take_off(a_face(a_sheet()), FACE, **BY),
    "exchange.bring_in": lambda s: exchange.bring_in(a_user(), read({"splat": "vampire", "traits": []}), **BY),
    "chronicles.update": lambda s: chronicles.update(s.campaign, {"bane_table": "2018"}, **BY),
    "people.set_password": lambda s: people.set_password(a_user(), PASSWORD, **BY),
}
ALL = {f"{name} {variant}".strip(): case for (name, variant), case in CASES.items() if name not in MORE} | MORE


def operations() -> Iterator[str]:
    """Every public function of an app's `operations` that is told its actor."""
    for app in apps.get_app_configs():
        package = f"{app.name}.operations"
        if "site-packages" in app.path or not _is_there(package):
            continue
        for module in pkgutil.iter_modules(import_module(package).__path__):
            path = f"{package}.{module.name}"
            for name, function in inspect.getmembers(import_module(path), inspect.isfunction):
                own = function.__module__ == path and not name.startswith("_")
                if own and "actor" in inspect.signature(function).parameters:
                    yield f"{module.name}.{name}"


def _is_there(package: str) -> bool:
    try:
        return bool(import_module(package))
    except ModuleNotFoundError:
        return False


# What leaves no entry, and why.
QUIET = {
    "refresh.rotate": "a program renews its sign-in every few minutes: what is told is its beginning, end and misuse",
}


# Names its own actor: the overlay's key, with which OBS says that it streams.
BY_KEY = {"streaming.stream_started"}


def test_every_operation_has_a_case() -> None:
    assert set(operations()) | BY_KEY == {name for name, _ in CASES} | MORE.keys() | QUIET.keys()


@contextmanager
def depths() -> Iterator[list[int]]:
    """How many transactions were open around each entry written meanwhile."""
    found: list[int] = []

    def note(**_: Any) -> None:
        found.append(len(connection.atomic_blocks))

    pre_save.connect(note, sender=AuditEntry)
    yield found
    pre_save.disconnect(note, sender=AuditEntry)


@pytest.mark.parametrize("case", ALL.values(), ids=ALL)
def test_every_operation_is_told(case: Callable[[Stage], Any]) -> None:
    stage = Stage()
    before = Event.objects.count() + AuditEntry.objects.count()
    deleted = Event.objects.filter(campaign=stage.campaign).count()
    around = len(connection.atomic_blocks)

    with depths() as found:
        case(stage)

    gone = 0 if type(stage.campaign).objects.filter(pk=stage.id).exists() else deleted
    assert Event.objects.count() + AuditEntry.objects.count() > before - gone
    assert all(depth > around for depth in found), "recorded outside the operation's own transaction"


def test_the_trail_holds_no_secret() -> None:
    for case in ALL.values():
        case(Stage())
    written = str(list(AuditEntry.objects.values()))
    assert AuditEntry.objects.count() > len(ALL) / 4
    named = {*audit.ACTIONS, *trail.ACTIONS, *assets.ACTIONS}
    assert set(AuditEntry.objects.values_list("action", flat=True)) <= named, "no filter offers it"
    assert "$" not in written  # the form of every stored password
    assert "trp_control_" not in written.replace("trp_control_…", "")
    for secret in SECRETS:
        assert secret not in written


def test_an_account_is_told_with_its_campaign() -> None:
    campaign = a_campaign()
    a_member(campaign)
    assert set(AuditEntry.objects.filter(campaign_id=campaign.pk).values_list("action", flat=True)) == {
        "campaign_created",
        "member_joined",
    }
