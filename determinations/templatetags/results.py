"""Facet values, outcome rates and passages as HTML.

A page of results has about two hundred facet values in a dozen groups. A template for each took a quarter of
the page's time, and `format_html` takes six times as long as an f-string with `html.escape`: each string here
escapes every text that goes into it. Bars are hidden from screen readers, so every template that
draws one writes the numbers next to it.
"""

from collections.abc import Iterable
from functools import cache, lru_cache
from html import escape
from typing import NamedTuple

from django import template
from django.forms import BoundField
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from determinations.case.guideline_agreement import CitationLine
from determinations.case.matches import NumberedMatch
from determinations.case.reasons import RationalePiece
from determinations.models import DECISION_LABELS, DECISION_MEANINGS, Decision
from determinations.models.choices import denials_in_words
from determinations.search.interface import Fragment, Passage
from determinations.search_page.facet_panel import FacetGroup, PanelValue
from determinations.statistics.rates import OutcomeRate

register = template.Library()

_WITHOUT = (
    '<button class="facet-not" form="ask" name="{facet}" value="-{value}"'
    ' aria-label="not {label}">not</button>'
)
_EXCLUDED = (
    '<a class="facet-not" href="{url}" rel="nofollow" aria-current="true"'
    ' aria-label="not {label}, let in again">not</a>'
)
_BRANCH = (
    '<details class="branch" id="in-{id}"{open}><summary>'
    '<span class="visually-hidden">Within {label}: {values}</span></summary>'
    "{values_within}</details>"
)
_CHILDREN = '<ul class="facet-values">{children}</ul>'

_GROUP = (
    '<details class="facet" id="facet-{name}"{open}>\n'
    "<summary><{level}>{label}</{level}>{chosen}</summary>\n"
    "{body}</details>"
)
_FETCHED = (
    '<p class="facet-fetched"><a href="{page}" rel="nofollow" hx-get="{values}"'
    ' hx-trigger="toggle once from:closest details" hx-target="closest p" hx-swap="outerHTML"'
    ' hx-select="unset" hx-select-oob="unset">Show the values'
    '<span class="visually-hidden"> of {label}</span></a></p>\n'
)
_CHOSEN = ' <span class="facet-chosen">{how}{number:,} selected</span>'
_EVERY = '<p class="facet-every"><a href="{url}" rel="nofollow">Match {how} of the selected</a></p>\n'
_SOURCE = (
    '<p class="facet-source"><a href="{url}" rel="nofollow" data-levels-from="{origin}">{words}</a></p>\n'
)
_FIGURES = (
    '<p class="facet-about"><a href="{}" rel="nofollow" hx-boost="false">How often each is stated</a></p>\n'
)
_VALUES = '<ul class="facet-values{branches}">\n{values}\n</ul>\n'
_MORE = (
    '<details class="more" id="more-{name}"{open}>\n'
    '<summary><span class="when-closed">Show all {total:,}</span>'
    '<span class="when-open">Show fewer</span></summary>\n'
    '<ul class="facet-values">\n{values}\n</ul>\n</details>\n'
)


@register.simple_tag
def facet_group(group: FacetGroup, any_decision: bool = False) -> SafeString:
    """A facet with its values, folded away where they are many, a level deeper within a section.

    `any_decision`: see `facet_values`.
    """
    return SafeString(
        _GROUP.format(
            name=escape(group.name),
            open=" open" if group.is_open else "",
            level="h4" if group.heading else "h3",
            label=escape(group.heading or group.label),
            chosen=_chosen(group),
            body=facet_body(group, any_decision),
        )
    )


@register.simple_tag
def facet_body(group: FacetGroup, any_decision: bool = False) -> SafeString:
    """What unfolding the facet shows, or the link to it where that is fetched then."""
    if group.fetched_from:
        return _fetched(group.fetched_from, group.unfolded_url, group.heading or group.label)
    errors = "".join(f'<p class="field-error">{escape(error)}</p>\n' for error in group.errors)
    every = (
        _EVERY.format(url=escape(group.every_url), how="any" if group.is_every else "all")
        if group.every_url
        else ""
    )
    figures = _FIGURES.format(escape(group.figures_url)) if group.figures_url else ""
    values = _values(group, any_decision=any_decision)
    return SafeString(f"{errors}{every}{_source(group)}{figures}{values}")


def _chosen(group: FacetGroup) -> str:
    if not group.chosen:
        return ""
    how = ("all of " if group.is_every else "any of ") if group.several else ""
    return _CHOSEN.format(how=how, number=group.chosen)


def _source(group: FacetGroup) -> str:
    if not group.source_url or not (group.values or group.is_of_requests):
        return ""
    if group.is_of_requests:
        origin, words = "request", "Count levels from rationales too"
    else:
        origin, words = "any", "Leave out levels that only the rationale states"
    return _SOURCE.format(url=escape(group.source_url), origin=origin, words=words)


