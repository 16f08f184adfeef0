"""Files become determinations: received (bytes kept), then read and stored, each exactly once.

The rows of an import batch are the queue: whatever stops an import, its waiting files can be taken
up again. Knows no index; what the index has yet to learn about is noted beside the stored rows.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.db import DataError, IntegrityError, transaction
from django.utils import timezone

from . import original_letters
from .letter_reading import LetterRead, LetterRefused, read_stored_letter
from .letter_storage import IncomingLetter, store_letters
from .models import FileResult, ImportBatch, ImportFile

FILES_AT_A_TIME = 200

ReadAll = Callable[[Sequence[Path]], Iterable[LetterRead | LetterRefused]]
"""Reads the letters stored at the paths, in their order."""


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """A file on its way in: its bytes, or why they could not be had."""

    name: str
    data: bytes | None
    code: str = ""
    reason: str = ""


def receive(batch: ImportBatch, files: Iterable[IncomingFile]) -> Iterator[ImportFile]:
    """Keep every file's bytes and queue it; a file without bytes is recorded as failed."""
    arriving = iter(files)
    while group := list(islice(arriving, FILES_AT_A_TIME)):
        yield from ImportFile.objects.bulk_create([_received(batch, file) for file in group])


def _received(batch: ImportBatch, file: IncomingFile) -> ImportFile:
    # File names that are no Unicode reach Python as surrogates, which no database stores.
    name = file.name.encode("utf-8", "replace").decode("utf-8")
    row = ImportFile(batch=batch, name=name[-1000:], code=file.code, reason=file.reason)
    if file.data is None:
        row.result = FileResult.FAILED
        row.finished_at = timezone.now()
    else:
        row.size = len(file.data)
        row.content_hash = original_letters.keep(file.data)
    return row


def read_one_by_one(paths: Sequence[Path]) -> Iterable[LetterRead | LetterRefused]:
    """Read in this process: right for a few letters."""
    return map(read_stored_letter, paths)


def import_waiting(batch: ImportBatch, read_all: ReadAll = read_one_by_one) -> Iterator[list[ImportFile]]:
    """Read and store the batch's waiting files, a group a transaction; give each group when it is stored."""
    waiting = ImportFile.objects.filter(batch=batch, result=FileResult.WAITING).order_by("pk")
    while group := list(waiting[:FILES_AT_A_TIME]):
        readings = list(read_all([original_letters.path_of(file.content_hash) for file in group]))
        _store(group, readings)
        yield group


def _store(files: list[ImportFile], readings: list[LetterRead | LetterRefused]) -> None:
    try:
        _store_together(files, readings)
    except (IntegrityError, DataError):
        # One letter that the database refuses must not take its group along; another import may also
        # have stored one of them meanwhile, which the second look finds.
        for file, reading in zip(files, readings, strict=True):
            try:
                _store_together([file], [reading])
            except (IntegrityError, DataError) as error:
                reason = f"The database refuses this letter ({error}). Its bytes are kept: please report it."
                _store_together([file], [LetterRefused("not_storable", reason)])


@transaction.atomic
def _store_together(files: list[ImportFile], readings: list[LetterRead | LetterRefused]) -> None:
    letters: list[tuple[ImportFile, IncomingLetter]] = []
    for file, reading in zip(files, readings, strict=True):
        file.finished_at = timezone.now()
        if isinstance(reading, LetterRefused):
            file.result = FileResult.NEEDS_OCR if reading.code == "needs_ocr" else FileResult.FAILED
            file.code, file.reason = reading.code, reading.reason
        else:
            letters.append((file, IncomingLetter(file.content_hash, file.name, reading)))
    stored = store_letters([letter for _, letter in letters])
    for (file, _), answer in zip(letters, stored, strict=True):
        file.result, file.determination = answer.result, answer.determination
    ImportFile.objects.bulk_update(files, ["result", "code", "reason", "determination", "finished_at"])
