"""A determination to read, its original, the determinations most like an item, and items side by side.

A letter is never served as HTML.
"""

import logging

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from determinations.case.citation import NOT_PRECEDENT, citation_metadata
from determinations.case.comparison import (
    chosen_items,
    compare_url,
    compared,
    fact_rows,
    is_enough,
    partings,
)
from determinations.case.letter_text import letter_with_words, marked_letter
from determinations.case.matches import WITHIN, Within, read_within
from determinations.case.page import Mark, case_page, letter_items, unmarked
from determinations.case.similar import glance_at, similar_items
from determinations.importing import originals
from determinations.importing.originals import OriginalLetterMissingError
from determinations.kept_answers import do_not_keep, kept_for_visitors
from determinations.models import Determination
from determinations.search.engines import search_engine
from determinations.search.interface import Passage, QuerySyntaxError, SearchUnavailableError
from determinations.search.query.nodes import Node
from determinations.search.query.repair import quoted
from determinations.search_page.address import QueryParams
from determinations.search_page.form import LAST_PAGE
from determinations.search_page.result_steps import RESULT, ResultSteps, result_steps
from determinations.search_page.search import Search, read_search
from determinations.views.decorators import (
    add_notice,
    add_notice_of_unknown,
    allowed_params,
    log_unavailable,
    query_params,
    search_unavailable_as_503,
    shows_letter,
    whole_number,
)

logger = logging.getLogger(__name__)
_PDF_MARK = b"%PDF-"
# Readers of PDF files look for the mark within the first kilobyte, and so do we.
_PDF_MARK_WITHIN = 1024


@require_safe
@kept_for_visitors()
@shows_letter
def determination(request: HttpRequest, letter: Determination) -> HttpResponse:
    """Takes the parameters of the search that led here, the number of the `result`, and words `within`."""
    params = query_params(request)
    search = _search_left(request, params.without(RESULT, WITHIN))
    items = letter_items(letter)
    steps = None
    if RESULT in params.names:
        own = {item.pk: item.position for item in items}
        steps = _steps(request, search or read_search(QueryParams(())), own)
    within = read_within(params)
    node = within.node or (search.question.node if search else None)
    found = steps.found if steps else 0
    page = case_page(letter, items, _marking(node), request.build_absolute_uri, found)
    context = {
        "letter": letter,
        "page": page,
        "not_precedent": NOT_PRECEDENT,
        "metadata": citation_metadata(letter, items, request.build_absolute_uri),
        "search": search,
        "steps": steps,
        "back_url": _back_url(search, steps),
        "within": within,
        "marked_words": within.text or (search.address.text if search else ""),
        "in_whole_text": 0 if page.matches else _in_whole_text(letter, within),
        "carried": params.without(WITHIN).pairs,
        "without_within": params.without(WITHIN).query_string,
        "may_correct": request.user.is_staff and request.user.has_perm("determinations.change_determination"),
    }
    return render(request, "determinations/determination.html", context)


def _search_left(request: HttpRequest, params: QueryParams) -> Search | None:
    """The search that led to the letter. What cannot be used of it is left out, and a notice says so."""
    if not params.pairs:
        return None
    search = read_search(params)
    for name in params.names:
        if name not in search.filters.filters:
            add_notice_of_unknown(request, name)
    if search.is_unusable:
        add_notice(request, search.question.error)
    for error in search.filter_errors:
        add_notice(request, str(error))
    return search if search.address.query_string else None


def _steps(request: HttpRequest, search: Search, own: dict[int, int]) -> ResultSteps | None:
    """None without a usable number, and while there is no index: the letter can be read all the same."""
    typed = request.GET[RESULT]
    number = whole_number(typed)
    if not number:
        add_notice(request, f"{quoted(typed)} is not the number of a result.")
        return None
    page_length = settings.RESULTS_PER_PAGE
    try:
        return result_steps(search, min(number, LAST_PAGE * page_length), own, search_engine(), page_length)
    except SearchUnavailableError as error:
        do_not_keep(request)
        log_unavailable(error)
    except QuerySyntaxError as error:
        add_notice(request, error.message)
    return None


def _back_url(search: Search | None, steps: ResultSteps | None) -> str:
    """The page of results to go back to; "" for a letter that was not opened from a search."""
    if steps:
        return steps.back_url
    return search.address.url if search else ""


def _in_whole_text(letter: Determination, within: Within) -> int:
    """How often the letter's whole text has what its page does not have."""
    if within.node is None:
        return 0
    return letter_with_words(letter, _marking(within.node)).matches


