"""The next waiting rows of a batch, their bytes kept on disk, archives set aside.

Writing to disk is slow, so a thread does it while earlier letters are read and stored. That thread does not
use the database.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from determinations.importing import originals
from determinations.importing.archives import place_of
from determinations.importing.letter_files import FileRefusedError, bytes_of, head_of
from determinations.importing.letter_reading import LetterRefused
from determinations.importing.originals import Kept
from determinations.letters.text.zip_archives import is_archive
from determinations.models import FileResult, ImportBatch, ImportFile
from determinations.models.row_writes import update_rows

FILES_AT_A_TIME = 200

_Place = tuple[int, Path]
"""A file's key, and where its bytes are."""


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
        return arrived

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
        files = list(waiting.order_by("pk")[:FILES_AT_A_TIME])
        if not files:
            return False
        self._last_taken = files[-1].pk
        places = [(file.pk, place_of(file)) for file in files]
        on_disk = [place for file, place in zip(files, places, strict=True) if not file.content_hash]
        uploads = [
            place
            for file, place in zip(files, places, strict=True)
            if file.content_hash and not file.archive_id
        ]
        self._taken.append((files, self._keeper.submit(_keep, on_disk, uploads)))
        return True


def _keep(on_disk: Sequence[_Place], uploads: Sequence[_Place]) -> _Bytes:
    """Keep the letters that are on this machine's disk; `uploads` are kept, but may be archives."""
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
            letters.append(key)
            yield data

    found.kept.update(zip(letters, originals.keep_all(arriving()), strict=True))
    for key, path in uploads:
        # What cannot be read is found out again, and said, where the whole file is read.
        with suppress(FileRefusedError):
            if is_archive(head_of(path)):
                found.archives.add(key)
    return found
