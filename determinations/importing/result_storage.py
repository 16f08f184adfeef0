"""What became of a group of files is recorded together with the letters out of them, in one transaction.

Knows neither how files are read nor where they are.
"""

from django.db import DataError, IntegrityError, transaction
from django.utils import timezone

from determinations.importing.letter_reading import LetterRead, LetterRefused
from determinations.importing.letter_storage import IncomingLetter, store_letters
from determinations.letters.parsed_letter import READER_VERSION
from determinations.models import BatchState, Determination, FileResult, ImportFile
from determinations.models.row_writes import update_rows

Outcome = LetterRead | LetterRefused | None
"""None: its bytes were there already, so that it needed no reading."""

_RECORDED = ("result", "code", "reason", "reader_version", "determination", "finished_at")


def store_outcomes(files: list[ImportFile], outcomes: list[Outcome]) -> list[ImportFile]:
    """Store the letters and record the results; give the files that have one now.

    A file whose batch was paused meanwhile, or that somebody else has dealt with, is left as it is.
    """
    try:
        return _store_together(files, outcomes)
    except (IntegrityError, DataError):
        # One letter that the database refuses must not take its group along.
        return [
            done
            for file, outcome in zip(files, outcomes, strict=True)
            for done in _store_alone(file, outcome)
        ]


def _store_alone(file: ImportFile, outcome: Outcome) -> list[ImportFile]:
    try:
        return _store_together([file], [outcome])
    except (IntegrityError, DataError) as error:
        reason = f"The database refuses this letter ({error}). Its bytes are kept: please report it."
        return _store_together([file], [LetterRefused("not_storable", reason)])


@transaction.atomic
def _store_together(files: list[ImportFile], outcomes: list[Outcome]) -> list[ImportFile]:
    still_waiting = set(
        ImportFile.objects.select_for_update()
        .filter(
            pk__in=[file.pk for file in files], result=FileResult.WAITING, batch__state=BatchState.RUNNING
        )
        .values_list("pk", flat=True)
    )
    hashes = {file.content_hash for file, outcome in zip(files, outcomes, strict=True) if outcome is None}
    present = {row.content_hash: row for row in Determination.objects.filter(content_hash__in=hashes)}
    now = timezone.now()
    finished: list[ImportFile] = []
    letters: list[tuple[ImportFile, IncomingLetter]] = []
    for file, outcome in zip(files, outcomes, strict=True):
        if file.pk not in still_waiting:
            continue
        file.finished_at, file.code, file.reason = now, "", ""
        match outcome:
            case LetterRead():
                file.reader_version = READER_VERSION
                letters.append((file, IncomingLetter(file.content_hash, file.name, outcome)))
            case LetterRefused():
                file.reader_version = READER_VERSION
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
    return finished
