"""`{% address "browse" %}`: the address of a page of the site that has no parts, as `{% url %}` gives it.

Remembered, because every page has a dozen of them: looking each up took a fifteenth of a page's time.
"""

from functools import lru_cache

from django import template
from django.urls import get_script_prefix, reverse

register = template.Library()


@register.simple_tag
def address(name: str) -> str:
    """`name` is one of `determinations.urls`."""
    return _address(get_script_prefix(), name)


@lru_cache
def _address(script_prefix: str, name: str) -> str:
    return reverse(f"determinations:{name}")
