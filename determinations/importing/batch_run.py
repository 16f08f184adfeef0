"""Processes one batch's waiting files: keeps them on disk, reads them in the pool and stores them in groups.

Reading runs ahead of storing, so that every core is busy. Writing originals to disk is slow, so a thread does
it while earlier letters are read and stored; that thread does not use the database. Files that were not
stored when this stops keep waiting and are processed later. Changes for the index are recorded with the rows.
Errors that no letter causes, such as a full disk, become messages that say what to do.
"""

import errno
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from django.db import Error, InterfaceError, InternalError, OperationalError

from determinations.database_errors import Trouble, error_in_words, kind_of_error
from determinations.importing import originals
from determinations.importing.archives import Unpacking, note_how_many_it_holds, place_of
from determinations.importing.letter_files import FileRefusedError, bytes_of, head_of
from determinations.importing.letter_reading import LetterRefused
from determinations.importing.letter_storage import Outcome, store_outcomes
from determinations.importing.originals import Kept
from determinations.importing.reading_pool import ReadersUnavailableError, Reading, ReadingPool
from determinations.importing.removed_letters import CODE, refuse_again, remember, removed_among
from determinations.importing.shared_originals import SharedOriginalsError
from determinations.leases import Held
from determinations.letters.text.archive_members import ArchiveRefusedError
from determinations.letters.text.attachments import carries_files
from determinations.letters.text.file_kinds import ARCHIVES, kind_of
from determinations.models import BatchState, Determination, FileResult, ImportBatch, ImportFile
from determinations.models.row_writes import update_rows

FILES_AT_A_TIME = 200

_Place = tuple[int, Path]
"""A file's key, and where its bytes are."""
_KeptPlace = tuple[int, Path, Path | None]
"""The same of a file that is kept already, and the place of the archive that it came out of."""


@dataclass(slots=True)
class Arrived:
    """Files in the order of the queue. `refused`, by key, are those whose bytes could not be had."""

    files: list[ImportFile]
    refused: dict[int, LetterRefused] = field(default_factory=dict)


@dataclass(slots=True)
class _Bytes:
    """What became of files' bytes, by key; of a file that is nowhere here they were kept before."""

    kept: dict[int, Kept] = field(default_factory=dict)
    refused: dict[int, LetterRefused] = field(default_factory=dict)
    archives: set[int] = field(default_factory=set)


class Arriving:
    """Goes once through a batch's queue. `archives` are the rows met that are archives."""

    def __init__(self, batch: ImportBatch) -> None:
        self.archives: deque[ImportFile] = deque()
        self._batch = batch
        self._last_taken = 0
        self._taken: deque[tuple[list[ImportFile], Future[_Bytes]]] = deque()
        self._keeper = ThreadPoolExecutor(max_workers=1, thread_name_prefix="keeping")

    def is_ready(self) -> bool:
        """Whether `next` would not have to wait."""
        self._take_ahead()
        return not self._taken or self._taken[0][1].done()

    def next(self) -> Arrived | None:
        """The next files, or None where no more wait. Raises OSError where bytes cannot be kept."""
        self._take_ahead()
        if not self._taken:
            return None
        files, keeping = self._taken.popleft()
        found = keeping.result()
        self.archives.extend(file for file in files if file.pk in found.archives)
        arrived = Arrived([file for file in files if file.pk not in found.archives], found.refused)
        kept = [file for file in files if file.pk in found.kept]
        for file in kept:
            file.content_hash, file.size = found.kept[file.pk].content_hash, found.kept[file.pk].size
        update_rows(kept, ["content_hash", "size"])
        self._drop_removed(arrived)
        return arrived

    def _drop_removed(self, arrived: Arrived) -> None:
        """Files that were removed for good go no further, and their bytes are not kept."""
        removed = removed_among(file.content_hash for file in [*arrived.files, *self.archives])
        if not removed:
            return
        for file in [*arrived.files, *self.archives]:
            if file.content_hash in removed:
                remember(file.content_hash)
                originals.forget(file.content_hash)
                refuse_again(file, is_archive=file in self.archives)
                file.save()
        arrived.files = [file for file in arrived.files if file.code != CODE]
        self.archives = deque(file for file in self.archives if file.code != CODE)

    def close(self) -> None:
        """Wait for the thread: nothing is written any more afterwards."""
        self._keeper.shutdown(cancel_futures=True)

    def _take_ahead(self) -> None:
        # One group ahead: while this one is read and stored, the next is kept.
        while len(self._taken) < 2 and self._take():
            pass

    def _take(self) -> bool:
        waiting = ImportFile.objects.filter(
            batch=self._batch, result=FileResult.WAITING, pk__gt=self._last_taken
        )
        files = list(waiting.select_related("archive").order_by("pk")[:FILES_AT_A_TIME])
        if not files:
            return False
        self._last_taken = files[-1].pk
        places = [(file.pk, place_of(file)) for file in files]
        on_disk = [place for file, place in zip(files, places, strict=True) if not file.content_hash]
        kept = [
            (file.pk, place_of(file), place_of(file.archive) if file.archive else None)
            for file in files
            if file.content_hash and not (file.archive and file.archive.archive_id)
        ]
        self._taken.append((files, self._keeper.submit(_keep, on_disk, kept)))
        return True


