"""An outcome rate as HTML: a bar that is seen, beside words that are read. No inline style.

The bar is hidden from screen readers; whoever draws one writes the figures next to it.
"""

from html import escape

from django import template
from django.utils.safestring import SafeString

from determinations.statistics.rates import OutcomeRate

register = template.Library()

_BAR = (
    '<svg class="rate-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"'
    ' focusable="false"><rect class="rate-whole" width="100" height="8" />'
    '<rect class="rate-share" width="{}" height="8" /></svg>'
)


_ROW = '<tr><th scope="row">{}</th> <td>{}</td> <td>{}</td> <td>{}</td></tr>'


@register.simple_tag
def rate_bar(rate: OutcomeRate) -> SafeString:
    """The overturned share of the bar's whole length; nothing below five items."""
    return SafeString(_BAR.format(f"{rate.share * 100:.1f}") if rate.has_percentage else "")


@register.simple_tag
def rate_row(label: str, rate: OutcomeRate) -> SafeString:
    """A table row: label, "3 of 12", share, interval; a dash for what fewer than five items cannot say."""
    counted = f"{rate.overturned:,} of {rate.decided:,}"
    return SafeString(_ROW.format(escape(label), counted, rate.percentage or "–", rate.bounds or "–"))


@register.filter
def rate_title(rate: OutcomeRate) -> str:
    """What a pointer resting on the share is told: "3 of 12 overturned (25 %), 9 % to 53 % (95 % ...)"."""
    interval = rate.interval_in_words or "too few for a percentage"
    return f"{rate.in_words}: {interval}, of the letters held here"
