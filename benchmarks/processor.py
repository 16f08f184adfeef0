"""Processor time of a process together with its children."""

import os
import time
from pathlib import Path

from benchmarks.memory import with_children

_TICKS = os.sysconf("SC_CLK_TCK")


def processor_seconds() -> float:
    """Of this process, of those it has started, and of theirs; only of itself where there is no Linux.

    What a child's own children have used is counted in steps of 10 ms, and once they have ended.
    """
    return time.process_time() + sum(map(_of_child, with_children(os.getpid())[1:]))


def processor_seconds_of(process: int) -> float:
    """Of a process and of its children so far, in the same steps."""
    return sum(map(_of_child, with_children(process)))


def _of_child(process: int) -> float:
    try:
        used = time.clock_gettime(~process << 3 | 2)  # the clock that clock_getcpuclockid(3) names
        numbers = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:  # ended meanwhile
        return 0.0
    ended = int(numbers[13]) + int(numbers[14])  # cutime and cstime
    return used + ended / _TICKS
