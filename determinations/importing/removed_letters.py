"""Letters that were removed for good: they are refused when they come again, and their traces are erased.

Erasing takes the bytes, the words in this machine's index and the database's free pages. It is done after
the rows are gone, may be interrupted at any point, and is begun again by whoever comes next: a command or
the worker.
"""

from collections.abc import Iterable

from django.db import connection
from django.utils import timezone

from determinations.file_lock import LockHeldError
from determinations.importing import originals
from determinations.leases import exclusive
from determinations.models import (
    Determination,
    DisputedItem,
    FileResult,
    GuidelineCitation,
    ImportBatch,
    ImportFile,
    LetterReparse,
    LetterWarning,
    RemovedLetter,
)
from determinations.search.indexing import forget_deleted
from determinations.search.interface import SearchEngine
from determinations.statistics.distinctive_terms import forget_kept_terms

CODE = "removed"
NAME_OF_LETTER = "removed letter"
NAME_OF_ARCHIVE = "archive with a removed letter"
_OF_LETTER = "This letter was removed from this site for good, so it is not imported. Its bytes are not kept."
_OF_ARCHIVE = (
    "This archive contains a letter that was removed from this site for good. Its bytes are not kept. Take "
    "that letter out of it to import the others."
)
_WITH_TEXTS = (Determination, DisputedItem, GuidelineCitation, LetterReparse, LetterWarning, ImportFile)
"""The tables that hold what letters say and what files are called."""


class ErasureWaitsError(Exception):
    """Traces are left because another process is in the way; the message says which and what happens."""


def removed_among(hashes: Iterable[str]) -> set[str]:
    """Which of these hashes of bytes are those of removed files."""
    found = RemovedLetter.objects.filter(content_hash__in=set(hashes) - {""})
    return set(found.values_list("content_hash", flat=True))


def texts_removed_among(text_hashes: Iterable[str]) -> set[str]:
    """Which of these hashes of texts are those of removed letters."""
    found = RemovedLetter.objects.filter(text_hash__in=set(text_hashes) - {""})
    return set(found.values_list("text_hash", flat=True))


def refuse_again(file: ImportFile, *, is_archive: bool = False) -> None:
    """Record, in a row that is not saved yet, that the file is one that was removed. Nothing names it.

    The inbox needs the path of its files until it has moved them, and lets go of it then.
    """
    file.name = NAME_OF_ARCHIVE if is_archive else NAME_OF_LETTER
    file.result, file.code = FileResult.FAILED, CODE
    file.reason = _OF_ARCHIVE if is_archive else _OF_LETTER
    file.content_hash, file.size, file.finished_at = "", 0, timezone.now()
    if not ImportBatch.objects.filter(pk=file.batch_id, source__startswith="inbox ").exists():
        file.path = b""


def remember(content_hash: str, text_hash: str = "") -> None:
    """Note that these bytes were removed; their traces are to be erased."""
    RemovedLetter.objects.update_or_create(
        content_hash=content_hash,
        defaults={"erased_at": None, **({"text_hash": text_hash} if text_hash else {})},
    )


def traces_are_left() -> bool:
    """Whether something was removed whose traces are not erased yet."""
    return RemovedLetter.objects.filter(erased_at=None).exists()


def erase_traces(engine: SearchEngine | None, seconds: float = 30.0) -> None:
    """Erase what removed letters left in files, index and database, and note that it is done.

    Indexes of other machines forget the words when they come to the removal in the log of changes.

    Needs room for a second copy of the database. Raises ErasureWaitsError where a backup or a long download
    is in the way, SearchError, OSError and DatabaseError; another call goes on then.
    """
    pending = list(RemovedLetter.objects.filter(erased_at=None))
    if not pending:
        return
    try:
        with exclusive(originals.REMOVAL_LOCK, seconds):
            for one in pending:
                originals.forget(one.content_hash)
            originals.sweep()
            if engine:
                forget_deleted(engine)
            forget_kept_terms()
            _rewrite_database()
    except LockHeldError as error:
        raise ErasureWaitsError(f"{error.holder} is making a backup or removing a letter.") from None
    RemovedLetter.objects.filter(pk__in=[one.pk for one in pending]).update(erased_at=timezone.now())


def _rewrite_database() -> None:
    """Leave nothing of deleted rows in free pages and journals."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for model in _WITH_TEXTS:
                cursor.execute(f"VACUUM FULL {connection.ops.quote_name(model._meta.db_table)}")
            return
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        is_busy, *_ = cursor.fetchone() or (1,)
        if is_busy:
            raise ErasureWaitsError("Another process has been reading the database for long.")
