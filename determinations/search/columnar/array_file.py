"""Named numpy arrays in one file, with a checksum for every 4 KiB.

    magic, arrays (each at a multiple of 8 bytes), checksums, directory, trailer

The trailer says where the checksums begin and end. The checksums are the CRC-32 of each block of what comes
before them, and the directory (JSON) says where each array is. The digest of these last three parts stands
for the whole file: whoever opens it must give the digest, so that no other file passes for it.

Reading copies: a part of an array is read with `pread` and its blocks are verified each time, at some 2 to 3
GB a second. A memory map would spare the copy, but a file that is cut short under a map kills the process
(SIGBUS), and a block that changes after it was verified would be believed.

Knows nothing of what the arrays hold. A file is written once and never changed.
"""

import errno
import hashlib
import json
import os
import struct
import weakref
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from zlib import crc32

import numpy as np
from numpy.typing import DTypeLike, NDArray

from determinations.search.index_errors import IndexDamagedError

Array = NDArray[Any]

_MAGIC = b"IMRCOLS2"
_ALIGNMENT = 8
_TRAILER = struct.Struct("<QQ8s")
_RUN = 1 << 14
BLOCK = 1 << 12
"""Bytes of a block. Reading the few postings of a rare word takes a whole block, so it must not be large."""
_BLOCKS_AT_A_TIME = 1 << 10


