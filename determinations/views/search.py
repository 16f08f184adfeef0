"""The first page, the search page, its results as CSV, and the completions of its box, in pages and browsers.

Completions are JSON; browsers ask for them as OpenSearch describes. The search box works without them.
"""

import logging
from dataclasses import replace

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from determinations.api.problems import SECONDS_TO_WAIT
from determinations.export.all_results import all_hits, found_items, results_as_csv
from determinations.export.csv_lines import read_ahead
from determinations.kept_answers import kept_for_visitors
from determinations.load_limits import few_at_a_time
from determinations.models import Decision
from determinations.research.history import remember
from determinations.search.engines import search_engine
from determinations.search.interface import QuerySyntaxError, SearchEngine, SearchUnavailableError
from determinations.search.query.nodes import asks_every_field
from determinations.search.query.repair import quoted
from determinations.search_page.address import EVERY_FACET, SearchAddress
from determinations.search_page.autocomplete import completions
from determinations.search_page.examples import first_examples
from determinations.search_page.facet_panel import (
    RATED_FACETS,
    UNFOLDED,
    chips,
    drawn_facets,
    facet_groups,
    facet_sections,
)
from determinations.search_page.filter_offers import filter_offers
from determinations.search_page.first_page import first_page
from determinations.search_page.form import SearchFilters
from determinations.search_page.no_results import explain_empty
from determinations.search_page.pagination import (
    grouping_links,
    headline,
    paging,
    proposed_name,
    sort_links,
)
from determinations.search_page.question import (
    case_number_asked,
    did_you_mean,
    has_one_part,
    letters_with_like_numbers,
    read_question,
    shorter_questions,
)
from determinations.search_page.result_rows import result_rows, rows_by_letter
from determinations.search_page.result_steps import with_steps
from determinations.search_page.search import read_search, request_of
from determinations.statistics.comparison import comparison_of_filters
from determinations.statistics.rates import outcomes_in, with_outcomes
from determinations.views.decorators import (
    errors_as_text,
    log_unavailable,
    query_params,
    search_unavailable_as_503,
)
from determinations.views.selection import ITEM, selected_elsewhere, selected_items

logger = logging.getLogger(__name__)


@require_safe
@kept_for_visitors()
@search_unavailable_as_503
def start(request: HttpRequest) -> HttpResponse:
    """The first page; with any parameter the results, as addresses of searches have always been."""
    if request.GET:
        return _results_page(request)
    context = {
        "page": first_page(search_engine()),
        "examples": first_examples(),
        "form": read_search(query_params(request)).form,
        "decisions": {decision.value: decision for decision in Decision},
    }
    return render(request, "determinations/first_page.html", context)


@require_safe
@kept_for_visitors()
@search_unavailable_as_503
def search_page(request: HttpRequest) -> HttpResponse:
    return _results_page(request)


