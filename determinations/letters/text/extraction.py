"""A letter's file to its text. What a file is, its content says, never its name."""

import re
from dataclasses import dataclass
from typing import Literal

from determinations.letters.parsed_letter import UnreadableLetterError
from determinations.letters.text.encodings import decode_text
from determinations.letters.text.letter_text import PAGE_BREAK
from determinations.letters.text.pdf import MAX_CHARACTERS, read_pdf

MAX_LETTER_BYTES = 25_000_000
"""Larger files are no single letter: a letter of 10 pages takes about 100 kB as PDF."""

_PDF_HEADER = re.compile(rb"(?:\A|[\r\n])[\s\x00\xef\xbb\xbf]*%PDF-\d|\A[^\n]{0,200}%PDF-1\.\d")
_HEADER_WITHIN = 1024


@dataclass(frozen=True, slots=True)
class ExtractedText:
    """A letter's text as its file holds it, pages parted by form feeds.

    Running headers and footers are still there: reading takes them out, and may learn the case number from
    them. `pages` is 1 for a text without form feeds. `pages_without_text` are numbers, from 1, of PDF pages
    that show something but have no text, such as a scan between typed pages.
    """

    text: str
    pages: int
    kind: Literal["text", "pdf"]
    pages_without_text: tuple[int, ...] = ()


def extract_text(data: bytes) -> ExtractedText:
    """The text of a letter's file.

    Raises UnreadableLetterError: "empty_file", "too_large", "not_text", "html", and for a PDF "needs_ocr",
    "encrypted_pdf", "broken_pdf", "pdf_too_slow", "too_many_pages".
    """
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise UnreadableLetterError("empty_file", "The file is empty. Download the letter again.")
    if len(data) > MAX_LETTER_BYTES:
        raise UnreadableLetterError(
            "too_large",
            f"The file is larger than {MAX_LETTER_BYTES // 1_000_000} MB, too large for one letter.",
        )
    if _PDF_HEADER.search(data[:_HEADER_WITHIN]):
        pdf = read_pdf(data)
        pages = [page.replace("\x00", "").replace(PAGE_BREAK, "\n") for page in pdf.pages]
        return ExtractedText(PAGE_BREAK.join(pages), len(pages), "pdf", pdf.pages_without_text)
    text = decode_text(data)
    if not text.strip():
        raise UnreadableLetterError(
            "empty_file", "The file holds nothing but spaces. Download the letter again."
        )
    if len(text) > MAX_CHARACTERS:
        raise UnreadableLetterError(
            "too_large", f"The text has more than {MAX_CHARACTERS:,} characters, too many for one letter."
        )
    return ExtractedText(text, text.rstrip(PAGE_BREAK + " \r\n").count(PAGE_BREAK) + 1, "text")
