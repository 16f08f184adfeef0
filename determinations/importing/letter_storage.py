"""Letters that were read become rows, each exactly once, in bulk. Knows neither files nor batches.

Identity: the same bytes, or the same text but for white space, are the same letter. Another letter
under the same case number is a new version: it takes over the case number's address, and the old
one is kept under an address of its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter

from django.db import transaction

from ..models import Determination, DisputedItem, FileResult
from ..search.index_updates import note_changes, note_items_of
from .letter_reading import LetterRead
from .letter_rows import LetterRows, rows_of
from .row_writes import insert_rows, update_rows


@dataclass(frozen=True, slots=True)
class IncomingLetter:
    content_hash: str
    source_name: str
    read: LetterRead


@dataclass(frozen=True, slots=True)
class StoredLetter:
    """`result` is new, already there, or superseding."""

    determination: Determination
    result: FileResult


@transaction.atomic
def store_letters(letters: Sequence[IncomingLetter]) -> list[StoredLetter]:
    """Store the letters that are not there yet; one answer for each letter, in their order."""
    by_content = _present("content_hash", (letter.content_hash for letter in letters))
    by_text = _present("text_hash", (letter.read.text_hash for letter in letters))
    numbers = {letter.read.letter.case_number for letter in letters} - {None}
    current = {
        row.case_number: row for row in Determination.objects.filter(case_number__in=numbers, is_current=True)
    }
    answers: list[StoredLetter] = []
    arrived: list[LetterRows] = []
    superseded: list[tuple[Determination, Determination]] = []
    for letter in letters:
        present = by_content.get(letter.content_hash) or by_text.get(letter.read.text_hash)
        if present:
            answers.append(StoredLetter(present, FileResult.ALREADY_THERE))
            continue
        rows = rows_of(letter.read, letter.content_hash, letter.source_name)
        new = rows.determination
        older = current.get(new.case_number) if new.case_number else None
        if older:
            older.is_current = False
            older.take_address()
            superseded.append((older, new))
        answers.append(StoredLetter(new, FileResult.SUPERSEDING if older else FileResult.NEW))
        arrived.append(rows)
        by_content[letter.content_hash] = by_text[letter.read.text_hash] = new
        if new.case_number:
            current[new.case_number] = new
    _save(arrived, superseded)
    return answers


def _present(hash_field: str, hashes: Iterable[str]) -> dict[str, Determination]:
    rows = Determination.objects.filter(**{f"{hash_field}__in": set(hashes)})
    return dict(zip(map(attrgetter(hash_field), rows), rows, strict=True))


def _save(arrived: list[LetterRows], superseded: list[tuple[Determination, Determination]]) -> None:
    # Older versions give up case number and address before the new ones claim them.
    before = [older for older, _ in superseded if older.pk]
    update_rows(before, ["is_current", "public_id"])
    Determination.objects.bulk_create([rows.determination for rows in arrived])
    for older, new in superseded:
        older.superseded_by = new
    update_rows([older for older, _ in superseded], ["superseded_by"])
    items = DisputedItem.objects.bulk_create([item for rows in arrived for item in rows.items])
    insert_rows([citation for rows in arrived for citation in rows.citations])
    insert_rows([warning for rows in arrived for warning in rows.warnings])
    note_changes(item.pk for item in items)
    note_items_of(older.pk for older in before)
