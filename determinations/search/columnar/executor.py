"""Which documents answer a Whoosh query: set algebra over the documents of its leaves, a segment at a time.

Sets of leaves are remembered for the commit. Whoosh expands a prefix, a wildcard or a fuzzy word over all
segments at once, term by term; here each segment's dictionary is looked at by itself, as one piece of
text. The work is linear in the postings of the leaves, and in the dictionary for patterns.
"""

from collections.abc import Iterator
from functools import reduce
from operator import and_

import numpy as np
from pyroaring import BitMap
from whoosh import query

from determinations.search.columnar.address_blocks import Occurrences
from determinations.search.columnar.array_file import Array, joined
from determinations.search.columnar.bitmaps import from_any, from_mask, from_sorted
from determinations.search.columnar.patterns import check_postings, numbers_of
from determinations.search.columnar.positional import occurrences, phrase_occurrences
from determinations.search.columnar.queries import LEAVES, Dated, InFields, OneThing, Positional
from determinations.search.columnar.snapshot import Snapshot

_SUMMARY = "summary"
_FEW, _SPARSE = 1 << 10, 32
"""Fewer postings than these, or than one for so many documents, are sorted; others are marked in an array."""


def documents_of(node: query.Query, snapshot: Snapshot) -> BitMap:
    """The documents that match, deleted ones among them.

    Raises NotImplementedError for a kind of query that is not listed here.
    """
    match node:
        case _ if isinstance(node, LEAVES):
            return _documents_of_leaf(node, snapshot)
        case query.Or():
            return _union(node, snapshot)
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
        if phrase.slop != 1:
            raise NotImplementedError("Words at a distance are an expression over positions")
        found = phrase_occurrences(snapshot, phrase.fieldname, phrase.words)
        return found.documents, found.times

    return Occurrences(*snapshot.cached(("occurrences", *leaf_name(phrase)), made))


def _union(node: query.Or, snapshot: Snapshot) -> BitMap:
    """The documents of any part. Those of terms are read together, as one set.

    The terms of clinical summaries are a set of their own, for a page asks without and with them.
    """
    terms: dict[bool, dict[tuple[str, str], query.Term]] = {False: {}, True: {}}
    others: list[query.Query] = []
    for part in _alternatives(node):
        if isinstance(part, query.Term):
            terms[part.fieldname == _SUMMARY].setdefault((part.fieldname, part.text), part)
        else:
            others.append(part)
    together = [_documents_of_terms(list(some.values()), snapshot) for some in terms.values() if some]
    return BitMap.union(BitMap(), *together, *(documents_of(part, snapshot) for part in others))


def _alternatives(node: query.Or) -> Iterator[query.Query]:
    """The names of one thing in each field; of several things, each thing, which is scored by itself."""
    for part in node:
        if isinstance(part, InFields) and isinstance(node, OneThing):
            yield from part
        else:
            yield part


def _documents_of_terms(terms: list[query.Term], snapshot: Snapshot) -> BitMap:
    def made() -> tuple[BitMap]:
        found = [one for term in terms for one in snapshot.found(term.fieldname, term.text)]
        if len(found) == 1:
            ((columns, number, base),) = found
            return (columns.holding(number).shift(base),)
        large = [
            columns.holding(number).shift(base)
            for columns, number, base in found
            if columns.keeps_addresses(number)
        ]
        others = [
            (columns.doc_ids(number), base)
            for columns, number, base in found
            if not columns.keeps_addresses(number)
        ]
        return (BitMap.union(*large, _distinct(others, snapshot.document_count)),)

    name = ("documents", *((term.fieldname, term.text) for term in terms))
    documents: BitMap = snapshot.cached(name, made)[0]
    return documents


def _distinct(found: list[tuple[Array, int]], documents: int) -> BitMap:
    """The documents that are in some arrays, of whatever order, each numbered from a base."""
    total = sum(len(ids) for ids, _ in found)
    if total < _FEW or total * _SPARSE < documents:
        return from_any(joined([ids + np.uint32(base) if base else ids for ids, base in found]))
    held = np.zeros(documents, bool)
    for ids, base in found:
        (held[base:] if base else held)[ids] = True
    return from_mask(held)


def _documents_of_leaf(leaf: query.Query, snapshot: Snapshot) -> BitMap:
    if isinstance(leaf, query.Term):
        return _documents_of_terms([leaf], snapshot)

    def made() -> tuple[BitMap]:
        if isinstance(leaf, query.Phrase | Positional):
            return (from_sorted(occurrences_of(leaf, snapshot).documents),)
        return (_distinct(list(_like(leaf, snapshot)), snapshot.document_count),)

    documents: BitMap = snapshot.cached(("documents", *leaf_name(leaf)), made)[0]
    return documents


def _like(leaf: query.MultiTerm, snapshot: Snapshot) -> Iterator[tuple[Array, int]]:
    """The documents of all words that a prefix, wildcard or fuzzy word stands for; a base for each array."""
    postings = 0
    for segment, base in zip(snapshot.segments, snapshot.bases, strict=True):
        columns = segment.columns.field(leaf.fieldname)
        numbers = numbers_of(columns, leaf)
        postings += columns.total_frequency(numbers)
        check_postings(postings, leaf.text)
        yield from ((ids, base) for ids in columns.documents_with_any(numbers))
