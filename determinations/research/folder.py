"""A research folder: items in a chosen order, each with a note and quoted passages; the rows of its page.

A change is a function from the old entries to the new ones, so that each kind of folder can lock out other
changes while it runs. Every button of the page sends all notes, so a click on another item does not lose a
note. A note that was not edited in this window is not saved, because it may have been changed in another one.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any, Protocol, Self, TypeVar

from django.core.exceptions import ValidationError

from determinations.case.citation import item_citation
from determinations.models import DisputedItem, FolderAction
from determinations.models.querysets import read_item_name
from determinations.research.forms import NoteForm, first_error
from determinations.search.facets import SERVICE
from determinations.search_page.facet_values import facet_label
from determinations.search_page.item_ref import ItemRef, item_ref

T = TypeVar("T")
_NAMED_BY_HASH = re.compile(r"[0-9a-f]{16}(?:-[0-9a-f]{8})?")
"""The address of a letter without a case number."""

MOST_ENTRIES = 300
MOST_PASSAGES = 30
"""Of one item."""
MOST_TEXT_OF_A_BROWSER = 50_000
"""Characters in all notes and passages of a folder that belongs to no account."""

ENTRIES_PER_PAGE = 50
"""Few enough for one form: Django takes a thousand fields."""


@dataclass(frozen=True, slots=True)
class FolderEntry:
    """`item_key` and `name` name the item, `citation` is its citation when it was put in.

    `passages` are quoted from its letter, in the letter's own words.
    """

    name: str
    item_key: int
    citation: str
    note: str = ""
    passages: tuple[str, ...] = ()

    @classmethod
    def of_json(cls, stored: Mapping[str, Any]) -> Self:
        """The entry as a session stores it."""
        return cls(**{**stored, "passages": tuple(stored.get("passages", ()))})

    @property
    def title(self) -> str:
        """What controls and messages call it."""
        return title_of(self.name)


def title_of(name: str) -> str:
    """ "CM14-0031877, item 2", "letter 48f0c1d2e3a4b5c6, item 1"."""
    letter, _, position = name.rpartition(".")
    return f"{'letter ' if _NAMED_BY_HASH.fullmatch(letter) else ''}{letter}, item {position}"


Entries = tuple[FolderEntry, ...]
Change = Callable[[Entries], Entries]


class ResearchFolder(Protocol):
    """A folder as one person may use it.

    `key` is the one in its address, None for a browser's folder and for an account's first one until there is
    something in it. `is_kept` says whether it belongs to an account, and so is there on every device.
    """

    is_kept: bool

    @property
    def key(self) -> int | None: ...

    @property
    def name(self) -> str: ...

    @property
    def is_own(self) -> bool: ...

    @property
    def may_write(self) -> bool: ...

    def entries(self) -> Entries: ...

    def change(self, change: Change) -> None: ...


@dataclass(frozen=True, slots=True)
class Removed:
    """An entry that was taken out, and where it stood: all that putting it back needs."""

    place: int
    entry: FolderEntry


def entry_of(item: DisputedItem, url: str) -> FolderEntry:
    """The item as it goes into a folder; `url` is its absolute address."""
    return FolderEntry(item.name, item.pk, item_citation(item, url).plain)


def adding(new: Iterable[FolderEntry]) -> Change:
    """At the end; what is there already stays as it is, and differing notes and passages on it are joined."""

    def change(entries: Entries) -> Entries:
        merged = {entry.name: entry for entry in entries}
        for entry in new:
            present = merged.get(entry.name, entry)
            passages = tuple(dict.fromkeys((*present.passages, *entry.passages)))
            merged[entry.name] = replace(present, note=joined(present.note, entry.note), passages=passages)
        return tuple(merged.values())

    return change


def require_room(before: Entries, after: Entries, *, is_kept: bool) -> None:
    """Raises ValidationError for a change that makes a full folder fuller. What is there already stays."""
    if len(after) > max(MOST_ENTRIES, len(before)):
        raise ValidationError(
            f"Your folder is full: it has {len(before):,} items, and at most {MOST_ENTRIES} fit. "
            "Remove some first."
        )
    quoted = {entry.name: len(entry.passages) for entry in before}
    for entry in after:
        if len(entry.passages) > max(MOST_PASSAGES, quoted.get(entry.name, 0)):
            raise ValidationError(
                f"{entry.title} has {MOST_PASSAGES} passages already, and no more fit. Remove some first."
            )
    length = _text_length(after)
    if not is_kept and length > max(MOST_TEXT_OF_A_BROWSER, _text_length(before)):
        raise ValidationError(
            "Without an account, the notes and passages of a folder have at most "
            f"{MOST_TEXT_OF_A_BROWSER:,} characters, and these would have {length:,}. Sign in to keep more."
        )


def _text_length(entries: Entries) -> int:
    return sum(len(entry.note) + sum(map(len, entry.passages)) for entry in entries)


def without(names: Iterable[str]) -> Change:
    gone = set(names)
    return lambda entries: tuple(entry for entry in entries if entry.name not in gone)


@dataclass(frozen=True, slots=True)
class WrittenNote:
    """A note that was edited; `seen` marks the one that its window showed before."""

    text: str
    seen: str


def noting(notes: Mapping[str, WrittenNote]) -> Change:
    """Name -> new note; names that are not in the folder are passed over.

    A note that another window changed meanwhile is kept, and the new one follows it.
    """

    def noted(entry: FolderEntry) -> FolderEntry:
        written = notes.get(entry.name)
        if written is None:
            return entry
        if entry.note and written.seen != mark_of(entry.note):
            return replace(entry, note=joined(entry.note, written.text))
        return replace(entry, note=written.text)

    return lambda entries: tuple(map(noted, entries))


def unquoting(name: str, mark: str) -> Change:
    """Without the passage that has this mark."""

    def unquoted(entry: FolderEntry) -> FolderEntry:
        if entry.name != name:
            return entry
        return replace(entry, passages=tuple(text for text in entry.passages if mark_of(text) != mark))

    return lambda entries: tuple(map(unquoted, entries))


def moving_passage(name: str, mark: str, step: int) -> Change:
    """The passage that has this mark `step` places on in its item, or back where it is negative."""

    def moved(entry: FolderEntry) -> FolderEntry:
        if entry.name != name:
            return entry
        return replace(entry, passages=_moved_by(entry.passages, lambda text: mark_of(text) == mark, step))

    return lambda entries: tuple(map(moved, entries))


def what_was_done(before: Entries, after: Entries) -> Iterator[tuple[FolderAction, str]]:
    """What a change did, each with the title of its item, for the list of who did what."""
    stood = {entry.name: entry for entry in before}
    kept = {entry.name for entry in after}
    yield from ((FolderAction.REMOVED, entry.title) for entry in before if entry.name not in kept)
    for entry in after:
        was = stood.get(entry.name)
        if was is None:
            yield FolderAction.ADDED, entry.title
        if entry.note != (was.note if was else ""):
            yield FolderAction.NOTED, entry.title
        passages = was.passages if was else ()
        if set(entry.passages) - set(passages):
            yield FolderAction.QUOTED, entry.title
        if set(passages) - set(entry.passages):
            yield FolderAction.UNQUOTED, entry.title
        if entry.passages != passages and set(entry.passages) == set(passages):
            yield FolderAction.MOVED, f"a passage of {entry.title}"
    yield from ((FolderAction.MOVED, entry.title) for entry in _moved(before, after))


def _moved(before: Entries, after: Entries) -> Entries:
    """The entry whose place among the others has changed: a move takes one at a time."""
    kept = {entry.name for entry in after}
    earlier = [entry.name for entry in before if entry.name in kept]
    now = [entry for entry in after if entry.name in set(earlier)]
    first = next((place for place, entry in enumerate(now) if entry.name != earlier[place]), None)
    if first is None:
        return ()
    without_new = [entry.name for entry in now if entry.name != now[first].name]
    without_old = [name for name in earlier if name != now[first].name]
    if without_new == without_old:
        return (now[first],)
    return tuple(entry for entry in now if entry.name == earlier[first])


def moving(name: str, step: int) -> Change:
    """The entry `step` places on, or back where it is negative; at either end it stays."""

    return lambda entries: _moved_by(entries, lambda entry: entry.name == name, step)


def _moved_by(values: tuple[T, ...], is_it: Callable[[T], bool], step: int) -> tuple[T, ...]:
    """The first value that it is, `step` places on; at either end it stays."""
    place = next((place for place, value in enumerate(values) if is_it(value)), None)
    if place is None:
        return values
    others = [*values[:place], *values[place + 1 :]]
    others.insert(max(0, place + step), values[place])
    return tuple(others)


def putting_back(removed: Sequence[Removed]) -> Change:
    """Entries to where they stood; one that was put in again meanwhile gets its note back."""

    def change(entries: Entries) -> Entries:
        present = {entry.name for entry in entries}
        back = list(adding(one.entry for one in removed if one.entry.name in present)(entries))
        for one in sorted(removed, key=lambda one: one.place):
            if one.entry.name not in present:
                back.insert(one.place, one.entry)
        return tuple(back)

    return change


def items_of(entries: Sequence[FolderEntry]) -> dict[str, DisputedItem]:
    """Name as in the folder -> item. By key, so that a corrected case number does no harm, else by name."""
    by_key = DisputedItem.objects.for_display().in_bulk([entry.item_key for entry in entries])
    found = {entry.name: by_key[entry.item_key] for entry in entries if entry.item_key in by_key}
    gone = [entry.name for entry in entries if entry.name not in found]
    return found | dict(DisputedItem.objects.by_name(gone))


def joined(one: str, other: str) -> str:
    """Both notes, one after the other; one that says the other already stays as it is."""
    if not other.strip() or other.strip() in one:
        return one
    return f"{one}\n\n{other}" if one.strip() else other


@dataclass(frozen=True, slots=True)
class FolderRow:
    """An entry with its item: `ref` is None where the letter was deleted. `number` counts from 1.

    `passages` are pairs of the mark that names a passage to its buttons, and its text.
    """

    number: int
    entry: FolderEntry
    ref: ItemRef | None
    is_current: bool
    services: tuple[str, ...]
    levels: tuple[str, ...]
    passages: tuple[tuple[str, str], ...]
    note_seen: str
    is_first: bool
    is_last: bool

    @property
    def anchor(self) -> str:
        return anchor_of(self.entry.name)


def anchor_of(name: str, mark: str = "") -> str:
    """Where the page shows the entry, or the passage of it that has this mark."""
    anchor = f"entry-{name.replace('.', '-item-')}"
    return f"{anchor}-{mark}" if mark else anchor


def folder_rows(entries: Sequence[FolderEntry], start: int, total: int) -> tuple[FolderRow, ...]:
    """The rows of one page, whose first entry is number `start` + 1 of `total`."""
    items = items_of(entries)
    return tuple(
        _row(entry, items.get(entry.name), start + place, total) for place, entry in enumerate(entries)
    )


def _row(entry: FolderEntry, item: DisputedItem | None, place: int, total: int) -> FolderRow:
    return FolderRow(
        number=place + 1,
        entry=entry,
        ref=item_ref(item) if item else None,
        is_current=item is None or item.determination.is_current,
        services=tuple(facet_label(SERVICE.name, slug) for slug in item.services) if item else (),
        levels=tuple(item.spinal_levels) if item else (),
        passages=tuple((mark_of(text), text) for text in entry.passages),
        note_seen=mark_of(entry.note),
        is_first=place == 0,
        is_last=place == total - 1,
    )


def notes_written(data: Mapping[str, str]) -> dict[str, WrittenNote]:
    """Name -> note, for the notes that were changed in this window. Raises ValidationError."""
    written = {}
    for field, note in data.items():
        name = field.removeprefix("note-")
        if name == field or read_item_name(name) is None:
            continue
        form = NoteForm({"note": note.replace("\r\n", "\n")})
        if not form.is_valid():
            raise ValidationError(f"The note on {title_of(name)} was not saved. {first_error(form)}")
        text, seen = form.cleaned_data["note"], data.get(f"seen-{name}", "")
        if mark_of(text) != seen:
            written[name] = WrittenNote(text, seen)
    return written


def mark_of(text: str) -> str:
    """Stands for a note or a passage, so that a form can say which one it means."""
    return blake2b(text.encode(), digest_size=6).hexdigest()
