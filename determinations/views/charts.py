"""Charts with an address of their own: a comparison over the years, letters by year, each chart as a file.

A page leaves out what it cannot use and says so. A file reads strictly: 400 in plain text for what cannot be
drawn as asked, 404 with the sentence of the page where there is too little to draw.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from determinations.kept_answers import kept_for_visitors
from determinations.load_limits import few_at_a_time
from determinations.search.engines import search_engine
from determinations.search.facets import DECISION, FACETS_BY_NAME, YEAR
from determinations.search.query.repair import quoted
from determinations.search_page.address import SearchAddress
from determinations.search_page.pagination import search_title
from determinations.search_page.search import (
    InvalidParameter,
    InvalidSearchError,
    Search,
    read_search,
    request_of,
)
from determinations.statistics.breakdowns import year_rates
from determinations.statistics.browsing import BrowseFacet
from determinations.statistics.chart_frame import Chart
from determinations.statistics.charts import (
    LETTER_NOTES,
    RATE_NOTES,
    chart_file,
    comparison_chart,
    letters_chart,
    rate_chart,
    too_few,
    too_few_letters,
)
from determinations.statistics.comparison import (
    COMPARED_FACETS,
    FEWEST_VALUES,
    MOST_VALUES,
    VALUE,
    ChosenValues,
    ComparedValue,
    ComparisonForm,
    compared_values,
    compared_years,
    comparison_as_csv,
    comparison_url,
    scope_of,
)
from determinations.statistics.letters_by_year import LettersByYear, letters_as_csv, letters_by_year
from determinations.statistics.rates import OutcomeRate, outcomes_of
from determinations.views.decorators import (
    errors_as_text,
    plain_text,
    query_params,
    search_unavailable_as_503,
)
from determinations.views.statistics import csv_file, search_context, search_of


@dataclass(frozen=True, slots=True)
class DrawnSearch:
    """What a file says of the search that it draws. `url` is its page here."""

    title: str
    url: str
    notes: str
    file_name: str


@require_safe
@kept_for_visitors()
@search_unavailable_as_503
def compare_years(request: HttpRequest, facet: str) -> HttpResponse:
    """Two or three values of one facet over the years, and the menus to choose them."""
    compared = _compared_facet(facet)
    params = query_params(request)
    search = read_search(params.without(VALUE)).unpaged()
    typed = params.values(VALUE)
    context = search_context(search, lambda address: comparison_url(facet, address, typed))
    context |= {
        "compared": compared,
        "statistics_url": search.address.url_at("statistics"),
        "others": [
            (other, comparison_url(name, search.address))
            for name, other in COMPARED_FACETS.items()
            if name != facet
        ],
    }
    if search.is_unusable:
        return render(request, "determinations/statistics/compare_years.html", context)
    decided = _decided(search, facet)
    chosen = ChosenValues.read(compared, typed or search.address.chosen(facet), decided)
    context |= {
        "chosen": chosen,
        "is_incomplete": bool(chosen.values) and not chosen.can_compare,
        "comparison_form": ComparisonForm.of(compared, search.address, decided, chosen.values),
        "sets_aside": _set_aside(search.address, facet, chosen.values),
    }
    if chosen.can_compare:
        values = compared_values(facet, chosen.values, search.address, search.question, search_engine())
        context |= {
            "values": values,
            "years": compared_years(values),
            "chart": comparison_chart([value.series for value in values]),
            "svg_url": comparison_url(facet, search.address, chosen.values, "compare_svg"),
            "csv_url": comparison_url(facet, search.address, chosen.values, "compare_csv"),
        }
    return render(request, "determinations/statistics/compare_years.html", context)


@require_safe
@kept_for_visitors()
@errors_as_text
def compare_svg(request: HttpRequest, facet: str) -> HttpResponse:
    compared = _compared_facet(facet)
    search, values = _strict_comparison(request, compared)
    url = comparison_url(facet, search.address, [value.value for value in values])
    title = search_title(scope_of(search.address, facet))
    drawn = DrawnSearch(title, url, RATE_NOTES, f"imr-{compared.name}-compared")
    why_not = " ".join(f"{value.label}: {value.too_few}" for value in values)
    return _svg(request, comparison_chart([value.series for value in values]), drawn, why_not)


@require_safe
@kept_for_visitors()
@errors_as_text
def compare_csv(request: HttpRequest, facet: str) -> HttpResponse:
    compared = _compared_facet(facet)
    _, values = _strict_comparison(request, compared)
    site = request.build_absolute_uri("/").rstrip("/")
    return csv_file(comparison_as_csv(values, site), f"imr-{compared.name}-compared.csv")


@require_safe
@kept_for_visitors()
@errors_as_text
def year_svg(request: HttpRequest) -> HttpResponse:
    """The share overturned by year, of any search."""
    search = search_of(request, strict=True)
    rates = year_rates(outcomes_of(search_engine(), search.request(), (YEAR.name,)))
    title = _title_of_rates(search.address)
    drawn = DrawnSearch(title, search.address.url_at("statistics"), RATE_NOTES, "imr-outcomes-by-year")
    return _svg(request, rate_chart(rates), drawn, too_few(rates))


@require_safe
@kept_for_visitors()
@few_at_a_time
@search_unavailable_as_503
def letters(request: HttpRequest) -> HttpResponse:
    """How many letters and items there are in each year."""
    search = search_of(request)
    context = search_context(search, lambda address: address.url_at("letters"))
    context["statistics_url"] = search.address.url_at("statistics")
    if not search.is_unusable:
        counted = letters_by_year(search, search_engine())
        context |= {
            "counted": counted,
            "chart": letters_chart(counted.by_year),
            "too_few": too_few_letters(counted.by_year),
            "years": [
                (str(year), count, search.address.choosing(YEAR.name, (str(year),)).url)
                for year, count in counted.by_year.items()
            ],
            "svg_url": search.address.url_at("letters_svg"),
            "csv_url": search.address.url_at("letters_csv"),
        }
    return render(request, "determinations/statistics/letters.html", context)


@require_safe
@kept_for_visitors()
@few_at_a_time
@errors_as_text
def letters_svg(request: HttpRequest) -> HttpResponse:
    search, counted = _counted_letters(request)
    url = search.address.url_at("letters")
    drawn = DrawnSearch(search.title, url, LETTER_NOTES, "imr-letters-by-year")
    return _svg(request, letters_chart(counted.by_year), drawn, too_few_letters(counted.by_year))


@require_safe
@kept_for_visitors()
@few_at_a_time
@errors_as_text
def letters_csv(request: HttpRequest) -> HttpResponse:
    search, counted = _counted_letters(request)
    url = request.build_absolute_uri(search.address.url)
    return csv_file(letters_as_csv(counted, url), "imr-letters-by-year.csv")


def _compared_facet(name: str) -> BrowseFacet:
    if name not in COMPARED_FACETS:
        raise Http404(f"You cannot compare by {quoted(name)}. Use {', '.join(COMPARED_FACETS)}.")
    return COMPARED_FACETS[name]


def _decided(search: Search, facet: str) -> Mapping[str, OutcomeRate]:
    """The facet's values that the search has, with their rates, its own filter of the facet aside."""
    scope = scope_of(search.address, facet)
    return outcomes_of(search_engine(), request_of(scope, search.question), (facet,)).by_facet[facet]


