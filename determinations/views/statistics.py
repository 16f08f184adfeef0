"""Statistics of any search: its outcome rates by year, service, guideline, level and specialty."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from determinations.search.engines import search_engine
from determinations.search.facets import YEAR
from determinations.search.query.errors import shown
from determinations.statistics.addresses import statistics_table_url, statistics_url, words_url
from determinations.statistics.breakdowns import BREAKDOWNS, BREAKDOWNS_BY_NAME, Breakdown, rows_of
from determinations.statistics.charts import undated, year_chart
from determinations.statistics.counts import Outcomes, outcomes_of
from determinations.statistics.csv_tables import rates_as_csv
from determinations.statistics.search import AskedSearch, asked_search
from determinations.statistics.tables import SHOWN_AT_FIRST, rate_table
from determinations.views.decorators import answers_503, typed_in


@require_safe
@answers_503
def statistics(request: HttpRequest) -> HttpResponse:
    asked = asked_search(typed_in(request), statistics_url)
    context: dict[str, object] = {"asked": asked, "form": asked.filters.form}
    if asked.is_unusable:
        return render(request, "determinations/statistics/statistics.html", context)
    outcomes = _outcomes(asked)
    year, *others = BREAKDOWNS
    context |= {
        "outcomes": outcomes,
        "words_url": words_url(asked.address),
        "chart": year_chart(rows_of(year, outcomes.by_facet)),
        "years": rate_table(year, outcomes.by_facet, asked.address),
        "undated": 0 if asked.address.chosen(YEAR.name) else undated(outcomes),
        "tables": [
            rate_table(breakdown, outcomes.by_facet, asked.address, SHOWN_AT_FIRST) for breakdown in others
        ],
    }
    return render(request, "determinations/statistics/statistics.html", context)


@require_safe
@answers_503
def statistics_table(request: HttpRequest, table: str) -> HttpResponse:
    """One breakdown in full."""
    breakdown = _breakdown(table)
    asked = asked_search(typed_in(request), lambda address: statistics_table_url(table, address))
    context: dict[str, object] = {"asked": asked, "form": asked.filters.form, "breakdown": breakdown}
    if not asked.is_unusable:
        outcomes = _outcomes(asked)
        context["outcomes"] = outcomes
        context["table"] = rate_table(breakdown, outcomes.by_facet, asked.address)
    context["statistics_url"] = statistics_url(asked.address)
    return render(request, "determinations/statistics/statistics_table.html", context)


@require_safe
@answers_503
def statistics_csv(request: HttpRequest, table: str) -> HttpResponse:
    """One breakdown in full as CSV; a question that cannot be run is answered 400 and says why."""
    breakdown = _breakdown(table)
    asked = asked_search(typed_in(request), statistics_url)
    if asked.is_unusable:
        message = " ".join(str(error) for error in asked.filters.form.errors["q"])
        return HttpResponse(message, status=400, content_type="text/plain; charset=utf-8")
    chosen = asked.address.chosen(breakdown.facet.name)
    rows = rows_of(breakdown, _outcomes(asked).by_facet, chosen)
    search = request.build_absolute_uri(asked.address.url)
    return csv_answer(rates_as_csv(rows, search), f"imr-outcomes-by-{breakdown.name}.csv")


def csv_answer(text: str, name: str) -> HttpResponse:
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


def _outcomes(asked: AskedSearch) -> Outcomes:
    facets = dict.fromkeys(breakdown.facet.name for breakdown in BREAKDOWNS)
    return outcomes_of(search_engine(), asked.request, facets)
