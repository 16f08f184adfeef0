"""Stores letters that were read as rows, each exactly once, in bulk.

Letters that were read become rows, each exactly once, in bulk. Knows neither files nor batches.

Identity: the same bytes, the same text but for white space, or the same summary and items under no other
case number and dates, are the same letter. Of two prints of a letter the one with more of its cover is kept.
Another letter under the same case number is a new version: it takes over the case number's address, and the
old one is kept under an address of its own.

What became of a group of files is recorded together with the letters out of them, in one transaction.

Knows neither how files are read nor where they are.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from django.db import DataError, IntegrityError, transaction
from django.utils import timezone

from determinations.importing import originals
from determinations.importing.letter_reading import LetterRead, LetterRefused
from determinations.importing.removed_letters import (
    refuse_again,
    remember,
    removed_among,
    texts_removed_among,
)
from determinations.leases import Held, lock_storing
from determinations.letters.parsed_letter import (
    READER_VERSION,
    Citation,
    ParsedItem,
    ParsedLetter,
    ReadingWarning,
)
from determinations.letters.sample_mark import is_invented
from determinations.models import (
    BatchState,
    CitedBy,
    Determination,
    DisputedItem,
    FileResult,
    GuidelineCitation,
    ImportFile,
    LetterWarning,
)
from determinations.models.determination import stored_grounds
from determinations.models.row_writes import insert_rows, insert_values, insert_with_keys, update_rows
from determinations.search.indexing import note_changes, note_items_of, note_letter

Values = dict[str, object]
"""Column -> value."""


def new_determination(read: LetterRead, content_hash: str, source_name: str) -> Determination:
    """A new row, not saved yet, for a letter read; those of its items and warnings are to follow."""
    determination = Determination(
        content_hash=content_hash,
        text_hash=read.text_hash,
        letter_hash=read.letter_hash,
        part=read.part,
        full_text=read.text,
        is_invented=is_invented(read.text),
        source_name=source_name[-400:],
        parser_version=READER_VERSION,
        **letter_fields(read.letter),
    )
    determination.assign_public_id()
    determination.set_year()
    return determination


def letter_fields(letter: ParsedLetter) -> Values:
    """Column -> value, for what the reader reads of a letter and a person may correct."""
    return {
        "case_number": letter.case_number or "",
        "layout": letter.layout.value,
        "priority": letter.priority.value if letter.priority else "",
        "assigned_on": letter.dates.assigned,
        "injured_on": letter.dates.injury,
        "decided_on": letter.dates.decision,
        "ur_denied_on": letter.dates.ur_denial,
        "application_received_on": letter.dates.application_received,
        "specialties": list(letter.reviewer.specialties),
        "licensed_in": list(letter.reviewer.licensed_in),
        "patient_age": letter.patient.age,
        "patient_sex": letter.patient.sex.value if letter.patient.sex else "",
        "clinical_summary": letter.clinical_summary,
        "outcome": letter.outcome.value,
    }


def item_fields(item: ParsedItem) -> Values:
    """Column -> value, for what the reader reads of a disputed item and a person may correct."""
    return {
        "request": item.request,
        "original_request": item.original_request,
        "authorized": item.authorized,
        "disputed_portion": item.disputed_portion,
        "decision": item.decision.value,
        "services": list(item.services),
        "body_parts": list(item.body_parts),
        "spinal_levels": list(item.spinal_levels),
        "levels_from": item.levels_from.value if item.levels_from else "",
        "laterality": item.laterality.value if item.laterality else "",
        "claims_administrator_guideline": item.claims_administrator_guideline,
        "reviewer_guideline": item.reviewer_guideline,
        "rationale": item.rationale,
        "grounds": stored_grounds(item.grounds),
    }


def citation_fields(item: ParsedItem) -> Iterator[Values]:
    """The values of each citation of an item, the claims administrator's first."""
    for citation in item.claims_administrator_citations:
        yield _citation(CitedBy.CLAIMS_ADMINISTRATOR, citation)
    for citation in item.reviewer_citations:
        yield _citation(CitedBy.REVIEWER, citation)


def _citation(side: CitedBy, citation: Citation) -> Values:
    return {
        "cited_by": side.value,
        "source": citation.source,
        "chapter": citation.chapter or "",
        "year": citation.year,
        "sections": list(citation.sections),
        "pages": list(citation.pages),
        "tables": list(citation.tables),
        "text": citation.text,
    }


def warning_fields(warning: ReadingWarning) -> Values:
    return {"code": warning.code, "message": warning.message, "place": warning.place}


def citation_rows(item: DisputedItem, parsed: ParsedItem) -> list[GuidelineCitation]:
    """New rows for the citations of an item."""
    return [GuidelineCitation(item=item, **fields) for fields in citation_fields(parsed)]


