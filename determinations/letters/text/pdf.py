"""Text of a PDF, read by a process of its own under limits of time, memory, pages and characters."""

import json
from dataclasses import dataclass

from determinations.letters.parsed_letter import UnreadableLetterError
from determinations.letters.text.limited_process import LimitedProgram, ProgramFailedError, command_of

MAX_PAGES = 300
MAX_CHARACTERS = 5_000_000
MAX_SECONDS = 20.0
MAX_MEMORY_BYTES = 1_500_000_000

_LONGEST_ANSWER = MAX_CHARACTERS * 12 + 1_000_000

_MESSAGES = {
    "encrypted_pdf": "The PDF is protected by a password. Save a copy without the password and import that.",
    "broken_pdf": "The PDF is damaged and cannot be opened. Download it again, or print it to a new PDF.",
    "too_many_pages": f"The PDF has more than {MAX_PAGES} pages, too many for one letter. Split it up.",
    "too_large": "The PDF holds too much text, or needs too much memory, for one letter. Split it up.",
    "pdf_too_slow": "Reading the PDF took too long and was stopped. Print it to a new PDF and import that.",
    "empty_file": "The pages of the PDF are blank. Download the letter again.",
}
_FAILURES = {"too_slow": "pdf_too_slow", "ended": "broken_pdf", "too_large": "too_large"}


@dataclass(frozen=True, slots=True)
class PdfText:
    """The text of each page. Pages are numbered from 1.

    `pictures` are the pages that show what is not text: scans, with a stamp or without. `notes` is the number
    of comments and notes on the pages, whose words are not in the text; `attached` names attached files.
    """

    pages: tuple[str, ...]
    pictures: tuple[int, ...] = ()
    notes: int = 0
    attached: tuple[str, ...] = ()

    @property
    def is_scan(self) -> bool:
        """Whether no page has text of its own."""
        return bool(self.pictures) and not any(
            page.strip() for number, page in enumerate(self.pages, 1) if number not in self.pictures
        )


class PdfReader:
    """Reads PDFs. `command` is the program's command line, `seconds` the time that one PDF may take."""

    def __init__(self, command: list[str] | None = None, seconds: float = MAX_SECONDS) -> None:
        limits = (MAX_PAGES, MAX_CHARACTERS, MAX_MEMORY_BYTES)
        self.program = LimitedProgram(
            command or command_of("pdf_process.py", *limits), seconds, _LONGEST_ANSWER
        )

    def read(self, data: bytes) -> PdfText:
        """The text of a PDF, nothing for the pages of a scan.

        Raises UnreadableLetterError: "encrypted_pdf", "broken_pdf", "too_many_pages", "too_large",
        "pdf_too_slow", "empty_file".
        """
        try:
            answer = json.loads(self.program.ask(data))
        except ProgramFailedError as error:
            raise _refusal(_FAILURES[error.failure]) from error
        if "error" in answer:
            raise _refusal(answer["error"])
        pdf = PdfText(
            tuple(answer["pages"]),
            tuple(answer["pictures"]),
            answer["notes"],
            tuple(answer["attached"]),
        )
        if not pdf.pictures and not any(map(str.strip, pdf.pages)):
            raise _refusal("empty_file")
        return pdf


def _refusal(code: str) -> UnreadableLetterError:
    return UnreadableLetterError(code, _MESSAGES[code])


_reader = PdfReader()


def read_pdf(data: bytes) -> PdfText:
    """The text of a PDF, read by this process's program. Raises UnreadableLetterError."""
    return _reader.read(data)
