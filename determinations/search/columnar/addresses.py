"""Where words stand in some documents, as addresses: `address_blocks` has those of all documents."""

from collections.abc import Iterator

import numpy as np

from determinations.search.columnar.address_blocks import ROOM, between
from determinations.search.columnar.array_file import Array, joined, runs
from determinations.search.columnar.columns import TermColumns
from determinations.search.columnar.snapshot import Snapshot

_MANY = 4
"""Of a word in more documents than so many times those looked at, the documents are searched for."""
MOST_ADDRESSES = 1 << 27
"""Of documents looked at together: a word's addresses in them then take some tens of megabytes."""


def parts_that_fit(snapshot: Snapshot, field: str, documents: Array) -> Iterator[Array]:
    """The documents in parts of less than MOST_ADDRESSES."""
    first, words = 0, 0
    for run in runs(len(documents)):
        room = int(ROOM[snapshot.length_bytes(field).take(documents[run])].sum())
        if words + room >= MOST_ADDRESSES:
            yield documents[first : run.start]
            first, words = run.start, 0
        words += room
    yield documents[first:]


def addresses(snapshot: Snapshot, field: str, word: str, documents: Array, starts: Array) -> Array:
    """Everywhere the word stands in the documents, each of which has its addresses from its start on.

    Ascending, of the type of `starts`. Not every document need have the word.
    """
    parts = []
    for columns, number, base in snapshot.found(field, word):
        first, last = between(documents, base, base + snapshot.size_at[base])
        if first < last:
            within = documents[first:last] - np.uint32(base)
            parts.append(_addresses_in(columns, number, within, starts[first:last]))
    return joined(parts, starts.dtype)


def _addresses_in(columns: TermColumns, number: int, documents: Array, starts: Array) -> Array:
    """The same in a segment, whose documents are numbered from 0 on."""
    ids, times = columns.doc_ids(number), columns.term_frequencies(number)
    first, last = between(ids, int(documents[0]), int(documents[-1]) + 1)
    if first == last:
        return starts[:0]
    before = int(times[:first].sum(dtype=np.int64))
    ids, times = ids[first:last], times[first:last]
    positions = columns.some_positions(number, before, int(times.sum(dtype=np.int64)))
    if len(documents) * _MANY < len(ids):
        return _addresses_in_few(ids, times, positions, documents, starts)
    index = np.full(int(documents[-1]) - int(documents[0]) + 1, -1, np.int32)
    index[documents - documents[0]] = np.arange(len(documents), dtype=np.int32)
    whose = index.take(ids - documents[0])
    held = whose >= 0
    if not held.all():
        positions = positions[np.repeat(held, times)]
        whose, times = whose[held], times[held]
    found: Array = np.repeat(starts.take(whose), times)
    found += positions
    return found


def _addresses_in_few(ids: Array, times: Array, positions: Array, documents: Array, starts: Array) -> Array:
    """`positions` are those of a term that is in documents `ids` so many `times`."""
    at = np.searchsorted(ids, documents)
    held = np.flatnonzero(ids.take(at, mode="clip") == documents)
    if not len(held):
        return starts[:0]
    at = at[held]
    until_next = np.add.reduceat(times[: at[-1] + 1], at, dtype=np.int64)  # a fifth of a running sum's time
    before = np.cumsum((times[: at[0]].sum(dtype=np.int64), *until_next[:-1]))
    counts = times[at].astype(np.int64)
    behind = np.cumsum(counts)
    places = np.repeat(before + counts - behind, counts) + np.arange(int(behind[-1]))
    found: Array = np.repeat(starts[held], counts)
    found += positions[places]
    return found