def _set_aside(address: SearchAddress, facet: str, compared: Sequence[str]) -> list[str]:
    """Labels of the filters that a comparison of the facet's values ignores, other than those values."""
    filters = [address.of(name) for name in (DECISION.name, YEAR.name, facet)]
    return [
        FACETS_BY_NAME[one.facet].label.lower()
        for one in filters
        if one.unwanted or (one.values and not (one.facet == facet and set(one.values) == set(compared)))
    ]


def _strict_comparison(
    request: HttpRequest, compared: BrowseFacet
) -> tuple[Search, tuple[ComparedValue, ...]]:
    """Raises InvalidSearchError for values that cannot be compared as well."""
    params = query_params(request)
    search = read_search(params, strict=True, others=(VALUE,)).unpaged()
    typed = params.values(VALUE) or search.address.chosen(compared.name)
    chosen = ChosenValues.read(compared, typed, _decided(search, compared.name))
    faults = chosen.faults
    if not faults and not chosen.can_compare:
        faults = (f"Name {FEWEST_VALUES} or {MOST_VALUES} {compared.many} to compare.",)
    if faults:
        raise InvalidSearchError(tuple(InvalidParameter(VALUE, fault) for fault in faults))
    found = compared_values(compared.name, chosen.values, search.address, search.question, search_engine())
    return search, found


def _counted_letters(request: HttpRequest) -> tuple[Search, LettersByYear]:
    search = search_of(request, strict=True)
    return search, letters_by_year(search, search_engine())


def _title_of_rates(address: SearchAddress) -> str:
    """What the search is called, without the filters that rates by year ignore."""
    return search_title(scope_of(address, DECISION.name))


def _svg(request: HttpRequest, chart: Chart | None, drawn: DrawnSearch, why_not: str) -> HttpResponse:
    if chart is None:
        return plain_text(f"{why_not} The CSV has the numbers.", 404)
    url = request.build_absolute_uri(drawn.url)
    file = chart_file(chart, drawn.title, drawn.notes, url)
    return HttpResponse(
        render_to_string("determinations/statistics/chart_file.svg", {"file": file}),
        content_type="image/svg+xml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{drawn.file_name}.svg"'},
    )
