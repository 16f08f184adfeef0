"""A determination to read, its original, the determinations most like an item, and items side by side.

A letter is never served as HTML.
"""

import logging
from collections.abc import Mapping, Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from determinations.case.citation import NOT_PRECEDENT
from determinations.case.comparison import (
    chosen_items,
    compare_url,
    compared,
    fact_rows,
    is_enough,
)
from determinations.case.letter_text import marked_letter
from determinations.case.metadata import citation_metadata
from determinations.case.page import Mark, case_page, unmarked
from determinations.case.similar import Glance, glances, similar_items
from determinations.importing import originals
from determinations.importing.originals import OriginalLetterMissingError
from determinations.models import Determination, DisputedItem
from determinations.search.engines import search_engine
from determinations.search.interface import Passage, SearchUnavailableError
from determinations.search.query.repair import quoted
from determinations.search_page.address import SearchAddress
from determinations.search_page.question import marking_query
from determinations.views.decorators import (
    add_notice,
    allowed_params,
    log_unavailable,
    search_unavailable_as_503,
    shows_letter,
)

logger = logging.getLogger(__name__)
_PDF_MARK = b"%PDF-"
# Readers of PDF files look for the mark within the first kilobyte, and so do we.
_PDF_MARK_WITHIN = 1024


@require_safe
@allowed_params("q")
@shows_letter
def determination(request: HttpRequest, letter: Determination) -> HttpResponse:
    text = request.GET.get("q", "").strip()
    items = list(letter.items.for_display())
    context = {
        "letter": letter,
        "page": case_page(letter, items, _marking(text), request.build_absolute_uri, _glances(items)),
        "not_precedent": NOT_PRECEDENT,
        "metadata": citation_metadata(letter, items, request.build_absolute_uri),
        "search": SearchAddress(text=text) if text else None,
    }
    return render(request, "determinations/determination.html", context)


@require_safe
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


def _glances(items: Sequence[DisputedItem]) -> Mapping[int, Glance]:
    """What is like the items; nothing while there is no index, since a letter can be read without one."""
    try:
        return glances(items, search_engine())
    except SearchUnavailableError as error:
        log_unavailable(error)
        return {}


def _marking(text: str) -> Mark:
    """How to mark the question's words, which takes no index."""
    query = marking_query(text)
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
@allowed_params("fact")
@shows_letter
def letter_text(request: HttpRequest, letter: Determination) -> HttpResponse:
    """The letter's text with the place of a fact marked, whatever kind of file the letter is."""
    fact = request.GET.get("fact", "").strip()
    page = marked_letter(letter, fact)
    if fact and not page.fact:
        add_notice(request, f"{quoted(fact)} is not a fact of a letter, so nothing is marked.")
    return render(request, "determinations/letter_text.html", {"letter": letter, "page": page})


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
@allowed_params("item")
def compare(request: HttpRequest) -> HttpResponse:
    """404 if the address names items and none of them is in the database."""
    chosen = chosen_items(request.GET.getlist("item"))
    columns = compared(chosen.items, request.build_absolute_uri)
    context = {
        "columns": columns,
        "fact_rows": fact_rows(columns),
        "errors": chosen.errors,
        "is_enough": is_enough(chosen),
        "url": compare_url(column.ref.name for column in columns),
        "not_precedent": NOT_PRECEDENT,
    }
    return render(
        request, "determinations/compare.html", context, status=404 if chosen.asked and not columns else 200
    )