def _keep(on_disk: Sequence[_Place], kept: Sequence[_KeptPlace]) -> _Bytes:
    """Keep the letters that are on this machine's disk; those that are kept may hold others."""
    found = _Bytes()
    letters: list[int] = []

    def arriving() -> Iterator[bytes]:
        for key, path in on_disk:
            try:
                data = bytes_of(path)
            except FileRefusedError as error:
                found.refused[key] = error.refusal
                continue
            if data is None:
                found.archives.add(key)
                continue
            if carries_files(data):
                found.archives.add(key)
            letters.append(key)
            yield data

    found.kept.update(zip(letters, originals.keep_all(arriving()), strict=True))
    for key, path, archive in kept:
        # What cannot be read is found out again, and said, where the whole file is read.
        with suppress(FileRefusedError):
            if _holds_others(path, archive):
                found.archives.add(key)
    return found


def _holds_others(path: Path, archive: Path | None) -> bool:
    """Whether a file is to be unpacked. Out of an archive, e-mails and PDFs with attached files are; out of
    those, archives are. Nothing is unpacked a third time.
    """
    data = bytes_of(path)
    if archive and kind_of(head_of(archive)) not in ARCHIVES:
        return data is None
    return carries_files(data) if data is not None else archive is None


# InternalError is what PostgreSQL says of a read-only or damaged database.
PASSING_ERRORS = (OSError, OperationalError, InterfaceError, InternalError, ReadersUnavailableError)
"""The import stops at these errors and continues with the same file after they are fixed."""

_NO_SPACE = {errno.ENOSPC, errno.EDQUOT}


def in_words(error: Exception) -> str:
    """One or two sentences for the person who is waiting for the import."""
    match error:
        case OSError(errno=number) if number in _NO_SPACE:
            return "The disk is full. Free space, and the import will continue. Nothing is lost."
        case SharedOriginalsError():
            return f"{error} The import will continue when it does."
        case OSError():
            return f"The data directory is not writable ({error}). The import will continue when it is."
        case Error() if kind_of_error(error) is Trouble.FULL:
            return f"{error_in_words(error)}, and the import will continue. Nothing is lost."
        case Error():
            return f"{error_in_words(error)}. The import will continue by itself. Nothing is lost."
    return f"{error} The import will continue when this is fixed."


BYTES_AT_A_TIME = 4 * 1024 * 1024
GROUPS_AHEAD = 6
SECONDS_BETWEEN_LOOKS = 0.5


@dataclass(slots=True)
class _Group:
    """Files that are stored together. Those without an outcome are being read."""

    files: list[ImportFile] = field(default_factory=list)
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    reading: Reading | None = None

    def unread(self) -> list[ImportFile]:
        return [file for file in self.files if file.pk not in self.outcomes]


