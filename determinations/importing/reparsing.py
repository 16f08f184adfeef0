"""Parses stored letters again with a newer version of the parser and keeps corrections made by hand.

Fields that a person corrected never change, and a letter that is deleted meanwhile stays deleted. If a
letter with corrected items now has a different number of items, it stays as it is and is reported, because
its items can no longer be matched.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet

from determinations.importing import originals
from determinations.importing.letter_reading import (
    LetterRead,
    LetterRefused,
    ReadAll,
    read_one_by_one,
)
from determinations.importing.letter_storage import (
    IncomingLetter,
    citation_rows,
    item_fields,
    letter_fields,
    store_letters,
    warning_rows,
)
from determinations.letters.facts.grounds import read_grounds
from determinations.letters.parsed_letter import READER_VERSION, ParsedItem, ParsedLetter
from determinations.models import (
    Determination,
    DisputedItem,
    FileResult,
    GuidelineCitation,
    LetterWarning,
)
from determinations.models.determination import stored_grounds

LETTERS_AT_A_TIME = 200

_FIELDS_OF_THE_PARSER = (
    *("public_id", "year", "outcome", "full_text", "text_hash", "letter_hash", "parser_version"),
    "changed_at",
)
"""What a parse sets beside the fields that a person may correct."""


@dataclass(frozen=True, slots=True)
class Reread:
    """One letter read again: the names of what changed ("patient_age", "item 2: services"), or a problem."""

    determination: Determination
    changes: tuple[str, ...] = ()
    error: str = ""


def letters_to_reread(*, everything: bool) -> QuerySet[Determination]:
    """The letters that an older reader read, or all of them."""
    letters = Determination.objects.order_by("pk")
    return letters if everything else letters.filter(parser_version__lt=READER_VERSION)


def reread(letters: QuerySet[Determination], read_all: ReadAll = read_one_by_one) -> Iterator[Reread]:
    """Read the letters again, a letter a transaction, and give each one's changes.

    Corrections and deletions go on meanwhile: a letter that was deleted since is passed over, and one that
    took another print since is read again from that print.
    """
    keys = deque(letters.values_list("pk", flat=True))
    while keys:
        group = [keys.popleft() for _ in range(min(len(keys), LETTERS_AT_A_TIME))]
        hashes = dict(Determination.objects.filter(pk__in=group).values_list("pk", "content_hash"))
        present = [pk for pk in group if pk in hashes]
        readings = read_all([originals.local_path(hashes[pk]) for pk in present])
        for pk, reading in zip(present, readings, strict=True):
            try:
                again = _reread_one(pk, hashes[pk], reading)
            except _OtherPrintError:
                keys.append(pk)
                continue
            if again:
                yield again


class _OtherPrintError(Exception):
    """The letter's row is now read from another file than the one that was read."""


def _reread_one(pk: int, content_hash: str, reading: LetterRead | LetterRefused) -> Reread | None:
    """Apply what was read to the row as it is now; None where it was deleted meanwhile."""
    try:
        with transaction.atomic():
            row = Determination.objects.select_for_update().filter(pk=pk).first()
            if row is None:
                return None
            if row.content_hash != content_hash:
                raise _OtherPrintError
            return _apply_reading(row, reading)
    except IntegrityError as error:
        row = Determination.objects.filter(pk=pk).first()
        return Reread(row, error=f"The database rejected what was read: {error}") if row else None


def _apply_reading(row: Determination, reading: LetterRead | LetterRefused) -> Reread:
    if isinstance(reading, LetterRefused):
        return Reread(row, error=reading.reason)
    others = reading.others
    if row.part > 1:
        if row.part - 2 >= len(others):
            return Reread(row, error=f"Its file holds {1 + len(others)} letters now: left as it is.")
        reading, others = others[row.part - 2], ()
    items = list(row.items.select_for_update().prefetch_related("citations"))
    if len(items) != len(reading.letter.items) and any(item.corrected_fields for item in items):
        return Reread(
            row,
            error=f"{len(items)} items are stored and corrected by hand, but {len(reading.letter.items)} "
            "were found now. The letter was left as it is. Compare them in the admin.",
        )
    changes = tuple(_apply(row, items, reading))
    stored = store_letters(
        [
            IncomingLetter(row.content_hash, f"{row.source_name}, letter {other.part}", other)
            for other in others
        ]
    )
    added = (one.determination for one in stored if one.result != FileResult.ALREADY_THERE)
    changes += tuple(f"letter {letter.part} of its file: added" for letter in added)
    if changes:
        row.reparses.create(parser_version=READER_VERSION, changes=list(changes))
    return Reread(row, changes, _other_print(row))


