"""A research folder's page and its buttons: items, notes, passages, order.

Every change is a POST that redirects back to the page it came from. A script may ask for JSON instead, where
a note or a passage is saved while one goes on reading.
"""

from dataclasses import replace
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from determinations.case.citation import NOT_PRECEDENT
from determinations.case.passages import passage_of
from determinations.models import DisputedItem, Folder
from determinations.research.folder import (
    ENTRIES_PER_PAGE,
    FolderEntry,
    Removed,
    ResearchFolder,
    adding,
    anchor_of,
    entry_of,
    folder_rows,
    mark_of,
    moving,
    moving_passage,
    notes_written,
    noting,
    putting_back,
    title_of,
    unquoting,
    without,
)
from determinations.research.folder_storage import (
    SESSION_DAYS,
    AccountFolder,
    current_folder,
    forget_removed,
    forget_unsaved,
    keep_removed,
    keep_unsaved,
    last_removed,
    unsaved_notes,
)
from determinations.research.forms import PassageForm, first_error
from determinations.search.query.repair import quoted
from determinations.views.decorators import P, allowed_params, person, requested_page, whole_number
from determinations.views.folder_access import (
    FolderView,
    back_to,
    changes_folder,
    folder_address,
    opens_folder,
    wants_json,
)

EVENTS_SHOWN = 5
_EXPORTS = ("brief", "brief_word", "folder_csv", "folder_ris", "folder_csl")
"""The names of the addresses that an export button may lead to."""


