"""The search page: one box, the facets, the results."""

import logging
from dataclasses import replace

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from determinations.search.engines import search_engine
from determinations.search.interface import QuerySyntaxError, SearchEngine
from determinations.search_page.address import EVERY_FACET, SearchAddress
from determinations.search_page.examples import first_examples
from determinations.search_page.facet_panel import chips, facet_groups
from determinations.search_page.filter_offers import filter_offers
from determinations.search_page.no_results import explain_empty
from determinations.search_page.pagination import (
    grouping_links,
    headline,
    paging,
    proposed_name,
    sort_links,
)
from determinations.search_page.question import did_you_mean, read_question, shorter_questions
from determinations.search_page.result_rows import result_rows, rows_by_letter
from determinations.search_page.search import read_search, request_of
from determinations.statistics.rates import outcomes_of
from determinations.views.decorators import query_params, search_unavailable_as_503

logger = logging.getLogger(__name__)


@require_safe
@search_unavailable_as_503
def search_page(request: HttpRequest) -> HttpResponse:
    search = read_search(query_params(request))
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
    page_request = search.page_request(page_length)
    try:
        results = engine.search(page_request)
    except QuerySyntaxError as error:
        search.form.add_error("q", error.message)
        return render(request, "determinations/search.html", context)
    outcomes = outcomes_of(engine, page_request, EVERY_FACET)
    rows = result_rows(
        results.hits,
        engine,
        question.node,
        address.text,
        question.plain.parts if question.plain else (),
        summaries=address.summaries,
    )
    if len(rows) < len(results.hits):
        logger.warning("%d items found have no row: run check_index --fix", len(results.hits) - len(rows))
    found_rows = [row for row in rows if not row.follows]
    following_rows = [row for row in rows if row.follows]
    pages = paging(address, results.total + results.following, page_length)
    errors = {name: tuple(map(str, messages)) for name, messages in search.form.errors.items()}
    context |= {
        "total": results.total,
        "following": results.following,
        "in_summaries": results.in_summaries,
        "exact_url": replace(address, exact=not address.exact, page=1).url,
        "summaries_url": replace(address, summaries=not address.summaries, page=1).url,
        "offers": filter_offers(address, question.plain, page_request, results, engine),
        "headline": headline(address, results.total, results.following),
        "is_first_visit": not request.GET,
        "examples": first_examples() if not request.GET else (),
        "rows": found_rows,
        "letters": rows_by_letter(found_rows) if address.by_letter else (),
        "following_rows": following_rows,
        "following_letters": rows_by_letter(following_rows) if address.by_letter else (),
        "following_first": pages.first + len(found_rows),
        "proposed_name": proposed_name(address),
        "vanished": len(results.hits) - len(rows),
        "facets": [
            group
            for group in facet_groups(address, results.counts, errors, outcomes.by_facet)
            if results.total or group.total or group.errors
        ],
        "outcomes": outcomes,
        "any_decision": search.decision_is_chosen,
        "paging": pages,
        "sorts": sort_links(address),
        "groupings": grouping_links(address),
        "did_you_mean": did_you_mean(address, engine) if address.text else None,
    }
    if not results.total:
        context["empty"] = explain_empty(
            address, shorter_questions(question.typed), lambda changed: _total(changed, engine)
        )
        context["holds_nothing"] = not engine.status().documents
    return render(
        request,
        "determinations/search.html",
        context,
        status=404 if results.total + results.following and not results.hits else 200,
    )


def _total(address: SearchAddress, engine: SearchEngine) -> int:
    return engine.search(request_of(address, read_question(address))).total
