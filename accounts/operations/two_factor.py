"""The second step at sign-in: six digits from an app (TOTP, RFC 6238, 30 s, SHA-1), or one of ten recovery codes."""

import base64
import hashlib
import secrets
import time
from urllib.parse import quote, urlencode

from django.db import transaction
from django.utils import timezone
from django_otp.oath import TOTP

from accounts import audit
from accounts.actors import Actor
from accounts.models import TwoFactor, User

SEED_BYTES = 20  # what RFC 4226 recommends and every app takes
STEP = 30  # seconds
DRIFT = 1  # steps by which a phone's clock may be off
RECOVERY_CODES = 10
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # no 0, o, 1, i, l


def is_on(user: User) -> bool:
    return TwoFactor.objects.filter(user=user, confirmed_at__isnull=False).exists()


def begin(user: User) -> TwoFactor:
    """A seed to show; not in force before `confirm`. One that waits already stays: a reload changes nothing."""
    found = TwoFactor.objects.filter(user=user).first()
    return found or TwoFactor.objects.create(user=user, seed=secrets.token_hex(SEED_BYTES))


def confirm(user: User, code: str, *, actor: Actor) -> list[str] | None:
    """Put it in force; the recovery codes, to be shown this once. None where the code is wrong."""
    with transaction.atomic():
        device = _locked(user)
        if device is None or device.confirmed_at is not None or not _takes(device, code):
            return None
        codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
        device.confirmed_at = timezone.now()
        device.recovery_digests = [_digest(each) for each in codes]
        device.save()
        audit.record("second_step_on", actor=actor, subject=("user", user.pk, user.username))
    return codes


def check(user: User, code: str) -> bool:
    """Whether the code opens; each code does so once."""
    with transaction.atomic():
        device = _locked(user)
        if device is None or device.confirmed_at is None:
            return False
        if _takes(device, code):
            device.save(update_fields=["last_step", "updated_at"])
            return True
        return _uses_recovery(device, code)


def switch_off(user: User, *, actor: Actor) -> None:
    with transaction.atomic():
        TwoFactor.objects.filter(user=user).delete()
        audit.record("second_step_off", actor=actor, subject=("user", user.pk, user.username))


def recovery_left(user: User) -> int:
    device = TwoFactor.objects.filter(user=user, confirmed_at__isnull=False).first()
    return len(device.recovery_digests) if device else 0


def spelled(device: TwoFactor) -> str:
    """The seed as people type it into an app: base 32 in groups of four."""
    plain = base64.b32encode(bytes.fromhex(device.seed)).decode().rstrip("=")
    return " ".join(plain[index : index + 4] for index in range(0, len(plain), 4))


def uri(device: TwoFactor) -> str:
    """What the QR picture says (Google's key URI format)."""
    label = quote(f"Troupe:{device.user.username}")
    return f"otpauth://totp/{label}?{urlencode({'secret': spelled(device).replace(' ', ''), 'issuer': 'Troupe'})}"


def _locked(user: User) -> TwoFactor | None:
    return TwoFactor.objects.select_for_update().filter(user=user).first()


def _takes(device: TwoFactor, code: str) -> bool:
    """Whether the app shows this code now; remembers its step, which is then spent (not saved here)."""
    digits = "".join(code.split())
    if not (digits.isascii() and digits.isdecimal() and len(digits) == 6):
        return False
    totp = TOTP(bytes.fromhex(device.seed), STEP)
    totp.time = time.time()
    if not totp.verify(int(digits), tolerance=DRIFT, min_t=device.last_step + 1):
        return False
    device.last_step = totp.t()
    return True


def _uses_recovery(device: TwoFactor, code: str) -> bool:
    digest = _digest(code)
    if digest not in device.recovery_digests:
        return False
    device.recovery_digests = [each for each in device.recovery_digests if each != digest]
    device.save(update_fields=["recovery_digests", "updated_at"])
    return True


def _recovery_code() -> str:
    """15 characters of 31: 74 bits, so a fast hash is enough to keep them."""
    groups = ["".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(3)]
    return "-".join(groups)


def _digest(code: str) -> str:
    plain = "".join(code.casefold().replace("-", "").split())
    return hashlib.sha256(plain.encode()).hexdigest()