class ArrayFileWriter:
    """Use as a context manager: the file is on disk when it is left, and gone if it is left by an error.

    `digest` is the digest of the file, once it is written. One that is not kept need not reach the disk.
    """

    def __init__(self, path: Path, *, is_kept: bool = True) -> None:
        self.digest = ""
        self._is_kept = is_kept
        self._path = path
        self._file = path.open("w+b")
        self._file.write(_MAGIC)
        self._directory: dict[str, tuple[str, int, int]] = {}

    @property
    def folder(self) -> Path:
        """Where the file is."""
        return self._path.parent

    def write(self, name: str, array: Array) -> None:
        array = np.ascontiguousarray(array)
        self._begin(name, array.dtype, len(array))
        self._file.write(array.data)

    def write_offsets(self, name: str, counts: Sequence[int] | Array) -> None:
        """Where each of several runs begins, and where the last one ends, by how many entries each has."""
        offsets = offsets_of(counts)
        self.write(name, offsets.astype(smallest_unsigned(int(offsets[-1]))))

    def write_parts(self, name: str, parts: Iterable[bytes], dtype: DTypeLike = np.uint8) -> None:
        """An array of which only a part is in memory at a time; nothing else may be written meanwhile."""
        kind = np.dtype(dtype)
        offset = self._begin(name, kind, 0)
        self._file.writelines(parts)
        self._directory[name] = (kind.str, offset, (self._file.tell() - offset) // kind.itemsize)

    def reserve(self, name: str, dtype: DTypeLike, length: int) -> Array:
        """An array of `length` zeros in the file, to be filled through a memory map.

        Raises OSError where the disk has no room: a map would find out too late, and kill the process.
        """
        kind, length = np.dtype(dtype), int(length)
        offset = self._begin(name, kind, length)
        if not length:
            return np.empty(0, kind)
        self._file.truncate(offset + length * kind.itemsize)
        if hasattr(os, "posix_fallocate"):
            try:
                os.posix_fallocate(self._file.fileno(), offset, length * kind.itemsize)
            except OSError as error:
                if error.errno not in (errno.EOPNOTSUPP, errno.EINVAL):  # these: the file system cannot
                    raise
        self._file.seek(0, os.SEEK_END)
        return np.memmap(self._file, kind, "r+", offset, (length,))

    def written(self) -> "ArrayFile":
        """The arrays that are in the file so far, to be read before it is finished; nothing is verified."""
        self._file.flush()
        return _Unfinished(self._path, self._directory.copy())

    def _begin(self, name: str, dtype: np.dtype[Any], length: int) -> int:
        self._file.write(b"\0" * (-self._file.tell() % _ALIGNMENT))
        self._file.flush()
        offset = self._file.tell()
        self._directory[name] = (dtype.str, offset, length)
        return offset

    def _finish(self) -> None:
        self._file.flush()
        end = self._file.tell()
        checksums = np.array(list(_block_checksums(self._file.fileno(), end)), np.uint32).tobytes()
        directory = json.dumps(self._directory).encode()
        tail = checksums + directory + _TRAILER.pack(end, end + len(checksums), _MAGIC)
        self._file.write(tail)
        self._file.flush()
        if self._is_kept:
            os.fsync(self._file.fileno())
        self.digest = digest_of(tail)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        written = False
        try:
            if kind is None:
                self._finish()
                written = True
        finally:
            self._file.close()
            if not written:
                self._path.unlink(missing_ok=True)  # the folder of a merge may be gone


def digest_of(content: bytes) -> str:
    """The digest by which the index knows a file."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _block_checksums(descriptor: int, end: int) -> Iterator[int]:
    """The checksum of each block of the file's first `end` bytes."""
    step = BLOCK * _BLOCKS_AT_A_TIME
    for start in range(0, end, step):
        yield from _checksums(os.pread(descriptor, min(step, end - start), start))


def _checksums(content: bytes) -> list[int]:
    view = memoryview(content)
    return [crc32(view[at : at + BLOCK]) for at in range(0, len(content), BLOCK)]


class ArrayFile:
    """The arrays of a file by name, read-only. Safe to share between threads.

    The file is kept open, so it can be read on after it was removed. Every method that reads raises
    IndexDamagedError where the file is not what was written; `is_damaged` says whether one has.
    """

    def __init__(self, path: Path, digest: str) -> None:
        self._open(path)
        size = os.fstat(self._descriptor).st_size
        trailer = self._pread(max(size - _TRAILER.size, 0), size)
        if len(trailer) < _TRAILER.size:
            raise self._damaged("cut short")
        self._end, directory, magic = _TRAILER.unpack(trailer)
        if magic != _MAGIC or not self._end <= directory <= size:
            raise self._damaged("no array file")
        tail = self._pread(self._end, size)
        if digest_of(tail) != digest:
            raise self._damaged("directory or checksums changed")
        self._checksums: Array = np.frombuffer(tail, np.uint32, (directory - self._end) // 4)
        self._directory: dict[str, tuple[str, int, int]] = json.loads(
            tail[directory - self._end : -_TRAILER.size]
        )

    def _open(self, path: Path) -> None:
        self.is_damaged = False
        self._name = path.name
        self._arrays: dict[str, Array] = {}
        try:
            self._descriptor = os.open(path, os.O_RDONLY)
        except OSError as error:
            raise IndexDamagedError(f"{path.name}: {error}") from error
        weakref.finalize(self, os.close, self._descriptor)

    def __contains__(self, name: str) -> bool:
        return name in self._directory

    def length(self, name: str) -> int:
        return self._directory[name][2]

    def dtype(self, name: str) -> np.dtype[Any]:
        return np.dtype(self._directory[name][0])

    def __getitem__(self, name: str) -> Array:
        """The whole array; it is kept in memory from the first time on."""
        array = self._arrays.get(name)
        if array is None:
            array = self._arrays[name] = self.part(name, 0, self.length(name))
        return array

    def part(self, name: str, start: int, stop: int) -> Array:
        """The entries `start` to `stop` - 1 of an array, read anew each time."""
        kind, offset, _ = self._directory[name]
        dtype = np.dtype(kind)
        content = self._verified(offset + int(start) * dtype.itemsize, offset + int(stop) * dtype.itemsize)
        return np.frombuffer(content, dtype)

    def verify(self) -> None:
        """Read every block of the file, a few MB at a time."""
        for start in range(0, self._end, BLOCK * _BLOCKS_AT_A_TIME):
            self._verified(start, min(start + BLOCK * _BLOCKS_AT_A_TIME, self._end))

    def _verified(self, start: int, stop: int) -> memoryview:
        """The file's bytes `start` to `stop` - 1; all blocks that they touch are read and verified."""
        if start == stop:
            return memoryview(b"")
        first, last = start // BLOCK, -(-stop // BLOCK)
        begin = first * BLOCK
        content = self._pread(begin, min(last * BLOCK, self._end))
        if _checksums(content) != self._checksums[first:last].tolist():
            raise self._damaged(f"a block between bytes {start} and {stop} changed")
        return memoryview(content)[start - begin : stop - begin]

    def _pread(self, start: int, stop: int) -> bytes:
        """The file's bytes `start` to `stop` - 1, fewer at its end."""
        try:
            content = os.pread(self._descriptor, stop - start, start)
            while content and len(content) < stop - start:  # one call reads 2 GiB at most
                more = os.pread(self._descriptor, stop - start - len(content), start + len(content))
                if not more:
                    break
                content += more
        except OSError as error:
            raise self._damaged(str(error)) from error
        return content

    def _damaged(self, why: str) -> IndexDamagedError:
        self.is_damaged = True
        return IndexDamagedError(f"{self._name}: {why}")


class _Unfinished(ArrayFile):
    """A file that is being written and has no checksums yet."""

    def __init__(self, path: Path, directory: dict[str, tuple[str, int, int]]) -> None:
        self._open(path)
        self._directory = directory

    def _verified(self, start: int, stop: int) -> memoryview:
        return memoryview(self._pread(start, stop))


def smallest_unsigned(largest: int) -> np.dtype[Any]:
    """The narrowest unsigned type that holds `largest`."""
    return np.min_scalar_type(max(largest, 0))


def offsets_of(counts: Sequence[int] | Array) -> Array:
    """Where each of several runs of entries begins when they follow one another, and where the last ends."""
    offsets = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=offsets[1:])
    return offsets


def starts_run(column: Array) -> Array:
    """Where a sorted column's value differs from the one before; the first always does."""
    starts = np.empty(len(column), bool)
    starts[:1] = True
    np.not_equal(column[1:], column[:-1], out=starts[1:])
    return starts


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


def bounded_runs(ends: Array, most: int) -> Iterator[tuple[int, int]]:
    """Runs that together have `most` entries, or one that has more: the first, and the one behind the last.

    `ends` says where each begins, and where the last ends.
    """
    first = 0
    while first < len(ends) - 1:
        last = int(np.searchsorted(ends, int(ends[first]) + most, "right")) - 1
        last = max(first + 1, last)
        yield first, last
        first = last