@require_safe
@kept_for_visitors()
@allowed_params("opposite")
@shows_letter
@search_unavailable_as_503
def similar(request: HttpRequest, letter: Determination, position: int) -> HttpResponse:
    item = letter.items.filter(position=position).first()
    if item is None:
        raise Http404(f"{letter} has no item {position}.")
    page = similar_items(item, search_engine(), opposite=request.GET.get("opposite") == "1")
    context = {"letter": letter, "item": item, "item_name": item.name, "page": page}
    return render(request, "determinations/similar.html", context)


@require_safe
@kept_for_visitors("HX-Request")
@allowed_params()
@shows_letter
def closest(request: HttpRequest, letter: Determination, position: int) -> HttpResponse:
    """The closest determinations below an item: the letter's page fetches them when they come into view.

    204 while there is no index: the page stays as it is. Anyone else is led to the page of similar items.
    """
    if "HX-Request" not in request.headers:
        response: HttpResponse = redirect("determinations:similar", letter.public_id, position)
    else:
        item = letter.items.filter(position=position).first()
        if item is None:
            raise Http404(f"{letter} has no item {position}.")
        try:
            glance = glance_at(item, search_engine())
        except SearchUnavailableError as error:
            log_unavailable(error)
            response = HttpResponse(status=204)
        else:
            response = render(request, "determinations/parts/closest.html", {"glance": glance})
    patch_vary_headers(response, ("HX-Request",))
    return response


def _marking(query: Node | None) -> Mark:
    """How to mark the question's words, which takes no index."""
    if query is None:
        return unmarked
    engine = search_engine()

    def mark(field: str, part: str) -> Passage:
        return engine.highlight_whole(query, field, part)

    return mark


@require_safe
@allowed_params()
@shows_letter
def original(request: HttpRequest, letter: Determination) -> HttpResponse:
    """A PDF is shown in the browser's own viewer; any other letter as a page of its text."""
    try:
        data = originals.read(letter.content_hash)
    except OriginalLetterMissingError as error:
        # The text is in the database, so there is still something to read.
        logger.error("%s", error)
        data = b""
    if _is_pdf(data):
        return _file(letter, data, as_attachment=False)
    return render(
        request, "determinations/original.html", {"letter": letter, "can_be_downloaded": bool(data)}
    )


@require_safe
@kept_for_visitors()
@allowed_params("fact", WITHIN)
@shows_letter
def letter_text(request: HttpRequest, letter: Determination) -> HttpResponse:
    """The letter's text with the place of a fact marked, or words, whatever kind of file the letter is."""
    fact = request.GET.get("fact", "").strip()
    within = read_within(query_params(request))
    if within.error:
        add_notice(request, within.error)
    page = letter_with_words(letter, _marking(within.node)) if within.node else marked_letter(letter, fact)
    if fact and not page.fact:
        add_notice(request, f"{quoted(fact)} is not a fact of a letter, so nothing is marked.")
    return render(
        request, "determinations/letter_text.html", {"letter": letter, "page": page, "within": within}
    )


@require_safe
@shows_letter
def download(request: HttpRequest, letter: Determination) -> HttpResponse:
    """The letter's bytes as they came, under a name that says which letter they are."""
    try:
        return _file(letter, originals.read(letter.content_hash), as_attachment=True)
    except OriginalLetterMissingError as error:
        logger.error("%s", error)
        raise Http404(
            "The file of this letter is missing from this site, but you can still read its text."
        ) from error


def _is_pdf(data: bytes) -> bool:
    return _PDF_MARK in data[:_PDF_MARK_WITHIN]


def _file(letter: Determination, data: bytes, *, as_attachment: bool) -> HttpResponse:
    kind, ending = ("application/pdf", "pdf") if _is_pdf(data) else ("text/plain", "txt")
    disposition = content_disposition_header(as_attachment, f"IMR-{letter.public_id}.{ending}")
    response = HttpResponse(data, content_type=kind, headers={"X-Content-Type-Options": "nosniff"})
    if disposition:
        response["Content-Disposition"] = disposition
    return response


@require_safe
@kept_for_visitors()
@allowed_params("item")
def compare(request: HttpRequest) -> HttpResponse:
    """404 if the address names items and none of them is in the database."""
    chosen = chosen_items(request.GET.getlist("item"))
    columns = compared(chosen.items, request.build_absolute_uri)
    context = {
        "columns": columns,
        "fact_rows": fact_rows(columns),
        "partings": partings(chosen.items),
        "errors": chosen.errors,
        "is_enough": is_enough(chosen),
        "url": compare_url(column.ref.name for column in columns),
        "not_precedent": NOT_PRECEDENT,
    }
    return render(
        request, "determinations/compare.html", context, status=404 if chosen.asked and not columns else 200
    )
