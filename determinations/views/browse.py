"""Browsing without a question: every service, guideline, spinal level and specialty, with its figures."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from determinations.search.engines import search_engine
from determinations.search.facets import YEAR
from determinations.search.interface import SearchRequest
from determinations.search.query.errors import shown
from determinations.search_page.address import SearchAddress
from determinations.search_page.form import UnknownValueError, read_values
from determinations.statistics.addresses import browse_url, statistics_url, words_url
from determinations.statistics.breakdowns import BREAKDOWNS_BY_NAME, rows_of
from determinations.statistics.browsing import (
    SHELVES,
    SHELVES_BY_NAME,
    SHOWN_IN_INDEX,
    Place,
    Shelf,
    place_tables,
    shelf_tables,
)
from determinations.statistics.charts import undated, year_chart
from determinations.statistics.counts import Outcomes, outcomes_of
from determinations.statistics.tables import rate_table
from determinations.statistics.typical_passages import typical_passages
from determinations.views.decorators import answers_503
from determinations.views.notices import takes

_COUNTED = (*SHELVES_BY_NAME, YEAR.name)


@require_safe
@takes()
@answers_503
def browse(request: HttpRequest) -> HttpResponse:
    rates = _outcomes(SearchAddress()).by_facet
    shelves = [(shelf, shelf_tables(shelf, rates, SHOWN_IN_INDEX)) for shelf in SHELVES]
    return render(request, "determinations/statistics/browse.html", {"shelves": shelves})


@require_safe
@takes()
@answers_503
def browse_list(request: HttpRequest, facet: str) -> HttpResponse:
    """Every value of one facet."""
    shelf = _shelf(facet)
    outcomes = _outcomes(SearchAddress())
    context = {"shelf": shelf, "tables": shelf_tables(shelf, outcomes.by_facet)}
    return render(request, "determinations/statistics/browse_list.html", context)


@require_safe
@takes()
@answers_503
def browse_value(request: HttpRequest, facet: str, value: str) -> HttpResponse:
    """One value; another writing of it leads to its own address, several at once to their search."""
    shelf = _shelf(facet)
    try:
        values = read_values(facet, value)
    except UnknownValueError as error:
        hint = f" Did you mean “{error.nearest}”?" if error.nearest else ""
        raise Http404(error.message + hint) from error
    if len(values) > 1:
        return redirect(SearchAddress().choosing(facet, values).url)
    if values != (value,):
        return HttpResponsePermanentRedirect(browse_url(facet, values[0]))
    place = Place(shelf, value)
    engine = search_engine()
    asked = SearchRequest(filters=place.address.filters, limit=0)
    outcomes = _outcomes(place.address)
    if not engine.search(asked).total:
        raise Http404(f"No letter held here concerns {place.label}.")
    year = BREAKDOWNS_BY_NAME["year"]
    context = {
        "place": place,
        "outcomes": outcomes,
        "chart": year_chart(rows_of(year, outcomes.by_facet)),
        "years": rate_table(year, outcomes.by_facet, place.address),
        "undated": undated(outcomes),
        "tables": place_tables(place, outcomes.by_facet),
        "statistics_url": statistics_url(place.address),
        "words_url": words_url(place.address),
        "typical": typical_passages(place.address, engine),
    }
    return render(request, "determinations/statistics/browse_value.html", context)


def _shelf(facet: str) -> Shelf:
    if facet not in SHELVES_BY_NAME:
        raise Http404(f"There is nothing to browse by {shown(facet)}: it is {', '.join(SHELVES_BY_NAME)}.")
    return SHELVES_BY_NAME[facet]


def _outcomes(address: SearchAddress) -> Outcomes:
    return outcomes_of(search_engine(), SearchRequest(filters=address.filters), _COUNTED)
