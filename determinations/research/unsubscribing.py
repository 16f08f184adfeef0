"""The link in each mail that ends all mail to its reader: signed, valid for good, no sign-in needed."""

from django.core import signing
from django.urls import reverse

from determinations.models import SavedSearch

_SALT = "determinations.research.unsubscribing"


class UnknownTokenError(Exception):
    """The token was not made here."""


def stop_path(user_id: int) -> str:
    return reverse("determinations:stop_alerts", args=[signing.dumps(user_id, salt=_SALT)])


def reader_of(token: str) -> int:
    """The key of the user whom the token was made for. Raises UnknownTokenError."""
    try:
        return int(signing.loads(token, salt=_SALT))
    except signing.BadSignature as error:
        raise UnknownTokenError from error


def stop_mail(user_id: int) -> int:
    """Turn every alert by mail off; gives how many there were."""
    return SavedSearch.objects.filter(user_id=user_id, by_mail=True).update(by_mail=False)
