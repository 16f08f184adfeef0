"""Named numpy arrays in one file, read in place through a memory map.

    magic, arrays (each at a multiple of 8 bytes), directory (JSON), the directory's offset (8 bytes)

Knows nothing of what the arrays hold. A file is written once and never changed.
"""

import json
import mmap
import os
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import DTypeLike, NDArray

Array = NDArray[Any]

_MAGIC = b"IMRCOLS1"
_ALIGNMENT = 8
_OFFSET = struct.Struct("<Q")
_RUN = 1 << 14


class ArrayFileWriter:
    """Use as a context manager: the file is on disk when it is left, and gone if it is left by an error."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("w+b")
        self._file.write(_MAGIC)
        self._directory: dict[str, tuple[str, int, int]] = {}

    def write(self, name: str, array: Array) -> None:
        array = np.ascontiguousarray(array)
        self._begin(name, array.dtype, len(array))
        self._file.write(array.data)

    def reserve(self, name: str, dtype: DTypeLike, length: int) -> Array:
        """An array of `length` zeros in the file, to be filled through a memory map."""
        kind, length = np.dtype(dtype), int(length)
        offset = self._begin(name, kind, length)
        if not length:
            return np.empty(0, kind)
        self._file.truncate(offset + length * kind.itemsize)
        self._file.seek(0, os.SEEK_END)
        return np.memmap(self._file, kind, "r+", offset, (length,))

    def _begin(self, name: str, dtype: np.dtype[Any], length: int) -> int:
        self._file.write(b"\0" * (-self._file.tell() % _ALIGNMENT))
        self._file.flush()
        offset = self._file.tell()
        self._directory[name] = (dtype.str, offset, length)
        return offset

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._file as file:
            if kind is not None:
                self._path.unlink()
                return
            start = file.tell()
            file.write(json.dumps(self._directory).encode())
            file.write(_OFFSET.pack(start))
            file.flush()
            os.fsync(file.fileno())


class ArrayFile:
    """The arrays of a file by name, read-only views of its memory map. Safe to share between threads.

    Raises ValueError for a file that is not whole, OSError for one that cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if self._map[: len(_MAGIC)] != _MAGIC or len(self._map) < len(_MAGIC) + _OFFSET.size:
            raise ValueError(f"{path.name} is not a whole array file")
        (start,) = _OFFSET.unpack(self._map[-_OFFSET.size :])
        self._directory: dict[str, tuple[str, int, int]] = json.loads(self._map[start : -_OFFSET.size])
        self._arrays: dict[str, Array] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._directory

    def __getitem__(self, name: str) -> Array:
        array = self._arrays.get(name)
        if array is None:
            dtype, offset, length = self._directory[name]
            array = self._arrays[name] = np.frombuffer(self._map, dtype, length, offset)
        return array

    def piece(self, name: str, start: int, stop: int) -> bytes:
        """A copy of the entries `start` to `stop` - 1 of an array of bytes."""
        _, offset, _ = self._directory[name]
        return self._map[offset + start : offset + stop]


def smallest_unsigned(largest: int) -> np.dtype[Any]:
    """The narrowest unsigned type that holds `largest`."""
    return np.min_scalar_type(max(largest, 0))


def joined(parts: Sequence[Array], dtype: DTypeLike = np.uint32) -> Array:
    """The parts behind one another; one alone is not copied, none are an empty array of `dtype`."""
    return np.concatenate(parts) if len(parts) > 1 else parts[0] if parts else np.empty(0, dtype)


def runs(length: int, at_a_time: int | None = None) -> Iterator[slice]:
    """The entries 0 to `length` a run at a time, whose arrays stay in the processor's cache.

    A process pays for memory that it has not used before: large arrays on the way to a result take as
    long to get as to fill.
    """
    step = at_a_time or _RUN
    return (slice(start, start + step) for start in range(0, length, step))
