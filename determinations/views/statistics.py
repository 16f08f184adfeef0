"""Statistics of any search: its outcome rates in tables, and the words that distinguish the outcomes."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from determinations.search.engines import search_engine
from determinations.search.facets import YEAR
from determinations.search.query.errors import shown
from determinations.search_page.facet_panel import chips
from determinations.search_page.search import Search, UrlOf, read_search
from determinations.statistics.addresses import (
    all_words_url,
    statistics_table_url,
    statistics_url,
    words_csv_url,
    words_url,
)
from determinations.statistics.breakdowns import BREAKDOWNS, BREAKDOWNS_BY_NAME, Breakdown, rows_of
from determinations.statistics.charts import undated, year_chart
from determinations.statistics.counts import Outcomes, decided_items, outcomes_of
from determinations.statistics.csv_tables import rates_as_csv, words_as_csv
from determinations.statistics.distinctive_terms import (
    FEWEST_OCCURRENCES,
    PRIOR_SHARE,
    TELLING,
    TellingWords,
    telling_words,
)
from determinations.statistics.tables import SHOWN_AT_FIRST, rate_table
from determinations.statistics.term_tables import TERMS_SHOWN_AT_FIRST, WordTable, word_tables
from determinations.views.decorators import answers_503, query_params

FEWEST_ITEMS = 20
"""Below this many on either side the words of single letters decide, and the page says so."""


@require_safe
@answers_503
def statistics(request: HttpRequest) -> HttpResponse:
    search = _read(request)
    context = _search_context(search, statistics_url)
    if search.is_unusable:
        return render(request, "determinations/statistics/statistics.html", context)
    outcomes = _outcomes(search)
    year, *others = BREAKDOWNS
    context |= {
        "outcomes": outcomes,
        "words_url": words_url(search.address),
        "chart": year_chart(rows_of(year, outcomes.by_facet)),
        "years": rate_table(year, outcomes.by_facet, search.address),
        "undated": 0 if search.address.chosen(YEAR.name) else undated(outcomes),
        "tables": [
            rate_table(breakdown, outcomes.by_facet, search.address, SHOWN_AT_FIRST) for breakdown in others
        ],
    }
    return render(request, "determinations/statistics/statistics.html", context)


@require_safe
@answers_503
def statistics_table(request: HttpRequest, table: str) -> HttpResponse:
    """One breakdown in full."""
    breakdown = _breakdown(table)
    search = _read(request)
    context = _search_context(search, lambda address: statistics_table_url(table, address))
    context |= {"breakdown": breakdown, "statistics_url": statistics_url(search.address)}
    if not search.is_unusable:
        outcomes = _outcomes(search)
        context["outcomes"] = outcomes
        context["table"] = rate_table(breakdown, outcomes.by_facet, search.address)
    return render(request, "determinations/statistics/statistics_table.html", context)


@require_safe
@answers_503
def statistics_csv(request: HttpRequest, table: str) -> HttpResponse:
    """One breakdown in full as CSV; a question that cannot be run is answered 400 and says why."""
    breakdown = _breakdown(table)
    search = _read(request)
    if search.is_unusable:
        return _question_error(search)
    chosen = search.address.chosen(breakdown.facet.name)
    rows = rows_of(breakdown, _outcomes(search).by_facet, chosen)
    url = request.build_absolute_uri(search.address.url)
    return _csv(rates_as_csv(rows, url), f"imr-outcomes-by-{breakdown.name}.csv")


@require_safe
@answers_503
def words(request: HttpRequest) -> HttpResponse:
    return _words_page(request, words_url, TERMS_SHOWN_AT_FIRST)


@require_safe
@answers_503
def all_words(request: HttpRequest) -> HttpResponse:
    """Every telling word, however many."""
    return _words_page(request, all_words_url, None)


@require_safe
@answers_503
def words_csv(request: HttpRequest) -> HttpResponse:
    """Every telling word as CSV; a question that cannot be run is answered 400 and says why."""
    search = _read(request)
    if search.is_unusable:
        return _question_error(search)
    _, tables = _told(search, None)
    rows = ((table.kind, row.text, row.contrast) for table in tables for row in table.rows)
    url = request.build_absolute_uri(search.address.url)
    return _csv(words_as_csv(rows, url), "imr-telling-words.csv")


def _words_page(request: HttpRequest, url_of: UrlOf, most: int | None) -> HttpResponse:
    search = _read(request)
    context = _search_context(search, url_of)
    context |= {
        "is_all": most is None,
        "statistics_url": statistics_url(search.address),
        "all_url": all_words_url(search.address),
        "csv_url": words_csv_url(search.address),
        "prior": f"{PRIOR_SHARE:.0%}".replace("%", " %"),
        "fewest": FEWEST_OCCURRENCES,
        "telling": TELLING,
    }
    if not search.is_unusable:
        told, tables = _told(search, most)
        items = decided_items(search_engine(), search.request())
        context |= {
            "told": told,
            "tables": tables,
            "outcomes": outcomes_of(search_engine(), search.request(), ()),
            "items": items,
            "is_few": min(items.overturned, items.upheld) < FEWEST_ITEMS,
            "fewest_items": FEWEST_ITEMS,
        }
    return render(request, "determinations/statistics/words.html", context)


def _read(request: HttpRequest) -> Search:
    return read_search(query_params(request)).unpaged()


def _search_context(search: Search, url_of: UrlOf) -> dict[str, object]:
    """What `search_form.html` draws: chips and corrections lead to the page that `url_of` gives."""
    mended = search.question.mended
    return {
        "search": search,
        "form": search.form,
        "chips": chips(search.address, url_of),
        "clear_url": url_of(search.address.without_filters()),
        "mended_url": url_of(search.address.asking(mended.text)) if mended else "",
    }


def _question_error(search: Search) -> HttpResponse:
    message = " ".join(str(error) for error in search.form.errors["q"])
    return HttpResponse(message, status=400, content_type="text/plain; charset=utf-8")


def _csv(text: str, name: str) -> HttpResponse:
    return HttpResponse(
        text,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _breakdown(name: str) -> Breakdown:
    if name not in BREAKDOWNS_BY_NAME:
        known = ", ".join(BREAKDOWNS_BY_NAME)
        raise Http404(f"There is no table {shown(name)}. The tables are: {known}.")
    return BREAKDOWNS_BY_NAME[name]


def _outcomes(search: Search) -> Outcomes:
    facets = dict.fromkeys(breakdown.facet.name for breakdown in BREAKDOWNS)
    return outcomes_of(search_engine(), search.request(), facets)


def _told(search: Search, most: int | None) -> tuple[TellingWords, tuple[WordTable, ...]]:
    engine = search_engine()
    told = telling_words(engine, search.request())
    return told, word_tables(told, search, engine, most)
