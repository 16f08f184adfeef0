"""What leaves a folder: the brief as a page and as a Word file, CSV, RIS and CSL-JSON.

The export buttons of the folder's page save its notes first, and then lead here.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from determinations.case.citation import NOT_PRECEDENT
from determinations.load_limits import few_at_a_time
from determinations.models import DisputedItem
from determinations.research.brief import (
    MOST_ITEMS,
    Brief,
    ServiceReasons,
    brief_of,
    service_reasons,
    word_file,
)
from determinations.research.folder import ResearchFolder, items_of
from determinations.research.folder_files import FiledItem, csl_json, filed_items, folder_csv, ris
from determinations.search.engines import search_engine
from determinations.search.interface import SearchUnavailableError
from determinations.views.decorators import P, View, allowed_params, log_unavailable
from determinations.views.folder_access import folder_address, opens_folder

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class _TooManyItemsError(Exception):
    """More items than a brief takes."""


def _limits_items(view: View[P]) -> View[P]:
    """400 with the numbers for more items than a brief takes."""

    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except _TooManyItemsError as error:
            return render(request, "400.html", {"message": str(error)}, status=400)

    return wrapped


@never_cache
@require_safe
@few_at_a_time
@_limits_items
@opens_folder
def brief(request: HttpRequest, folder: ResearchFolder) -> HttpResponse:
    """`notes=1` prints the private notes as well; `item` may be repeated ("CM14-0031877.2").

    `chosen=1` says that items were chosen from a list: none of them is then none, and not the folder.
    """
    return _brief_page(request, folder)


@allowed_params("item", "notes", "chosen")
def _brief_page(request: HttpRequest, folder: ResearchFolder) -> HttpResponse:
    made = _brief(request, folder)
    context = {
        "brief": made,
        "folder": folder,
        "not_precedent": NOT_PRECEDENT,
        "query": request.GET.urlencode(),
        "is_unticked": "chosen" in request.GET and not request.GET.getlist("item"),
    }
    return render(
        request,
        "determinations/research/brief.html",
        context,
        status=404 if made.missing and not made.items else 200,
    )


@never_cache
@require_safe
@few_at_a_time
@_limits_items
@opens_folder
def brief_word(request: HttpRequest, folder: ResearchFolder) -> HttpResponse:
    """The same as a Word file. If there is nothing to put into it, the page says so."""
    made = _brief(request, folder)
    if not made.items:
        from_folder = not made.missing and "chosen" not in request.GET
        return redirect(folder_address(folder)) if from_folder else _brief_page(request, folder)
    name = f"IMR-brief-{made.made_on.isoformat()}.docx"
    response = HttpResponse(word_file(made), content_type=_WORD)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response


Pieces = Callable[[HttpRequest, ResearchFolder], str | Iterator[str]]


def _file(content_type: str, ending: str) -> Callable[[Pieces], Callable[..., HttpResponseBase]]:
    """For a view that gives the text of a file: never cached, named after the folder and the day."""

    def decorated(view: Pieces) -> Callable[..., HttpResponseBase]:
        @never_cache
        @require_safe
        @few_at_a_time
        @opens_folder
        @wraps(view)
        def wrapped(request: HttpRequest, folder: ResearchFolder) -> HttpResponse:
            response = HttpResponse(view(request, folder), content_type=content_type)
            name = f"{slugify(folder.name) or 'folder'}-{timezone.localdate().isoformat()}.{ending}"
            response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
            return response

        return wrapped

    return decorated


@_file("text/csv; charset=utf-8", "csv")
def csv_file(request: HttpRequest, folder: ResearchFolder) -> Iterator[str]:
    return folder_csv(_filed(request, folder), _site(request))


@_file("application/x-research-info-systems; charset=utf-8", "ris")
def ris_file(request: HttpRequest, folder: ResearchFolder) -> Iterator[str]:
    return ris(_filed(request, folder), _site(request))


@_file("application/vnd.citationstyles.csl+json", "json")
def csl_file(request: HttpRequest, folder: ResearchFolder) -> str:
    return csl_json(_filed(request, folder), _site(request))


def _filed(request: HttpRequest, folder: ResearchFolder) -> tuple[FiledItem, ...]:
    return filed_items(folder.entries(), with_notes=bool(request.GET.get("notes")))


def _site(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")


def _brief(request: HttpRequest, folder: ResearchFolder) -> Brief:
    entries = folder.entries()
    chosen = list(dict.fromkeys(request.GET.getlist("item")))
    is_chosen = bool(chosen) or "chosen" in request.GET
    wanted = len(chosen) if is_chosen else len(entries)
    if wanted > MOST_ITEMS:
        raise _TooManyItemsError(
            f"A brief has at most {MOST_ITEMS} items, and {wanted:,} were chosen. Choose fewer."
        )
    if is_chosen:
        items, asked = dict(DisputedItem.objects.by_name(chosen)), {name: name for name in chosen}
    else:
        items, asked = items_of(entries), {entry.name: entry.citation for entry in entries}
    notes = {entry.name: entry.note for entry in entries} if request.GET.get("notes") else {}
    passages = {entry.name: entry.passages for entry in entries} if not is_chosen else {}
    chosen_items = [items[name] for name in asked if name in items]
    return brief_of(
        chosen_items,
        _site(request),
        {item.name: notes.get(name, "") for name, item in items.items()},
        [label for name, label in asked.items() if name not in items],
        _service_reasons(chosen_items, _site(request)),
        passages={item.name: passages.get(name, ()) for name, item in items.items()},
        folder="" if is_chosen else folder.name,
    )


def _service_reasons(items: Sequence[DisputedItem], site: str) -> tuple[ServiceReasons, ...]:
    """Nothing while there is no index: a brief of letters can be made without one."""
    try:
        return service_reasons(items, site, search_engine())
    except SearchUnavailableError as error:
        log_unavailable(error)
        return ()
