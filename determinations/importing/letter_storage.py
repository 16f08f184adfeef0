"""Letters that were read become rows, each exactly once, in bulk. Knows neither files nor batches.

Identity: the same bytes, or the same text but for white space, are the same letter. Another letter
under the same case number is a new version: it takes over the case number's address, and the old
one is kept under an address of its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter

from django.db import transaction

from determinations.importing.letter_reading import LetterRead
from determinations.importing.letter_rows import (
    citation_fields,
    item_fields,
    new_determination,
    warning_fields,
)
from determinations.letters.parsed_letter import ParsedLetter
from determinations.models import (
    Determination,
    DisputedItem,
    FileResult,
    GuidelineCitation,
    LetterWarning,
)
from determinations.models.row_writes import insert_values, insert_with_keys, update_rows
from determinations.search.index_updates import note_changes, note_items_of


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


_Arrived = tuple[Determination, ParsedLetter]
_LONG = ("full_text", "clinical_summary")


@transaction.atomic
def store_letters(letters: Sequence[IncomingLetter]) -> list[StoredLetter]:
    """Store the letters that are not there yet; one answer for each letter, in their order."""
    by_content = _present("content_hash", (letter.content_hash for letter in letters))
    by_text = _present("text_hash", (letter.read.text_hash for letter in letters))
    numbers = {letter.read.letter.case_number for letter in letters} - {None}
    current = {
        row.case_number: row
        for row in Determination.objects.defer(*_LONG).filter(case_number__in=numbers, is_current=True)
    }
    answers: list[StoredLetter] = []
    arrived: list[_Arrived] = []
    superseded: list[tuple[Determination, Determination]] = []
    for letter in letters:
        present = by_content.get(letter.content_hash) or by_text.get(letter.read.text_hash)
        if present:
            answers.append(StoredLetter(present, FileResult.ALREADY_THERE))
            continue
        new = new_determination(letter.read, letter.content_hash, letter.source_name)
        older = current.get(new.case_number) if new.case_number else None
        if older:
            older.is_current = False
            older.take_address()
            superseded.append((older, new))
        answers.append(StoredLetter(new, FileResult.SUPERSEDING if older else FileResult.NEW))
        arrived.append((new, letter.read.letter))
        by_content[letter.content_hash] = by_text[letter.read.text_hash] = new
        if new.case_number:
            current[new.case_number] = new
    _save(arrived, superseded)
    return answers


def _present(hash_field: str, hashes: Iterable[str]) -> dict[str, Determination]:
    rows = Determination.objects.defer(*_LONG).filter(**{f"{hash_field}__in": set(hashes)})
    return dict(zip(map(attrgetter(hash_field), rows), rows, strict=True))


def _save(arrived: Sequence[_Arrived], superseded: Sequence[tuple[Determination, Determination]]) -> None:
    # Older versions give up case number and address before the new ones claim them.
    before = [older for older, _ in superseded if older.pk]
    update_rows(before, ["is_current", "public_id"])
    insert_with_keys([new for new, _ in arrived], "content_hash")
    for older, new in superseded:
        older.superseded_by = new
    update_rows([older for older, _ in superseded], ["superseded_by"])
    insert_values(
        LetterWarning,
        [
            {"determination_id": new.pk, **warning_fields(warning)}
            for new, letter in arrived
            for warning in letter.warnings
        ],
    )
    _save_items(arrived)
    note_items_of(older.pk for older in before)


def _save_items(arrived: Sequence[_Arrived]) -> None:
    items = [(new.pk, item) for new, letter in arrived for item in letter.items]
    insert_values(
        DisputedItem,
        [{"determination_id": pk, "position": item.position, **item_fields(item)} for pk, item in items],
    )
    saved = DisputedItem.objects.filter(determination__in=[new.pk for new, _ in arrived])
    keys = {
        (determination, position): pk
        for pk, determination, position in saved.values_list("pk", "determination_id", "position")
    }
    insert_values(
        GuidelineCitation,
        [
            {"item_id": keys[pk, item.position], **fields}
            for pk, item in items
            for fields in citation_fields(item)
        ],
    )
    note_changes(keys.values())