def keeps_notes(view: FolderView[P]) -> FolderView[P]:
    """Saves the notes that come with whatever button was pressed; if one is invalid, nothing else is done."""

    @wraps(view)
    def wrapped(
        request: HttpRequest, folder: ResearchFolder, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        try:
            _keep_notes(request, folder)
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return back_to(request, folder)
        return view(request, folder, *args, **kwargs)

    return wrapped


def _keep_notes(request: HttpRequest, folder: ResearchFolder) -> int:
    """The number of notes that were changed. Raises ValidationError, and then keeps none.

    A note on an item that is not in the folder, as after a session has ended, is given back on the page.
    """
    written = notes_written(request.POST.dict())
    if not written:
        return 0
    folder.change(noting(written))
    present = {entry.name: entry for entry in folder.entries()}
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


@never_cache
@require_safe
@opens_folder
def folder(request: HttpRequest, folder: ResearchFolder) -> HttpResponse:
    """The folder's page; its form sends every note of the page with whatever button is pressed."""
    return _folder_page(request, folder)


@allowed_params("page")
def _folder_page(request: HttpRequest, folder: ResearchFolder) -> HttpResponse:
    entries = folder.entries()
    pages = Paginator(entries, ENTRIES_PER_PAGE)
    page = requested_page(request, pages)
    row = folder.folder if isinstance(folder, AccountFolder) else None
    context = {
        "folder": folder,
        "is_current": folder.key == current_folder(request).key,
        "rows": folder_rows(tuple(page.object_list), max(0, page.start_index() - 1), len(entries)),
        "page": page,
        "page_query": f"?page={page.number}" if page.number > 1 else "",
        "total": len(entries),
        "session_days": SESSION_DAYS,
        "shares": row.shares.select_related("user", "group") if row else (),
        "events": row.events.all()[:EVENTS_SHOWN] if row else (),
        "unsaved": [(title_of(name), note) for name, note in unsaved_notes(request.session).items()],
        "removed": last_removed(request.session, folder),
        "not_precedent": NOT_PRECEDENT,
    }
    return render(request, "determinations/research/folder.html", context)


@changes_folder
def add_item(request: HttpRequest, folder: ResearchFolder, name: str) -> HttpResponse:
    """Puts one item in; `next` is where to go then."""
    try:
        folder.change(adding([_entry(request, _item(name))]))
    except ValidationError as error:
        if wants_json(request):
            return JsonResponse({"message": error.messages[0]}, status=400)
        messages.error(request, error.messages[0])
    return _button_answer(folder, name, "Added to") if wants_json(request) else back_to(request, folder)


@changes_folder
@keeps_notes
def remove_item(request: HttpRequest, folder: ResearchFolder, name: str) -> HttpResponse:
    """Takes one item out; `next` is where to go then."""
    _remove(request, folder, [name])
    return _button_answer(folder, name, "Removed from") if wants_json(request) else back_to(request, folder)


@changes_folder
def add_passage(request: HttpRequest, folder: ResearchFolder, name: str) -> HttpResponse:
    """Quotes a passage of the item's letter, and puts the item in where it is not there yet.

    Words that the letter does not contain are refused with the form, so that nobody has to paste them again.
    """
    item = _item(name)
    form = PassageForm(request.POST)
    if form.is_valid():
        passage = passage_of(item, form.cleaned_data["passage"])
        if passage:
            try:
                folder.change(adding([replace(_entry(request, item), passages=(passage,))]))
            except ValidationError as error:
                form.add_error(None, error)
        else:
            form.add_error(
                "passage", "The letter does not contain these words. Copy them from the letter as they are."
            )
    if wants_json(request):
        if not form.is_valid():
            return JsonResponse({"message": first_error(form)}, status=400)
        said = f"Added to “{folder.name}”."
        return JsonResponse({"message": said, "items": len(folder.entries())})
    if not form.is_valid():
        context = {"form": form, "item": item, "folder": folder, "next": request.POST.get("next", "")}
        return render(request, "determinations/research/passage.html", context, status=400)
    messages.success(request, f"The passage was added to “{folder.name}”.")
    return back_to(request, folder)


@changes_folder
@keeps_notes
def remove_passage(request: HttpRequest, folder: ResearchFolder, name: str, mark: str) -> HttpResponse:
    """`mark` says which passage: a number would mean another one in a page that is out of date."""
    folder.change(unquoting(name, mark))
    return back_to(request, folder, anchor_of(name))


@changes_folder
@keeps_notes
def move_passage_up(request: HttpRequest, folder: ResearchFolder, name: str, mark: str) -> HttpResponse:
    folder.change(moving_passage(name, mark, -1))
    return back_to(request, folder, anchor_of(name, mark))


@changes_folder
@keeps_notes
def move_passage_down(request: HttpRequest, folder: ResearchFolder, name: str, mark: str) -> HttpResponse:
    folder.change(moving_passage(name, mark, 1))
    return back_to(request, folder, anchor_of(name, mark))


@changes_folder
@keeps_notes
def move_up(request: HttpRequest, folder: ResearchFolder, name: str) -> HttpResponse:
    folder.change(moving(name, -1))
    return back_to(request, folder, anchor_of(name))


@changes_folder
@keeps_notes
def move_down(request: HttpRequest, folder: ResearchFolder, name: str) -> HttpResponse:
    folder.change(moving(name, 1))
    return back_to(request, folder, anchor_of(name))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@opens_folder
def copy_item(request: HttpRequest, folder: ResearchFolder, name: str) -> HttpResponse:
    """Asks which folder to copy the item to, with its note and passages; POST `to` is that folder's key.

    The folder's page sends its notes along, but no `to`: they are saved before this page is shown.
    """
    if request.method == "POST" and folder.may_write:
        try:
            _keep_notes(request, folder)
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return back_to(request, folder)
    entry = next((entry for entry in folder.entries() if entry.name == name), None)
    if entry is None:
        raise Http404(f"{title_of(name)} is not in this folder.")
    user = person(request)
    others = Folder.objects.writable_by(user).exclude(pk=folder.key or 0).own_first(user)
    if request.method != "POST":
        context = {"folder": folder, "entry": entry, "others": others}
        return render(request, "determinations/research/copy_item.html", context)
    chosen = others.filter(pk=whole_number(request.POST.get("to", "")) or 0).first()
    if chosen is None:
        return redirect(folder_address(folder, "folder_copy", name))
    try:
        AccountFolder(user, chosen).change(adding([entry]))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, f"{entry.title} was copied to “{chosen.name}”.")
    return back_to(request, folder, anchor_of(name))