def _other_print(row: Determination) -> str:
    """What to do about a letter that was stored twice, before its prints were known to be one letter."""
    prints = Determination.objects.filter(letter_hash=row.letter_hash, is_current=True, pk__lt=row.pk)
    other = prints.first() if row.letter_hash and row.is_current else None
    if other is None or (other.case_number and row.case_number and other.case_number != row.case_number):
        return ""
    return (
        f"Says the same as {other}: if it is another print of that letter, delete one of them in the admin."
    )


def _apply(row: Determination, items: list[DisputedItem], read: LetterRead) -> Iterator[str]:
    fields = letter_fields(read.letter)
    corrected = any(item.corrected_fields for item in items)
    if corrected:
        del fields["outcome"]
    changed = list(_set_fields(row, fields))
    if "case_number" in changed:
        row.assign_public_id()
    row.full_text, row.text_hash, row.letter_hash = read.text, read.text_hash, read.letter_hash
    row.parser_version = READER_VERSION
    row.set_year()
    yield from changed
    yield from _apply_items(row, items, read.letter)
    if corrected:
        row.set_outcome()
    yield from _apply_warnings(row, read.letter)
    row.save(update_fields=[*changed, *_FIELDS_OF_THE_PARSER])


def _set_fields(row: Determination | DisputedItem, fields: dict[str, object]) -> Iterator[str]:
    for name, value in fields.items():
        if name not in row.corrected_fields and getattr(row, name) != value:
            setattr(row, name, value)
            yield name


def _apply_items(row: Determination, items: list[DisputedItem], letter: ParsedLetter) -> Iterator[str]:
    for item, parsed in zip(items, letter.items, strict=False):
        names = list(_set_fields(item, _fields_beside_corrections(item, parsed)))
        if "citations" not in item.corrected_fields and _replace_citations(item, parsed):
            names.append("citations")
        if names:
            item.save(update_fields=[name for name in names if name != "citations"])
        yield from (f"item {parsed.position}: {name}" for name in names)
    for parsed in letter.items[len(items) :]:
        added = DisputedItem.objects.create(
            determination=row, position=parsed.position, **item_fields(parsed)
        )
        GuidelineCitation.objects.bulk_create(citation_rows(added, parsed))
        yield f"item {parsed.position}: added"
    for item in items[len(letter.items) :]:
        item.delete()
        yield f"item {item.position}: removed"


def _fields_beside_corrections(item: DisputedItem, parsed: ParsedItem) -> dict[str, object]:
    """What was read of the item; where a person corrected its rationale, the grounds of that one."""
    fields = item_fields(parsed)
    if "rationale" in item.corrected_fields:
        services = item.services if "services" in item.corrected_fields else parsed.services
        fields["grounds"] = stored_grounds(read_grounds(item.rationale, services, parsed.request))
    return fields


def _replace_citations(item: DisputedItem, parsed: ParsedItem) -> bool:
    present, read = list(item.citations.all()), citation_rows(item, parsed)
    if _values(present) == _values(read):
        return False
    item.citations.all().delete()
    GuidelineCitation.objects.bulk_create(read)
    return True


def _apply_warnings(row: Determination, letter: ParsedLetter) -> Iterator[str]:
    read = warning_rows(row, letter.warnings)
    if _values(list(row.warnings.all())) != _values(read):
        row.warnings.all().delete()
        LetterWarning.objects.bulk_create(read)
        yield "warnings"


def _values(rows: Sequence[Model]) -> list[tuple[object, ...]]:
    return [
        tuple(getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key)
        for row in rows
    ]
