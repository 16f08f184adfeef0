"""A tar archive, plain or packed by gzip or bzip2, as its letters, with limits on all that it may claim.

Standard library only; writes nothing to disk: names are labels, links and devices are refused. The archive is
read from its beginning to its end, and memory holds one entry. A gzip or bzip2 file of a single letter is
read as well.
"""

import bz2
import gzip
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Self, cast

from determinations.letters.text.archive_members import (
    MEBIBYTE,
    ArchiveLimits,
    ArchiveRefusedError,
    Member,
    RefusedMember,
    nested,
)
from determinations.letters.text.file_kinds import ARCHIVES, HEAD_BYTES, FileKind, kind_of
from determinations.letters.text.file_labels import is_system_note, label_of

_DAMAGES = (tarfile.TarError, zlib.error, EOFError, OSError, ValueError, OverflowError)
_READ_AT_ONCE = MEBIBYTE
_MOST_FOR_A_HEADER = 2 * MEBIBYTE
"""Names and other notes before an entry; what a hostile archive puts there would all go to memory."""


class TarArchive:
    """An open archive. Raises ArchiveRefusedError when opened, and from `members` where its bytes break off.

    How many entries it holds shows only at its end: `holds` is 0, and `skipped` is right after `members`.
    """

    holds = 0

    def __init__(self, path: Path, limits: ArchiveLimits | None = None) -> None:
        self._limits = limits or ArchiveLimits()
        self._most = min(
            self._limits.total, self._limits.ratio_free + self._limits.ratio * path.stat().st_size
        )
        self._single_name = path.name
        self.skipped = 0
        self._file = path.open("rb")
        try:
            self._stream = _GuardedStream(_unpacked(self._file), self._most)
            head = self._stream.peek(HEAD_BYTES)
            self._is_tar = kind_of(head) is FileKind.TAR
            if not head:
                raise ArchiveRefusedError(
                    "empty_archive", "The archive is empty: pack it again with its letters."
                )
        except _DAMAGES as error:
            self._file.close()
            raise _broken(error) from None
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._file.close()

    def members(self, start: int = 0) -> Iterator[Member | RefusedMember]:
        """Members and refusals in the archive's order, from position `start` on."""
        rows = self._entries() if self._is_tar else self._single()
        try:
            for row in rows:
                if row.position >= start:
                    yield row
        except _DAMAGES as error:
            raise _broken(error) from None

    def _single(self) -> Iterator[Member | RefusedMember]:
        data = self._stream.read(self._limits.entry + 1)
        if len(data) > self._limits.entry:
            yield self._too_large(0, "letter", len(data))
        elif kind_of(data[:HEAD_BYTES]) in ARCHIVES:
            yield nested(0, "letter")
        else:
            yield Member(0, "letter", data)

    def _entries(self) -> Iterator[Member | RefusedMember]:
        self._stream.allow(_MOST_FOR_A_HEADER)
        archive = tarfile.open(fileobj=cast("IO[bytes]", self._stream), mode="r|")  # noqa: SIM115
        position = -1
        while (entry := self._next(archive)) is not None:
            position += 1
            if position >= self._limits.entries:
                raise ArchiveRefusedError(
                    "too_many_entries",
                    f"The archive holds more than {self._limits.entries:,} entries: split it into several.",
                )
            if entry.isdir() or is_system_note(entry.name):
                self.skipped += 1
                self._pass_over(archive, entry)
            else:
                yield self._read(archive, position, entry)

    def _next(self, archive: tarfile.TarFile) -> tarfile.TarInfo | None:
        self._stream.allow(_MOST_FOR_A_HEADER)
        entry = archive.next()
        vars(archive)["members"].clear()  # tarfile remembers every entry
        self._stream.allow(None)
        return entry

    def _read(
        self, archive: tarfile.TarFile, position: int, entry: tarfile.TarInfo
    ) -> Member | RefusedMember:
        name = label_of(entry.name)
        if not entry.isreg() or entry.issparse():
            self._pass_over(archive, entry)
            reason = "This entry is a link, a device or a file with holes: pack the letter itself."
            return RefusedMember(position, name, "not_a_file", reason)
        if entry.size > self._limits.entry:
            self._pass_over(archive, entry)
            return self._too_large(position, name, entry.size)
        content = archive.extractfile(entry)
        data = content.read() if content else b""
        if kind_of(data[:HEAD_BYTES]) in ARCHIVES:
            return nested(position, name)
        return Member(position, name, data)

    def _pass_over(self, archive: tarfile.TarFile, entry: tarfile.TarInfo) -> None:
        # Else the next header would be looked for behind these bytes, beyond what a header may take.
        if entry.isreg() and not entry.issparse() and (content := archive.extractfile(entry)):
            while content.read(_READ_AT_ONCE):
                pass

    def _too_large(self, position: int, name: str, size: int) -> RefusedMember:
        most = self._limits.entry
        reason = f"This entry unpacks to {size:,} bytes and a letter has at most {most:,}."
        return RefusedMember(position, name, "too_large", reason)


class _GuardedStream:
    """Unpacked bytes, counted: no more than `most` altogether, nor more than was allowed for one step."""

    def __init__(self, file: IO[bytes], most: int) -> None:
        self._file = file
        self._left = most
        self._allowed: int | None = None
        self._peeked = b""

    def allow(self, size: int | None) -> None:
        self._allowed = size

    def peek(self, size: int) -> bytes:
        self._peeked = self._file.read(size)
        return self._peeked

    def read(self, size: int) -> bytes:
        data, self._peeked = self._peeked[:size], self._peeked[size:]
        if len(data) < size:
            data += self._file.read(size - len(data))
        self._left -= len(data)
        if self._left < 0:
            raise ArchiveRefusedError(
                "archive_too_large",
                "The archive unpacks to more bytes than are allowed for its size: what came before was "
                "taken, the rest was left in it. Split it into several archives.",
            )
        if self._allowed is not None:
            self._allowed -= len(data)
            if self._allowed < 0:
                raise ArchiveRefusedError(
                    "broken_archive", "The archive's list of files is damaged: pack it again as ZIP."
                )
        return data


def _unpacked(file: IO[bytes]) -> IO[bytes]:
    head = file.read(HEAD_BYTES)
    file.seek(0)
    match kind_of(head):
        case FileKind.GZIP:
            return cast("IO[bytes]", gzip.GzipFile(fileobj=file))
        case FileKind.BZIP2:
            return cast("IO[bytes]", bz2.BZ2File(file))
    return file


def _broken(error: Exception) -> ArchiveRefusedError:
    return ArchiveRefusedError(
        "broken_archive",
        f"The archive is damaged or cut short ({error}): copy it again from where it came from.",
    )
