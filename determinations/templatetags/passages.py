"""Passages of a letter as HTML: the letter's text escaped, its matched words marked, nothing else."""

from html import escape

from django import template
from django.utils.safestring import SafeString

from determinations.search.interface import Passage

register = template.Library()


@register.simple_tag
def marked(passage: Passage) -> SafeString:
    """The passage's text, each matched word in a <mark>."""
    return SafeString(
        "".join(
            f"<mark>{escape(fragment.text)}</mark>" if fragment.is_match else escape(fragment.text)
            for fragment in passage
        )
    )
