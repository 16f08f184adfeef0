"""Which documents answer a Whoosh query: set algebra over the documents of its leaves, a segment at a time.

Sets of leaves are remembered for the commit. Whoosh expands a prefix, a wildcard or a fuzzy word over all
segments at once, term by term; here each segment's dictionary is looked at by itself, as one piece of
text. The work is linear in the postings of the leaves, and in the dictionary for patterns.
"""

from collections.abc import Iterator
from functools import reduce
from operator import and_

from pyroaring import BitMap
from whoosh import query

from determinations.search.columnar.bitmaps import from_mask, from_sorted
from determinations.search.columnar.columns import TermColumns
from determinations.search.columnar.patterns import check_postings, numbers_of
from determinations.search.columnar.phrases import Occurrences, phrase_occurrences
from determinations.search.columnar.positional import occurrences
from determinations.search.columnar.queries import LEAVES, Dated, Positional
from determinations.search.columnar.snapshot import Snapshot


def documents_of(node: query.Query, snapshot: Snapshot) -> BitMap:
    """The documents that match, deleted ones among them.

    Raises NotImplementedError for a kind of query that is not listed here.
    """
    match node:
        case _ if isinstance(node, LEAVES):
            return _documents_of_leaf(node, snapshot)
        case query.Or():
            return BitMap.union(BitMap(), *(documents_of(part, snapshot) for part in node))
        case query.And():
            return reduce(and_, sorted((documents_of(part, snapshot) for part in node), key=len))
        case query.AndNot():
            return documents_of(node.a, snapshot) - documents_of(node.b, snapshot)
        case query.Not():
            return _every(snapshot) - documents_of(node.query, snapshot)
        case query.Every(fieldname=None):
            return _every(snapshot)
        case Dated():
            dates = snapshot.column(node.column)
            return from_mask((dates >= node.first) & (dates <= node.last))
        case _ if node is query.NullQuery:
            return BitMap()
        case _:
            raise NotImplementedError(f"{type(node).__name__} is not run on columns")


def _every(snapshot: Snapshot) -> BitMap:
    return BitMap(range(snapshot.document_count))


def leaf_name(leaf: query.Query) -> tuple[object, ...]:
    """What tells a leaf from others, its boost aside."""
    if isinstance(leaf, Positional):
        return "Positional", leaf.fieldname, leaf.expression
    if isinstance(leaf, query.Phrase):
        return "Phrase", leaf.fieldname, tuple(leaf.words), leaf.slop
    edits = (leaf.maxdist, leaf.prefixlength) if isinstance(leaf, query.FuzzyTerm) else ()
    kind = "Term" if isinstance(leaf, query.Term) else type(leaf).__name__
    return kind, leaf.fieldname, leaf.text, edits


def occurrences_of(phrase: query.Phrase | Positional, snapshot: Snapshot) -> Occurrences:
    """Where a phrase stands; remembered."""

    def made() -> tuple[object, ...]:
        if isinstance(phrase, Positional):
            found = occurrences(snapshot, phrase.fieldname, phrase.expression)
            return found.documents, found.times
        found = phrase_occurrences(snapshot, phrase.fieldname, phrase.words, phrase.slop)
        return found.documents, found.times

    return Occurrences(*snapshot.cached(("occurrences", *leaf_name(phrase)), made))


def _documents_of_leaf(leaf: query.Query, snapshot: Snapshot) -> BitMap:
    def made() -> tuple[BitMap]:
        if isinstance(leaf, query.Phrase | Positional):
            return (from_sorted(occurrences_of(leaf, snapshot).documents),)
        found = BitMap()
        for columns, number, base in _terms_of(leaf, snapshot):
            found |= from_sorted(columns.doc_ids(number)).shift(base)
        return (found,)

    documents: BitMap = snapshot.cached(("documents", *leaf_name(leaf)), made)[0]
    return documents


def _terms_of(leaf: query.Query, snapshot: Snapshot) -> Iterator[tuple[TermColumns, int, int]]:
    """(columns, number, base) of the term, or of all that a prefix, wildcard or fuzzy word stands for."""
    if isinstance(leaf, query.Term):
        yield from snapshot.found(leaf.fieldname, leaf.text)
        return
    postings = 0
    for segment, base in zip(snapshot.segments, snapshot.bases, strict=True):
        columns = segment.columns.field(leaf.fieldname)
        for number in numbers_of(columns, leaf):
            postings += columns.document_frequency(number)
            check_postings(postings, leaf.text)
            yield columns, number, base
