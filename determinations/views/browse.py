"""Browsing without a question: every service, guideline, spinal level and specialty, with its figures."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from determinations.search.engines import search_engine
from determinations.search.facets import YEAR
from determinations.search.interface import SearchRequest
from determinations.search.query.errors import quoted
from determinations.search_page.address import SearchAddress
from determinations.search_page.form import UnknownValueError, read_values
from determinations.statistics.breakdowns import BREAKDOWNS_BY_NAME, rate_table, rows_of
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
from determinations.statistics.charts import undated, year_chart
from determinations.statistics.outcomes import Outcomes, outcomes_of
from determinations.statistics.typical_passages import typical_passages
from determinations.views.decorators import allowed_params, search_unavailable_as_503

_COUNTED = (*BROWSE_FACETS_BY_NAME, YEAR.name)


@require_safe
@allowed_params()
@search_unavailable_as_503
def browse(request: HttpRequest) -> HttpResponse:
    rates = _outcomes(SearchAddress()).by_facet
    facets = [(browsed, facet_tables(browsed, rates, SHOWN_IN_INDEX)) for browsed in BROWSE_FACETS]
    return render(request, "determinations/statistics/browse.html", {"facets": facets})


@require_safe
@allowed_params()
@search_unavailable_as_503
def browse_list(request: HttpRequest, facet: str) -> HttpResponse:
    """Every value of one facet."""
    browsed = _browse_facet(facet)
    outcomes = _outcomes(SearchAddress())
    context = {"browsed": browsed, "tables": facet_tables(browsed, outcomes.by_facet)}
    return render(request, "determinations/statistics/browse_list.html", context)


@require_safe
@allowed_params()
@search_unavailable_as_503
def browse_value(request: HttpRequest, facet: str, value: str) -> HttpResponse:
    """One value; another writing of it leads to its own address, several at once to their search."""
    browsed = _browse_facet(facet)
    try:
        values = read_values(facet, value)
    except UnknownValueError as error:
        hint = f" Did you mean “{error.nearest}”?" if error.nearest else ""
        raise Http404(error.message + hint) from error
    if len(values) > 1:
        return redirect(SearchAddress().choosing(facet, values).url)
    if values != (value,):
        return HttpResponsePermanentRedirect(browse_url(facet, values[0]))
    page = FacetValuePage(browsed, value)
    engine = search_engine()
    asked = SearchRequest(filters=page.address.filters, limit=0)
    outcomes = _outcomes(page.address)
    if not engine.search(asked).total:
        raise Http404(f"No letter held here concerns {page.label}.")
    year = BREAKDOWNS_BY_NAME["year"]
    context = {
        "page": page,
        "outcomes": outcomes,
        "chart": year_chart(rows_of(year, outcomes.by_facet)),
        "years": rate_table(year, outcomes.by_facet, page.address),
        "undated": undated(outcomes),
        "tables": value_tables(page, outcomes.by_facet),
        "statistics_url": page.address.url_at("statistics"),
        "words_url": page.address.url_at("words"),
        "typical": typical_passages(page.address, engine),
    }
    return render(request, "determinations/statistics/browse_value.html", context)


def _browse_facet(facet: str) -> BrowseFacet:
    if facet not in BROWSE_FACETS_BY_NAME:
        raise Http404(
            f"There is nothing to browse by {quoted(facet)}: it is {', '.join(BROWSE_FACETS_BY_NAME)}."
        )
    return BROWSE_FACETS_BY_NAME[facet]


def _outcomes(address: SearchAddress) -> Outcomes:
    return outcomes_of(search_engine(), SearchRequest(filters=address.filters), _COUNTED)