def _results_page(request: HttpRequest) -> HttpResponse:
    search = read_search(query_params(request).without(ITEM, UNFOLDED))
    selected = selected_items(request)
    address, question = search.address, search.question
    page_length = settings.RESULTS_PER_PAGE
    context = {
        "filters": search.filters,
        "form": search.form,
        "search": search,
        "address": address,
        "question": question,
        "chips": chips(address),
        "title": search.title,
        "clear_url": address.without_filters().url,
    }
    if search.is_unusable:
        return render(request, "determinations/search.html", context)

    engine = search_engine()
    errors = {name: tuple(map(str, messages)) for name, messages in search.form.errors.items()}
    unfolded = request.GET.getlist(UNFOLDED)
    drawn = drawn_facets(address, errors, unfolded)
    rated = [name for name in RATED_FACETS if name in drawn]
    page_request = with_outcomes(search.page_request(page_length, drawn), rated)
    try:
        results = engine.search(page_request)
    except QuerySyntaxError as error:
        search.form.add_error("q", error.message)
        return render(request, "determinations/search.html", context)
    if request.user.is_authenticated and request.method == "GET" and not _is_prefetch(request):
        remember(request.user, address, results.total)
    outcomes = outcomes_in(results)
    rows = result_rows(
        results.hits,
        engine,
        question.node,
        parts=question.plain.parts if question.plain else (),
        summaries=address.summaries,
    )
    if len(rows) < len(results.hits):
        logger.warning("%d items found have no row: run check_index --fix", len(results.hits) - len(rows))
    rows = with_steps(rows, address, page_length)
    found_rows = [row for row in rows if not row.follows]
    following_rows = [row for row in rows if row.follows]
    pages = paging(address, results.total + results.following, page_length)
    before, after = (replace(address, page=pages.number + step).query_string for step in (-1, 1))
    names = {row.ref.name for row in rows}
    context |= {
        "total": results.total,
        "following": results.following,
        "in_summaries": results.in_summaries,
        "summaries_may_add": results.total >= page_request.count_summaries_below
        and asks_every_field(page_request.query),
        "exact_url": replace(address, exact=not address.exact, page=1).url,
        "summaries_url": replace(address, summaries=not address.summaries, page=1).url,
        "offers": filter_offers(address, question.plain, page_request, results, engine),
        "headline": headline(address, results.total, results.following),
        "rows": found_rows,
        "letters": rows_by_letter(found_rows) if address.by_letter else (),
        "following_rows": following_rows,
        "following_letters": rows_by_letter(following_rows) if address.by_letter else (),
        "following_first": pages.first + len(found_rows),
        "proposed_name": proposed_name(address),
        "vanished": len(results.hits) - len(rows),
        "facets": facet_sections(
            group
            for group in facet_groups(address, results.counts, errors, outcomes.by_facet, unfolded)
            if results.total or group.total or group.errors
        ),
        "outcomes": outcomes,
        "any_decision": search.decision_is_chosen,
        "paging": pages,
        "selected": selected,
        "selected_elsewhere": selected_elsewhere(selected, names),
        "previous_query": before if pages.previous_url else None,
        "next_query": after if pages.next_url else None,
        "sorts": sort_links(address),
        "comparisons": comparison_of_filters(address),
        "groupings": grouping_links(address),
        "did_you_mean": did_you_mean(address, engine) if address.text else None,
    }
    if not results.total:
        context["empty"] = explain_empty(
            address,
            shorter_questions(question.typed),
            lambda changed: _total(changed, engine),
            is_one_part=has_one_part(question.typed),
        )
        context["asked_case"] = case_number_asked(question.typed)
        like_it = letters_with_like_numbers(address.text)
        context["question"] = replace(question, letters=(*question.letters, *like_it))
        context["holds_nothing"] = not engine.status().documents
    return render(
        request,
        "determinations/search.html",
        context,
        status=404 if results.total + results.following and not results.hits else 200,
    )


@require_safe
@kept_for_visitors()
@errors_as_text
def facet_values(request: HttpRequest, facet: str, branch: str = "") -> HttpResponse:
    """The values of one facet, or of a branch of it, which the results page fetches once that is unfolded."""
    if facet not in EVERY_FACET:
        raise Http404(f"There is no facet {quoted(facet)}.")
    search = read_search(query_params(request), strict=True)
    counted = search.page_request(0, (facet,)).counting(facet)
    results = search_engine().search(with_outcomes(counted, {facet}.intersection(RATED_FACETS)))
    unfolded = (f"{facet}.{branch}",) if branch else ()
    groups = facet_groups(search.address, results.counts, {}, outcomes_in(results).by_facet, unfolded)
    (group,) = (group for group in groups if group.name == facet)
    parent = next((value for value in group.values if value.value == branch and value.within), None)
    if branch and parent is None:
        raise Http404(f"No values are below {quoted(branch)} in these results.")
    context = {"group": group, "branch": parent, "any_decision": search.decision_is_chosen}
    return render(request, "determinations/parts/facet_values.html", context)


