"""`{{ url|carrying:selected }}`: the address of a page of results that keeps these items selected."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django import template

register = template.Library()


@register.filter
def carrying(url: str, names: Iterable[str]) -> str:
    carried = urlencode([("item", name) for name in names])
    joint = "&" if "?" in url else "?"
    return f"{url}{joint}{carried}" if carried else url
