"""One stored file read: the values of its letter or letters, or why it has none. Knows no database.

Also runs in the reader processes, so that parsing uses every core. Takes paths and returns values; does not
use the database.
"""

import hashlib
import logging
import re
import signal
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from determinations.letters.parse import read_letters
from determinations.letters.parsed_letter import ParsedLetter, Pickled, UnreadableLetterError
from determinations.letters.text.ocr import MAX_SECONDS_PER_PAGE

MOST_CHARACTERS = 1_000_000
"""About 300 pages. Real letters have 4 to 50 thousand. The memory that an import takes depends on this."""

_SECONDS_BESIDE_OCR = 60.0
_FEWEST_LETTERS = 100
_NAMED_BY_HASH = re.compile(r"[0-9a-f]{64}")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LetterRead(Pickled):
    """A letter, the `part`th of its file, counted from 1, and the others in the same file.

    `text_hash` is the same for files whose text differs in white space only, `letter_hash` for letters that
    say the same, whatever their cover, page headers and line ends.
    """

    text: str
    text_hash: str
    letter_hash: str
    letter: ParsedLetter
    part: int = 1
    others: tuple["LetterRead", ...] = ()

    @classmethod
    def of(cls, text: str, letter: ParsedLetter, *others: ParsedLetter) -> Self:
        """What was read of a file with this text."""
        text_hash = hash_of_text(text)
        rest = tuple(
            cls(text, text_hash, hash_of_letter(other), other, part) for part, other in enumerate(others, 2)
        )
        return cls(text, text_hash, hash_of_letter(letter), letter, others=rest)


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
        data = path.read_bytes()
        if _NAMED_BY_HASH.fullmatch(path.name) and hashlib.sha256(data).hexdigest() != path.name:
            return _damaged(path)
        extracted, letters = read_letters(data, _take_time_for_a_page)
        if len(extracted.text) > MOST_CHARACTERS:
            return _too_long(len(extracted.text))
        return LetterRead.of(extracted.text, *letters)
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


def _damaged(path: Path) -> LetterRefused:
    return LetterRefused(
        "bytes_damaged",
        f"The stored bytes of this file are damaged: {path} does not have the hash that it is named after. "
        "Import the file again, or restore it from a backup of the data directory.",
    )


def _take_time_for_a_page() -> None:
    """Put the alarm of a reader process off: a page takes longer by OCR than most letters do without."""
    if signal.getitimer(signal.ITIMER_REAL)[0]:
        signal.setitimer(signal.ITIMER_REAL, MAX_SECONDS_PER_PAGE + _SECONDS_BESIDE_OCR)


def _too_long(characters: int) -> LetterRefused:
    return LetterRefused(
        "too_large",
        f"The text has {characters:,} characters, but a letter can have at most {MOST_CHARACTERS:,}. "
        "If it contains several letters, split it.",
    )


def hash_of_text(text: str) -> str:
    """SHA-256 of the text with each run of white space as one blank."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()


def hash_of_letter(letter: ParsedLetter) -> str:
    """SHA-256 of what the letter says: letters and digits of its summary and items, without the cover.

    Neither hyphens at line ends nor page headers make a difference. The cover counts apart, since a print may
    lack it: see letter_storage. Empty where too little was read to tell letters apart.
    """
    parts = [letter.clinical_summary]
    for item in letter.items:
        guidelines = (item.claims_administrator_guideline, item.reviewer_guideline)
        parts += (item.request, item.decision.value, *guidelines, item.rationale)
    words = "\n".join(map(letters_and_digits, parts))
    if len(words) < _FEWEST_LETTERS:
        return ""
    return hashlib.sha256(words.casefold().encode(errors="replace")).hexdigest()


_ASCII_SIGNS = bytes(code for code in range(128) if not chr(code).isalnum())
_BEYOND_ASCII = re.compile(r"[^\0-\x7f]")


def letters_and_digits(text: str) -> str:
    """The characters that `str.isalnum` says so of; most of the others are ASCII, and go all at once."""
    kept = text.encode(errors="surrogatepass").translate(None, _ASCII_SIGNS).decode(errors="surrogatepass")
    return kept if kept.isascii() else _BEYOND_ASCII.sub(_if_alphanumeric, kept)


def _if_alphanumeric(character: re.Match[str]) -> str:
    return character[0] if character[0].isalnum() else ""
