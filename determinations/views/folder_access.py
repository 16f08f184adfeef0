"""How views come by a folder: the one that the address names, or the one that items go into.

`/folder/` is a browser's folder, or the folder that a signed-in person's items go into. `/folders/7/` is a
folder by its key, for those who may open it; for everybody else it does not exist.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from determinations.models import Folder
from determinations.research.folder import ResearchFolder, notes_written
from determinations.research.folder_storage import (
    AccountFolder,
    current_folder,
    folder_with_key,
    keep_unsaved,
)
from determinations.views.decorators import P, whole_number

FolderView = Callable[Concatenate[HttpRequest, ResearchFolder, P], HttpResponse]
OwnedFolderView = Callable[Concatenate[HttpRequest, Folder, P], HttpResponse]


def opens_folder(view: FolderView[P]) -> Callable[..., HttpResponse]:
    """Hands the view the folder of the address; 404 for one that the person may not open."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, key: int | None = None, **kwargs: Any) -> HttpResponse:
        if key is None:
            return view(request, current_folder(request), *args, **kwargs)
        if not request.user.is_authenticated:
            return _sign_in_first(request, key)
        folder = folder_with_key(request.user, key)
        if folder is None:
            raise Http404("Your account has no folder at this address, and nobody shares it with you.")
        return view(request, folder, *args, **kwargs)

    return wrapped


def changes_folder(view: FolderView[P]) -> Callable[..., HttpResponse]:
    """The same for a button: POST only; 403 for a folder that the person may only read."""

    @require_POST
    @opens_folder
    @wraps(view)
    def wrapped(
        request: HttpRequest, folder: ResearchFolder, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        if not folder.may_write:
            raise PermissionDenied(f"“{folder.name}” is shared with you to read, not to change.")
        return view(request, folder, *args, **kwargs)

    return wrapped


def owns_folder(view: OwnedFolderView[P]) -> Callable[..., HttpResponse]:
    """Hands the view the row of the person's own folder; 403 for one that others share with the person."""

    @opens_folder
    @wraps(view)
    def wrapped(
        request: HttpRequest, folder: ResearchFolder, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        if not isinstance(folder, AccountFolder) or not folder.folder or not folder.is_own:
            raise PermissionDenied(f"“{folder.name}” belongs to someone else, who alone can do this.")
        return view(request, folder.folder, *args, **kwargs)

    return wrapped


def _sign_in_first(request: HttpRequest, key: int) -> HttpResponse:
    """To the sign-in page and then to the folder. Notes that came with a button are kept meanwhile."""
    if request.method != "POST":
        return redirect_to_login(request.get_full_path())
    try:
        notes = {name: note.text for name, note in notes_written(request.POST.dict()).items()}
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        if notes:
            keep_unsaved(request.session, notes)
    messages.info(request, "Nothing was changed yet. Sign in, then press the button again.")
    return redirect_to_login(reverse("determinations:folder", args=[key]))


def folder_address(folder: ResearchFolder, view: str = "folder", *args: str) -> str:
    """The address of a view of this folder."""
    key = () if folder.key is None else (folder.key,)
    return reverse(f"determinations:{view}", args=[*key, *args])


def back_to(request: HttpRequest, folder: ResearchFolder, anchor: str = "") -> HttpResponse:
    """To `next` on this site, else to the folder: to the page of it that the address names."""
    address = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        page = whole_number(request.GET.get("page", ""))
        address = folder_address(folder) + (f"?page={page}" if page else "")
    return HttpResponseRedirect(f"{address}#{anchor}" if anchor else address)


def wants_json(request: HttpRequest) -> bool:
    """Whether a script asks, which takes a message instead of a page."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"
