"""Sets of document numbers as roaring bitmaps, from arrays and back to arrays.

A set is written in roaring's portable format, which is published and stable, and read at once: adding its
numbers one by one takes 4 to 80 times as long. The format has a container for each 65,536 numbers: a list
where it has at most 4,096 of them, else a bit for each.
"""

import numpy as np
from pyroaring import BitMap

from determinations.search.columnar.array_file import Array, starts_run

_WIDTH = 1 << 16
_MOST_LISTED = 4096
_FEW = 512
"""So many numbers are added one by one as fast as the format is written."""
_COOKIE = 12346
"""What the format begins with where no container holds runs."""


def from_sorted(ascending: Array) -> BitMap:
    """The set of an array of ascending, distinct numbers below 2^32."""
    if len(ascending) <= _FEW:
        return BitMap(ascending.tolist())
    halves = np.ascontiguousarray(ascending, "<u4").view("<u2").reshape(-1, 2)
    low, keys = halves[:, 0], halves[:, 1]
    starts = np.flatnonzero(starts_run(keys))
    ends = np.append(starts[1:], len(keys))
    counts = ends - starts
    contents, at = [], 0
    for container in np.flatnonzero(counts > _MOST_LISTED).tolist():
        marks = np.zeros(_WIDTH, bool)
        marks[low[starts[container] : ends[container]]] = True
        contents += [low[at : starts[container]].tobytes(), _bits(marks)]
        at = ends[container]
    return _assembled(keys[starts], counts, [*contents, low[at:].tobytes()])


def from_any(numbers: Array) -> BitMap:
    """The set of an array of numbers below 2^32, in any order and some more than once."""
    if len(numbers) <= _FEW:
        return BitMap(numbers.tolist())
    ascending = np.sort(numbers)  # `np.unique` takes up to fifteen times as long
    return from_sorted(ascending[starts_run(ascending)])


def from_mask(marks: Array) -> BitMap:
    """The set of the indices at which an array of bools is true."""
    keys, counts, contents = [], [], []
    for key, start in enumerate(range(0, len(marks), _WIDTH)):
        part = marks[start : start + _WIDTH]
        count = int(np.count_nonzero(part))
        if count:
            keys.append(key)
            counts.append(count)
            listed = count <= _MOST_LISTED
            contents.append(np.flatnonzero(part).astype("<u2").tobytes() if listed else _bits(part))
    return _assembled(np.array(keys, np.uint16), np.array(counts, np.int64), contents)


def to_array(documents: BitMap) -> Array:
    """The set's numbers, ascending."""
    return np.asarray(documents.to_array(), np.uint32)


def _bits(marks: Array) -> bytes:
    return np.packbits(marks, bitorder="little").tobytes().ljust(_WIDTH // 8, b"\0")


def _assembled(keys: Array, counts: Array, contents: list[bytes]) -> BitMap:
    """The set of containers whose `contents` follow one another, each with its key and count."""
    head = np.array([_COOKIE, len(keys)], "<u4")
    described = np.stack((keys, counts - 1), axis=1).astype("<u2")
    sizes = np.where(counts > _MOST_LISTED, _WIDTH // 8, 2 * counts)
    offsets = (np.cumsum(sizes) - sizes + head.nbytes + described.nbytes + 4 * len(keys)).astype("<u4")
    parts = (head.tobytes(), described.tobytes(), offsets.tobytes(), *contents)
    return BitMap.deserialize(b"".join(parts))
