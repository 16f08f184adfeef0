"""Reads letters in several processes at once. A letter that crashes or hangs its process fails alone.

One thread uses the pool; the processes keep reading while that thread does other work. A reader process
takes paths and returns letters, without Django or the database. A letter that takes too long ends its
process. The alarm comes from the kernel, so it works even when no Python code runs. The parent process
notices the end and knows which letters have no answer yet.
"""

import multiprocessing
import os
import resource
import signal
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from pathlib import Path
from queue import SimpleQueue
from typing import Self

from determinations.importing.letter_reading import LetterRead, LetterRefused, read_stored_letter

MOST_MEMORY_BYTES = 500 * 1024 * 1024

ReadOne = Callable[[Path], LetterRead | LetterRefused]
Job = tuple[int, Path]
Answers = list[tuple[int, LetterRead | LetterRefused]]
"""The first message has no answers: it says that the process has started."""


def read_letters(connection: Connection, read: ReadOne, seconds: float) -> None:
    """Answer lists of jobs until the connection ends; each letter may take `seconds`."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process; the first one decides
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    # macOS knows the limit but does not hold it.
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    connection.send([])
    answers: SimpleQueue[Answers] = SimpleQueue()
    # Answers wait here and not in the reading loop: reading goes on while the asker is busy storing.
    threading.Thread(target=_send, args=(connection, answers), daemon=True).start()
    while jobs := _next_jobs(connection):
        done: Answers = []
        for number, path in jobs:
            signal.setitimer(signal.ITIMER_REAL, seconds)
            done.append((number, read(path)))
            signal.setitimer(signal.ITIMER_REAL, 0)
        answers.put(done)


def _next_jobs(connection: Connection) -> Sequence[Job]:
    try:
        jobs: Sequence[Job] = connection.recv()
    except (EOFError, OSError):
        return ()
    return jobs


def _send(connection: Connection, answers: "SimpleQueue[Answers]") -> None:
    while True:
        try:
            connection.send(answers.get())
        except OSError:
            os._exit(0)  # nobody listens any more


READERS = os.cpu_count() or 1
SECONDS_PER_LETTER = 60.0
SECONDS_BETWEEN_LOOKS = 1.0
JOBS_PER_MESSAGE = 25

# A fork would take the database's connections along.
_processes = multiprocessing.get_context("spawn")


class ReadersUnavailableError(Exception):
    """Reader processes end before they have started: nothing can be read, and no letter is to blame."""


class Reading:
    """Letters given to the pool; `outcomes` is filled in their order."""

    def __init__(self, size: int) -> None:
        self.outcomes: list[LetterRead | LetterRefused | None] = [None] * size
        self.missing = size

    def answer(self, index: int, outcome: LetterRead | LetterRefused) -> None:
        self.outcomes[index] = outcome
        self.missing -= 1


class _Reader:
    """One process, and the jobs that it has not answered yet."""

    def __init__(self, read: ReadOne, seconds: float) -> None:
        self.connection, others_end = _processes.Pipe()
        self.process = _processes.Process(target=read_letters, args=(others_end, read, seconds), daemon=True)
        self.process.start()
        others_end.close()
        self.unanswered: dict[int, Path] = {}
        self.is_ready = False

    def give(self, jobs: Sequence[Job]) -> None:
        self.unanswered.update(jobs)
        try:
            self.connection.send(jobs)
        except OSError:
            return  # it has ended, which the next look at the connection finds

    def end(self) -> int:
        """End the process, if it has not ended by itself, and give its exit code."""
        self.connection.close()
        self.process.join(timeout=0.5)
        if self.process.exitcode is None:
            self.process.kill()
            self.process.join()
        code = self.process.exitcode or 0
        self.process.close()
        return code


class ReadingPool:
    """`processes` readers, one a core by default; `read` reads one letter, which may take `seconds`.

    When a reader dies, the letters that it had not answered are read again, one at a time in a reader
    of their own; a letter that ends this one too is refused.
    """

    def __init__(
        self,
        processes: int | None = None,
        seconds: float = SECONDS_PER_LETTER,
        read: ReadOne = read_stored_letter,
    ) -> None:
        self._seconds = seconds
        self._read = read
        self._readers = [self._new_reader() for _ in range(processes or READERS)]
        self._places: dict[int, tuple[Reading, int]] = {}
        self._jobs_given = 0
        self._suspects: deque[Job] = deque()
        self._suspects_reader: _Reader | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the readers; letters not collected yet stay unread."""
        for reader in self._all_readers():
            reader.process.terminate()
        for reader in self._all_readers():
            reader.end()
        self._readers = []
        self._suspects_reader = None

    def submit(self, paths: Sequence[Path]) -> Reading:
        """Give the letters to the readers and return at once."""
        reading = Reading(len(paths))
        jobs: list[Job] = []
        for index, path in enumerate(paths):
            self._places[self._jobs_given] = (reading, index)
            jobs.append((self._jobs_given, path))
            self._jobs_given += 1
        for start in range(0, len(jobs), JOBS_PER_MESSAGE):
            reader = min(self._readers, key=lambda reader: len(reader.unanswered))
            reader.give(jobs[start : start + JOBS_PER_MESSAGE])
        return reading

    def collect(self, reading: Reading, seconds: float) -> list[LetterRead | LetterRefused] | None:
        """The letters in their order, or None where they are not all read within about `seconds`.

        Raises ReadersUnavailableError.
        """
        while reading.missing:
            readers = {reader.connection: reader for reader in self._all_readers()}
            answering = wait(list(readers), timeout=seconds)
            if not answering:
                return None
            for connection in answering:
                if isinstance(connection, Connection):
                    self._receive(readers[connection])
        return [outcome for outcome in reading.outcomes if outcome]

    def read_all(self, paths: Sequence[Path]) -> list[LetterRead | LetterRefused]:
        """Read the letters and wait for all of them, in their order. Raises ReadersUnavailableError."""
        reading = self.submit(paths)
        while (outcomes := self.collect(reading, SECONDS_BETWEEN_LOOKS)) is None:
            pass
        return outcomes

    def _new_reader(self) -> _Reader:
        return _Reader(self._read, self._seconds)

    def _all_readers(self) -> list[_Reader]:
        return [*self._readers, *([self._suspects_reader] if self._suspects_reader else [])]

    def _receive(self, reader: _Reader) -> None:
        try:
            answers: Answers = reader.connection.recv()
        except (EOFError, OSError):
            self._replace(reader)
            return
        reader.is_ready = True
        for number, outcome in answers:
            del reader.unanswered[number]
            self._answer(number, outcome)
        if answers and reader is self._suspects_reader:
            self._question_next_suspect()

    def _answer(self, number: int, outcome: LetterRead | LetterRefused) -> None:
        reading, index = self._places.pop(number)
        reading.answer(index, outcome)

    def _replace(self, reader: _Reader) -> None:
        exit_code = reader.end()
        was_alone = reader is self._suspects_reader
        if was_alone:
            self._suspects_reader = None
        else:
            self._readers.remove(reader)
        if not reader.is_ready:
            raise ReadersUnavailableError(
                f"The processes that read letters cannot start (exit code {exit_code}). The log says why."
            )
        if was_alone:
            for number in reader.unanswered:
                self._answer(number, _refusal(exit_code, self._seconds))
        else:
            self._readers.append(self._new_reader())
            self._suspects.extend(reader.unanswered.items())
        if not (self._suspects_reader and self._suspects_reader.unanswered):
            self._question_next_suspect()

    def _question_next_suspect(self) -> None:
        if self._suspects:
            self._suspects_reader = self._suspects_reader or self._new_reader()
            self._suspects_reader.give([self._suspects.popleft()])
        elif self._suspects_reader:
            self._suspects_reader.end()
            self._suspects_reader = None


def _refusal(exit_code: int, seconds: float) -> LetterRefused:
    what_to_do = "Its bytes are kept. Please report it, and retry after an update."
    if exit_code == -signal.SIGALRM:
        return LetterRefused(
            "reader_too_slow",
            f"Reading this letter took longer than {seconds:.0f} seconds, twice. {what_to_do}",
        )
    return LetterRefused(
        "reader_died",
        f"Reading this letter crashed the process twice (exit code {exit_code}). {what_to_do}",
    )
