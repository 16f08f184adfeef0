"""The research folder, and its items as a brief to print or as a Word file.

Every change is a POST that redirects back to the page it came from.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import wraps

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header, url_has_allowed_host_and_scheme
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

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
from determinations.research.folder import (
    ENTRIES_PER_PAGE,
    Removed,
    adding,
    anchor_of,
    entry_of,
    folder_rows,
    items_of,
    moving,
    note_mark,
    notes_written,
    noting,
    putting_back,
    title_of,
    without,
)
from determinations.research.folder_storage import (
    SESSION_DAYS,
    folder_of,
    forget_removed,
    forget_unsaved,
    keep_removed,
    keep_unsaved,
    last_removed,
    unsaved_notes,
)
from determinations.search.engines import search_engine
from determinations.search.interface import SearchUnavailableError
from determinations.search.query.repair import quoted
from determinations.views.decorators import (
    P,
    View,
    allowed_params,
    log_unavailable,
    requested_page,
    whole_number,
)

_EXPORTS = ("brief", "brief_word")
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def keeps_notes(view: View[P]) -> View[P]:
    """Saves the notes that come with whatever button was pressed; if one is invalid, nothing else is done."""

    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            _keep_notes(request)
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return _back(request)
        return view(request, *args, **kwargs)

    return wrapped


def _keep_notes(request: HttpRequest) -> int:
    """How many notes were changed. Raises ValidationError, and then keeps none.

    A note on an item that is not in the folder, as after a session has ended, is given back on the page.
    """
    own = folder_of(request)
    written = notes_written(request.POST.dict())
    if not written:
        return 0
    own.change(noting(written))
    present = {entry.name: entry for entry in own.entries()}
    for name in written.keys() & present.keys():
        if present[name].note != written[name].text:
            messages.warning(
                request,
                f"The note on {present[name].title} was changed in another window meanwhile. Both texts are "
                "in it now: the other one first, then yours.",
            )
    lost = {name: note.text for name, note in written.items() if name not in present and note.text.strip()}
    if lost:
        keep_unsaved(request.session, lost)
    return len(written.keys() & present.keys())


def _back(request: HttpRequest, anchor: str = "") -> HttpResponse:
    """To `next` on this site, else to the folder: to the page of it that the address names."""
    address = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        page = whole_number(request.GET.get("page", ""))
        address = reverse("determinations:folder") + (f"?page={page}" if page else "")
    return HttpResponseRedirect(f"{address}#{anchor}" if anchor else address)


@never_cache
@require_safe
@allowed_params("page")
def folder(request: HttpRequest) -> HttpResponse:
    """The folder's page; its form sends every note of the page with whatever button is pressed."""
    own = folder_of(request)
    entries = own.entries()
    pages = Paginator(entries, ENTRIES_PER_PAGE)
    page = requested_page(request, pages)
    context = {
        "rows": folder_rows(tuple(page.object_list), max(0, page.start_index() - 1), len(entries)),
        "page": page,
        "page_query": f"?page={page.number}" if page.number > 1 else "",
        "total": len(entries),
        "is_kept": own.is_kept,
        "session_days": SESSION_DAYS,
        "unsaved": [(title_of(name), note) for name, note in unsaved_notes(request.session).items()],
        "removed": last_removed(request.session),
        "not_precedent": NOT_PRECEDENT,
    }
    return render(request, "determinations/research/folder.html", context)


@require_POST
def add_item(request: HttpRequest, name: str) -> HttpResponse:
    """Puts one item in; `next` is where to go then."""
    item = DisputedItem.objects.by_name([name]).get(name)
    if item is None:
        raise Http404(f"There is no disputed item {quoted(name)} on this site.")
    entry = entry_of(item, request.build_absolute_uri(item.get_absolute_url()))
    try:
        folder_of(request).change(adding([entry]))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return _back(request)


@require_POST
@keeps_notes
def remove_item(request: HttpRequest, name: str) -> HttpResponse:
    """Takes one item out; `next` is where to go then."""
    _remove(request, [name])
    return _back(request)


@require_POST
@keeps_notes
def move_up(request: HttpRequest, name: str) -> HttpResponse:
    folder_of(request).change(moving(name, -1))
    return _back(request, anchor_of(name))


@require_POST
@keeps_notes
def move_down(request: HttpRequest, name: str) -> HttpResponse:
    folder_of(request).change(moving(name, 1))
    return _back(request, anchor_of(name))


