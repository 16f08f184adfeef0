"""What every page shows: the banner while invented letters are loaded."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from .models import Determination


def site_banner(request: HttpRequest) -> dict[str, object]:
    """`holds_invented_letters`, asked of the database only by a template that shows it."""
    return {"holds_invented_letters": SimpleLazyObject(_holds_invented_letters)}


def _holds_invented_letters() -> bool:
    return Determination.objects.filter(is_invented=True).exists()
