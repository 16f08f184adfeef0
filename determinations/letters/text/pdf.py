"""Text of a PDF, read by a worker process under limits of time, memory, pages and characters.

The worker lives on from PDF to PDF and is killed when it overruns its time; the next PDF gets a new one.
Works in threads and in forked or daemonic processes: each process has a worker of its own.
"""

import atexit
import json
import os
import selectors
import struct
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from determinations.letters.parsed_letter import UnreadableLetterError

MAX_PAGES = 300
MAX_CHARACTERS = 5_000_000
MAX_SECONDS = 20.0
MAX_MEMORY_BYTES = 1_500_000_000

_WORKER = Path(__file__).with_name("pdf_process.py")
_FRAME = struct.Struct(">Q")
_LONGEST_ANSWER = MAX_CHARACTERS * 12 + 1_000_000
_STARTING_SECONDS = 30.0
"""Longer than any start of Python takes on a busy machine; the time limit counts from a running worker."""
_PDFS_PER_WORKER = 1000
"""A worker is replaced after as many PDFs, so that what its library leaks stays bounded."""

_MESSAGES = {
    "encrypted_pdf": "The PDF is protected by a password. Save a copy without the password and import that.",
    "broken_pdf": "The PDF is damaged and cannot be opened. Download it again, or print it to a new PDF.",
    "too_many_pages": f"The PDF has more than {MAX_PAGES} pages, too many for one letter. Split it up.",
    "too_large": "The PDF holds too much text, or needs too much memory, for one letter. Split it up.",
    "pdf_too_slow": "Reading the PDF took too long and was stopped. Print it to a new PDF and import that.",
    "needs_ocr": "The PDF is a scan without a text layer. Run OCR over it, then import the result.",
}
_FEWEST_LETTERS_PER_PAGE = 20
"""A scan may carry a stamped header as its only text; a letter's page has a thousand letters and more."""


@dataclass(frozen=True, slots=True)
class PdfText:
    """The text of each page, and the numbers (from 1) of pages that show something but have no text."""

    pages: tuple[str, ...]
    pages_without_text: tuple[int, ...]


class _WorkerFailedError(Exception):
    """The worker ended or overran its time; `code` is the letter's error code."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


class _Worker:
    """One worker process and the pipes to it. Used by one thread at a time."""

    def __init__(self, command: list[str]) -> None:
        self.process_id = os.getpid()
        self.answered = 0
        self._process = subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0
        )
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("the worker has no pipes")
        self._to, self._from = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._to, False)
        os.set_blocking(self._from, False)

    def wait_until_ready(self, seconds: float) -> None:
        """Waits for the empty frame by which the worker says that it has started."""
        self._receive(_FRAME.size, time.monotonic() + seconds)

    def ask(self, data: bytes, seconds: float) -> bytes:
        """Sends one PDF and waits for its answer. Raises _WorkerFailedError after `seconds`."""
        deadline = time.monotonic() + seconds
        self._send(_FRAME.pack(len(data)), deadline)
        self._send(data, deadline)
        size = _FRAME.unpack(self._receive(_FRAME.size, deadline))[0]
        if size > _LONGEST_ANSWER:
            raise _WorkerFailedError("too_large", f"an answer of {size} bytes")
        answer = self._receive(size, deadline)
        self.answered += 1
        return answer

    def _send(self, data: bytes, deadline: float) -> None:
        view = memoryview(data)
        while view:
            self._wait(self._to, selectors.EVENT_WRITE, deadline)
            try:
                view = view[os.write(self._to, view) :]
            except BrokenPipeError as error:
                raise _WorkerFailedError("broken_pdf", "the worker ended") from error

    def _receive(self, size: int, deadline: float) -> bytes:
        pieces: list[bytes] = []
        while size:
            self._wait(self._from, selectors.EVENT_READ, deadline)
            piece = os.read(self._from, min(size, 1 << 20))
            if not piece:
                raise _WorkerFailedError("broken_pdf", "the worker ended")
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)

    @staticmethod
    def _wait(descriptor: int, event: int, deadline: float) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(descriptor, event)
            if not selector.select(max(0.0, deadline - time.monotonic())):
                raise _WorkerFailedError("pdf_too_slow", "the worker overran its time")

    def stop(self) -> None:
        """Kills the process, if it is this process's own, and closes the pipes."""
        if self.process_id == os.getpid():
            self._process.kill()
            self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


class PdfReader:
    """Reads PDFs through a worker that is started on first use and replaced when it fails.

    `command` is the worker's command line, `seconds` the time that one PDF may take.
    """

    def __init__(self, command: list[str] | None = None, seconds: float = MAX_SECONDS) -> None:
        limits = map(str, (MAX_PAGES, MAX_CHARACTERS, MAX_MEMORY_BYTES))
        # -I keeps the worker's folder and the environment from deciding what it imports.
        self._command = command or [sys.executable, "-I", str(_WORKER), *limits]
        self._seconds = seconds
        self._worker: _Worker | None = None
        self._lock = threading.Lock()

    def read(self, data: bytes) -> PdfText:
        """The text of a PDF. Raises UnreadableLetterError with one of the codes of this module."""
        with self._lock:
            try:
                answer = self._ready_worker().ask(data, self._seconds)
            except _WorkerFailedError as error:
                self._discard()
                raise UnreadableLetterError(error.code, _MESSAGES[error.code]) from error
        return _pdf_text(json.loads(answer))

    def close(self) -> None:
        """Ends the worker. The next PDF starts a new one."""
        with self._lock:
            self._discard()

    def _ready_worker(self) -> _Worker:
        worker = self._worker
        if worker is None or worker.process_id != os.getpid() or worker.answered >= _PDFS_PER_WORKER:
            self._discard()
            worker = self._worker = _Worker(self._command)
            worker.wait_until_ready(_STARTING_SECONDS)
        return worker

    def _discard(self) -> None:
        if self._worker is not None:
            self._worker.stop()
            self._worker = None


def _pdf_text(answer: dict[str, object]) -> PdfText:
    error = answer.get("error")
    if error is not None:
        raise UnreadableLetterError(str(error), _MESSAGES[str(error)])
    pages, unreadable = answer["pages"], answer["unreadable_pages"]
    if not isinstance(pages, list) or not isinstance(unreadable, list):
        raise TypeError("the worker's answer is not of its form")
    letters = sum(sum(map(str.isalnum, page)) for page in pages)
    if letters < _FEWEST_LETTERS_PER_PAGE * max(1, len(pages)):
        raise UnreadableLetterError("needs_ocr", _MESSAGES["needs_ocr"])
    return PdfText(tuple(pages), tuple(unreadable))


_reader = PdfReader()
atexit.register(_reader.close)


def read_pdf(data: bytes) -> PdfText:
    """The text of a PDF, by this process's worker. Raises UnreadableLetterError."""
    return _reader.read(data)
