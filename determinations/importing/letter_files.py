"""Letters on this machine's disk: the files that a list of paths means, and their bytes.

Knows no database. A folder stands for the files in it and below whose names end like those of letters,
e-mails and archives, in order of name; what else lies there is counted, so that the caller can say what was
left alone. A file that is named itself is taken whatever its name; what it is, its content says.
"""

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from determinations.importing.letter_reading import LetterRefused
from determinations.letters.text.extraction import MAX_LETTER_BYTES
from determinations.letters.text.file_kinds import ARCHIVES, HEAD_BYTES, kind_of
from determinations.letters.text.file_labels import is_system_note

LETTER_SUFFIXES = frozenset(
    {".txt", ".pdf", ".docx", ".eml", ".msg", ".zip", ".tar", ".tgz", ".gz", ".tbz2", ".bz2", ".7z", ".rar"}
)
"""The last two are refused, with what to do."""


@dataclass(frozen=True, slots=True)
class FoundFiles:
    """The absolute paths of the files that the paths mean, and the number of other files in their folders."""

    files: tuple[Path, ...]
    skipped: int


class FileRefusedError(Exception):
    """A file that cannot be taken in; `refusal` says why."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.refusal = LetterRefused(code, reason)


def find_letters(paths: Iterable[Path]) -> FoundFiles:
    """Files as named, folders searched. A path that does not exist is kept: reading it says why."""
    files: list[Path] = []
    skipped = 0
    for path in paths:
        if not path.is_dir():
            files.append(path.absolute())
            continue
        inside = sorted(_entries_below(path.absolute()))
        letters = [entry for entry in inside if _may_be_letter(entry)]
        files.extend(letters)
        skipped += len(inside) - len(letters)
    return FoundFiles(tuple(files), skipped)


def paths_listed(data: bytes) -> list[Path]:
    """The paths of a list: one a line, or ended by NUL as `find -print0` writes them."""
    separator = b"\0" if b"\0" in data else b"\n"
    lines = (line.removesuffix(b"\r") for line in data.split(separator))
    return [Path(os.fsdecode(line)) for line in lines if line.strip()]


def head_of(path: Path) -> bytes:
    """The first bytes, which show what kind of file it is. Raises FileRefusedError."""
    with _opened(path) as file:
        return file.read(HEAD_BYTES)


def bytes_of(path: Path) -> bytes | None:
    """All bytes of a letter; None where the file is an archive. Raises FileRefusedError, for a letter that is
    too large before reading it.
    """
    with _opened(path) as file:
        head = file.read(HEAD_BYTES)
        if kind_of(head) in ARCHIVES:
            return None
        size = os.fstat(file.fileno()).st_size
        if size <= MAX_LETTER_BYTES:
            data = head + file.read(MAX_LETTER_BYTES)
            size = len(data)  # it may have grown
    if size > MAX_LETTER_BYTES:
        raise _too_large(size)
    return data


def _entries_below(folder: Path) -> Iterator[Path]:
    """Everything but searched folders; links to folders are not followed, for they may lead in a circle."""
    for parent, folders, names in os.walk(folder):
        yield from (Path(parent, name) for name in names)
        for path in (Path(parent, name) for name in folders):
            if path.is_symlink() or not os.access(path, os.R_OK | os.X_OK):
                yield path


def _may_be_letter(path: Path) -> bool:
    if is_system_note(path.name):
        return False
    # A folder that may not be searched is kept as well, so that its row says so.
    return path.suffix.lower() in LETTER_SUFFIXES or (path.is_dir() and not path.is_symlink())


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise FileRefusedError("unreadable_folder", "The folder cannot be read. Check its permissions.")
        if not stat.S_ISREG(mode):
            raise FileRefusedError("not_a_file", "This is a pipe or a device, not a file.")
        with path.open("rb") as file:
            yield file
    except FileNotFoundError:
        raise FileRefusedError("no_such_file", "There is no such file or folder.") from None
    except (OSError, ValueError) as error:
        raise FileRefusedError("unreadable_file", f"The file cannot be read: {error}.") from None


def _too_large(size: int) -> FileRefusedError:
    return FileRefusedError(
        "too_large",
        f"The file has {size:,} bytes, but a letter can have at most {MAX_LETTER_BYTES:,}. It was skipped. "
        "If it contains several letters, split it.",
    )
