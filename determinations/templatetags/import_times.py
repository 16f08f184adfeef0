"""The speed and remaining time of imports, in words."""

from django import template
from django.utils.translation import ngettext

register = template.Library()


@register.filter
def pace(rate: float) -> str:
    """Files a second: 312.4 -> "312 files a second", 0.25 -> "15 files a minute"."""
    if rate >= 10:
        return f"{rate:,.0f} files a second"
    if rate >= 1:
        return f"{rate:.1f} files a second"
    files = max(round(rate * 60), 1)
    return ngettext("%d file a minute", "%d files a minute", files) % files


@register.filter
def time_left(seconds: float) -> str:
    """A time that is an estimate: 42.3 -> "less than a minute", 5400.0 -> "about 1 h 30 min"."""
    minutes = round(seconds / 60)
    if seconds < 60:
        return "less than a minute"
    if minutes < 60:
        return f"about {minutes} min"
    return f"about {minutes // 60} h {minutes % 60} min"
