"""What happens to accounts, in the log: sign-ins, failures, locks, new passwords and downloads.

An event names the account and nothing else about the person. A name that no account has is not logged: people
type passwords into the wrong field.
"""

import logging
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from determinations import metrics
from determinations.accounts.lockout import forget_failures, is_locked, note_failure
from determinations.accounts.middleware import begin_session

logger = logging.getLogger(__name__)


def log_event(event: str, account: str, **details: str) -> None:
    """One line, such as "download by ana: /search.csv"."""
    said = f": {', '.join(details.values())}" if details else ""
    logger.info("%s by %s%s", event, account, said, extra={"event": event, "account": account, **details})


@receiver(user_logged_in)
def note_sign_in(request: HttpRequest, user: AbstractBaseUser, **_: Any) -> None:
    begin_session(request.session)
    forget_failures(user.get_username())
    metrics.count_sign_in("success")
    log_event("sign-in", user.get_username())


@receiver(user_logged_out)
def note_sign_out(user: AbstractBaseUser | None, **_: Any) -> None:
    if user is not None and not user.is_anonymous:
        log_event("sign-out", user.get_username())


@receiver(user_login_failed)
def note_failed_sign_in(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    if request is not None:
        failed_sign_in(request, str(credentials.get("username", "")))


def failed_sign_in(request: HttpRequest, username: str) -> None:
    """A wrong password or code was sent for the account, or it was refused because of a lock."""
    locked = is_locked(request)
    if not locked:
        note_failure(request, username)
    metrics.count_sign_in("locked" if locked else "failure")
    known = get_user_model()._default_manager.filter(username=username).exists()
    event = "sign-in refused by the lock" if locked else "failed sign-in"
    log_event(event, username if known else "(no such account)")
