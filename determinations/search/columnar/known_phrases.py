"""Names of several words that questions hold again and again, found when a large segment is written.

"ESI" is searched as six phrases in three fields, and "physical therapy" is in a third of all rationales: at
millions of documents, each of these takes tens of milliseconds. The names are those of `query.synonyms`, in
stems and as they are written. A name that a segment does not have is searched like any other phrase, so the
synonyms may change without the index (`positional`).

Writing them takes 2 seconds for 100,000 documents and half a minute for 3.5 million.
"""

import sys
from collections.abc import Iterator
from functools import cache

import numpy as np
from whoosh import query

from determinations.search.columnar.array_file import ArrayFileWriter, smallest_unsigned
from determinations.search.columnar.bitmaps import from_sorted
from determinations.search.columnar.cache import Cache
from determinations.search.columnar.columns import SCORED_FIELDS, SegmentColumns
from determinations.search.columnar.commits import Segment
from determinations.search.columnar.positional import occurrences
from determinations.search.columnar.queries import Positional, Together, whoosh_query
from determinations.search.columnar.snapshot import OpenSegment, Snapshot
from determinations.search.positions import Either, Expression, Sequence, Term, phrase_text
from determinations.search.query.nodes import Node, Phrase, Word, all_of
from determinations.search.query.synonyms import expand, synonyms

FEWEST_DOCUMENTS = 1 << 15
"""In a smaller segment a phrase is found in a millisecond, and all names take a tenth of its writing."""


def write_known_phrases(out: ArrayFileWriter, field_lengths: dict[str, int]) -> None:
    """Where the names occur, if the segment is large; all of its other arrays must be written.

    `field_lengths` are those of its `commits.Segment`. One name's occurrences are in memory at a time.
    """
    columns = SegmentColumns(out.written())
    if columns.document_count < FEWEST_DOCUMENTS:
        return
    segment = Segment("", "", columns.document_count, field_lengths)
    snapshot = Snapshot("", 0, [(segment, OpenSegment(columns))], Cache(0))
    for field in SCORED_FIELDS:
        sizes: list[int] = []
        out.write_parts(f"{field}.phrase_occurrences", _serialized(snapshot, field, sizes))
        names = "".join(f"{name}\n" for name in known_phrases())
        out.write(f"{field}.phrases", np.frombuffer(names.encode(), np.uint8))
        out.write_offsets(f"{field}.phrase_offsets", sizes)


def _serialized(snapshot: Snapshot, field: str, sizes: list[int]) -> Iterator[bytes]:
    for expression in known_phrases().values():
        found = occurrences(snapshot, field, expression, sys.maxsize)
        kind = smallest_unsigned(int(found.times.max(initial=0)))
        for part in (from_sorted(found.documents).serialize(), found.times.astype(kind).tobytes()):
            sizes.append(len(part))
            yield part


@cache
def known_phrases() -> dict[str, Expression]:
    """Each name of several words in each of its writings, by its `phrase_text`."""
    nodes: list[Node] = []
    for key in synonyms():
        words = tuple(key.split())
        nodes += expand(all_of(map(Word, words))).node, Phrase(words, 1, exact=True)
    found = [phrase for node in nodes for phrase in phrases_of(whoosh_query(node, ("rationale",)))]
    return {text: phrase for phrase in found if (text := phrase_text(phrase)) is not None}


def phrases_of(node: query.Query) -> Iterator[Expression]:
    """The words side by side that a question asks for, whatever the field; some more than once."""
    match node:
        case Positional(expression=Sequence() | Either()):
            yield node.expression
        case query.Phrase():
            yield Sequence(tuple(map(Term, node.words)))
        case query.Or() | query.And():
            for part in (*node, node.phrase) if isinstance(node, Together) else node:
                yield from phrases_of(part)
        case _:
            pass
