"""Statistics of any search: outcome rates in tables, and the words that distinguish the outcomes.

Browsing is the same without a search: every service, guideline, spinal level and specialty has a page.
"""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from determinations.kept_answers import kept_for_visitors
from determinations.load_limits import few_at_a_time
from determinations.search.engines import search_engine
from determinations.search.facets import DECISION, REASON, YEAR
from determinations.search.interface import SearchRequest
from determinations.search.query.repair import quoted
from determinations.search_page.address import SearchAddress
from determinations.search_page.facet_panel import chips
from determinations.search_page.facet_values import UnknownValueError, read_values
from determinations.search_page.search import Search, UrlOf, read_search
from determinations.statistics.breakdowns import (
    BREAKDOWNS,
    BREAKDOWNS_BY_NAME,
    SHOWN_AT_FIRST,
    Breakdown,
    rate_table,
    rates_as_csv,
    rows_of,
    undated,
    year_rates,
)
from determinations.statistics.browsing import (
    BROWSE_FACETS,
    BROWSE_FACETS_BY_NAME,
    SHOWN_IN_INDEX,
    BrowseFacet,
    FacetValuePage,
    browse_url,
    facet_tables,
    value_tables,
)
from determinations.statistics.charts import rate_chart, too_few
from determinations.statistics.comparison import (
    COMPARED_FACETS,
    ComparisonForm,
    comparison_of_filters,
    comparison_url,
    siblings,
)
from determinations.statistics.distinctive_terms import (
    FEWEST_OCCURRENCES,
    LISTED_FROM_Z,
    PRIOR_SHARE,
    DistinctiveTerms,
    distinctive_terms,
)
from determinations.statistics.rates import Outcomes, decided_items, outcomes_of
from determinations.statistics.reasons import reasons_as_csv, reasons_of_search
from determinations.statistics.term_tables import TERMS_SHOWN_AT_FIRST, TermTable, term_tables, words_as_csv
from determinations.statistics.typical_passages import typical_passages
from determinations.views.decorators import (
    allowed_params,
    errors_as_text,
    query_params,
    search_unavailable_as_503,
)

FEWEST_ITEMS = 20
"""With fewer items than this on either side, single letters decide the words, and the page says so."""

BROWSED_EXAMPLES = 1
"""Sentences beside each pair of grounds on a browse page; the page of reasons has more."""

_COUNTED = (*BROWSE_FACETS_BY_NAME, YEAR.name)


@require_safe
@kept_for_visitors()
@search_unavailable_as_503
def statistics(request: HttpRequest) -> HttpResponse:
    search = search_of(request)
    context = search_context(search, lambda address: address.url_at("statistics"))
    if search.is_unusable:
        return render(request, "determinations/statistics/statistics.html", context)
    outcomes = _outcomes(search)
    forms = [
        ComparisonForm.of(facet, search.address, outcomes.by_facet[facet.name])
        for facet in COMPARED_FACETS.values()
    ]
    others = [breakdown for breakdown in BREAKDOWNS if breakdown.facet is not YEAR]
    context |= {
        "outcomes": outcomes,
        "reasons_url": search.address.url_at("reasons"),
        "words_url": search.address.url_at("words"),
        **_over_years(outcomes, search.address),
        "letters_url": search.address.url_at("letters"),
        "comparisons": comparison_of_filters(search.address),
        "comparison_forms": [form for form in forms if form.has_enough],
        "undated": 0 if search.address.chosen(YEAR.name) else undated(outcomes),
        "tables": [
            rate_table(breakdown, outcomes.by_facet, search.address, SHOWN_AT_FIRST) for breakdown in others
        ],
    }
    return render(request, "determinations/statistics/statistics.html", context)


@require_safe
@kept_for_visitors()
@search_unavailable_as_503
def reasons(request: HttpRequest) -> HttpResponse:
    """Why denied, what won."""
    search = search_of(request)
    context = search_context(search, lambda address: address.url_at("reasons"))
    context |= {
        "statistics_url": search.address.url_at("statistics"),
        "words_url": search.address.url_at("words"),
        "csv_url": search.address.url_at("reasons_csv"),
        "sets_aside": [facet.label for facet in (DECISION, REASON) if search.address.chosen(facet.name)],
    }
    if not search.is_unusable:
        context["reasons"] = reasons_of_search(search_engine(), search.request(), search.address)
    return render(request, "determinations/statistics/reasons.html", context)


