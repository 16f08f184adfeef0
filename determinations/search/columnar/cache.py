"""Arrays and bitmaps kept in memory within a budget of bytes. Threads may share a cache."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from pyroaring import BitMap


class Cache:
    """Arrays and bitmaps by name; the least recently used are let go when they exceed `budget` bytes.

    What takes more than `largest` bytes, by default the budget, is not kept.
    """

    def __init__(self, budget: int, largest: int | None = None) -> None:
        self._budget = budget
        self._largest = budget if largest is None else largest
        self._size = 0
        self._kept: OrderedDict[Any, tuple[Any, ...]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def size(self) -> int:
        """The bytes of all that is kept, roughly."""
        return self._size

    def close(self) -> None:
        """Let go of everything, and keep nothing from now on."""
        with self._lock:
            self._budget = self._largest = self._size = 0
            self._kept.clear()

    def get(self, name: Any, make: Callable[[], tuple[Any, ...]]) -> tuple[Any, ...]:
        with self._lock:
            kept = self._kept.get(name)
            if kept is not None:
                self._kept.move_to_end(name)
                return kept
        made = make()  # outside the lock: two threads may make the same, and the first is kept
        size = _bytes(made)
        with self._lock:
            if size <= self._largest and self._kept.setdefault(name, made) is made:
                self._size += size
                while self._size > self._budget:
                    self._size -= _bytes(self._kept.popitem(last=False)[1])
        return made


def _bytes(kept: tuple[Any, ...]) -> int:
    """Those of arrays and of the containers of bitmaps, which have 2 to 8192 for 65,536 numbers."""
    return sum(map(_bytes_of, kept))


def _bytes_of(one: Any) -> int:
    if not isinstance(one, BitMap):
        return int(one.nbytes)
    containers = one.get_statistics()
    return (
        containers["n_bytes_array_containers"]
        + containers["n_bytes_run_containers"]
        + containers["n_bytes_bitset_containers"]
    )
