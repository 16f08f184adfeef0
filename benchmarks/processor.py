"""Processor time of a process together with its children."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.memory import with_children

_TICKS = os.sysconf("SC_CLK_TCK")


class Used:
    """Seconds of processor time, known when the block has ended."""

    seconds = 0.0


@contextmanager
def processor_time() -> Iterator[Used]:
    """That this process, those it has started, and theirs use in the block; only its own without Linux.

    What a child's own children have used is counted in steps of 10 ms, and once they have ended. Looking
    for children takes up to a millisecond, which is not counted: it comes before and after.
    """
    used = Used()
    children = _of_children()
    own = time.process_time()
    yield used
    own = time.process_time() - own
    used.seconds = own + _of_children() - children


def processor_seconds_of(process: int) -> float:
    """Of a process and of its children so far, in the same steps."""
    return sum(map(_of_child, with_children(process)))


def _of_children() -> float:
    return sum(map(_of_child, with_children(os.getpid())[1:]))


def _of_child(process: int) -> float:
    try:
        used = time.clock_gettime(~process << 3 | 2)  # the clock that clock_getcpuclockid(3) names
        numbers = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:  # ended meanwhile
        return 0.0
    ended = int(numbers[13]) + int(numbers[14])  # cutime and cstime
    return used + ended / _TICKS
