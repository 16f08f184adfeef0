"""`{% result row chooser="chosen-items" selected=selected %}`: one found item of a list of results, as HTML.

A page has twenty of them, which took a third of its time as a template. Each format string here escapes every
text that goes into it.
"""

from collections.abc import Collection, Iterator
from datetime import date
from functools import cache, lru_cache
from html import escape

from django import template
from django.template import RequestContext
from django.template.defaultfilters import capfirst
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.safestring import SafeString

from determinations.models import Decision
from determinations.search_page.result_rows import ResultRow
from determinations.search_page.shown_passages import LabeledPassages
from determinations.templatetags.folder import folder_button
from determinations.templatetags.results import marked

register = template.Library()

_RESULT = """<article class="result" id="result-{name}" tabindex="-1">
<p class="result-decision">{decision}</p>
<h3 class="result-request"><a href="{url}">{request}</a></h3>
<p class="result-source">{source}</p>
{lacks}{parting}{passages}<div class="result-actions">
{choice}{folder}</div>
</article>
"""
_PART = """<div class="result-part result-part-{part}">
<h4>{label}</h4>
{passages}
</div>
"""
_CHOICE = (
    '<p class="choose">'
    '<input type="checkbox" form="{form}" name="item" value="{name}" id="choose-{name}"{checked}>'
    '<label for="choose-{name}">Select<span class="visually-hidden"> {title}</span></label></p>\n'
)


@register.simple_tag(takes_context=True)
def result(
    context: RequestContext,
    row: ResultRow,
    *,
    chooser: str = "",
    selected: Collection[str] = (),
    under_letter: bool = False,
    parting: object = None,
) -> SafeString:
    """`chooser` is the form that its checkbox belongs to, without which it has none.

    `under_letter`: it stands under its letter, which it does not name again. `parting` is what parts it from
    another item.
    """
    ref = row.ref
    return SafeString(
        _RESULT.format(
            name=escape(ref.name),
            decision=_decision(ref.decision),
            url=escape(ref.url),
            request=marked(row.request),
            source="".join(_source(row, under_letter=under_letter)),
            lacks=_lacks(row),
            parting=_parting(parting),
            passages="".join(map(_part, row.passages)),
            choice=_choice(row, chooser, selected),
            folder=folder_button(context, ref.name),
        )
    )


@cache
def _decision(decision: Decision) -> str:
    """As other pages have it."""
    return render_to_string("determinations/parts/decision.html", {"decision": decision})


def _source(row: ResultRow, *, under_letter: bool) -> Iterator[str]:
    ref = row.ref
    if under_letter:
        yield f"<span>{escape(capfirst(ref.item))}</span>"
    else:
        yield f"<span>{escape(capfirst(ref.letter))}</span>, <span>{escape(ref.item)}</span>"
        if ref.date:
            yield f', <time datetime="{ref.date.isoformat()}">{_day(ref.date)}</time>'
        elif ref.year:
            yield f", {escape(ref.year)}"
    for service in row.services:
        yield f' <span class="fact">{escape(service)}</span>'
    if row.levels:
        origin = ' <span class="hint">from the rationale</span>' if row.levels_are_from_rationale else ""
        yield f' <span class="fact">{escape(", ".join(row.levels))}{origin}</span>'
    for guideline in row.guidelines:
        yield f' <span class="fact">{escape(guideline)}</span>'
    if not under_letter:
        if ref.specialties:
            yield f' <span class="fact">reviewer in {escape(", ".join(ref.specialties))}</span>'
        if ref.is_invented:
            yield ' <span class="invented">invented sample</span>'


@lru_cache(maxsize=4096)
def _day(day: date) -> str:
    return escape(date_format(day))


def _lacks(row: ResultRow) -> str:
    if not (row.lacks or row.in_summary):
        return ""
    lacks = in_summary = ""
    if row.lacks:
        lacks = f'<span data-lacks="{len(row.lacks)}">Not in this item: {_words(row.lacks)}.</span>'
    if row.in_summary:
        in_summary = (
            f' <span data-in-summary="{len(row.in_summary)}">Only in the letter’s clinical summary: '
            f"{_words(row.in_summary)}.</span>"
        )
    return f'<p class="result-lacks">{lacks}{in_summary}</p>\n'


def _words(words: tuple[str, ...]) -> str:
    return ", ".join(f"<b>{escape(word)}</b>" for word in words)


def _parting(parting: object) -> str:
    if not parting:
        return ""
    words = render_to_string("determinations/parts/parting.html", {"parting": parting})
    return f'<p class="result-lacks">{words}</p>\n'


def _part(part: LabeledPassages) -> str:
    passages = "".join(
        f'<blockquote class="passage">{marked(passage)}</blockquote>' for passage in part.passages
    )
    return _PART.format(part=escape(part.part), label=escape(part.label), passages=passages)


def _choice(row: ResultRow, chooser: str, selected: Collection[str]) -> str:
    if not chooser:
        return ""
    return _CHOICE.format(
        form=escape(chooser),
        name=escape(row.ref.name),
        checked=" checked" if row.ref.name in selected else "",
        title=escape(row.ref.title),
    )
