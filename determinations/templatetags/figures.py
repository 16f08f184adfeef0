"""Numbers as a page writes them."""

from django import template

register = template.Library()


@register.filter
def unbroken(text: str) -> str:
    """The text, in which no line ends between a number and its percent sign."""
    return text.replace(" %", "\u00a0%")
