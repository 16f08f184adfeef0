"""A person's folders: the list, new ones, names, whom they are shared with, and deleting them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from determinations.models import Folder, FolderAction, FolderShare
from determinations.research.folder import ResearchFolder
from determinations.research.folder_events import record
from determinations.research.folder_storage import AccountFolder, current_folder, make_current
from determinations.research.forms import FolderForm, ShareForm, first_error
from determinations.views.decorators import allowed_params, person
from determinations.views.folder_access import changes_folder, folder_address, opens_folder, owns_folder

MOST_FOLDERS = 50
"""Of one person."""
MOST_SHARES = 50
"""Of one folder."""


@never_cache
@login_required
@require_safe
@allowed_params()
def folders(request: HttpRequest) -> HttpResponse:
    user = person(request)
    readable = Folder.objects.readable_by(user).with_counts().own_first(user).select_related("owner")
    writable = set(Folder.objects.writable_by(user).values_list("pk", flat=True))
    context = {
        "folders": [(folder, folder.owner_id == user.pk, folder.pk in writable) for folder in readable],
        "current": current_folder(request).key,
        "form": FolderForm(),
    }
    return render(request, "determinations/research/folders.html", context)


@login_required
@require_POST
def new_folder(request: HttpRequest) -> HttpResponse:
    """Makes a folder; from then on, items go into it."""
    user = person(request)
    form = FolderForm(request.POST, instance=Folder(owner_id=user.pk))
    if Folder.objects.owned_by(user).count() >= MOST_FOLDERS:
        messages.error(request, f"You have {MOST_FOLDERS} folders already. Delete one first.")
        return redirect("determinations:folders")
    if not form.is_valid():
        messages.error(request, f"No folder was made. {first_error(form)}")
        return redirect("determinations:folders")
    # The first folder stays what it is: what the browser had before signing in goes there.
    folder = form.save()
    make_current(request.session, AccountFolder(user, folder))
    messages.success(request, f"“{folder.name}” was made. Items that you add from now on go into it.")
    return redirect("determinations:folder", key=folder.pk)


@changes_folder
def use_folder(request: HttpRequest, folder: ResearchFolder) -> HttpResponse:
    """From now on, items go into this folder."""
    make_current(request.session, folder)
    messages.success(request, f"Items that you add from now on go into “{folder.name}”.")
    return redirect(folder_address(folder))


@never_cache
@require_safe
@owns_folder
def folder_settings(request: HttpRequest, folder: Folder) -> HttpResponse:
    """Its name, whom it is shared with, and everything that was done in it."""
    return _settings_page(request, folder)


@allowed_params()
def _settings_page(request: HttpRequest, folder: Folder) -> HttpResponse:
    return _settings(request, folder, FolderForm(instance=folder), ShareForm(instance=_share(folder)))


def _settings(
    request: HttpRequest, folder: Folder, name_form: FolderForm, share_form: ShareForm, status: int = 200
) -> HttpResponse:
    context = {
        "folder": folder,
        "name": Folder.objects.values_list("name", flat=True).get(pk=folder.pk),
        "name_form": name_form,
        "share_form": share_form,
        "shares": folder.shares.select_related("user", "group"),
        "events": folder.events.all(),
    }
    return render(request, "determinations/research/folder_settings.html", context, status=status)


@require_POST
@owns_folder
def rename_folder(request: HttpRequest, folder: Folder) -> HttpResponse:
    form = FolderForm(request.POST, instance=folder)
    if not form.is_valid():
        return _settings(request, folder, form, ShareForm(instance=_share(folder)), 400)
    if form.has_changed():
        form.save()
        record(folder, person(request), [(FolderAction.RENAMED, folder.name)])
        messages.success(request, f"The folder is now called “{folder.name}”.")
    return redirect("determinations:folder_settings", key=folder.pk)


@require_POST
@owns_folder
def share_folder(request: HttpRequest, folder: Folder) -> HttpResponse:
    """Shares it with a person or a group, or changes what they may do."""
    form = ShareForm(request.POST, instance=_share(folder))
    if form.is_valid() and folder.shares.count() >= MOST_SHARES:
        form.add_error(
            None, f"The folder is shared {MOST_SHARES} times already. Stop sharing it with someone."
        )
    if not form.is_valid():
        return _settings(request, folder, FolderForm(instance=folder), form, 400)
    share = form.save()
    may = "read and change it" if share.may_write else "read it"
    record(folder, person(request), [(FolderAction.SHARED, f"{share}, to {may}"[:200])])
    messages.success(request, f"“{folder.name}” is shared with {share}, who may {may}.")
    return redirect("determinations:folder_settings", key=folder.pk)


@require_POST
@owns_folder
def unshare_folder(request: HttpRequest, folder: Folder, share_key: int) -> HttpResponse:
    share = folder.shares.filter(pk=share_key).first()
    if share is None:
        raise Http404("The folder is not shared like this any more.")
    called = str(share)
    share.delete()
    record(folder, person(request), [(FolderAction.UNSHARED, called[:200])])
    messages.success(request, f"“{folder.name}” is no longer shared with {called}.")
    return redirect("determinations:folder_settings", key=folder.pk)


@require_POST
@opens_folder
def leave_folder(request: HttpRequest, folder: ResearchFolder) -> HttpResponse:
    """Takes a folder that somebody shares with the person off the person's list."""
    if not isinstance(folder, AccountFolder) or folder.folder is None or folder.is_own:
        raise PermissionDenied(f"“{folder.name}” is your own folder. Delete it instead.")
    user = person(request)
    left, _ = folder.folder.shares.filter(user_id=user.pk).delete()
    if left:
        record(folder.folder, user, [(FolderAction.LEFT, "")])
    groups = folder.folder.shares.filter(group__user=user.pk).select_related("group")
    if names := ", ".join(str(share.group) for share in groups):
        messages.warning(
            request,
            f"“{folder.name}” remains on your list because it is shared with a group of yours ({names}). "
            "Ask its owner or an administrator to change that.",
        )
    else:
        messages.success(request, f"You left “{folder.name}”. Its owner can share it with you again.")
    return redirect("determinations:folders")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@owns_folder
def delete_folder(request: HttpRequest, folder: Folder) -> HttpResponse:
    """Asks on GET, deletes on POST."""
    if request.method != "POST":
        context = {"folder": folder, "number": folder.items.count(), "shared": folder.shares.count()}
        return render(request, "determinations/research/delete_folder.html", context)
    name = folder.name
    folder.delete()
    messages.success(request, f"“{name}” was deleted.")
    return redirect("determinations:folders")


def _share(folder: Folder) -> FolderShare:
    return FolderShare(folder=folder)
