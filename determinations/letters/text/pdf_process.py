"""The program that reads PDFs in a process of its own, so that a hang or a crash of the library stays there.

Run by path, alone: it imports nothing of this project. Requests come on standard input and answers go to
standard output, each framed by its length in 8 bytes; an empty answer says first that it is ready. A request
is a PDF; an answer is a JSON object, {"pages": [text, ...], "unreadable_pages": [number, ...]} or
{"error": code, "detail": text}.

Arguments: most pages, most characters, most memory in bytes.
"""

import json
import resource
import struct
import sys
from contextlib import closing, suppress
from typing import BinaryIO

import pypdfium2
from pypdfium2 import raw

_FRAME = struct.Struct(">Q")


def _limit_memory(most_bytes: int) -> None:
    # macOS knows the limit but refuses to set it; there the parent's time limit is what holds.
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (most_bytes, most_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _read_exactly(stream: BinaryIO, size: int) -> bytes | None:
    data = stream.read(size)
    return data if len(data) == size else None


def _answer(data: bytes, most_pages: int, most_characters: int) -> dict[str, object]:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            return {"error": "encrypted_pdf", "detail": str(error)}
        return {"error": "broken_pdf", "detail": str(error)}
    with closing(document):
        count = len(document)
        if count > most_pages:
            return {"error": "too_many_pages", "detail": str(count)}
        pages: list[str] = []
        unreadable: list[int] = []
        characters = 0
        for number in range(count):
            try:
                text, is_scan = _page(document, number)
            except pypdfium2.PdfiumError as error:
                return {"error": "broken_pdf", "detail": f"page {number + 1}: {error}"}
            characters += len(text)
            if characters > most_characters:
                return {"error": "too_large", "detail": f"more than {most_characters} characters of text"}
            pages.append(text)
            if is_scan:
                unreadable.append(number + 1)
        return {"pages": pages, "unreadable_pages": unreadable}


def _page(document: pypdfium2.PdfDocument, number: int) -> tuple[str, bool]:
    """A page's text, and whether the page shows something but has no text."""
    with closing(document[number]) as page, closing(page.get_textpage()) as text_page:
        text = text_page.get_text_range()
        return text, not text.strip() and raw.FPDFPage_CountObjects(page) > 0


def main() -> None:
    most_pages, most_characters, most_memory = map(int, sys.argv[1:4])
    _limit_memory(most_memory)
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    answers.write(_FRAME.pack(0))
    answers.flush()
    while (header := _read_exactly(requests, _FRAME.size)) is not None:
        data = _read_exactly(requests, _FRAME.unpack(header)[0])
        if data is None:
            return
        try:
            answer = _answer(data, most_pages, most_characters)
        except MemoryError:
            answer = {"error": "too_large", "detail": "the PDF needs too much memory"}
        payload = json.dumps(answer).encode("ascii")
        answers.write(_FRAME.pack(len(payload)) + payload)
        answers.flush()


if __name__ == "__main__":
    main()
