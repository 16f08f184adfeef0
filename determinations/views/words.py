"""What tells overturned from upheld in the rationales of any search."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from determinations.search.engines import search_engine
from determinations.statistics.addresses import (
    all_words_url,
    statistics_url,
    words_csv_url,
    words_url,
)
from determinations.statistics.counts import decided_items, outcomes_of
from determinations.statistics.csv_tables import words_as_csv
from determinations.statistics.distinctive_terms import (
    FEWEST_OCCURRENCES,
    PRIOR_SHARE,
    TELLING,
    TellingWords,
    telling_words,
)
from determinations.statistics.search import AddressOf, AskedSearch, asked_search
from determinations.statistics.term_tables import SHOWN_AT_FIRST, WordTable, word_tables
from determinations.views.decorators import answers_503, typed_in
from determinations.views.statistics import csv_answer

FEWEST_ITEMS = 20
"""Below this many on either side the words of single letters decide, and the page says so."""


@require_safe
@answers_503
def words(request: HttpRequest) -> HttpResponse:
    return _page(request, words_url, SHOWN_AT_FIRST)


@require_safe
@answers_503
def all_words(request: HttpRequest) -> HttpResponse:
    """Every telling word, however many."""
    return _page(request, all_words_url, None)


@require_safe
@answers_503
def words_csv(request: HttpRequest) -> HttpResponse:
    """Every telling word as CSV; a question that cannot be run is answered 400 and says why."""
    asked = asked_search(typed_in(request), words_url)
    if asked.is_unusable:
        message = " ".join(str(error) for error in asked.filters.form.errors["q"])
        return HttpResponse(message, status=400, content_type="text/plain; charset=utf-8")
    _, tables = _told(asked, None)
    rows = ((table.kind, row.text, row.contrast) for table in tables for row in table.rows)
    search = request.build_absolute_uri(asked.address.url)
    return csv_answer(words_as_csv(rows, search), "imr-telling-words.csv")


def _page(request: HttpRequest, url_of: AddressOf, shown: int | None) -> HttpResponse:
    asked = asked_search(typed_in(request), url_of)
    context: dict[str, object] = {
        "asked": asked,
        "is_all": shown is None,
        "form": asked.filters.form,
        "statistics_url": statistics_url(asked.address),
        "all_url": all_words_url(asked.address),
        "csv_url": words_csv_url(asked.address),
        "prior": f"{PRIOR_SHARE:.0%}".replace("%", " %"),
        "fewest": FEWEST_OCCURRENCES,
        "telling": TELLING,
    }
    if not asked.is_unusable:
        told, tables = _told(asked, shown)
        items = decided_items(search_engine(), asked.request)
        context |= {
            "told": told,
            "tables": tables,
            "outcomes": outcomes_of(search_engine(), asked.request, ()),
            "items": items,
            "is_few": min(items.overturned, items.upheld) < FEWEST_ITEMS,
            "fewest_items": FEWEST_ITEMS,
        }
    return render(request, "determinations/statistics/words.html", context)


def _told(asked: AskedSearch, shown: int | None) -> tuple[TellingWords, tuple[WordTable, ...]]:
    engine = search_engine()
    told = telling_words(engine, asked.request)
    return told, word_tables(told, asked, engine, shown)
