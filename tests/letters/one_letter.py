"""A file that holds one letter, as most do."""

from determinations.letters.parse import read_letters
from determinations.letters.parsed_letter import ParsedLetter
from determinations.letters.text.extraction import ExtractedText


def read_letter(data: bytes) -> tuple[ExtractedText, ParsedLetter]:
    """The text of the file and its only letter."""
    extracted, (letter,) = read_letters(data)
    return extracted, letter
