"""Reads one stored file: returns the letter's values, or why the file is not a letter.

Also runs in the reader processes, so that parsing uses every core. Takes paths and returns values; does not
use the database.
"""

import hashlib
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from determinations.letters.parse import read_letter
from determinations.letters.parsed_letter import ParsedLetter, UnreadableLetterError

MOST_CHARACTERS = 1_000_000
"""About 300 pages. Real letters have 4 to 50 thousand. The memory that an import takes depends on this."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LetterRead:
    """`text_hash` is the same for letters whose text differs in white space only."""

    text: str
    text_hash: str
    letter: ParsedLetter


@dataclass(frozen=True, slots=True)
class LetterRefused:
    """Why a file is no determination, for the person who brought it."""

    code: str
    reason: str


ReadAll = Callable[[Sequence[Path]], Iterable[LetterRead | LetterRefused]]
"""Reads the letters stored at the paths, in their order."""


def read_one_by_one(paths: Sequence[Path]) -> Iterable[LetterRead | LetterRefused]:
    """Read in this process: right for a few letters that were read before."""
    return map(read_stored_letter, paths)


def read_stored_letter(path: Path) -> LetterRead | LetterRefused:
    """Read the letter stored at `path`; a letter that cannot be read is refused, never raised."""
    try:
        extracted, letter = read_letter(path.read_bytes())
        if len(extracted.text) > MOST_CHARACTERS:
            return _too_long(len(extracted.text))
        return LetterRead(extracted.text, hash_of_text(extracted.text), letter)
    except UnreadableLetterError as error:
        return LetterRefused(error.code, error.message)
    except FileNotFoundError:
        return LetterRefused(
            "bytes_missing",
            f"The stored bytes of this file are missing from {path}. Restore them from a backup of the "
            "data directory, or import the file again.",
        )
    except Exception as error:
        logger.exception("The parser failed on %s", path)
        return LetterRefused(
            "reader_failed",
            f"The parser failed on this letter ({type(error).__name__}: {error}). Its bytes are kept. "
            "Please report it, and retry after an update.",
        )


def _too_long(characters: int) -> LetterRefused:
    return LetterRefused(
        "too_large",
        f"The text has {characters:,} characters, but a letter can have at most {MOST_CHARACTERS:,}. "
        "If it contains several letters, split it.",
    )


def hash_of_text(text: str) -> str:
    """SHA-256 of the text with each run of white space as one blank."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()
