"""The layout of late 2013: sections as in the standard one, items decided in a sentence.

"1. Norco 10/325mg is not medically necessary and appropriate." The paragraphs that follow open with spoken
labels ("The Claims Administrator based its decision on ..."), which stay part of their text.
"""

from determinations.letters.clinical_sections import read_clinical_sections
from determinations.letters.headings import Heading
from determinations.letters.letter_parts import LetterParts
from determinations.letters.letter_text import LetterText
from determinations.letters.paragraphs import ParagraphJoiner
from determinations.letters.parsed_letter import Layout


def read_late_2013(letter: LetterText, headings: list[Heading], joiner: ParagraphJoiner) -> LetterParts:
    """Cuts a letter of late 2013 into its parts."""
    return read_clinical_sections(letter, headings, joiner, Layout.LATE_2013)