def warning_rows(determination: Determination, warnings: Iterable[ReadingWarning]) -> list[LetterWarning]:
    """New rows for a letter's warnings."""
    return [LetterWarning(determination=determination, **warning_fields(warning)) for warning in warnings]


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
    lock_storing()
    known = _KnownLetters(letters)
    numbers = {letter.read.letter.case_number for letter in letters} - {None}
    current = {
        row.case_number: row
        for row in Determination.objects.defer(*_LONG).filter(case_number__in=numbers, is_current=True)
    }
    answers: list[StoredLetter] = []
    arrived: list[_Arrived] = []
    superseded: list[tuple[Determination, Determination]] = []
    fuller: dict[int, _Arrived] = {}
    for letter in letters:
        present = known.find(letter)
        if present:
            number = letter.read.letter.case_number or ""
            if _has_more_of_its_cover(letter, present) and current.get(number, present) is present:
                _take_print(present, letter)
                fuller[id(present)] = (present, letter.read.letter)
                known.add(present)
                if number:
                    current[number] = present
            answers.append(StoredLetter(present, FileResult.ALREADY_THERE))
            continue
        new = new_determination(letter.read, letter.content_hash, letter.source_name)
        older = current.get(new.case_number) if new.case_number else None
        if older:
            older.is_current = False
            older.assign_public_id()
            superseded.append((older, new))
        answers.append(StoredLetter(new, FileResult.SUPERSEDING if older else FileResult.NEW))
        arrived.append((new, letter.read.letter))
        known.add(new)
        if new.case_number:
            current[new.case_number] = new
    _save([fuller.pop(id(new), (new, letter)) for new, letter in arrived], superseded)
    _save_prints(fuller.values())
    return answers


class _KnownLetters:
    """The letters that are there, by their file, their text and what they say."""

    def __init__(self, letters: Sequence[IncomingLetter]) -> None:
        self._by_content: dict[tuple[str, int], Determination] = {}
        self._by_text: dict[tuple[str, int], Determination] = {}
        self._by_letter: defaultdict[str, list[Determination]] = defaultdict(list)
        hashes = {
            "content_hash": {letter.content_hash for letter in letters},
            "text_hash": {letter.read.text_hash for letter in letters},
            "letter_hash": {letter.read.letter_hash for letter in letters} - {""},
        }
        rows: dict[int, Determination] = {}
        for field, values in hashes.items():  # three queries by an index each; one with OR would scan
            same = Determination.objects.select_for_update().defer(*_LONG)
            for row in same.filter(**{f"{field}__in": values}):
                rows[row.pk] = row
        for row in rows.values():
            self.add(row)

    def add(self, row: Determination) -> None:
        self._by_content[row.content_hash, row.part] = row
        self._by_text[row.text_hash, row.part] = row
        if row not in self._by_letter[row.letter_hash]:
            self._by_letter[row.letter_hash].append(row)

    def find(self, letter: IncomingLetter) -> Determination | None:
        """The same letter, if it is there, in the same print or in another."""
        read = letter.read
        same_file = self._by_content.get((letter.content_hash, read.part))
        same_text = self._by_text.get((read.text_hash, read.part))
        if same_file or same_text:
            return same_file or same_text
        prints = self._by_letter[read.letter_hash] if read.letter_hash else ()
        return next((row for row in prints if not _other_cover(read, row)), None)


_COVER_FACTS = (
    *("case_number", "assigned_on", "injured_on", "decided_on", "ur_denied_on", "application_received_on"),
    "priority",
)

_OF_A_PRINT = (
    *("content_hash", "text_hash", "part", "full_text", "source_name", "public_id", "year"),
    "changed_at",
)


def _other_cover(read: LetterRead, row: Determination) -> bool:
    """Whether the covers differ in a fact that both give; one that a person corrected gives none."""
    fields = letter_fields(read.letter)
    return any(
        fields[name] and getattr(row, name) and fields[name] != getattr(row, name)
        for name in _COVER_FACTS
        if name not in row.corrected_fields
    )


def _has_more_of_its_cover(letter: IncomingLetter, row: Determination) -> bool:
    fields = letter_fields(letter.read.letter)
    number = fields["case_number"]
    if "case_number" in row.corrected_fields or (row.case_number and row.case_number != number):
        return False
    return sum(bool(fields[name]) for name in _COVER_FACTS) > sum(
        bool(getattr(row, name)) for name in _COVER_FACTS
    )


def _take_print(row: Determination, letter: IncomingLetter) -> None:
    """Have the row be read from this print of its letter from now on, with its cover."""
    read = letter.read
    for name, value in letter_fields(read.letter).items():
        if name in _COVER_FACTS and name not in row.corrected_fields:
            setattr(row, name, value)
    row.content_hash, row.text_hash, row.part = letter.content_hash, read.text_hash, read.part
    row.full_text, row.source_name = read.text, letter.source_name[-400:]
    row.assign_public_id()
    row.set_year()


def _save_prints(prints: Iterable[_Arrived]) -> None:
    """Save rows that were there before and took another print."""
    for row, letter in prints:
        row.save(update_fields=[*_COVER_FACTS, *_OF_A_PRINT])
        row.warnings.all().delete()
        LetterWarning.objects.bulk_create(warning_rows(row, letter.warnings))
        note_items_of([row.pk])