@require_POST
def save_notes(request: HttpRequest) -> HttpResponse:
    """Saves the notes, then exports the folder where `export` names a brief.

    For the page's script the answer is JSON: the notes that are saved now, each with the mark of it.
    """
    by_script = request.headers.get("Accept") == "application/json"
    try:
        number = _keep_notes(request)
    except ValidationError as error:
        if by_script:
            return JsonResponse({"error": error.messages[0]}, status=400)
        messages.error(request, error.messages[0])
        return _back(request)
    if by_script:
        return JsonResponse({"notes": _saved_notes(request)})
    if (export := request.POST.get("export")) in _EXPORTS:
        query = "?notes=1" if request.POST.get("notes") else ""
        return HttpResponseRedirect(reverse(f"determinations:{export}") + query)
    if number:
        messages.success(request, ngettext("%d note saved.", "%d notes saved.", number) % number)
    elif not unsaved_notes(request.session):
        messages.info(request, "No notes were changed.")
    return _back(request)


def _saved_notes(request: HttpRequest) -> dict[str, dict[str, str]]:
    """Of the notes that were sent: name -> its text in the folder, and the mark of it."""
    return {
        entry.name: {"text": entry.note, "seen": note_mark(entry.note)}
        for entry in folder_of(request).entries()
        if f"note-{entry.name}" in request.POST
    }


@require_POST
@keeps_notes
def clear(request: HttpRequest) -> HttpResponse:
    """Takes everything out."""
    _remove(request, [entry.name for entry in folder_of(request).entries()])
    return _back(request)


@require_POST
def put_back(request: HttpRequest) -> HttpResponse:
    """Undo the last removal."""
    try:
        folder_of(request).change(putting_back(last_removed(request.session)))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        forget_removed(request.session)
    return redirect("determinations:folder")


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


@require_POST
def save_unsaved(request: HttpRequest) -> HttpResponse:
    """Puts the notes that could not be saved into the folder, with their items where those are missing."""
    notes = unsaved_notes(request.session)
    items = DisputedItem.objects.by_name(notes)
    entries = {
        name: replace(entry_of(item, request.build_absolute_uri(item.get_absolute_url())), note=notes[name])
        for name, item in items.items()
    }
    folder_of(request).change(adding(entries.values()))
    forget_unsaved(request.session, entries)
    if len(entries) < len(notes):
        messages.error(request, "A letter is not on this site any more: copy the note on it from here.")
    return redirect("determinations:folder")


@require_POST
def discard_unsaved(request: HttpRequest) -> HttpResponse:
    forget_unsaved(request.session, unsaved_notes(request.session))
    return redirect("determinations:folder")


@never_cache
@require_safe
@few_at_a_time
@_limits_items
def brief(request: HttpRequest) -> HttpResponse:
    """`notes=1` prints the private notes as well; `item` may be repeated ("CM14-0031877.2").

    `chosen=1` says that items were chosen from a list: none of them is then none, and not the folder.
    """
    return _brief_page(request)


@allowed_params("item", "notes", "chosen")
def _brief_page(request: HttpRequest) -> HttpResponse:
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
@few_at_a_time
@_limits_items
def brief_word(request: HttpRequest) -> HttpResponse:
    """The same as a Word file. If there is nothing to put into it, the page says so."""
    made = _brief(request)
    if not made.items:
        from_folder = not made.missing and "chosen" not in request.GET
        return redirect("determinations:folder") if from_folder else _brief_page(request)
    name = f"IMR-brief-{made.made_on.isoformat()}.docx"
    response = HttpResponse(word_file(made), content_type=_WORD)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response


def _brief(request: HttpRequest) -> Brief:
    entries = folder_of(request).entries()
    site = request.build_absolute_uri("/").rstrip("/")
    chosen = list(dict.fromkeys(request.GET.getlist("item")))
    wanted = len(chosen) if chosen or "chosen" in request.GET else len(entries)
    if wanted > MOST_ITEMS:
        raise _TooManyItemsError(
            f"A brief has at most {MOST_ITEMS} items, and {wanted:,} were chosen. Choose fewer."
        )
    if chosen or "chosen" in request.GET:
        items, asked = dict(DisputedItem.objects.by_name(chosen)), {name: name for name in chosen}
    else:
        items, asked = items_of(entries), {entry.name: entry.citation for entry in entries}
    notes = {entry.name: entry.note for entry in entries} if request.GET.get("notes") else {}
    chosen_items = [items[name] for name in asked if name in items]
    return brief_of(
        chosen_items,
        site,
        {item.name: notes.get(name, "") for name, item in items.items()},
        [label for name, label in asked.items() if name not in items],
        _service_reasons(chosen_items, site),
    )


def _service_reasons(items: Sequence[DisputedItem], site: str) -> tuple[ServiceReasons, ...]:
    """Nothing while there is no index: a brief of letters can be made without one."""
    try:
        return service_reasons(items, site, search_engine())
    except SearchUnavailableError as error:
        log_unavailable(error)
        return ()


def _remove(request: HttpRequest, names: list[str]) -> None:
    own = folder_of(request)
    gone = set(names)
    removed = tuple(Removed(place, entry) for place, entry in enumerate(own.entries()) if entry.name in gone)
    if removed:
        own.change(without(gone))
        keep_removed(request.session, removed)