def _values(group: FacetGroup, *, any_decision: bool) -> str:
    if not group.values:
        return '<p class="facet-empty">None in these results.</p>\n'
    values = _VALUES.format(
        branches=" has-branches" if group.has_branches else "",
        values=facet_values(group.name, group.values, any_decision),
    )
    if not group.folded:
        return values
    return values + _MORE.format(
        name=escape(group.name),
        open=" open" if group.folded_is_open else "",
        total=group.total,
        values=facet_values(group.name, group.folded, any_decision),
    )


def facet_values(facet: str, values: Iterable[PanelValue], any_decision: bool = False) -> SafeString:
    """The values of the facet as items of a list.

    Under a chosen decision (`any_decision`), counts say of how many decided items they are a part: the share
    overturned is that of all decided ones.
    """
    return SafeString("\n".join(_item(facet, value, any_decision=any_decision) for value in values))


def _item(facet: str, value: PanelValue, *, any_decision: bool) -> str:
    words = _words_of(facet, value.value, value.label)
    percentage = value.rate.percentage if value.rate else ""
    current = ' aria-current="true"' if value.selected else ""
    share = _share(value.rate, percentage) if value.rate and percentage else ""
    without = _let_in(value, words.label) if value.is_excluded else words.without
    branch = _branch(words, facet, value, any_decision=any_decision) if value.within else ""
    return (
        f'<li class="facet-row"><a class="facet-value" id="{words.id}" href="{escape(value.toggle_url)}"'
        f' rel="nofollow"{current} aria-label="{_name(value, words.label, percentage)}">'
        f'<span class="tick"></span>{words.label}</a>'
        f'<span class="facet-count" aria-hidden="true">{_count(value, any_decision=any_decision)}</span>'
        f"{share}{without}{branch}</li>"
    )


class _Words(NamedTuple):
    """What is the same of a value on every page, escaped. `without` is the button that leaves it out."""

    id: str
    label: str
    without: str


@lru_cache(maxsize=8192)
def _words_of(facet: str, value: str, label: str) -> _Words:
    """The button is one of the form that holds the search: as a link each would repeat the whole address."""
    shown = escape(label)
    return _Words(
        id=escape(f"{facet}-{value}"),
        label=shown,
        without=_WITHOUT.format(facet=escape(facet), value=escape(value), label=shown),
    )


def _let_in(value: PanelValue, label: str) -> str:
    return _EXCLUDED.format(url=escape(value.include_url), label=label)


def _count(value: PanelValue, *, any_decision: bool) -> str:
    """ "6", or "6 of 9" decided ones."""
    if any_decision and value.rate and value.rate.decided >= value.count:
        return f"{value.count:,} of {value.rate.decided:,}"
    return f"{value.count:,}"


def _name(value: PanelValue, label: str, percentage: str) -> str:
    """The link in a sentence, for screen readers: "L5-S1, 12 items, 16% overturned, add filter"."""
    items = ngettext("%(number)s item", "%(number)s items", value.count) % {"number": f"{value.count:,}"}
    overturned = f", {percentage} overturned" if percentage else ""
    return f"{label}, {items}{overturned}, {'selected, remove filter' if value.selected else 'add filter'}"


def _share(rate: OutcomeRate, percentage: str) -> str:
    title = escape(f"{rate.in_words}, {rate.bounds} (95% confidence)")
    return f'<span class="facet-share" aria-hidden="true" title="{title}">{percentage}{rate_bar(rate)}</span>'


def _branch(words: _Words, facet: str, value: PanelValue, *, any_decision: bool) -> str:
    return _BRANCH.format(
        id=words.id,
        open=" open" if value.is_open else "",
        label=words.label,
        values=ngettext("%d value", "%d values", value.within) % value.within,
        values_within=branch_body(facet, value, any_decision),
    )


@register.simple_tag
def branch_body(facet: str, value: PanelValue, any_decision: bool = False) -> SafeString:
    """The values below the value, or the link to them where they are fetched once the branch is unfolded."""
    if value.is_open:
        return SafeString(_CHILDREN.format(children=facet_values(facet, value.children, any_decision)))
    return _fetched(value.fetched_from, value.unfolded_url, value.label)


def _fetched(values: str, page: str, label: str) -> SafeString:
    return SafeString(_FETCHED.format(page=escape(page), values=escape(values), label=escape(label)))


@register.simple_tag
def date_field(field: BoundField) -> SafeString:
    """An end of a span of dates, to be typed into the form that holds the search."""
    name, label, typed = escape(field.id_for_label), escape(str(field.label)), escape(field.value() or "")
    errors = "".join(f' <span class="field-error">{escape(str(error))}</span>' for error in field.errors)
    return SafeString(
        f'<p><label for="{name}">{label}</label> <input type="text" name="{escape(field.html_name)}"'
        f' id="{name}" value="{typed}" form="ask" aria-label="{label}" size="10" placeholder="mm/dd/yyyy"'
        f' autocomplete="off">{errors}</p>'
    )