class BatchRun:
    """Goes once through the waiting files of a batch; made anew to go on after a stop.

    `held` is what only one worker holds for the batch. Where it gets lost, LeaseLostError ends the run.
    """

    def __init__(self, batch: ImportBatch, pool: ReadingPool, held: Held | None = None) -> None:
        self._held = held or Held()
        self._batch = batch
        self._pool = pool
        self._arriving = Arriving(batch)
        self._taken: deque[_Group] = deque()
        self._ahead: deque[_Group] = deque()
        self._unpacking: Unpacking | None = None

    def __iter__(self) -> Iterator[list[ImportFile]]:
        """Each group when it is stored, in the order of the queue; an empty one while it waits for readers.

        Ends when nothing is waiting, or the batch is paused or canceled. Raises OSError where bytes
        cannot be kept, DatabaseError, and ReadersUnavailableError.
        """
        try:
            while self._batch_is_running():
                self._read_ahead()
                if not self._ahead:
                    return
                group = self._ahead[0]
                outcomes = self._outcomes(group)
                if outcomes is None:
                    yield []
                    continue
                self._ahead.popleft()
                yield store_outcomes(group.files, outcomes, self._held)
        finally:
            self._arriving.close()
            if self._unpacking:
                self._unpacking.close()

    def _batch_is_running(self) -> bool:
        return ImportBatch.objects.filter(pk=self._batch.pk, state=BatchState.RUNNING).exists()

    def _read_ahead(self) -> None:
        # Once there is something to store, storing does not wait for more bytes to be on disk.
        while len(self._ahead) < GROUPS_AHEAD and (not self._ahead or self._is_ready()):
            group = self._next_group()
            if not group:
                return
            if unread := group.unread():
                group.reading = self._pool.submit([place_of(file) for file in unread])
            self._ahead.append(group)

    def _is_ready(self) -> bool:
        return bool(self._taken) or self._arriving.is_ready()

    def _outcomes(self, group: _Group) -> list[Outcome] | None:
        if group.reading:
            read = self._pool.collect(group.reading, SECONDS_BETWEEN_LOOKS)
            if read is None:
                return None
            group.outcomes.update(zip([file.pk for file in group.unread()], read, strict=True))
        return [group.outcomes[file.pk] for file in group.files]

    def _next_group(self) -> _Group | None:
        while not self._taken:
            if not self._take() and not self._unpack():
                return None
        return self._taken.popleft()

    def _take(self) -> bool:
        """Take the next files whose bytes are kept; False where there are none."""
        arrived = self._arriving.next()
        if arrived is None:
            return False
        hashes = {file.content_hash for file in arrived.files}
        present = set(
            Determination.objects.filter(content_hash__in=hashes).values_list("content_hash", flat=True)
        )
        outcomes: dict[int, Outcome] = {**arrived.refused}
        outcomes.update((file.pk, None) for file in arrived.files if file.content_hash in present)
        self._taken.extend(_groups(arrived.files, outcomes))
        return True

    def _unpack(self) -> bool:
        """Queue more files out of the archives; False where there are none."""
        if not self._unpacking and not self._arriving.archives:
            return False
        if not self._unpacking:
            for archive in self._arriving.archives:
                note_how_many_it_holds(archive)
            archive = self._arriving.archives.popleft()
            try:
                self._unpacking = Unpacking(archive, self._held)
            except ArchiveRefusedError as error:
                refused = LetterRefused(error.code, error.message)
                self._taken.append(_Group([archive], {archive.pk: refused}))
                return True
        if not self._unpacking.step():
            self._unpacking.close()
            self._unpacking = None
        return True


def _groups(files: list[ImportFile], outcomes: dict[int, Outcome]) -> Iterator[_Group]:
    """The files in groups that memory holds."""
    group, size = _Group(), 0
    for file in files:
        if group.files and size + file.size > BYTES_AT_A_TIME:
            yield group
            group, size = _Group(), 0
        group.files.append(file)
        size += file.size
        if file.pk in outcomes:
            group.outcomes[file.pk] = outcomes[file.pk]
    if group.files:
        yield group
