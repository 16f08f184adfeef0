"""The research folder: items in an order of one's own, each with a private note. Knows no request, no HTML.

A folder is changed by a function from its entries to its new entries, so that each kind of folder can hold
off others meanwhile.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from determinations.case.citation import item_citation
from determinations.export.chosen_items import items_by_name, readable_items
from determinations.models import DisputedItem
from determinations.search_page.result_rows import item_name

_NAMED_BY_HASH = re.compile(r"[0-9a-f]{16}(?:-[0-9a-f]{8})?")
"""The address of a letter without a case number."""


@dataclass(frozen=True, slots=True)
class FolderEntry:
    """`item_key` and `name` name the item, `citation` is its citation when it was put in."""

    name: str
    item_key: int
    citation: str
    note: str = ""

    @property
    def title(self) -> str:
        """What controls and messages call it: "CM14-0031877, item 2", "letter 48f0c1d2e3a4b5c6, item 1"."""
        letter, _, position = self.name.rpartition(".")
        return f"{'letter ' if _NAMED_BY_HASH.fullmatch(letter) else ''}{letter}, item {position}"


Entries = tuple[FolderEntry, ...]
Change = Callable[[Entries], Entries]


class ResearchFolder(Protocol):
    """`is_kept` says whether it belongs to an account, and so is there on every device."""

    is_kept: bool

    def entries(self) -> Entries: ...

    def change(self, change: Change) -> None: ...


@dataclass(frozen=True, slots=True)
class Removed:
    """An entry that was taken out, and where it stood: all that putting it back needs."""

    place: int
    entry: FolderEntry


def entry_of(item: DisputedItem, url: str) -> FolderEntry:
    """The item as it goes into a folder; `url` is its absolute address."""
    return FolderEntry(item_name(item), item.pk, item_citation(item, url).plain)


def adding(new: Iterable[FolderEntry]) -> Change:
    """At the end; what is there already stays as it is, and differing notes on it are joined."""

    def change(entries: Entries) -> Entries:
        merged = {entry.name: entry for entry in entries}
        for entry in new:
            present = merged.get(entry.name, entry)
            merged[entry.name] = replace(present, note=_joined(present.note, entry.note))
        return tuple(merged.values())

    return change


def without(names: Iterable[str]) -> Change:
    gone = set(names)
    return lambda entries: tuple(entry for entry in entries if entry.name not in gone)


def noting(notes: dict[str, str]) -> Change:
    """Reference -> new note; names that are not in the folder are passed over."""
    return lambda entries: tuple(replace(entry, note=notes.get(entry.name, entry.note)) for entry in entries)


def moving(name: str, step: int) -> Change:
    """The entry `step` places on, or back where it is negative; at either end it stays."""

    def change(entries: Entries) -> Entries:
        places = [place for place, entry in enumerate(entries) if entry.name == name]
        if not places:
            return entries
        others = [*entries[: places[0]], *entries[places[0] + 1 :]]
        others.insert(max(0, places[0] + step), entries[places[0]])
        return tuple(others)

    return change


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
    by_key = readable_items().in_bulk([entry.item_key for entry in entries])
    found = {entry.name: by_key[entry.item_key] for entry in entries if entry.item_key in by_key}
    gone = [entry.name for entry in entries if entry.name not in found]
    return found | dict(items_by_name(gone))


def _joined(one: str, other: str) -> str:
    if not other.strip() or other.strip() in one:
        return one
    return f"{one}\n\n{other}" if one.strip() else other
