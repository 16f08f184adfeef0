"""The next waiting rows of a batch, their bytes kept on disk, archives set aside.

Keeping waits for the disk, so it goes on in a thread while earlier letters are read and stored. That thread
knows files only and no database.
"""

import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from ..letters.archive import is_archive
from ..models import FileResult, ImportBatch, ImportFile
from . import original_letters
from .letter_files import FileRefusedError, bytes_of, head_of
from .letter_reading import LetterRefused
from .original_letters import Kept
from .row_writes import update_rows
from .unpacking import place_of

FILES_AT_A_TIME = 200


@dataclass(slots=True)
class Arrived:
    """Files in the order of the queue. `refused`, by key, are those whose bytes could not be had."""

    files: list[ImportFile]
    refused: dict[int, LetterRefused] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Taken:
    files: list[ImportFile]
    on_disk: list[ImportFile]
    keeping: Future[list[Kept | LetterRefused]]


class Arriving:
    """Goes once through a batch's queue. `archives` are the rows met that stand for more files."""

    def __init__(self, batch: ImportBatch) -> None:
        self.archives: deque[ImportFile] = deque()
        self._batch = batch
        self._last_taken = 0
        self._taken: deque[_Taken] = deque()
        self._keeper = ThreadPoolExecutor(max_workers=1, thread_name_prefix="keeping")

    def next(self) -> Arrived | None:
        """The next files, or None where no more wait. Raises OSError where bytes cannot be kept."""
        # One group ahead: while this one is read and stored, the next is kept.
        while len(self._taken) < 2 and self._take():
            pass
        if not self._taken:
            return None
        taken = self._taken.popleft()
        arrived = Arrived(taken.files)
        kept: list[ImportFile] = []
        for file, outcome in zip(taken.on_disk, taken.keeping.result(), strict=True):
            if isinstance(outcome, LetterRefused):
                arrived.refused[file.pk] = outcome
            else:
                file.content_hash, file.size = outcome.content_hash, outcome.size
                kept.append(file)
        update_rows(kept, ["content_hash", "size"])
        return arrived

    def close(self) -> None:
        """Wait for the thread: nothing is written any more afterwards."""
        self._keeper.shutdown(cancel_futures=True)

    def _take(self) -> bool:
        waiting = ImportFile.objects.filter(
            batch=self._batch, result=FileResult.WAITING, pk__gt=self._last_taken
        )
        rows = list(waiting.order_by("pk")[:FILES_AT_A_TIME])
        if not rows:
            return False
        self._last_taken = rows[-1].pk
        files = [file for file in rows if not self._is_archive(file)]
        on_disk = [file for file in files if not file.content_hash]
        paths = [Path(os.fsdecode(bytes(file.path))) for file in on_disk]
        self._taken.append(_Taken(files, on_disk, self._keeper.submit(_keep, paths)))
        return True

    def _is_archive(self, file: ImportFile) -> bool:
        # What cannot be read is found out again, and said, where the whole file is read.
        with suppress(FileRefusedError):
            if not file.archive_id and is_archive(head_of(place_of(file))):
                self.archives.append(file)
                return True
        return False


def _keep(paths: Sequence[Path]) -> list[Kept | LetterRefused]:
    refused: dict[int, LetterRefused] = {}

    def arriving() -> Iterator[bytes]:
        for index, path in enumerate(paths):
            try:
                yield bytes_of(path)
            except FileRefusedError as error:
                refused[index] = error.refusal

    kept = iter(original_letters.keep_all(arriving()))
    return [refused.get(index) or next(kept) for index in range(len(paths))]
