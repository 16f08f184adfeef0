"""A determination to read, and the determinations most like one of its items."""

from collections.abc import Mapping, Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from determinations.case.citation import NOT_PRECEDENT
from determinations.case.page import Mark, case_page, unmarked
from determinations.case.similar import Glance, glances, similar_items
from determinations.models import Determination, DisputedItem
from determinations.search.engines import search_engine
from determinations.search.interface import Passage, SearchUnavailableError
from determinations.search_page.address import SearchAddress
from determinations.search_page.question import marking_query
from determinations.search_page.result_rows import item_name
from determinations.views.decorators import answers_503, log_unavailable
from determinations.views.letter_address import shows_letter
from determinations.views.notices import takes


@require_safe
@takes("q")
@shows_letter
def determination(request: HttpRequest, letter: Determination) -> HttpResponse:
    text = request.GET.get("q", "").strip()
    items = list(letter.items.select_related("determination").prefetch_related("citations"))
    context = {
        "letter": letter,
        "page": case_page(letter, items, _marking(text), request.build_absolute_uri, _glances(items)),
        "not_precedent": NOT_PRECEDENT,
        "search": SearchAddress(text=text) if text else None,
    }
    return render(request, "determinations/determination.html", context)


@require_safe
@takes("opposite")
@shows_letter
@answers_503
def similar(request: HttpRequest, letter: Determination, position: int) -> HttpResponse:
    item = letter.items.filter(position=position).first()
    if item is None:
        raise Http404(f"{letter} has no item {position}.")
    page = similar_items(item, search_engine(), opposite=request.GET.get("opposite") == "1")
    context = {"letter": letter, "item": item, "item_name": item_name(item), "page": page}
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