@require_safe
@kept_for_visitors()
@errors_as_text
def reasons_csv(request: HttpRequest) -> HttpResponse:
    """How often each ground is stated, as CSV."""
    search = search_of(request, strict=True)
    found = reasons_of_search(search_engine(), search.request(), search.address, examples=0)
    url = request.build_absolute_uri(search.address.url)
    return csv_file(reasons_as_csv(found.rows, url), "imr-reasons.csv")


@require_safe
@kept_for_visitors()
@search_unavailable_as_503
def statistics_table(request: HttpRequest, table: str) -> HttpResponse:
    """One breakdown in full."""
    breakdown = _breakdown(table)
    search = search_of(request)
    context = search_context(search, lambda address: address.url_at("statistics_table", table))
    context |= {"breakdown": breakdown, "statistics_url": search.address.url_at("statistics")}
    if not search.is_unusable:
        outcomes = _outcomes(search)
        context["outcomes"] = outcomes
        context["table"] = rate_table(breakdown, outcomes.by_facet, search.address)
    return render(request, "determinations/statistics/statistics_table.html", context)


@require_safe
@kept_for_visitors()
@errors_as_text
def statistics_csv(request: HttpRequest, table: str) -> HttpResponse:
    """One breakdown in full as CSV."""
    breakdown = _breakdown(table)
    search = search_of(request, strict=True)
    chosen = search.address.chosen(breakdown.facet.name)
    rows = rows_of(breakdown, _outcomes(search).by_facet, chosen)
    url = request.build_absolute_uri(search.address.url)
    return csv_file(rates_as_csv(rows, url), f"imr-outcomes-by-{breakdown.name}.csv")


@require_safe
@kept_for_visitors()
@few_at_a_time
@search_unavailable_as_503
def words(request: HttpRequest) -> HttpResponse:
    return _words_page(request, "words", TERMS_SHOWN_AT_FIRST)


@require_safe
@kept_for_visitors()
@few_at_a_time
@search_unavailable_as_503
def all_words(request: HttpRequest) -> HttpResponse:
    """Every distinctive word and phrase, however many."""
    return _words_page(request, "all_words", None)


@require_safe
@kept_for_visitors()
@few_at_a_time
@errors_as_text
def words_csv(request: HttpRequest) -> HttpResponse:
    """Every distinctive word and phrase as CSV."""
    search = search_of(request, strict=True)
    _, tables = _distinctive(search, None)
    rows = ((table.kind, row.text, row.contrast) for table in tables for row in table.rows)
    url = request.build_absolute_uri(search.address.url)
    return csv_file(words_as_csv(rows, url), "imr-distinctive-terms.csv")


def _words_page(request: HttpRequest, view: str, most: int | None) -> HttpResponse:
    search = search_of(request)
    context = search_context(search, lambda address: address.url_at(view))
    context |= {
        "is_all": most is None,
        "reasons_url": search.address.url_at("reasons"),
        "statistics_url": search.address.url_at("statistics"),
        "all_url": search.address.url_at("all_words"),
        "csv_url": search.address.url_at("words_csv"),
        "prior": f"{PRIOR_SHARE:.0%}",
        "fewest": FEWEST_OCCURRENCES,
        "listed_from_z": LISTED_FROM_Z,
    }
    if not search.is_unusable:
        terms, tables = _distinctive(search, most)
        items = decided_items(search_engine(), search.request())
        context |= {
            "terms": terms,
            "tables": tables,
            "items": items,
            "is_few": min(items.overturned, items.upheld) < FEWEST_ITEMS,
            "fewest_items": FEWEST_ITEMS,
        }
    return render(request, "determinations/statistics/words.html", context)


def search_of(request: HttpRequest, *, strict: bool = False) -> Search:
    """The request's search without its page and order; strict for a file, as `read_search` says."""
    return read_search(query_params(request), strict=strict).unpaged()


def search_context(search: Search, url_of: UrlOf) -> dict[str, object]:
    """What `search_notes.html` draws: chips and corrections lead to the page that `url_of` gives."""
    repaired = search.question.repaired
    return {
        "search": search,
        "form": search.form,
        "chips": chips(search.address, url_of),
        "clear_url": url_of(search.address.without_filters()),
        "repaired_url": url_of(search.address.asking(repaired.text)) if repaired else "",
    }