def _save(arrived: Sequence[_Arrived], superseded: Sequence[tuple[Determination, Determination]]) -> None:
    # Older versions give up case number and address before the new ones claim them.
    before = [older for older, _ in superseded if older.pk]
    update_rows(before, ["is_current", "public_id"])
    insert_with_keys([new for new, _ in arrived], "public_id")
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
    if not all(letter.items for _, letter in arrived):
        note_letter()


Outcome = LetterRead | LetterRefused | None
"""None: its bytes were there already, so that it needed no reading."""

_RECORDED = ("result", "code", "reason", "parser_version", "determination", "finished_at")


def store_outcomes(
    files: list[ImportFile], outcomes: list[Outcome], held: Held | None = None
) -> list[ImportFile]:
    """Store the letters and record the results; give the files that have one now.

    A file whose batch was paused meanwhile, or that somebody else has dealt with, is left as it is. Raises
    LeaseLostError where another worker has taken over what is `held`; then nothing is stored.
    """
    held = held or Held()
    try:
        return _store_together(files, outcomes, held)
    except (IntegrityError, DataError):
        # One letter that the database refuses must not take its group along.
        return [
            done
            for file, outcome in zip(files, outcomes, strict=True)
            for done in _store_alone(file, outcome, held)
        ]


def _store_alone(file: ImportFile, outcome: Outcome, held: Held) -> list[ImportFile]:
    try:
        return _store_together([file], [outcome], held)
    except (IntegrityError, DataError) as error:
        reason = f"The database rejected this letter ({error}). Its bytes are kept. Please report it."
        return _store_together([file], [LetterRefused("not_storable", reason)], held)


@transaction.atomic
def _store_together(files: list[ImportFile], outcomes: list[Outcome], held: Held) -> list[ImportFile]:
    held.require()
    lock_storing()
    still_waiting = set(
        ImportFile.objects.select_for_update()
        .filter(
            pk__in=[file.pk for file in files], result=FileResult.WAITING, batch__state=BatchState.RUNNING
        )
        .values_list("pk", flat=True)
    )
    hashes = {file.content_hash for file, outcome in zip(files, outcomes, strict=True) if outcome is None}
    known = Determination.objects.defer(*_LONG).filter(content_hash__in=hashes).order_by("-part")
    present = {row.content_hash: row for row in known}
    now = timezone.now()
    finished: list[ImportFile] = []
    letters: list[tuple[ImportFile, IncomingLetter]] = []
    members: list[ImportFile] = []
    removed = _removed(files, outcomes)
    for file, outcome in zip(files, outcomes, strict=True):
        if file.pk not in still_waiting:
            continue
        file.finished_at, file.code, file.reason = now, "", ""
        if file.pk in removed:
            remember(file.content_hash)
            transaction.on_commit(partial(originals.forget, file.content_hash))
            refuse_again(file)
            file.save()
            finished.append(file)
            continue
        match outcome:
            case LetterRead() if outcome.others:
                file.parser_version, file.result = READER_VERSION, FileResult.UNPACKED
                parts = [_member(file, read, 1 + len(outcome.others)) for read in (outcome, *outcome.others)]
                members.extend(member for member, _ in parts)
                letters.extend(parts)
            case LetterRead():
                file.parser_version = READER_VERSION
                letters.append((file, IncomingLetter(file.content_hash, file.name, outcome)))
            case LetterRefused():
                file.parser_version = READER_VERSION
                file.result = FileResult.NEEDS_OCR if outcome.code == "needs_ocr" else FileResult.FAILED
                file.code, file.reason = outcome.code, outcome.reason
            case None if file.content_hash in present:
                file.result = FileResult.ALREADY_THERE
                file.determination = present[file.content_hash]
            case None:
                continue  # deleted since the file was looked up: it waits on, and is read then
        finished.append(file)
    stored = store_letters([letter for _, letter in letters])
    for (file, _), answer in zip(letters, stored, strict=True):
        file.result, file.determination = answer.result, answer.determination
    update_rows(finished, _RECORDED)
    insert_rows(members)
    return finished


def _removed(files: list[ImportFile], outcomes: list[Outcome]) -> set[int]:
    """The keys of files whose bytes or text are those of a letter that was removed for good."""
    texts = {
        file.pk: read.text_hash
        for file, read in zip(files, outcomes, strict=True)
        if isinstance(read, LetterRead)
    }
    by_text = texts_removed_among(texts.values())
    by_bytes = removed_among(file.content_hash for file in files)
    return {file.pk for file in files if file.content_hash in by_bytes or texts.get(file.pk) in by_text}


def _member(file: ImportFile, read: LetterRead, letters: int) -> tuple[ImportFile, IncomingLetter]:
    """A row for one of the letters of a file that holds several, and the letter."""
    name = f"{file.name}/letter {read.part} of {letters}"
    member = ImportFile(
        batch_id=file.batch_id,
        archive=file,
        position=read.part - 1,
        name=name[-1000:],
        content_hash=file.content_hash,
        size=file.size,
        parser_version=READER_VERSION,
        finished_at=file.finished_at,
    )
    return member, IncomingLetter(file.content_hash, name, read)
