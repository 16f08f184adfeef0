"""A program that answers requests over pipes and is killed when it overruns its time.

For libraries that a hostile file may hang or crash: PDF, OCR, e-mail. The process lives on from request to
request and is replaced when it fails. Works in threads and in forked or daemonic processes: each process has
one of its own. Requests and answers are framed by their length in 8 bytes; an empty frame comes first and
says that the program has started.
"""

import atexit
import os
import selectors
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Literal

FRAME = struct.Struct(">Q")

_STARTING_SECONDS = 30.0
"""Longer than any start of Python takes on a busy machine; the time limit counts from a running program."""
_REQUESTS_PER_PROCESS = 1000
"""A process is replaced after as many requests, so that what its library leaks stays bounded."""

_STARTS_PYTHON = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""Without these, some installations of Python cannot start."""

Failure = Literal["too_slow", "ended", "too_large"]


class ProgramFailedError(Exception):
    """The program ended, overran its time, or gave too long an answer."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure)
        self.failure: Failure = failure


class _Process:
    """One process and the pipes to it. Used by one thread at a time."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self.owner = os.getpid()
        self.answered = 0
        self._process = subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0,
            env=environment,
            # What the program starts itself, as OCR does, has to end with it.
            start_new_session=True,
        )  # fmt: skip
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("the program has no pipes")
        self._to, self._from = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._to, False)
        os.set_blocking(self._from, False)

    @property
    def pid(self) -> int:
        return self._process.pid

    def wait_until_ready(self) -> None:
        self._receive(FRAME.size, time.monotonic() + _STARTING_SECONDS)

    def ask(self, data: bytes, seconds: float, longest_answer: int) -> bytes:
        deadline = time.monotonic() + seconds
        self._send(FRAME.pack(len(data)), deadline)
        self._send(data, deadline)
        size = FRAME.unpack(self._receive(FRAME.size, deadline))[0]
        if size > longest_answer:
            raise ProgramFailedError("too_large")
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
                raise ProgramFailedError("ended") from error

    def _receive(self, size: int, deadline: float) -> bytes:
        pieces: list[bytes] = []
        while size:
            self._wait(self._from, selectors.EVENT_READ, deadline)
            piece = os.read(self._from, min(size, 1 << 20))
            if not piece:
                raise ProgramFailedError("ended")
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)

    @staticmethod
    def _wait(descriptor: int, event: int, deadline: float) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(descriptor, event)
            if not selector.select(max(0.0, deadline - time.monotonic())):
                raise ProgramFailedError("too_slow")

    def stop(self) -> None:
        """Kill the process and what it started, if it is this process's own, and close the pipes."""
        if self.owner == os.getpid():
            try:
                os.killpg(self._process.pid, 9)
            except ProcessLookupError:
                self._process.kill()
            self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


class LimitedProgram:
    """Starts the program on first use and again after it failed. One request at a time, in whatever thread.

    `seconds` is what one request may take, `longest_answer` the most bytes of an answer. Of the environment,
    which holds the site's keys and passwords, the program gets the variables in `needs` alone.
    """

    def __init__(
        self, command: list[str], seconds: float, longest_answer: int, needs: tuple[str, ...] = ()
    ) -> None:
        self._needs = (*_STARTS_PYTHON, *needs)
        self._command = command
        self._seconds = seconds
        self._longest_answer = longest_answer
        self._process: _Process | None = None
        self._lock = threading.Lock()
        atexit.register(self.close)

    @property
    def pid(self) -> int | None:
        """The running process, if there is one."""
        return self._process.pid if self._process else None

    def ask(self, data: bytes) -> bytes:
        """The answer to one request. Raises ProgramFailedError."""
        with self._lock:
            try:
                return self._ready_process().ask(data, self._seconds, self._longest_answer)
            except ProgramFailedError:
                self._discard()
                raise

    def close(self) -> None:
        """End the process. The next request starts a new one."""
        with self._lock:
            self._discard()

    def _ready_process(self) -> _Process:
        process = self._process
        if process is None or process.owner != os.getpid() or process.answered >= _REQUESTS_PER_PROCESS:
            self._discard()
            process = self._process = _Process(
                self._command, {name: os.environ[name] for name in self._needs if name in os.environ}
            )
            process.wait_until_ready()
        return process

    def _discard(self) -> None:
        if self._process is not None:
            self._process.stop()
            self._process = None


def command_of(program: str, *arguments: int) -> list[str]:
    """The command line of a program that lies beside this file."""
    # -I keeps the program's folder and the environment from deciding what it imports.
    return [sys.executable, "-I", str(Path(__file__).with_name(program)), *map(str, arguments)]
