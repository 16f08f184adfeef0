"""The research folder. Whatever changes it is a POST that leads back to where one was."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from determinations.case.citation import NOT_PRECEDENT
from determinations.export.chosen_items import items_by_name
from determinations.research.folder import (
    Removed,
    adding,
    entry_of,
    moving,
    noting,
    putting_back,
    without,
)
from determinations.research.folder_page import (
    ENTRIES_PER_PAGE,
    anchor_of,
    folder_rows,
    notes_written,
)
from determinations.research.folder_storage import (
    SESSION_DAYS,
    folder_of,
    forget_removed,
    keep_removed,
    last_removed,
)
from determinations.search.query.errors import shown
from determinations.views.error_pages import unknown_action
from determinations.views.notices import page_of, takes

_STEPS = {"up": -1, "down": 1}
_ACTIONS = {*_STEPS, "save", "remove", "clear"}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@takes("page")
def folder(request: HttpRequest) -> HttpResponse:
    """The folder's page; its form sends every note of the page with whatever button is pressed."""
    if request.method == "POST":
        return _change_page(request)
    own = folder_of(request)
    entries = own.entries()
    pages = Paginator(entries, ENTRIES_PER_PAGE)
    page = page_of(request, pages)
    context = {
        "rows": folder_rows(tuple(page.object_list), max(0, page.start_index() - 1), len(entries)),
        "page": page,
        "total": len(entries),
        "is_kept": own.is_kept,
        "session_days": SESSION_DAYS,
        "removed": last_removed(request.session),
        "not_precedent": NOT_PRECEDENT,
    }
    return render(request, "determinations/research/folder.html", context)


@require_POST
def change_item(request: HttpRequest) -> HttpResponse:
    """Put one item in or take it out, by `item`, `action` (add, remove) and `next`, where to go then."""
    name = request.POST.get("item", "")
    action = request.POST.get("action")
    if action == "remove":
        _remove(request, [name])
    elif action != "add":
        return unknown_action(request)
    else:
        item = items_by_name([name]).get(name)
        if item is None:
            raise Http404(f"No letter held here has the disputed item {shown(name)}.")
        folder_of(request).change(
            adding([entry_of(item, request.build_absolute_uri(item.get_absolute_url()))])
        )
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = reverse("determinations:folder")
    return HttpResponseRedirect(back)


@require_POST
def put_back(request: HttpRequest) -> HttpResponse:
    """Undo the last removal."""
    folder_of(request).change(putting_back(last_removed(request.session)))
    forget_removed(request.session)
    return redirect("determinations:folder")


def _change_page(request: HttpRequest) -> HttpResponse:
    action, _, name = request.POST.get("action", "save").partition(":")
    if action not in _ACTIONS:
        return unknown_action(request)
    own = folder_of(request)
    try:
        notes = notes_written(request.POST.dict(), own.entries())
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return HttpResponseRedirect(request.get_full_path())
    if notes:
        own.change(noting(notes))
    if action in _STEPS:
        own.change(moving(name, _STEPS[action]))
    elif action == "remove":
        _remove(request, [name])
    elif action == "clear":
        _remove(request, [entry.name for entry in own.entries()])
    elif notes:
        messages.success(request, f"{len(notes)} note{'' if len(notes) == 1 else 's'} saved.")
    else:
        messages.info(request, "No note was changed.")
    anchor = f"#{anchor_of(name)}" if action in _STEPS else ""
    return HttpResponseRedirect(f"{request.get_full_path()}{anchor}")


def _remove(request: HttpRequest, names: list[str]) -> None:
    own = folder_of(request)
    gone = set(names)
    removed = tuple(Removed(place, entry) for place, entry in enumerate(own.entries()) if entry.name in gone)
    if removed:
        own.change(without(gone))
        keep_removed(request.session, removed)
