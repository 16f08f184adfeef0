"""A watched folder: what is put there is imported without a browser, then moved to `done` or `failed`.

A file is taken once it has stopped growing. It stays where it is until its result is known, so whatever is
killed, nothing is lost: the rows of the import say which files are on their way. Beside a file in `failed`
lies a text that says why.
"""

import hashlib
import logging
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from django.conf import settings

from determinations.importing.letter_files import FoundFiles
from determinations.importing.queue import queue_found_files
from determinations.leases import machines_share_database
from determinations.letters.text.file_labels import is_system_note
from determinations.models import FileResult, ImportFile

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS = 2.0
SECONDS_WITHOUT_GROWTH = 5.0
SECONDS_BETWEEN_COMPLAINTS = 60.0
REASONS_SHOWN = 200

_DONE, _FAILED = "done", "failed"
_UNFINISHED_SUFFIXES = frozenset({".part", ".partial", ".crdownload", ".tmp", ".filepart", ".download"})
_REFUSED = (FileResult.FAILED, FileResult.NEEDS_OCR, FileResult.CANCELLED)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A file as it was, and since when (on the monotonic clock) it has not changed."""

    size: int
    changed_at: int
    since: float


class Inbox:
    """The folder that IMR_INBOX names, or none. Used by the import worker alone."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or settings.INBOX_DIR
        self._seen: dict[Path, _Seen] = {}
        self._looked = self._complained = -SECONDS_BETWEEN_COMPLAINTS

    def look_if_due(self) -> None:
        """Look where the last look is some seconds past. What cannot be done is logged and tried again."""
        if self._folder is None or monotonic() - self._looked < SECONDS_BETWEEN_LOOKS:
            return
        try:
            self.look()
        except OSError as error:
            if monotonic() - self._complained >= SECONDS_BETWEEN_COMPLAINTS:
                logger.error("The inbox %s waits: %s", self._folder, error)
                self._complained = monotonic()
        self._looked = monotonic()

    def look(self) -> None:
        """Move the files whose results are known, and queue those that have stopped growing."""
        if self._folder is None:
            return
        files = sorted(self._files(self._folder))
        on_their_way = self._move_finished(files)
        now = monotonic()
        seen: dict[Path, _Seen] = {}
        for path in files:
            if path not in on_their_way and (found := self._as_it_is(path, now)):
                seen[path] = found
        settled = [path for path, file in seen.items() if now - file.since >= SECONDS_WITHOUT_GROWTH]
        if settled:
            queue_found_files(f"inbox {self._folder}", FoundFiles(tuple(settled), skipped=0))
        self._seen = {path: file for path, file in seen.items() if path not in settled}

    def _files(self, folder: Path) -> Iterator[Path]:
        """The files to take, in the folder and below; links are not followed."""
        for parent, folders, names in os.walk(folder, onerror=_raise):
            if Path(parent) == folder:
                folders[:] = [name for name in folders if name not in (_DONE, _FAILED)]
            folders[:] = [name for name in folders if not name.startswith(".")]
            for path in (Path(parent, name) for name in names):
                unfinished = path.suffix.lower() in _UNFINISHED_SUFFIXES or path.name.startswith(".")
                if not (unfinished or is_system_note(path.name) or path.is_symlink()) and path.is_file():
                    yield path

    def _as_it_is(self, path: Path, now: float) -> _Seen | None:
        try:
            status = path.stat()
        except FileNotFoundError:
            return None
        before = self._seen.get(path)
        if before and (before.size, before.changed_at) == (status.st_size, status.st_mtime_ns):
            return before
        return _Seen(status.st_size, status.st_mtime_ns, now)

    def _move_finished(self, files: list[Path]) -> set[Path]:
        """Move each file that has a result, and give those that wait for theirs.

        A row lets go of its path once its file is moved: a file that comes under that name again is new.
        """
        waiting: set[Path] = set()
        prefix = os.fsencode(self._folder or "")
        rows = ImportFile.objects.exclude(path=b"").filter(batch__source=f"inbox {self._folder}"[:400])
        if machines_share_database():
            rows = rows.filter(batch__machine=settings.MACHINE[:200])
        for row in rows.order_by("pk"):
            path = Path(os.fsdecode(bytes(row.path)))
            if not bytes(row.path).startswith(prefix):
                continue
            reasons = _reasons(row)
            if reasons is None:
                waiting.add(path)
                continue
            if path in files and _is_unchanged(path, row):
                self._move(path, row, reasons)
            row.path = b""
            row.save(update_fields=["path"])
        return waiting

    def _move(self, path: Path, row: ImportFile, reasons: list[str]) -> None:
        assert self._folder is not None  # noqa: S101  (look has returned without a folder)
        target = self._folder / (_FAILED if reasons else _DONE) / path.relative_to(self._folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        target = _free(target)
        if reasons:
            # First: a file whose reason cannot be written stays, and is tried again.
            _reason_beside(target).write_text(_in_words(path, row, reasons), encoding="utf-8")
        shutil.move(path, target)


def _is_unchanged(path: Path, row: ImportFile) -> bool:
    """Whether the file is the one that was imported, and no other that has come under its name."""
    if not row.content_hash:
        return True  # an archive, or too large to be kept
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == row.content_hash


def _reasons(row: ImportFile) -> list[str] | None:
    """Why the file, or files in it, were not imported; None while it waits."""
    rows = [row]
    if row.result == FileResult.UNPACKED or row.member_count or row.members.exists():
        members = ImportFile.objects.filter(archive=row) | ImportFile.objects.filter(archive__archive=row)
        rows += members.order_by("pk")
    if any(each.result == FileResult.WAITING for each in rows):
        return None
    return [_reason(row, each) for each in rows if each.result in _REFUSED]


def _reason(row: ImportFile, member: ImportFile) -> str:
    reason = member.reason or FileResult(member.result).label
    name = member.name.removeprefix(f"{row.name}/")
    return reason if member == row else f"{name}: {reason}"


def _in_words(path: Path, row: ImportFile, reasons: list[str]) -> str:
    more = len(reasons) - REASONS_SHOWN
    lines = [f"{path.name} was not imported, or not all of it (import {row.batch_id}).", ""]
    lines += reasons[:REASONS_SHOWN]
    if more > 0:
        lines.append(f"... and {more:,} more: the import's page lists every file.")
    return "\n".join(lines) + "\n"


def _reason_beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.reason.txt")


def _free(path: Path) -> Path:
    """The path, or one like it under which nothing lies: "letter (2).pdf"."""
    number, free = 1, path
    while free.exists() or _reason_beside(free).exists():
        number += 1
        free = path.with_name(f"{path.stem} ({number}){path.suffix}")
    return free


def _raise(error: OSError) -> None:
    raise error
