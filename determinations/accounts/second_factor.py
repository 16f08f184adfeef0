"""The optional second factor: codes of an authenticator app (TOTP, RFC 6238), and backup codes on paper.

An account that has one needs it for every sign-in, and can no longer send its name and password to the API. A
setting can require it of staff.
"""

from base64 import b32encode

import segno
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser, User
from django.db import transaction
from django.utils.safestring import SafeString
from django_otp import user_has_device, verify_token
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

BACKUP_CODES = 10


def has_second_factor(user: AbstractBaseUser) -> bool:
    return bool(user_has_device(user))


def is_in_use() -> bool:
    """Whether any account of this site has a second factor: only then the sign-in pages ask for a code."""
    return bool(TOTPDevice.objects.filter(confirmed=True).exists())


def is_verified(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether the person used the second factor in this session."""
    return getattr(user, "otp_device", None) is not None


def password_is_enough(user: AbstractBaseUser) -> bool:
    """Whether a program may use the account with its name and password alone."""
    required = settings.STAFF_SECOND_FACTOR and getattr(user, "is_staff", False)
    return not required and not has_second_factor(user)


def matching_device(user: AbstractBaseUser, code: str) -> Device | None:
    """The device that takes the code. Digits are of the app, others are a backup code, which is used up."""
    typed = "".join(code.split()).lower()
    kind: type[Device] = TOTPDevice if typed.isdecimal() else StaticDevice
    for device in kind.objects.devices_for_user(user, confirmed=True):
        verified: Device | None = verify_token(user, device.persistent_id, typed)
        if verified is not None:
            return verified
    return None


@transaction.atomic
def device_to_set_up(user: User) -> TOTPDevice:
    """The app's device that awaits its first code; made on the first visit of the page."""
    devices = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False)
    return devices.first() or TOTPDevice.objects.create(user=user, name="Authenticator app", confirmed=False)


def key_in_words(device: TOTPDevice) -> str:
    """The key as an app takes it where there is no camera: base32 in groups of four."""
    key = b32encode(device.bin_key).decode()
    return " ".join(key[start : start + 4] for start in range(0, len(key), 4))


def qr_code(device: TOTPDevice) -> SafeString:
    """The key as an SVG picture, for the app's camera."""
    picture: str = segno.make(device.config_url, micro=False).svg_inline(scale=5, light="white")
    return SafeString(picture)


@transaction.atomic
def confirm(device: TOTPDevice) -> list[str]:
    """The app showed the right code: from now on the account needs it. Gives the backup codes."""
    TOTPDevice.objects.filter(user=device.user).exclude(pk=device.pk).delete()
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    return new_backup_codes(device.user)


@transaction.atomic
def new_backup_codes(user: User) -> list[str]:
    """Ten codes, each for one sign-in. Earlier ones no longer work."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="Backup codes")
    codes = [StaticToken.random_token() for _ in range(BACKUP_CODES)]
    StaticToken.objects.bulk_create([StaticToken(device=device, token=code) for code in codes])
    return codes


@transaction.atomic
def remove(user: User) -> None:
    """The account needs its password only."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