def _is_prefetch(request: HttpRequest) -> bool:
    """Whether the browser fetches the page before anybody asked for it."""
    return "prefetch" in request.headers.get("Sec-Purpose", "")


def _total(address: SearchAddress, engine: SearchEngine) -> int:
    return engine.search(request_of(address, read_question(address))).total


_SHOWN = ("label", "kind", "query", "url", "total")

DESCRIPTION_TYPE = "application/opensearchdescription+xml"
SUGGESTIONS_TYPE = "application/x-suggestions+json"


@require_safe
def suggest(request: HttpRequest) -> JsonResponse:
    """Takes the search page's parameters; gives {"suggestions": [...]}, each with all of `_SHOWN`."""
    address = SearchFilters(query_params(request)).address
    try:
        found = completions(address, search_engine())
    except SearchUnavailableError as error:
        log_unavailable(error)
        unavailable = JsonResponse({"suggestions": [], "error": str(error)}, status=503)
        unavailable["Retry-After"] = str(SECONDS_TO_WAIT)
        return unavailable
    return JsonResponse({"suggestions": [{name: getattr(offer, name) for name in _SHOWN} for offer in found]})


@login_not_required
@require_safe
@cache_control(max_age=86_400)
def opensearch(request: HttpRequest) -> HttpResponse:
    """The description; browsers fetch it without a person's session, and it tells nothing of the letters."""
    context = {"site": request.build_absolute_uri("/").rstrip("/"), "suggestions_type": SUGGESTIONS_TYPE}
    return render(request, "determinations/opensearch.xml", context, content_type=DESCRIPTION_TYPE)


@require_safe
def browser_suggestions(request: HttpRequest) -> HttpResponse:
    """[question, [completions], [what each is], [addresses]]; without an index, 503 and no completions."""
    typed = request.GET.get("q", "")
    status = 200
    try:
        found = completions(SearchFilters(query_params(request)).address, search_engine())
    except SearchUnavailableError as error:
        log_unavailable(error)
        found, status = (), 503
    offered = [offer for offer in found if offer.words]
    answer = [
        typed,
        [offer.words for offer in offered],
        [offer.kind for offer in offered],
        [request.build_absolute_uri(offer.url or SearchAddress(text=offer.words).url) for offer in offered],
    ]
    return JsonResponse(
        answer,
        safe=False,
        status=status,
        content_type=SUGGESTIONS_TYPE,
        json_dumps_params={"ensure_ascii": False},
    )


_LONGEST_NAME = 60


@require_safe
@few_at_a_time
@errors_as_text
def search_csv(request: HttpRequest) -> StreamingHttpResponse:
    """All results of the search page's parameters as CSV, streamed; the page that they ask for is ignored.

    Headers name how many items were found, follow with some of the words, and would be added by summaries.
    All of the search happens before the first byte, so that a file which begins is a file of all results.
    """
    search = read_search(query_params(request).without("page"), strict=True)
    hits = all_hits(search, search_engine())
    site = request.build_absolute_uri("/").rstrip("/")
    response = StreamingHttpResponse(
        results_as_csv(read_ahead(found_items(hits.keys)), hits.lacks, site),
        content_type="text/csv; charset=utf-8",
    )
    for name in ("total", "following", "in_summaries"):
        response[f"X-Items-{name.replace('_', '-').title()}"] = str(getattr(hits, name))
    response["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=_file_name(search.address)
    )
    return response


def _file_name(address: SearchAddress) -> str:
    """ "imr-medial-branch-block-upheld-2026-11-22.csv": what was asked, and when."""
    values = [value for given in address.filters for value in given.values]
    asked = slugify(" ".join([address.text, *values]))[:_LONGEST_NAME].strip("-") or "all-items"
    return f"imr-{asked}-{timezone.localdate().isoformat()}.csv"
