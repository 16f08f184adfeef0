"""Where a folder is stored: in the session, or in the database for people who are signed in."""

from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import asdict
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.http import HttpRequest

from determinations.models import Folder, FolderItem
from determinations.models.folders import FIRST_FOLDER
from determinations.research.folder import (
    Change,
    Entries,
    FolderEntry,
    Removed,
    ResearchFolder,
    adding,
    joined,
    require_room,
    what_was_done,
)
from determinations.research.folder_events import record

SESSION_DAYS = 180
"""How long a browser's folder is kept after its last change."""

_ENTRIES = "folder"
_CURRENT = "folder_current"
_REMOVED = "folder_removed"
_UNSAVED = "folder_unsaved_notes"
_ON_REQUEST = "_research_folder"


class SessionFolder:
    """In the session, which outlives the browser's window but not its cookies."""

    is_kept = False
    key = None
    name = FIRST_FOLDER
    is_own = may_write = True

    def __init__(self, session: SessionBase) -> None:
        self._session = session

    def entries(self) -> Entries:
        return tuple(FolderEntry.of_json(entry) for entry in self._session.get(_ENTRIES, ()))

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
    """In the database, as one signed-in person may use it; `folder` None is the first one, yet to be made."""

    is_kept = True

    def __init__(self, user: AbstractBaseUser, folder: Folder | None, *, may_write: bool = True) -> None:
        self.folder = folder
        self.may_write = may_write
        self._user = user
        self._entries: Entries | None = None

    @property
    def key(self) -> int | None:
        return self.folder.pk if self.folder else None

    @property
    def name(self) -> str:
        return self.folder.name if self.folder else FIRST_FOLDER

    @property
    def is_own(self) -> bool:
        return self.folder is None or self.folder.owner_id == self._user.pk

    def entries(self) -> Entries:
        if self._entries is None:
            rows = self.folder.items.all() if self.folder else ()
            self._entries = tuple(
                FolderEntry(row.name, row.item_key, row.citation, row.note, tuple(row.passages))
                for row in rows
            )
        return self._entries

    @transaction.atomic
    def change(self, change: Change, *, is_handed_over: bool = False) -> None:
        """Raises ValidationError where the folder has no room; a browser's folder is taken over whole."""
        folder = self._locked()
        self._entries = None
        before = self.entries()
        after = change(before)
        if not is_handed_over:
            require_room(before, after, is_kept=True)
        kept = {entry.name for entry in after}
        gone = [entry.name for entry in before if entry.name not in kept]
        FolderItem.objects.filter(folder=folder, name__in=gone).delete()
        stood = {entry: place for place, entry in enumerate(before)}
        FolderItem.objects.bulk_create(
            [
                FolderItem(folder=folder, position=place, **asdict(entry))
                for place, entry in enumerate(after)
                if stood.get(entry) != place
            ],
            update_conflicts=True,
            unique_fields=("folder", "name"),
            update_fields=("item_key", "citation", "note", "passages", "position"),
        )
        record(folder, self._user, what_was_done(before, after))
        self._entries = after

    def _locked(self) -> Folder:
        """The folder's row, locked: two people who change it at once do so one after the other."""
        if self.folder is None:
            # The person's row is the lock, so that two windows do not each make a first folder.
            get_user_model()._default_manager.select_for_update().get(pk=self._user.pk)
            self.folder = Folder.objects.owned_by(self._user).first()
        if self.folder is None:
            self.folder = Folder.objects.create(owner_id=self._user.pk, name=FIRST_FOLDER)
        return Folder.objects.select_for_update().get(pk=self.folder.pk)


def current_folder(request: HttpRequest) -> ResearchFolder:
    """The folder that items go into: the one chosen in this session, else the person's first one.

    One object for each request, so that it is read once.
    """
    folder: ResearchFolder | None = getattr(request, _ON_REQUEST, None)
    if folder is None:
        user: AbstractBaseUser | AnonymousUser = request.user
        folder = (
            SessionFolder(request.session)
            if isinstance(user, AnonymousUser)
            else AccountFolder(user, _current(request.session, user))
        )
        setattr(request, _ON_REQUEST, folder)
    return folder


