"""After too many failures, signing in is locked for a while: for the account, and for the address.

Failures of the last WINDOW count. All web processes and restarts share them, in the database. A name that no
account has is locked in the same way, so a lock tells nobody which accounts exist. Attempts that are made at
the same moment may go a few beyond the limit. While a lock lasts, no password is checked.
"""

from math import ceil
from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from determinations.accounts.models import WINDOW, SignInFailure
from determinations.load_limits import visitor

LOCKED_SECONDS = "sign_in_locked_seconds"
"""The attribute of a request that met a lock: how long the lock still lasts."""


class LockingBackend(ModelBackend):
    """Names and passwords of accounts, none of which is checked while a lock lasts."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        if request is not None and username is not None and (seconds := seconds_locked(request, username)):
            setattr(request, LOCKED_SECONDS, seconds)
            raise PermissionDenied
        return super().authenticate(request, username=username, password=password, **kwargs)


def seconds_locked(request: HttpRequest, username: str) -> int:
    """How long signing in is still locked for this account or this address; 0 where it is not."""
    limits = {
        _account_key(username): settings.ACCOUNT_FAILURES,
        _address_key(request): settings.ADDRESS_FAILURES,
    }
    now = timezone.now()
    longest = 0
    for key, most in limits.items():
        if not most:
            continue
        counted = SignInFailure.objects.filter(key=key, at__gt=now - WINDOW).order_by("-at")
        # The lock ends when so many have passed out of the window that fewer than `most` are left.
        deciding = counted.values_list("at", flat=True)[most - 1 : most].first()
        if deciding is not None:
            longest = max(longest, ceil((deciding + WINDOW - now).total_seconds()))
    return longest


def is_locked(request: HttpRequest) -> bool:
    """Whether this request was refused because of a lock."""
    return hasattr(request, LOCKED_SECONDS)


def note_failure(request: HttpRequest, username: str) -> None:
    """Count a wrong password or code. While a lock lasts nothing counts, so that it ends."""
    now = timezone.now()
    keys = (_account_key(username), _address_key(request))
    SignInFailure.objects.bulk_create([SignInFailure(key=key, at=now) for key in keys])


def forget_failures(username: str) -> None:
    """Those of the account: its owner signed in, or got a new password. Those of addresses stay."""
    SignInFailure.objects.filter(key=_account_key(username)).delete()


def _account_key(username: str) -> str:
    return _digest(f"account {username.casefold()}")


def _address_key(request: HttpRequest) -> str:
    return _digest(f"address {visitor(request, is_signing_in=True)}")


def _digest(value: str) -> str:
    return salted_hmac("determinations.sign_in_failure", value, algorithm="sha256").hexdigest()
