"""Unpacks an archive: keeps the bytes of its files, then adds a row for each, some at a time.

Each entry gets exactly one row, however often this is interrupted: unpacking continues after the last entry
that has a row.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from determinations.importing import originals
from determinations.letters.text.extraction import MAX_LETTER_BYTES
from determinations.letters.text.zip_archives import (
    Archive,
    ArchiveLimits,
    ArchiveRefusedError,
    Member,
    RefusedMember,
)
from determinations.models import BatchState, FileResult, ImportBatch, ImportFile
from determinations.models.row_writes import insert_rows

ENTRIES_AT_A_TIME = 200


class Unpacking:
    """An archive that is being unpacked. Raises ArchiveRefusedError where it cannot be."""

    def __init__(self, file: ImportFile) -> None:
        self.file = file
        done = file.members.aggregate(last=Max("position"))["last"]
        self._archive = _opened(file)
        self._entries = self._archive.members(0 if done is None else done + 1)

    def close(self) -> None:
        self._archive.close()

    def step(self) -> bool:
        """Keep the next entries and queue them; False where none is left, or the batch runs no more."""
        entries: list[Member | RefusedMember] = []
        kept = iter(originals.keep_all(self._next_letters(entries)))
        rows = [_row(self.file, entry) for entry in entries]
        for row in rows:
            if row.result == FileResult.WAITING:
                letter = next(kept)
                row.content_hash, row.size = letter.content_hash, letter.size
        with transaction.atomic():
            running = ImportBatch.objects.select_for_update().filter(state=BatchState.RUNNING)
            if not running.filter(pk=self.file.batch_id).exists():
                return False
            insert_rows(rows)
            if not rows:
                self._finish()
        return bool(rows)

    def _next_letters(self, seen: list[Member | RefusedMember]) -> Iterator[bytes]:
        for entry in islice(self._entries, ENTRIES_AT_A_TIME):
            if isinstance(entry, Member):
                # What is remembered of an entry is its label: its bytes go to disk, one entry at a time.
                seen.append(Member(entry.position, entry.name, b""))
                yield entry.data
            else:
                seen.append(entry)

    def _finish(self) -> None:
        self.file.result = FileResult.UNPACKED
        self.file.finished_at = timezone.now()
        self.file.save(update_fields=["result", "finished_at"])
        ImportBatch.objects.filter(pk=self.file.batch_id).update(
            skipped_count=F("skipped_count") + self._archive.left_alone
        )


def note_how_many_it_holds(file: ImportFile) -> None:
    """Counts the files before the archive is unpacked, so that progress includes all files."""
    if not file.member_count:
        with suppress(ArchiveRefusedError), _opened(file) as archive:  # refused when its turn comes
            file.member_count = archive.holds
            file.save(update_fields=["member_count"])


def _opened(file: ImportFile) -> Archive:
    try:
        return Archive(place_of(file), ArchiveLimits(entry=MAX_LETTER_BYTES))
    except OSError as error:
        raise ArchiveRefusedError("unreadable_file", f"The archive cannot be read: {error}.") from None


def place_of(file: ImportFile) -> Path:
    """Where a waiting file's bytes are: kept, else where it was found."""
    if file.content_hash:
        return originals.path_of(file.content_hash)
    return Path(os.fsdecode(bytes(file.path)))


def _row(archive: ImportFile, entry: Member | RefusedMember) -> ImportFile:
    row = ImportFile(
        batch_id=archive.batch_id,
        archive=archive,
        position=entry.position,
        name=f"{archive.name}/{entry.name}"[-1000:],
    )
    if isinstance(entry, RefusedMember):
        row.result, row.finished_at = FileResult.FAILED, timezone.now()
        row.code, row.reason = entry.code, entry.reason
    return row
