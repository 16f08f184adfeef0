"""The folder as its page shows it, and what its one form sends. Knows no HTML.

Every button of the page sends all notes along, so that none is lost to a click on another item. A note that
was not touched in this window is left alone: it may have been changed in another one meanwhile.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from django.core.exceptions import ValidationError
from django.forms import CharField

from determinations.models import Decision, DisputedItem
from determinations.research.folder import FolderEntry, items_of
from determinations.search.facets import SERVICE
from determinations.search_page.facet_labels import facet_label

ENTRIES_PER_PAGE = 50
"""Few enough for one form: Django takes a thousand fields."""

_note_field = CharField(required=False, strip=True)


@dataclass(frozen=True, slots=True)
class FolderRow:
    """An entry with its item, which is None where the letter is no longer held; `number` counts from 1."""

    number: int
    entry: FolderEntry
    item: DisputedItem | None
    decision: Decision
    services: tuple[str, ...]
    note_seen: str
    is_first: bool
    is_last: bool

    @property
    def anchor(self) -> str:
        return anchor_of(self.entry.name)

    @property
    def levels(self) -> list[str]:
        return self.item.spinal_levels if self.item else []

    @property
    def address(self) -> str:
        return self.item.get_absolute_url() if self.item else ""


def anchor_of(name: str) -> str:
    """Where the page shows the entry."""
    return f"entry-{name.replace('.', '-item-')}"


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
        item=item,
        decision=Decision(item.decision) if item else Decision.UNKNOWN,
        services=tuple(facet_label(SERVICE.name, slug) for slug in item.services) if item else (),
        note_seen=_mark(entry.note),
        is_first=place == 0,
        is_last=place == total - 1,
    )


def notes_written(data: Mapping[str, str], entries: Sequence[FolderEntry]) -> dict[str, str]:
    """Reference -> note, for the notes that were changed in this window. Raises ValidationError."""
    written = {}
    for entry in entries:
        note = data.get(f"note-{entry.name}")
        if note is None:
            continue
        try:
            text = str(_note_field.clean(note.replace("\r\n", "\n")))
        except ValidationError as error:
            raise ValidationError(f"The note on {entry.title} was not saved. {error.messages[0]}") from error
        if _mark(text) != data.get(f"seen-{entry.name}"):
            written[entry.name] = text
    return written


def _mark(note: str) -> str:
    return blake2b(note.encode(), digest_size=6).hexdigest()
