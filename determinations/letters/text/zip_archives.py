"""A ZIP archive as its letters, entry by entry, with limits on everything that an archive may claim.

Standard library only; writes nothing to disk. What is refused is refused with a code and a sentence for
the person who brought the archive, and the other entries go on. Memory holds the directory and one entry.

Only stored and deflated entries are read: these are what every ordinary tool writes, and the other
methods may ask for gigabytes before a byte comes out. An archive inside an archive is refused.
"""

import stat
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Self, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from determinations.letters.text.archive_members import (
    MEBIBYTE,
    ArchiveLimits,
    ArchiveRefusedError,
    Member,
    RefusedMember,
    nested,
)
from determinations.letters.text.file_kinds import ARCHIVES, HEAD_BYTES, kind_of
from determinations.letters.text.file_labels import is_system_note, label_of

_DIRECTORY_ENTRY = b"PK\x01\x02"
_ENCRYPTED = 0x41  # the flag of the old and the flag of the strong encryption
_NAME_IS_UTF_8 = 0x800
_DAMAGES = (BadZipFile, zlib.error, struct.error, ValueError, OverflowError, OSError)
"""What zipfile raises for damaged archives, a name in a wrong encoding among it."""
_READ_AT_ONCE = MEBIBYTE
_OFFICE_ENTRIES = frozenset({"[Content_Types].xml", "META-INF/MANIFEST.MF", "META-INF/container.xml"})


class ZipArchive:
    """An open archive.

    Raises ArchiveRefusedError when opened. `skipped` counts what holds no letter: folders and
    what operating systems put into archives for themselves; `holds` the other entries.
    """

    def __init__(self, path: Path, limits: ArchiveLimits | None = None) -> None:
        limits = limits or ArchiveLimits()
        self._limits = limits
        # Entries may share their packed bytes, so the whole is held against the file's size as well.
        self._most_unpacked = min(limits.total, limits.ratio_free + limits.ratio * path.stat().st_size)
        self._unpacked = 0
        self._file = path.open("rb")
        try:
            self._zip = ZipFile(cast("IO[bytes]", _GuardedFile(self._file, limits)))
            self._entries = self._zip.infolist()
            self._refuse_what_holds_no_letters()
        except _DAMAGES as error:
            self._file.close()
            raise ArchiveRefusedError(
                "broken_archive",
                f"The archive is damaged or cut short ({_what_is_wrong(error)}): copy it again from where it "
                "came from.",
            ) from None
        except NotImplementedError as error:
            self._file.close()
            raise ArchiveRefusedError(
                "unsupported_archive",
                f"The archive cannot be unpacked ({error}): pack it again as plain ZIP.",
            ) from None
        except BaseException:
            self._file.close()
            raise
        self.skipped = sum(map(_holds_no_letter, self._entries))
        self.holds = len(self._entries) - self.skipped

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._zip.close()
        self._file.close()

    def members(self, start: int = 0) -> Iterator[Member | RefusedMember]:
        """Members and refusals in the archive's order, from position `start` on.

        Entries before it are not read, but count against the limit on the whole.
        """
        for position, entry in enumerate(self._entries):
            if _holds_no_letter(entry):
                continue
            refused = self._refused_by_directory(position, entry)
            if not refused:
                self._unpacked += entry.file_size
            if position >= start:
                yield refused or self._read(position, entry)

    def _refused_by_directory(self, position: int, entry: ZipInfo) -> RefusedMember | None:
        limits = self._limits
        mode = entry.external_attr >> 16
        size = entry.file_size
        code = reason = ""
        if entry.flag_bits & _ENCRYPTED:
            code, reason = "encrypted_entry", "This entry is encrypted: pack it again without a password."
        elif stat.S_IFMT(mode) not in (0, stat.S_IFREG):
            code, reason = "not_a_file", "This entry is a link or a device: pack the letter itself."
        elif entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            code = "unsupported_packing"
            reason = f"This entry is packed by method {entry.compress_type}: pack it again as plain ZIP."
        elif size > limits.entry:
            code = "too_large"
            reason = f"This entry unpacks to {size:,} bytes and a letter has at most {limits.entry:,}."
        elif size > limits.ratio_free and size > limits.ratio * entry.compress_size:
            code = "zip_bomb"
            reason = f"This entry unpacks to over {limits.ratio} times its packed size: it is no letter."
        elif self._unpacked + size > self._most_unpacked:
            code = "archive_too_large"
            reason = (
                f"The archive unpacks to more than {self._most_unpacked:,} bytes, the most allowed for "
                "its size: this entry was left in it. Split it into several archives."
            )
        return RefusedMember(position, label_of(_name(entry)), code, reason) if code else None

    def _read(self, position: int, entry: ZipInfo) -> Member | RefusedMember:
        name = label_of(_name(entry))
        data = bytearray()
        try:
            with self._zip.open(entry) as packed:
                # Never more than the directory states comes out; but asked for all at once, zipfile would
                # unpack whatever there is before it cuts.
                while piece := packed.read(_READ_AT_ONCE):
                    data += piece
        except (*_DAMAGES, EOFError, NotImplementedError, RuntimeError) as error:
            reason = f"This entry is damaged ({error}): ask for the archive, or for this letter, again."
            return RefusedMember(position, name, "damaged_entry", reason)
        if kind_of(bytes(data[:HEAD_BYTES])) in ARCHIVES:
            return nested(position, name)
        return Member(position, name, bytes(data))

    def _refuse_what_holds_no_letters(self) -> None:
        if all(map(_holds_no_letter, self._entries)):
            what = "holds folders and no file" if self._entries else "is empty"
            raise ArchiveRefusedError("empty_archive", f"The archive {what}: pack it again with its letters.")
        names = {entry.filename for entry in self._entries[:100]}
        if names & _OFFICE_ENTRIES or self._entries[0].filename == "mimetype":
            raise ArchiveRefusedError(
                "office_document", "This is an office document or a program: save the letter as PDF or text."
            )


class _GuardedFile:
    """The archive's file for ZipFile, which reads the whole directory at once and builds an object an entry.

    Both are bounded here, by what the bytes hold and not by the numbers that the archive states.
    """

    def __init__(self, file: IO[bytes], limits: ArchiveLimits) -> None:
        self._file = file
        self._limits = limits

    def read(self, size: int = -1) -> bytes:
        most = self._limits.directory
        data = self._file.read(size if 0 <= size <= most else most + 1)
        if len(data) > most or data.count(_DIRECTORY_ENTRY) > self._limits.entries:
            raise ArchiveRefusedError(
                "too_many_entries",
                f"The archive holds more than {self._limits.entries:,} entries: split it into several.",
            )
        return data

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def _what_is_wrong(error: Exception) -> str:
    # zipfile's "File is not a zip file" misleads: the file begins as one.
    return "the list of its files is missing" if "not a zip file" in str(error) else str(error)


def _name(entry: ZipInfo) -> str:
    """The entry's name: macOS writes UTF-8 without the flag that says so, and Windows never by chance."""
    if entry.flag_bits & _NAME_IS_UTF_8 or entry.filename.isascii():
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return entry.filename


def _holds_no_letter(entry: ZipInfo) -> bool:
    return entry.filename.endswith("/") or is_system_note(entry.filename)
