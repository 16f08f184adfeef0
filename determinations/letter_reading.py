"""One stored file read: the letter's values, or why it is none. Knows no database.

Runs in worker processes as well, so that parsing uses every core: paths go in, values come out.
"""

import hashlib
import logging
from dataclasses import dataclass
from pathlib import Path

from .letters.extract import extract_text
from .letters.parse import parse_letter
from .letters.parsed_letter import ParsedLetter, UnreadableLetterError

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


def read_stored_letter(path: Path) -> LetterRead | LetterRefused:
    """Read the letter stored at `path`; a letter that cannot be read is refused, never raised."""
    try:
        text = extract_text(path.read_bytes()).text
        return LetterRead(text=text, text_hash=hash_of_text(text), letter=parse_letter(text))
    except UnreadableLetterError as error:
        return LetterRefused(error.code, error.message)
    except Exception as error:
        logger.exception("The reader failed on %s", path)
        return LetterRefused(
            "reader_failed",
            f"The reader failed on this letter ({type(error).__name__}: {error}). Its bytes are kept: "
            "report it, and import it again after an update.",
        )


def hash_of_text(text: str) -> str:
    """SHA-256 of the text with each run of white space as one blank."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()
