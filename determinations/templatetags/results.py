"""Facet values, outcome rates and passages as HTML.

A page of results has about two hundred facet values. A template for each took a quarter of the page's time,
and `format_html` takes six times as long as `str.format` with `html.escape`: each format string here escapes
every text that goes into it. Bars are hidden from screen readers, so every template that draws one writes the
numbers next to it.
"""

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from determinations.case.reasons import RationalePiece
from determinations.models import DECISION_LABELS, DECISION_MEANINGS, Decision
from determinations.search.interface import Passage
from determinations.search_page.facet_panel import PanelValue
from determinations.statistics.rates import OutcomeRate

register = template.Library()

_LINK = (
    '<a class="facet-value" href="{url}" rel="nofollow"{current} aria-label="{name}">'
    '<span class="tick"></span>'
    '<span class="facet-label">{label}</span>'
    ' <span class="facet-count">{count:,}</span>{share}</a>'
    '<a class="facet-not" href="{exclude_url}" rel="nofollow"{excluded} aria-label="{not_name}">not</a>'
)
_SHARE = ' <span class="facet-share" title="{}">{}</span>'
_BRANCH = (
    '<details class="branch"{open}><summary><span class="visually-hidden">Within {label}: {values}</span>'
    '</summary><ul class="facet-values">{children}</ul></details>'
)

_BAR = (
    '<svg class="rate-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"'
    ' focusable="false"><rect class="rate-whole" width="100" height="8" />'
    '<rect class="rate-share" width="{}" height="8" /></svg>'
)
_ROW = '<tr><th scope="row">{}</th> <td>{}</td> <td>{}</td> <td>{}</td></tr>'


@register.simple_tag
def facet_values(values: Iterable[PanelValue]) -> SafeString:
    """The values as items of a list."""
    return SafeString("\n".join(f"<li>{_link(value)}{_branch(value)}</li>" for value in values))


def _link(value: PanelValue) -> str:
    return _LINK.format(
        url=escape(value.toggle_url),
        current=' aria-current="true"' if value.selected else "",
        label=escape(value.label),
        name=escape(_name(value)),
        count=value.count,
        share=_share(value),
        exclude_url=escape(value.exclude_url),
        excluded=' aria-current="true"' if value.is_excluded else "",
        not_name=escape(f"{value.label}, {'excluded, let in again' if value.is_excluded else 'exclude'}"),
    )


def _name(value: PanelValue) -> str:
    """The link in a sentence, for screen readers: "L5-S1, 12 items, 16% overturned, add filter"."""
    items = ngettext("%(number)s item", "%(number)s items", value.count)
    parts = [value.label, items % {"number": f"{value.count:,}"}]
    if value.rate and value.rate.has_percentage:
        parts.append(f"{value.rate.percentage} overturned")
    return ", ".join([*parts, "selected, remove filter" if value.selected else "add filter"])


def _share(value: PanelValue) -> str:
    rate = value.rate
    if not rate:
        return ""
    shown = ""
    if rate.has_percentage:
        shown = f"{rate.percentage}{rate_bar(rate)}"
    return _SHARE.format(escape(rate_title(rate)), shown)


def _branch(value: PanelValue) -> str:
    if not value.children:
        return ""
    held = len(value.children)
    return _BRANCH.format(
        open=" open" if value.is_open else "",
        label=escape(value.label),
        values=ngettext("%d value", "%d values", held) % held,
        children=facet_values(value.children),
    )


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
    """The tooltip of the share: "3 of 12 overturned (25%): 9% to 53% (95% ...)"."""
    interval = rate.interval_in_words or "too few for a percentage"
    return f"{rate.in_words}: {interval}, on this site"


@register.simple_tag
def marked(passage: Passage) -> SafeString:
    """The passage's text, each matched word in a <mark>."""
    return SafeString(
        "".join(
            f"<mark>{escape(fragment.text)}</mark>" if fragment.is_match else escape(fragment.text)
            for fragment in passage
        )
    )


@register.simple_tag
def rationale_paragraph(pieces: Iterable[RationalePiece]) -> SafeString:
    """The paragraph with its matched words marked, and each sentence that states a ground in a span."""
    return SafeString("".join(map(_piece, pieces)))


def _piece(piece: RationalePiece) -> str:
    text = marked(piece.passage)
    if piece.side is None:
        return text
    anchor = f' id="{piece.anchor}"' if piece.anchor else ""
    return f'<span class="states states-{piece.side}"{anchor} title="{escape(piece.labels)}">{text}</span>'


@register.filter
def label(decision: Decision) -> str:
    """ "Overturned in part"."""
    return DECISION_LABELS[decision]


@register.filter
def meaning(decision: Decision) -> str:
    """What it means for the treatment: "denial overturned: treatment approved"."""
    return DECISION_MEANINGS[decision]
