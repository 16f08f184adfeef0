"""Where a folder is stored: in the session, or in the database for people who are signed in."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.http import HttpRequest

from determinations.models import FolderItem
from determinations.research.folder import (
    Change,
    Entries,
    FolderEntry,
    Removed,
    ResearchFolder,
    adding,
    joined,
    require_room,
)

SESSION_DAYS = 180
"""How long a browser's folder is kept after its last change."""

_ENTRIES = "folder"
_REMOVED = "folder_removed"
_UNSAVED = "folder_unsaved_notes"
_ON_REQUEST = "_research_folder"


class SessionFolder:
    """In the session, which outlives the browser's window but not its cookies."""

    is_kept = False

    def __init__(self, session: SessionBase) -> None:
        self._session = session

    def entries(self) -> Entries:
        return tuple(FolderEntry(**entry) for entry in self._session.get(_ENTRIES, ()))

    def change(self, change: Change) -> None:
        """Raises ValidationError where the folder has no room for it."""
        before = self.entries()
        after = change(before)
        require_room(before, after, is_kept=False)
        self._session[_ENTRIES] = [asdict(entry) for entry in after]
        self._session.set_expiry(SESSION_DAYS * 24 * 60 * 60)

    def hand_over(self) -> Entries:
        """Its entries, which the session then no longer holds."""
        entries = self.entries()
        if _ENTRIES in self._session:
            del self._session[_ENTRIES]
            self._session.set_expiry(None)
        return entries


class AccountFolder:
    """A signed-in person's, in the database."""

    is_kept = True

    def __init__(self, user: AbstractBaseUser) -> None:
        self._user = user
        self._entries: Entries | None = None

    def entries(self) -> Entries:
        if self._entries is None:
            rows = FolderItem.objects.filter(user_id=self._user.pk)
            self._entries = tuple(FolderEntry(row.name, row.item_key, row.citation, row.note) for row in rows)
        return self._entries

    @transaction.atomic
    def change(self, change: Change, *, is_handed_over: bool = False) -> None:
        """Raises ValidationError where the folder has no room; a browser's folder is taken over whole."""
        # The person's row is the lock: two windows that change the folder at once do so one after the other.
        get_user_model()._default_manager.select_for_update().get(pk=self._user.pk)
        self._entries = None
        before = self.entries()
        after = change(before)
        if not is_handed_over:
            require_room(before, after, is_kept=True)
        kept = {entry.name for entry in after}
        gone = [entry.name for entry in before if entry.name not in kept]
        FolderItem.objects.filter(user_id=self._user.pk, name__in=gone).delete()
        stood = {entry: place for place, entry in enumerate(before)}
        FolderItem.objects.bulk_create(
            [
                FolderItem(user_id=self._user.pk, position=place, **asdict(entry))
                for place, entry in enumerate(after)
                if stood.get(entry) != place
            ],
            update_conflicts=True,
            unique_fields=("user", "name"),
            update_fields=("item_key", "citation", "note", "position"),
        )
        self._entries = after


def folder_of(request: HttpRequest) -> ResearchFolder:
    """The folder of the request's user; one object for each request, so that it is read once."""
    folder: ResearchFolder | None = getattr(request, _ON_REQUEST, None)
    if folder is None:
        user: AbstractBaseUser | AnonymousUser = request.user
        folder = AccountFolder(user) if user.is_authenticated else SessionFolder(request.session)
        setattr(request, _ON_REQUEST, folder)
    return folder


def hand_over(request: HttpRequest, user: AbstractBaseUser) -> None:
    """The browser's folder becomes part of the person's own."""
    entries = SessionFolder(request.session).hand_over()
    if hasattr(request, _ON_REQUEST):
        delattr(request, _ON_REQUEST)
    if entries:
        AccountFolder(user).change(adding(entries), is_handed_over=True)


def keep_removed(session: SessionBase, removed: tuple[Removed, ...]) -> None:
    """Keep what was last taken out, so that it can be put back."""
    session[_REMOVED] = [{"place": one.place, "entry": asdict(one.entry)} for one in removed]


def last_removed(session: SessionBase) -> tuple[Removed, ...]:
    return tuple(Removed(one["place"], FolderEntry(**one["entry"])) for one in session.get(_REMOVED, ()))


def forget_removed(session: SessionBase) -> None:
    session.pop(_REMOVED, None)


def keep_unsaved(session: SessionBase, notes: Mapping[str, str]) -> None:
    """Keep notes that could not be saved, by their item's name; the folder's page shows them."""
    held = unsaved_notes(session)
    session[_UNSAVED] = held | {name: joined(held.get(name, ""), note) for name, note in notes.items()}


def unsaved_notes(session: SessionBase) -> dict[str, str]:
    """Name of the item -> note."""
    return dict(session.get(_UNSAVED, {}))


def forget_unsaved(session: SessionBase, names: Iterable[str]) -> None:
    """These notes are saved now, or nobody wants them."""
    gone = set(names)
    session[_UNSAVED] = {name: note for name, note in unsaved_notes(session).items() if name not in gone}
