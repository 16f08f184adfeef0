"""A determination to read, and the determinations most like one of its items."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ..case_page import Mark, case_page, unmarked
from ..models import Determination
from ..question import marking_query
from ..search.engines import search_engine
from ..search.interface import Passage, SearchUnavailableError
from ..search_address import SearchAddress
from ..similar import similar_items
from .letter_address import shows_letter
from .unavailable import answers_503


@require_safe
@shows_letter
def determination(request: HttpRequest, letter: Determination) -> HttpResponse:
    text = request.GET.get("q", "").strip()
    page = case_page(letter, _marking(text))
    context = {"letter": letter, "page": page, "search": SearchAddress(text=text) if text else None}
    return render(request, "determination.html", context)


@require_safe
@shows_letter
@answers_503
def similar(request: HttpRequest, letter: Determination, position: int) -> HttpResponse:
    item = letter.items.filter(position=position).first()
    if item is None:
        raise Http404(f"{letter} has no item {position}.")
    page = similar_items(item, search_engine(), opposite=request.GET.get("opposite") == "1")
    return render(request, "similar.html", {"letter": letter, "item": item, "page": page})


def _marking(text: str) -> Mark:
    """How to mark the question's words. A letter can be read without an index, so nothing is marked then."""
    query = marking_query(text)
    if query is None:
        return unmarked
    try:
        engine = search_engine()
    except SearchUnavailableError:
        return unmarked

    def mark(field: str, part: str) -> Passage:
        return engine.highlight_whole(query, field, part)

    return mark
