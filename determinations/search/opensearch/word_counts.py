"""How often the words of rationales are in what requests find, alone and two by two.

The server counts documents and not words, so the texts of what is found are read, in one stream and on one
state of the index, and counted here. The work is linear in the documents; the worker counts what pages show
ahead (`statistics.counting_ahead`). Memory is that of the different words and pairs.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

import numpy as np

from determinations.search.index_fields import KEY
from determinations.search.opensearch.expressions import Query, any_of
from determinations.search.opensearch.state import Index
from determinations.search.opensearch.streams import hits_of
from determinations.search.opensearch.texts import sent_term, terms_of_word
from determinations.search.term_counts import PairCounts, WordCounts

_FIELD = "rationale"
_AT_A_TIME = 2_000

_Texts = list[list[str]]
"""Words of texts as they were sent, a list for each text."""


def word_totals(index: Index, found: Sequence[Query]) -> WordCounts:
    """Term -> its occurrences in what each query finds; terms without any are left out."""
    sent = [Counter[str]() for _ in found]
    for several in _texts(index, found):
        for counts, texts in zip(sent, several, strict=True):
            for words in texts:
                counts.update(words)
    totals: dict[str, list[int]] = {}
    for number, counts in enumerate(sent):
        for word, count in counts.items():
            for term in terms_of_word(word):
                totals.setdefault(term, [0] * len(found))[number] += count
    return WordCounts.of({term: tuple(counts) for term, counts in totals.items()}, len(found))


def pair_totals(index: Index, found: Sequence[Query], among: Collection[str], fewest: int) -> PairCounts:
    """(term, the term behind it) -> how often in what each query finds, both in `among`."""
    codes = _Codes(sorted(set(among)))
    totals: dict[int, list[int]] = {}
    for several in _texts(index, found if among else ()):
        for number, texts in enumerate(several):
            for pair, count in _pairs(texts, codes):
                totals.setdefault(pair, [0] * len(found))[number] += count
    return PairCounts.of(
        {codes.pair(pair): tuple(counts) for pair, counts in totals.items() if sum(counts) >= fewest},
        len(found),
    )


class _Codes(dict[str, int]):
    """A word as it was sent -> the place of its term among those wanted, from 1; 0 where it has none.

    Of several terms the last in the alphabet counts, as on columns.
    """

    def __init__(self, terms: Sequence[str]) -> None:
        super().__init__()
        self._terms = terms
        self._places = {sent_term(term): place for place, term in enumerate(terms, 1)}

    def __missing__(self, word: str) -> int:
        place = self[word] = max((self._places.get(term, 0) for term in terms_of_word(word)), default=0)
        return place

    @property
    def base(self) -> int:
        """A pair is the place of its first term times this, plus that of its second."""
        return len(self._terms) + 1

    def pair(self, number: int) -> tuple[str, str]:
        first, second = divmod(number, self.base)
        return self._terms[first - 1], self._terms[second - 1]


def _pairs(texts: _Texts, codes: _Codes) -> Iterator[tuple[int, int]]:
    """Each pair in the texts, and how often."""
    places = [0]
    for words in texts:
        places.extend(map(codes.__getitem__, words))
        places.append(0)  # no pair goes from one text to the next
    every = np.array(places, np.int64)
    first, second = every[:-1], every[1:]
    held = (first > 0) & (second > 0)
    pairs, counts = np.unique(first[held] * codes.base + second[held], return_counts=True)
    return zip(pairs.tolist(), counts.tolist(), strict=True)


def _texts(index: Index, found: Sequence[Query]) -> Iterator[list[_Texts]]:
    """The rationales that each query finds, some documents at a time."""
    index.state()
    if not found:
        return
    named = [{"bool": {"filter": [query], "_name": str(number)}} for number, query in enumerate(found)]
    query: Query = any_of(named)
    for hits in hits_of(index.cluster, index.names.items, query, [KEY], _AT_A_TIME, _source=[_FIELD]):
        several: list[_Texts] = [[] for _ in found]
        for hit in hits:
            words = hit["_source"].get(_FIELD, "").split()
            for name in hit["matched_queries"]:
                several[int(name)].append(words)
        yield several
