"""Letters on this machine's disk: which files a list of paths means, and their bytes.

Knows no database. A folder stands for the `.txt` and `.pdf` files in it and below, in order of name;
what else lies there is counted, so that the caller can say what was left alone.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .importing import IncomingFile

LETTER_SUFFIXES = frozenset({".txt", ".pdf"})
MAX_LETTER_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class FoundFiles:
    """The files that paths stand for, and how many others their folders hold."""

    files: tuple[Path, ...]
    left_alone: int


def find_letters(paths: Iterable[Path]) -> FoundFiles:
    """Files as named, folders searched. A path that does not exist is kept: reading it says why."""
    files: list[Path] = []
    left_alone = 0
    for path in paths:
        if not path.is_dir():
            files.append(path)
            continue
        inside = sorted(entry for entry in path.rglob("*") if entry.is_file())
        letters = [entry for entry in inside if entry.suffix.lower() in LETTER_SUFFIXES]
        files.extend(letters)
        left_alone += len(inside) - len(letters)
    return FoundFiles(tuple(files), left_alone)


def incoming_files(paths: Iterable[Path]) -> Iterator[IncomingFile]:
    """Each file with its bytes, or with the reason why they could not be read."""
    for path in paths:
        try:
            size = path.stat().st_size
            if size > MAX_LETTER_BYTES:
                yield IncomingFile(str(path), None, "too_large", _too_large(size))
            else:
                yield IncomingFile(str(path), path.read_bytes())
        except FileNotFoundError:
            yield IncomingFile(str(path), None, "no_such_file", "There is no such file or folder.")
        except OSError as error:
            yield IncomingFile(str(path), None, "unreadable_file", f"The file cannot be read: {error}.")


def _too_large(size: int) -> str:
    return (
        f"The file has {size:,} bytes and a letter at most {MAX_LETTER_BYTES:,}: it was left where it is. "
        "If it holds several letters, split it."
    )