def _current(session: SessionBase, user: AbstractBaseUser) -> Folder | None:
    if chosen := session.get(_CURRENT):
        folder = Folder.objects.writable_by(user).filter(pk=chosen).first()
        if folder:
            return folder
    return Folder.objects.owned_by(user).first()


def folder_with_key(user: AbstractBaseUser, key: int) -> AccountFolder | None:
    """The folder, if the person may at least read it."""
    folder = Folder.objects.readable_by(user).select_related("owner").filter(pk=key).first()
    if folder is None:
        return None
    may_write = folder.owner_id == user.pk or Folder.objects.writable_by(user).filter(pk=key).exists()
    return AccountFolder(user, folder, may_write=may_write)


def make_current(session: SessionBase, folder: ResearchFolder) -> None:
    """From now on, items go into this folder."""
    session[_CURRENT] = folder.key


def hand_over(request: HttpRequest, user: AbstractBaseUser) -> None:
    """The browser's folder becomes part of the person's first one."""
    entries = SessionFolder(request.session).hand_over()
    if hasattr(request, _ON_REQUEST):
        delattr(request, _ON_REQUEST)
    if entries:
        AccountFolder(user, None).change(adding(entries), is_handed_over=True)


def keep_removed(session: SessionBase, folder: ResearchFolder, removed: tuple[Removed, ...]) -> None:
    """Keep what was last taken out, so that it can be put back."""
    entries = [{"place": one.place, "entry": asdict(one.entry)} for one in removed]
    session[_REMOVED] = {"folder": folder.key, "entries": entries}


def last_removed(session: SessionBase, folder: ResearchFolder) -> tuple[Removed, ...]:
    """What was last taken out of this folder; nothing where that was another one."""
    kept = session.get(_REMOVED)
    if not isinstance(kept, dict) or kept["folder"] != folder.key:
        return ()
    return tuple(Removed(one["place"], FolderEntry.of_json(one["entry"])) for one in kept["entries"])


def forget_removed(session: SessionBase) -> None:
    session.pop(_REMOVED, None)


def keep_unsaved(session: SessionBase, notes: Mapping[str, str]) -> None:
    """Keep notes that could not be saved, by their item's name; the folder's page shows them."""
    held = unsaved_notes(session)
    session[_UNSAVED] = held | {name: joined(held.get(name, ""), note) for name, note in notes.items()}


def forget_items(data: dict[str, Any], gone: set[str], rewrite: Callable[[str, str], str]) -> bool:
    """Take items that were removed for good out of a session's data, and rewrite the notes on others.

    `rewrite` takes an item's name and the note on it. Gives whether anything changed.
    """

    def left(entries: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        stay = (entry for entry in entries if entry["name"] not in gone)
        return [entry | {"note": rewrite(entry["name"], entry["note"])} for entry in stay]

    before = deepcopy({name: data.get(name) for name in (_ENTRIES, _REMOVED, _UNSAVED)})
    if _ENTRIES in data:
        data[_ENTRIES] = left(data[_ENTRIES])
    if isinstance(data.get(_REMOVED), dict):
        data[_REMOVED] = data[_REMOVED] | {
            "entries": [
                one | {"entry": entry} for one in data[_REMOVED]["entries"] for entry in left([one["entry"]])
            ]
        }
    if _UNSAVED in data:
        data[_UNSAVED] = {
            name: rewrite(name, note) for name, note in data[_UNSAVED].items() if name not in gone
        }
    return before != {name: data.get(name) for name in (_ENTRIES, _REMOVED, _UNSAVED)}


def unsaved_notes(session: SessionBase) -> dict[str, str]:
    """Name of the item -> note."""
    return dict(session.get(_UNSAVED, {}))


def forget_unsaved(session: SessionBase, names: Iterable[str]) -> None:
    """These notes are saved now, or nobody wants them."""
    gone = set(names)
    session[_UNSAVED] = {name: note for name, note in unsaved_notes(session).items() if name not in gone}