def csv_file(text: str, name: str) -> HttpResponse:
    return HttpResponse(
        text,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _breakdown(name: str) -> Breakdown:
    if name not in BREAKDOWNS_BY_NAME:
        known = ", ".join(BREAKDOWNS_BY_NAME)
        raise Http404(f"There is no table {quoted(name)}. The tables are: {known}.")
    return BREAKDOWNS_BY_NAME[name]


def _over_years(outcomes: Outcomes, address: SearchAddress) -> dict[str, object]:
    """What `over_years.html` draws."""
    rates = year_rates(outcomes)
    return {
        "chart": rate_chart(rates),
        "too_few": too_few(rates),
        "svg_url": address.url_at("year_svg"),
        "years": rate_table(BREAKDOWNS_BY_NAME[YEAR.name], outcomes.by_facet, address),
    }


def _outcomes(search: Search) -> Outcomes:
    facets = dict.fromkeys(breakdown.facet.name for breakdown in BREAKDOWNS)
    return outcomes_of(search_engine(), search.request(), facets)


def _distinctive(search: Search, most: int | None) -> tuple[DistinctiveTerms, tuple[TermTable, ...]]:
    engine = search_engine()
    terms = distinctive_terms(engine, search.request())
    return terms, term_tables(terms, search, engine, most)


@require_safe
@kept_for_visitors()
@allowed_params()
@search_unavailable_as_503
def browse(request: HttpRequest) -> HttpResponse:
    rates = _browsed_outcomes(SearchAddress()).by_facet
    facets = [(browsed, facet_tables(browsed, rates, SHOWN_IN_INDEX)) for browsed in BROWSE_FACETS]
    return render(request, "determinations/statistics/browse.html", {"facets": facets})


@require_safe
@kept_for_visitors()
@allowed_params()
@search_unavailable_as_503
def browse_list(request: HttpRequest, facet: str) -> HttpResponse:
    """Every value of one facet."""
    browsed = _browse_facet(facet)
    outcomes = _browsed_outcomes(SearchAddress())
    context = {
        "browsed": browsed,
        "tables": facet_tables(browsed, outcomes.by_facet),
        "compare_url": comparison_url(facet, SearchAddress()) if facet in COMPARED_FACETS else "",
    }
    return render(request, "determinations/statistics/browse_list.html", context)


@require_safe
@kept_for_visitors()
@allowed_params()
@search_unavailable_as_503
def browse_value(request: HttpRequest, facet: str, value: str) -> HttpResponse:
    """One value; another writing of it leads to its own address, several at once to their search."""
    browsed = _browse_facet(facet)
    try:
        values = read_values(facet, value)
    except UnknownValueError as error:
        raise Http404(str(error)) from error
    if len(values) > 1:
        return redirect(SearchAddress().choosing(facet, values).url)
    if values != (value,):
        return HttpResponsePermanentRedirect(browse_url(facet, values[0]))
    page = FacetValuePage(browsed, value)
    engine = search_engine()
    asked = SearchRequest(filters=page.address.filters, limit=0)
    outcomes = _browsed_outcomes(page.address)
    if not (outcomes.overall.decided or engine.search(asked).total):
        raise Http404(f"No letter on this site is about {page.label}.")
    context = {
        "page": page,
        "outcomes": outcomes,
        **_over_years(outcomes, page.address),
        "undated": undated(outcomes),
        "tables": value_tables(page, outcomes.by_facet),
        "siblings": siblings(facet, value, outcomes.by_facet[facet]) if facet in COMPARED_FACETS else (),
        "compare_url": comparison_url(facet, page.address) if facet in COMPARED_FACETS else "",
        "statistics_url": page.address.url_at("statistics"),
        "reasons_url": page.address.url_at("reasons"),
        "words_url": page.address.url_at("words"),
        "reasons": reasons_of_search(engine, asked, page.address, examples=BROWSED_EXAMPLES),
        "typical": typical_passages(page.address, engine),
    }
    return render(request, "determinations/statistics/browse_value.html", context)


def _browse_facet(facet: str) -> BrowseFacet:
    if facet not in BROWSE_FACETS_BY_NAME:
        raise Http404(f"You cannot browse by {quoted(facet)}. Use {', '.join(BROWSE_FACETS_BY_NAME)}.")
    return BROWSE_FACETS_BY_NAME[facet]


def _browsed_outcomes(address: SearchAddress) -> Outcomes:
    return outcomes_of(search_engine(), SearchRequest(filters=address.filters), _COUNTED)
