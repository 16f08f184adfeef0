"""Scanned pages read by OCR, where an engine is installed: Tesseract, through pytesseract.

Each page is read by a process of its own under limits of time and memory. Nothing here decides which pages
need it.
"""

import json
import shutil
import struct
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec

from determinations.letters.text.limited_process import LimitedProgram, ProgramFailedError, command_of

MAX_PAGES = 60
MAX_SECONDS = 600.0
MAX_SECONDS_PER_PAGE = 45.0
MAX_MEMORY_BYTES = 1_500_000_000

_PAGE = struct.Struct(">L")
_LONGEST_ANSWER = 10_000_000
_LEEWAY_SECONDS = 5.0
"""The engine's own limit is to be met before the process is killed."""

HOW_TO_ADD = (
    "to have it read here, install Tesseract (on Debian: apt install tesseract-ocr) and the Python package "
    "pytesseract (pip install pytesseract), then read the failed files again; or run OCR over it and import "
    "the result"
)


class OcrFailedError(Exception):
    """A page could not be read; the message says why."""


@dataclass(frozen=True, slots=True)
class OcrText:
    """The text of each page asked for, and the engine's mean confidence in its letters, 0 to 100."""

    pages: tuple[str, ...]
    confidence: float


@cache
def is_installed() -> bool:
    """Whether this machine has the engine and the library that runs it."""
    return shutil.which("tesseract") is not None and find_spec("pytesseract") is not None


def read_pages(data: bytes, numbers: Sequence[int], before_page: Callable[[], None] | None = None) -> OcrText:
    """Read pages of a PDF, numbered from 1. `before_page` is called before each.

    Raises OcrFailedError.
    """
    if len(numbers) > MAX_PAGES:
        raise OcrFailedError(f"it has {len(numbers)} scanned pages, and at most {MAX_PAGES} are read by OCR")
    deadline = time.monotonic() + MAX_SECONDS
    pages: list[str] = []
    letters = sure = 0.0
    for number in numbers:
        if time.monotonic() > deadline:
            raise OcrFailedError(f"OCR took longer than {MAX_SECONDS:.0f} seconds")
        if before_page:
            before_page()
        page = _read_page(data, number)
        pages.append(page.text)
        letters += page.letters
        sure += page.letters * page.confidence
    return OcrText(tuple(pages), sure / letters if letters else 0.0)


@dataclass(frozen=True, slots=True)
class _Page:
    text: str
    letters: int
    confidence: float


def _read_page(data: bytes, number: int) -> _Page:
    try:
        answer = json.loads(_program().ask(_PAGE.pack(number - 1) + data))
    except ProgramFailedError as error:
        raise OcrFailedError(f"OCR of page {number} took too long or too much memory") from error
    if "error" in answer:
        raise OcrFailedError(f"OCR of page {number} failed: {answer['error']}")
    return _Page(answer["text"], answer["letters"], answer["confidence"])


@cache
def _program() -> LimitedProgram:
    command = command_of("ocr_process.py", MAX_MEMORY_BYTES, int(MAX_SECONDS_PER_PAGE))
    seconds = MAX_SECONDS_PER_PAGE + _LEEWAY_SECONDS
    return LimitedProgram(command, seconds, _LONGEST_ANSWER, needs=("PATH", "TESSDATA_PREFIX", "TMPDIR"))
