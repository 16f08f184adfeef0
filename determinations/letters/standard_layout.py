"""The standard layout, 2014 on: how it was made, clinical case summary, issues and decisions."""

from determinations.letters.clinical_sections import read_clinical_sections
from determinations.letters.headings import Heading
from determinations.letters.letter_parts import LetterParts
from determinations.letters.letter_text import LetterText
from determinations.letters.paragraphs import ParagraphJoiner
from determinations.letters.parsed_letter import Layout


def read_standard(letter: LetterText, headings: list[Heading], joiner: ParagraphJoiner) -> LetterParts:
    """Cuts a standard letter into its parts: "request: Upheld", two guideline paragraphs, a rationale."""
    return read_clinical_sections(letter, headings, joiner, Layout.STANDARD)
