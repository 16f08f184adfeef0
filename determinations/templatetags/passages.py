"""Passages of a letter as HTML: the letter's text escaped, its matched words marked, nothing else."""

from django import template
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString

from ..search.interface import Passage

register = template.Library()


@register.simple_tag
def marked(passage: Passage) -> SafeString:
    """The passage's text, each matched word in a <mark>."""
    return format_html_join(
        "",
        "{}{}{}",
        (
            (_OPEN, escape(fragment.text), _CLOSE) if fragment.is_match else ("", escape(fragment.text), "")
            for fragment in passage
        ),
    )


_OPEN, _CLOSE = SafeString("<mark>"), SafeString("</mark>")
