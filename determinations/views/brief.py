"""Chosen items as a brief: to print, or as a Word file. All of the folder, or the items that `item` names."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from determinations.case.citation import NOT_PRECEDENT
from determinations.export.chosen_items import items_by_name
from determinations.research.brief import Brief, brief_of
from determinations.research.folder import items_of
from determinations.research.folder_storage import folder_of
from determinations.research.word_file import word_file
from determinations.search_page.result_rows import item_name
from determinations.views.notices import takes

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@never_cache
@require_safe
@takes("item", "notes", "chosen")
def brief(request: HttpRequest) -> HttpResponse:
    """`notes=1` prints the private notes as well; `item` may stand several times ("CM14-0031877.2").

    `chosen=1` says that items were chosen from a list: none of them is then none, and not the folder.
    """
    made = _brief(request)
    context = {"brief": made, "not_precedent": NOT_PRECEDENT, "query": request.GET.urlencode()}
    context["is_unticked"] = "chosen" in request.GET and not request.GET.getlist("item")
    return render(
        request,
        "determinations/research/brief.html",
        context,
        status=404 if made.missing and not made.items else 200,
    )


@never_cache
@require_safe
def brief_word(request: HttpRequest) -> HttpResponse:
    """The same as a Word file; where there is nothing to put into it, the page says so."""
    made = _brief(request)
    if not made.items:
        from_folder = not made.missing and "chosen" not in request.GET
        return redirect("determinations:folder") if from_folder else brief(request)
    name = f"IMR-brief-{made.made_on.isoformat()}.docx"
    response = HttpResponse(word_file(made), content_type=_WORD)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response


def _brief(request: HttpRequest) -> Brief:
    entries = folder_of(request).entries()
    site = request.build_absolute_uri("/").rstrip("/")
    chosen = list(dict.fromkeys(request.GET.getlist("item")))
    if chosen or "chosen" in request.GET:
        items, asked = dict(items_by_name(chosen)), {name: name for name in chosen}
    else:
        items, asked = items_of(entries), {entry.name: entry.citation for entry in entries}
    notes = {entry.name: entry.note for entry in entries} if request.GET.get("notes") else {}
    return brief_of(
        [items[name] for name in asked if name in items],
        site,
        {item_name(item): notes.get(name, "") for name, item in items.items()},
        [label for name, label in asked.items() if name not in items],
    )