@changes_folder
def save_notes(request: HttpRequest, folder: ResearchFolder) -> HttpResponse:
    """Saves the notes, then exports the folder where `export` names how.

    For the page's script the answer is JSON: the notes that are saved now, each with the mark of it.
    """
    try:
        number = _keep_notes(request, folder)
    except ValidationError as error:
        if wants_json(request):
            return JsonResponse({"error": error.messages[0]}, status=400)
        messages.error(request, error.messages[0])
        return back_to(request, folder)
    if wants_json(request):
        return JsonResponse({"notes": _saved_notes(request, folder)})
    if (export := request.POST.get("export")) in _EXPORTS:
        query = "?notes=1" if request.POST.get("notes") else ""
        return HttpResponseRedirect(folder_address(folder, export) + query)
    if number:
        messages.success(request, ngettext("%d note saved.", "%d notes saved.", number) % number)
    elif not unsaved_notes(request.session):
        messages.info(request, "No notes were changed.")
    return back_to(request, folder)


def _saved_notes(request: HttpRequest, folder: ResearchFolder) -> dict[str, dict[str, str]]:
    """Of the notes that were sent: name -> its text in the folder, and the mark of it."""
    return {
        entry.name: {"text": entry.note, "seen": mark_of(entry.note)}
        for entry in folder.entries()
        if f"note-{entry.name}" in request.POST
    }


@changes_folder
@keeps_notes
def clear(request: HttpRequest, folder: ResearchFolder) -> HttpResponse:
    """Takes everything out."""
    _remove(request, folder, [entry.name for entry in folder.entries()])
    return back_to(request, folder)


@changes_folder
def put_back(request: HttpRequest, folder: ResearchFolder) -> HttpResponse:
    """Undo the last removal, if it was from this folder."""
    if removed := last_removed(request.session, folder):
        try:
            folder.change(putting_back(removed))
        except ValidationError as error:
            messages.error(request, error.messages[0])
        else:
            forget_removed(request.session)
    return redirect(folder_address(folder))


@changes_folder
def save_unsaved(request: HttpRequest, folder: ResearchFolder) -> HttpResponse:
    """Puts the notes that could not be saved into the folder, with their items where those are missing."""
    notes = unsaved_notes(request.session)
    items = DisputedItem.objects.by_name(notes)
    entries = {name: replace(_entry(request, item), note=notes[name]) for name, item in items.items()}
    folder.change(adding(entries.values()))
    forget_unsaved(request.session, entries)
    if len(entries) < len(notes):
        messages.error(request, "A letter is not on this site any more: copy the note on it from here.")
    return redirect(folder_address(folder))


@changes_folder
def discard_unsaved(request: HttpRequest, folder: ResearchFolder) -> HttpResponse:
    forget_unsaved(request.session, unsaved_notes(request.session))
    return redirect(folder_address(folder))


def _item(name: str) -> DisputedItem:
    item = DisputedItem.objects.by_name([name]).get(name)
    if item is None:
        raise Http404(f"There is no disputed item {quoted(name)} on this site.")
    return item


def _entry(request: HttpRequest, item: DisputedItem) -> FolderEntry:
    return entry_of(item, request.build_absolute_uri(item.get_absolute_url()))


def _button_answer(folder: ResearchFolder, name: str, done: str) -> JsonResponse:
    """What a button that stays on its page shows and says."""
    names = [entry.name for entry in folder.entries()]
    size = ngettext("%(number)s item", "%(number)s items", len(names)) % {"number": f"{len(names):,}"}
    return JsonResponse(
        {
            "message": f"{done} “{folder.name}”, which has {size} now.",
            "items": len(names),
            "is_in_folder": name in names,
        }
    )


def _remove(request: HttpRequest, folder: ResearchFolder, names: list[str]) -> None:
    gone = set(names)
    entries = folder.entries()
    removed = tuple(Removed(place, entry) for place, entry in enumerate(entries) if entry.name in gone)
    if removed:
        folder.change(without(gone))
        keep_removed(request.session, folder, removed)
