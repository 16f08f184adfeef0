"""What follows from a new password, whoever set it and wherever."""

from secrets import token_urlsafe

from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest

from determinations.accounts.events import log_event
from determinations.accounts.lockout import forget_failures
from determinations.models import SavedSearch


class FollowNewPasswords:
    """A validator that finds no fault. Django tells validators when a password was changed.

    Sessions end by themselves, since they depend on the password. Feeds have addresses that anyone can read
    who has them, so these are replaced. A lock of the account ends.
    """

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        return

    def get_help_text(self) -> str:
        return ""

    def password_changed(self, password: str, user: AbstractBaseUser | None = None) -> None:
        if user is None or user.pk is None:
            return
        withdraw_feeds(user)
        forget_failures(user.get_username())
        log_event("new password", user.get_username())


@transaction.atomic
def withdraw_feeds(user: AbstractBaseUser) -> None:
    """Give each feed of the person a new address."""
    for saved in SavedSearch.objects.filter(user_id=user.pk).only("pk"):
        SavedSearch.objects.filter(pk=saved.pk).update(feed_token=token_urlsafe())


def sign_out_everywhere_else(request: HttpRequest, user: User, password: str) -> None:
    """End the person's other sessions and withdraw the feeds. `password` is the present one, checked already.

    It is stored anew, with other salt: that is what sessions depend on.
    """
    user.set_password(password)
    user.save(update_fields=["password"])
    update_session_auth_hash(request, user)
