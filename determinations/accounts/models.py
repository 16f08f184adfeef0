"""Sign-ins that failed, for the lock against guessing."""

from datetime import timedelta

from django.db import models
from django.utils import timezone

WINDOW = timedelta(minutes=15)
"""How long a failure counts."""


class SignInFailure(models.Model):
    """A wrong password or code. `key` digests the account's name or the address that it came from.

    Rows are deleted once they no longer count. Nobody can read a name or an address from them.
    """

    key = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("key", "at"), name="sign_in_failure_key"),)

    def __str__(self) -> str:
        return f"failure at {self.at}"


def clear_failures() -> None:
    """Delete those that no longer count."""
    SignInFailure.objects.filter(at__lte=timezone.now() - WINDOW).delete()
