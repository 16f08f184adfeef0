"""How often the words of rationales are in what requests find, alone and two by two.

The server counts documents and not words, so the texts of what is found are read, in one stream and on one
state of the index, and counted here. The work is linear in the documents; the worker counts what pages show
ahead (`statistics.counting_ahead`).
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain, pairwise

from determinations.search.index_fields import KEY
from determinations.search.opensearch.expressions import Query, any_of
from determinations.search.opensearch.state import Index
from determinations.search.opensearch.streams import hits_of
from determinations.search.opensearch.texts import sent_term, terms_of

_FIELD = "rationale"
_AT_A_TIME = 2_000


def word_totals(index: Index, found: Sequence[Query]) -> Mapping[str, tuple[int, ...]]:
    """Term -> its occurrences in what each query finds; terms without any are left out."""
    several = [Counter[str]() for _ in found]
    for words, chosen in _texts(index, found):
        for number in chosen:
            several[number].update(chain.from_iterable(words))
    every = sorted({term for counts in several for term in counts})
    return {term: tuple(counts[term] for counts in several) for term in every}


def pair_totals(
    index: Index, found: Sequence[Query], among: Collection[str], fewest: int
) -> Mapping[tuple[str, str], tuple[int, ...]]:
    """(term, the term behind it) -> how often in what each query finds, both in `among`."""
    wanted = {sent_term(term): term for term in among}
    several = [Counter[tuple[str, str]]() for _ in found]
    if wanted:
        for words, chosen in _texts(index, found):
            # A word counts once: as that of its terms which is the last in the alphabet, as on columns.
            terms = [max((term for term in word if term in wanted), default="") for word in words]
            pairs = [(one, other) for one, other in pairwise(terms) if one and other]
            for number in chosen:
                several[number].update(pairs)
    every = {pair for counts in several for pair in counts}
    totals = {pair: tuple(counts[pair] for counts in several) for pair in sorted(every)}
    return {
        (wanted[one], wanted[other]): counts
        for (one, other), counts in totals.items()
        if sum(counts) >= fewest
    }


def _texts(index: Index, found: Sequence[Query]) -> Iterator[tuple[list[list[str]], list[int]]]:
    """The terms of each rationale that any query finds, and the numbers of those that do."""
    index.state()
    if not found:
        return
    named = [{"bool": {"filter": [query], "_name": str(number)}} for number, query in enumerate(found)]
    query: Query = any_of(named) if len(found) > 1 else named[0]
    for hits in hits_of(index.cluster, index.names.items, query, [KEY], _AT_A_TIME, _source=[_FIELD]):
        for hit in hits:
            if sent := hit["_source"].get(_FIELD):
                yield terms_of(sent), [int(name) for name in hit["matched_queries"]]
