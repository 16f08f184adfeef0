"""The row of an archive, of an e-mail, or of a PDF with attached files becomes a row for each of its files.

Some at a time, their bytes kept first.

Each entry gets exactly one row, however often this is interrupted: unpacking continues after the last entry
that has a row.
"""

import hashlib
import os
from collections.abc import Collection, Iterator
from contextlib import closing, suppress
from itertools import islice
from pathlib import Path

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from determinations.importing import originals
from determinations.importing.removed_letters import CODE, refuse_again, remember, removed_among
from determinations.letters.text.archive_members import (
    ArchiveLimits,
    ArchiveRefusedError,
    Member,
    RefusedMember,
)
from determinations.letters.text.attachments import AttachedFiles
from determinations.letters.text.extraction import MAX_LETTER_BYTES
from determinations.letters.text.file_kinds import ARCHIVES, HEAD_BYTES, FileKind, kind_of
from determinations.letters.text.tar_archives import TarArchive
from determinations.letters.text.zip_archives import ZipArchive
from determinations.models import BatchState, FileResult, ImportBatch, ImportFile
from determinations.models.row_writes import insert_rows

ENTRIES_AT_A_TIME = 200


Archive = ZipArchive | TarArchive | AttachedFiles


class Unpacking:
    """An archive that is being unpacked. Raises ArchiveRefusedError where it cannot be."""

    def __init__(self, file: ImportFile) -> None:
        self.file = file
        done = file.members.aggregate(last=Max("position"))["last"]
        self._archive = _opened(file)
        self._entries = self._archive.members(0 if done is None else done + 1)
        self._broke_off: ArchiveRefusedError | None = None

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
        self._refuse_removed(rows)
        with transaction.atomic():
            running = ImportBatch.objects.select_for_update().filter(state=BatchState.RUNNING)
            if not running.filter(pk=self.file.batch_id).exists():
                return False
            insert_rows(rows)
            if not rows:
                self._finish()
        return bool(rows)

    def _refuse_removed(self, rows: list[ImportFile]) -> None:
        """A letter that was removed for good does not come back in an archive."""
        removed = removed_among(row.content_hash for row in rows)
        for row in rows:
            if row.content_hash in removed:
                originals.forget(row.content_hash)
                refuse_again(row)

    def _next_letters(self, seen: list[Member | RefusedMember]) -> Iterator[bytes]:
        try:
            for entry in islice(self._entries, ENTRIES_AT_A_TIME):
                if isinstance(entry, Member):
                    # What is remembered of an entry is its label: its bytes go to disk, one at a time.
                    seen.append(Member(entry.position, entry.name, b""))
                    yield entry.data
                else:
                    seen.append(entry)
        except ArchiveRefusedError as error:
            self._broke_off = error  # said of the archive, once what came before it is queued

    def _finish(self) -> None:
        self.file.result = FileResult.UNPACKED
        if self._broke_off:
            self.file.result = FileResult.FAILED
            self.file.code, self.file.reason = self._broke_off.code, self._broke_off.message
        self.file.finished_at = timezone.now()
        if self.file.members.filter(code=CODE).exists():
            self._let_go_of_archive()
        self.file.save()
        ImportBatch.objects.filter(pk=self.file.batch_id).update(
            skipped_count=F("skipped_count") + self._archive.skipped
        )

    def _let_go_of_archive(self) -> None:
        """Keep no archive that contains a removed letter; its other letters have bytes of their own."""
        for archive in (self.file, self.file.archive):
            if archive and archive.content_hash:
                remember(archive.content_hash)
                originals.forget(archive.content_hash)
                archive.content_hash, archive.size = "", 0
        if self.file.archive:
            self.file.archive.save(update_fields=["content_hash", "size"])


def note_how_many_it_holds(file: ImportFile) -> None:
    """Counts the files before the archive is unpacked, so that progress includes all files."""
    if not file.member_count:
        with suppress(ArchiveRefusedError), _opened(file) as archive:  # refused when its turn comes
            file.member_count = archive.holds
            file.save(update_fields=["member_count"])


def contains_any(file: ImportFile, hashes: Collection[str]) -> bool:
    """Whether a kept archive that was not unpacked, or not wholly, contains one of these files."""
    path = place_of(file)
    with suppress(ArchiveRefusedError, OSError):
        with path.open("rb") as opened:
            if kind_of(opened.read(HEAD_BYTES)) not in ARCHIVES:
                return False
        with closing(_opened(file)) as archive:
            entries = (entry for entry in archive.members(0) if isinstance(entry, Member))
            return any(hashlib.sha256(entry.data).hexdigest() in hashes for entry in entries)
    return False


def _opened(file: ImportFile) -> Archive:
    path, limits = place_of(file), ArchiveLimits(entry=MAX_LETTER_BYTES)
    try:
        with path.open("rb") as opened:
            kind = kind_of(opened.read(HEAD_BYTES))
        match kind:
            case FileKind.ZIP | FileKind.OFFICE:
                return ZipArchive(path, limits)
            case FileKind.TAR | FileKind.GZIP | FileKind.BZIP2:
                return TarArchive(path, limits)
        return AttachedFiles(path, limits)
    except OSError as error:
        raise ArchiveRefusedError("unreadable_file", f"The archive cannot be read: {error}.") from None


def place_of(file: ImportFile) -> Path:
    """Where a waiting file's bytes are: kept, else where it was found."""
    if file.content_hash:
        return originals.local_path(file.content_hash)
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
