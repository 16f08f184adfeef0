"""Disputed items side by side: /compare/?item=CM14-0031877.2&item=..."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from determinations.case.citation import NOT_PRECEDENT
from determinations.case.comparison import (
    chosen_items,
    compare_url,
    compared,
    fact_rows,
    is_enough,
)
from determinations.views.letter_address import find_letter
from determinations.views.notices import takes


@require_safe
@takes("item")
def compare(request: HttpRequest) -> HttpResponse:
    """404 where items were named and none of them is held here."""
    chosen = chosen_items(request.GET.getlist("item"), find_letter)
    columns = compared(chosen.items, request.build_absolute_uri)
    context = {
        "columns": columns,
        "fact_rows": fact_rows(columns),
        "problems": chosen.problems,
        "is_enough": is_enough(chosen),
        "url": compare_url(column.name for column in columns),
        "not_precedent": NOT_PRECEDENT,
    }
    return render(
        request, "determinations/compare.html", context, status=404 if chosen.asked and not columns else 200
    )
