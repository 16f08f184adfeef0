"""What every page shows: the banner while invented letters are loaded."""

from django.http import HttpRequest


def site_banner(request: HttpRequest) -> dict[str, bool]:
    return {}
