"""What runs in a reader process: paths in, letters out. Knows no database and no Django.

A letter that takes too long ends the process: the alarm is the kernel's, so that it rings even where no
Python code runs any more. The process that asked notices the end and knows which letters are unanswered.
"""

import os
import resource
import signal
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue

from determinations.importing.letter_reading import LetterRead, LetterRefused

MOST_MEMORY_BYTES = 500 * 1024 * 1024

ReadOne = Callable[[Path], LetterRead | LetterRefused]
Job = tuple[int, Path]
Answers = list[tuple[int, LetterRead | LetterRefused]]
"""No answers are the first message: they say that the process has started."""


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
