"""The values of a facet as HTML: each a link with its count and the share overturned, children folded in.

A page of results holds two hundred of them; with a template each they took a quarter of its time.
"""

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString

from determinations.search_page.facet_panel import FacetValue
from determinations.templatetags.outcome_rates import rate_bar, rate_title

register = template.Library()

_LINK = (
    '<a class="facet-value" href="{url}" rel="nofollow"{current} aria-label="{name}">'
    '<span class="tick"></span>'
    '<span class="facet-label">{label}</span>'
    ' <span class="facet-count">{count:,}</span>{share}</a>'
)
_SHARE = ' <span class="facet-share" title="{}">{}</span>'
_BRANCH = (
    '<details class="branch"{open}><summary><span class="visually-hidden">Within {label}: {values}</span>'
    '</summary><ul class="facet-values">{children}</ul></details>'
)


@register.simple_tag
def facet_values(values: Iterable[FacetValue]) -> SafeString:
    """The values as items of a list."""
    return SafeString("\n".join(f"<li>{_link(value)}{_branch(value)}</li>" for value in values))


def _link(value: FacetValue) -> str:
    return _LINK.format(
        url=escape(value.toggle_url),
        current=' aria-current="true"' if value.selected else "",
        label=escape(value.label),
        name=escape(_name(value)),
        count=value.count,
        share=_share(value),
    )


def _name(value: FacetValue) -> str:
    """The link in a sentence, for screen readers: "L5-S1, 12 items, 16 % overturned, add filter"."""
    parts = [value.label, f"{value.count:,} item{'' if value.count == 1 else 's'}"]
    if value.rate and value.rate.has_percentage:
        parts.append(f"{value.rate.percentage} overturned")
    return ", ".join([*parts, "chosen, remove filter" if value.selected else "add filter"])


def _share(value: FacetValue) -> str:
    rate = value.rate
    if not rate:
        return ""
    shown = ""
    if rate.has_percentage:
        shown = f"{rate.percentage}{rate_bar(rate)}"
    return _SHARE.format(escape(rate_title(rate)), shown)


def _branch(value: FacetValue) -> str:
    if not value.children:
        return ""
    held = len(value.children)
    return _BRANCH.format(
        open=" open" if value.is_open else "",
        label=escape(value.label),
        values=f"{held} value{'' if held == 1 else 's'}",
        children=facet_values(value.children),
    )
