"""Resident memory of a process and all its children, from Linux's /proc; None on other systems."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_SECONDS_BETWEEN_LOOKS = 0.2


@dataclass(frozen=True, slots=True)
class Resident:
    """Bytes in memory, pages shared by processes counted once; `anonymous` is what no file backs."""

    total: int
    anonymous: int


class Peak:
    """The most anonymous memory that was seen; None where it cannot be read."""

    def __init__(self) -> None:
        self.anonymous: int | None = None


def resident(process: int) -> Resident | None:
    found = [one for one in map(_of_one, with_children(process)) if one]
    return Resident(sum(one.total for one in found), sum(one.anonymous for one in found)) if found else None


@contextmanager
def watched(process: int, *, alone: bool = False) -> Iterator[Peak]:
    """Look at the memory of `process` and, unless `alone`, its children again and again."""
    peak, done = Peak(), threading.Event()

    def look() -> None:
        while not done.wait(_SECONDS_BETWEEN_LOOKS):
            processes = [process] if alone else with_children(process)
            now = [one for one in map(anonymous, processes) if one is not None]
            if now:
                peak.anonymous = max(peak.anonymous or 0, sum(now))

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield peak
    finally:
        done.set()
        watcher.join()


def with_children(process: int) -> list[int]:
    found = [process]
    for one in found:  # grows while it is read
        for children in (_PROC / str(one) / "task").glob("*/children"):
            try:
                found.extend(map(int, children.read_text().split()))
            except OSError:  # that thread has ended
                continue
    return found


def anonymous(process: int) -> int | None:
    """Bytes that no file backs: cheaper to ask for than `_of_one`, and pages shared by a fork count twice."""
    try:
        lines = (_PROC / str(process) / "status").read_text().splitlines()
    except OSError:  # ended meanwhile, or not Linux
        return None
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("RssAnon:")), None)


def _of_one(process: int) -> Resident | None:
    try:
        lines = (_PROC / str(process) / "smaps_rollup").read_text().splitlines()[1:]
    except OSError:  # ended meanwhile, or not Linux
        return None
    kilobytes = {line.split(":")[0]: int(line.split()[1]) for line in lines}
    return Resident(kilobytes["Pss"] * 1024, kilobytes["Pss_Anon"] * 1024)