@register.simple_tag
def rate_bar(rate: OutcomeRate) -> SafeString:
    """The overturned share of the bar's whole length; nothing below five items."""
    if not rate.has_percentage:
        return SafeString("")
    return SafeString(
        '<svg class="rate-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="rate-share" width="{rate.share * 100:.1f}" height="8" /></svg>'
    )


@register.filter
def rate_title(rate: OutcomeRate) -> str:
    """The tooltip of the share: "3 of 12 overturned (25%): 9% to 53% (95% ...)"."""
    interval = rate.interval_in_words or "too few for a percentage"
    return f"{rate.in_words}: {interval}, on this site"


@register.simple_tag
def marked(passage: Passage) -> SafeString:
    """The passage's text, each matched word in a <mark>."""
    return SafeString("".join(map(_fragment, passage)))


def _fragment(fragment: Fragment) -> str:
    if not fragment.is_match:
        return escape(fragment.text)
    anchor = f' id="{fragment.anchor}" tabindex="-1"' if isinstance(fragment, NumberedMatch) else ""
    return f"<mark{anchor}>{escape(fragment.text)}</mark>"


_READ_FROM = '<a class="read-from" href="{}" title="Read from: its place in the letter">{}</a>'


@register.simple_tag
def read_from(url: str, what: str, *, short: bool = False, named: bool = False) -> SafeString:
    """A link to the place in the letter from which `what` was read; `named`: the eye sees what it is, too."""
    what = escape(what)
    if short:
        spoken = f"Read from the letter: {what}"
        shown = f'<span aria-hidden="true">¶</span><span class="visually-hidden">{spoken}</span>'
    elif named:
        shown = f"Read from the letter: {what}"
    else:
        shown = f'Read from the letter<span class="visually-hidden">: {what}</span>'
    return SafeString(_READ_FROM.format(escape(url), shown))


@register.simple_tag
def citation_line(citation: CitationLine) -> SafeString:
    """A guideline that one side cited: a search for it, its place in the letter, and how the sides compare.

    A letter of five items has twenty of them.
    """
    details = "".join(f", {escape(detail)}" for detail in citation.details)
    place = read_from(citation.source_url, citation.label, short=True)
    agreement = ""
    if citation.agreement:
        differs = " differs" if citation.differs else ""
        agreement = f' <span class="agreement{differs}">{escape(citation.agreement)}</span>'
    return SafeString(
        f'<a href="{escape(citation.search_url)}">{escape(citation.label)}</a>{details} {place}{agreement}'
    )


@register.simple_tag
def match_links(count: int) -> SafeString:
    """A link to each match, for readers without the script that steps from one to the next."""
    links = (
        f'<li><a href="#match-{number}"><span class="visually-hidden">Match </span>{number}</a></li>'
        for number in range(1, count + 1)
    )
    return SafeString(f'<ol class="match-links">{"".join(links)}</ol>')


@register.simple_tag
def rationale_paragraph(pieces: Iterable[RationalePiece]) -> SafeString:
    """The paragraph with its matched words marked, and each sentence that states a ground in a span."""
    return SafeString("".join(map(_piece, pieces)))


def _piece(piece: RationalePiece) -> str:
    text = marked(piece.passage)
    anchor = f' id="{escape(piece.anchor)}"' if piece.anchor else ""
    if piece.side is None:
        return f'<span class="contradicting"{anchor}>{text}</span>' if anchor else text
    return f'<span class="states states-{piece.side}"{anchor} title="{escape(piece.labels)}">{text}</span>'


@register.simple_tag
def decision_mark(decision: Decision) -> SafeString:
    """The sign of the decision. A letter's page shows it two or three times an item."""
    return _drawn("decision_mark", decision)


@register.simple_tag
def decision_in_words(decision: Decision) -> SafeString:
    """What the decision means, and its sign."""
    return _drawn("decision_in_words", decision)


@cache
def _drawn(part: str, decision: Decision) -> SafeString:
    return render_to_string(f"determinations/parts/{part}.html", {"decision": decision})


@register.filter
def page_count(headline: str) -> str:
    """What a page's title begins with: "44 items" of "44 disputed items"."""
    return headline.replace("disputed item", "item")


@register.filter
def label(decision: Decision) -> str:
    """ "Overturned in part"."""
    return DECISION_LABELS[decision]


@register.filter
def denials(decision: Decision, items: int) -> str:
    """So many items of a letter that have this decision: "2 denials upheld"."""
    return denials_in_words(decision, items)


@register.filter
def meaning(decision: Decision) -> str:
    """What it means for the treatment: "denial overturned: treatment approved"."""
    return DECISION_MEANINGS[decision]


@register.filter
def effect(decision: Decision) -> str:
    """What becomes of the treatment, beside the decision's own word: "treatment approved"."""
    return DECISION_MEANINGS[decision].rpartition(": ")[2]
