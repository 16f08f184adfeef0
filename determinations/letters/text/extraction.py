"""A letter's file to its text. What a file is, its content says, never its name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from determinations.letters.parsed_letter import ReadingWarning, UnreadableLetterError
from determinations.letters.text import ocr
from determinations.letters.text.characters import PAGE_BREAK, normalized
from determinations.letters.text.encodings import decode_text
from determinations.letters.text.file_kinds import ARCHIVES, HEAD_BYTES, FileKind, kind_of, other_format
from determinations.letters.text.pdf import MAX_CHARACTERS, PdfText, read_pdf
from determinations.letters.text.word import read_word

MAX_LETTER_BYTES = 25_000_000
"""Larger files are no single letter: a letter of 10 pages takes about 100 kB as PDF."""

_NAMES_SHOWN = 5
_FEWEST_LETTERS_PER_PAGE = 20
"""A letter's page has a thousand and more."""


@dataclass(frozen=True, slots=True)
class ExtractedText:
    """A letter's text as its file holds it, pages parted by form feeds, in the characters of `normalized`.

    Running headers and footers are still there: reading takes them out, and may learn the case number from
    them. `pages` is 1 for a text without form feeds. `pages_without_text` are numbers, from 1, of PDF pages
    that show something but have no text, such as a scan between typed pages. `warnings` say what of the file
    was not read, or not surely. `ocr_confidence`, 0 to 100, is None where no page was read by OCR.
    """

    text: str
    pages: int
    kind: Literal["text", "pdf", "word"]
    pages_without_text: tuple[int, ...] = ()
    warnings: tuple[ReadingWarning, ...] = ()
    ocr_confidence: float | None = None


def extract_text(data: bytes, before_page: Callable[[], None] | None = None) -> ExtractedText:
    """The text of a letter's file. `before_page` is called before each page that is read by OCR.

    Raises UnreadableLetterError: "empty_file", "too_large", "not_text", "html", "archive", "email",
    "office_document", "broken_document", and for a PDF "needs_ocr", "encrypted_pdf", "broken_pdf",
    "pdf_too_slow", "too_many_pages".
    """
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise UnreadableLetterError("empty_file", "The file is empty. Download the letter again.")
    if len(data) > MAX_LETTER_BYTES:
        raise UnreadableLetterError(
            "too_large",
            f"The file is larger than {MAX_LETTER_BYTES // 1_000_000} MB, too large for one letter.",
        )
    match kind_of(data[:HEAD_BYTES]):
        case FileKind.PDF:
            return _of_pdf(data, before_page)
        case FileKind.OFFICE:
            return _of_text(read_word(data), "word")
        case FileKind.TEXT:
            decoded = decode_text(data)
            return _of_text(decoded.text, "text", in_doubt=decoded.in_doubt)
        case other:
            raise _refusal(other, data)


def _refusal(kind: FileKind, data: bytes) -> UnreadableLetterError:
    if kind in ARCHIVES:
        return UnreadableLetterError(
            "archive", "This is an archive, not a letter: import it by itself, and its letters come out."
        )
    if kind is FileKind.EMAIL or (kind is FileKind.OLE and is_outlook_message(data)):
        return UnreadableLetterError(
            "email",
            "This is an e-mail, not a letter: import it by itself, and the letters attached come out.",
        )
    if kind is FileKind.OLE:
        return UnreadableLetterError(
            "office_document",
            "This is an old Office document: save the letter as PDF, Word (.docx) or plain text.",
        )
    return UnreadableLetterError("not_text", other_format(data))


def is_outlook_message(data: bytes) -> bool:
    """Whether a file of the kind OLE is an e-mail that Outlook has saved."""
    return "__properties_version1.0".encode("utf-16-le") in data


def _of_text(text: str, kind: Literal["text", "word"], *, in_doubt: bool = False) -> ExtractedText:
    text = normalized(text)
    if not text.strip():
        raise UnreadableLetterError(
            "empty_file", "The file holds nothing but spaces. Download the letter again."
        )
    if len(text) > MAX_CHARACTERS:
        raise UnreadableLetterError(
            "too_large", f"The text has more than {MAX_CHARACTERS:,} characters, too many for one letter."
        )
    warnings = (
        (
            ReadingWarning(
                "characters_in_doubt",
                "Some characters were damaged before the file came here, or are of an unknown encoding: "
                "accents, quotation marks and dashes may be wrong.",
            ),
        )
        if in_doubt
        else ()
    )
    pages = text.rstrip(PAGE_BREAK + " \n").count(PAGE_BREAK) + 1
    return ExtractedText(text, pages, kind, warnings=warnings)


def _of_pdf(data: bytes, before_page: Callable[[], None] | None) -> ExtractedText:
    pdf = read_pdf(data)
    pages = list(pdf.pages)
    warnings = list(_beside_the_text(pdf))
    confidence = None
    unread = pdf.pictures
    if unread and (pdf.is_scan or ocr.is_installed()):
        try:
            read = _by_ocr(data, unread, before_page)
        except ocr.OcrFailedError as error:
            if pdf.is_scan:
                raise UnreadableLetterError(
                    "needs_ocr", f"The PDF is a scan without a text layer, and {error}."
                ) from error
        else:
            for number, page in zip(unread, read.pages, strict=True):
                pages[number - 1] = page
            confidence = read.confidence
            warnings.append(
                ReadingWarning(
                    "read_by_ocr",
                    "These pages are a scan and were read by OCR with a confidence of "
                    f"{confidence:.0f}%: compare names, numbers and doses with the original.",
                    _place(unread),
                )
            )
            unread = ()
    if unread:
        warnings.append(
            ReadingWarning(
                "pages_without_text",
                "These pages are pictures without text and were not read.",
                _place(unread),
            )
        )
    text = PAGE_BREAK.join(normalized(page.replace(PAGE_BREAK, "\n")) for page in pages)
    return ExtractedText(text, len(pages), "pdf", unread, tuple(warnings), confidence)


def _by_ocr(data: bytes, numbers: tuple[int, ...], before_page: Callable[[], None] | None) -> ocr.OcrText:
    if not ocr.is_installed():
        raise ocr.OcrFailedError(f"OCR is not installed: {ocr.HOW_TO_ADD}")
    read = ocr.read_pages(data, numbers, before_page)
    if sum(map(str.isalnum, "".join(read.pages))) < _FEWEST_LETTERS_PER_PAGE * len(numbers):
        raise ocr.OcrFailedError(
            "OCR found next to no words on its pages: scan it again with more dots per inch"
        )
    return read


def _place(numbers: tuple[int, ...]) -> str:
    return f"page {', '.join(map(str, numbers))}"[:80]


def _beside_the_text(pdf: PdfText) -> tuple[ReadingWarning, ...]:
    warnings: list[ReadingWarning] = []
    if pdf.notes:
        warnings.append(
            ReadingWarning(
                "notes_not_read",
                f"Notes that somebody put on the pages of the PDF were not read: {pdf.notes}.",
            )
        )
    if pdf.attached:
        names = ", ".join(pdf.attached[:_NAMES_SHOWN])
        more = len(pdf.attached) - _NAMES_SHOWN
        warnings.append(
            ReadingWarning(
                "attached_files",
                f"The PDF carries other files, which are no part of this letter: {names}"
                f"{f' and {more} more' if more > 0 else ''}.",
            )
        )
    return tuple(warnings)
