"""Corrections, completions and spellings from an index's own words, and the terms that tell a text.

Engines bring their `Vocabulary`; the rules are the same for all.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from heapq import nsmallest
from typing import Protocol

from rapidfuzz.distance import OSA

from determinations.search.analysis import terms, tokens, written_term
from determinations.search.index_fields import words_field
from determinations.search.query.nodes import SEARCHED_FIELDS
from determinations.search.text_folding import plain

_SHORTEST_CORRECTED = 4
_SHORTEST_FOR_TWO_EDITS = 6
_FORMS_OF_A_WORD = 8
"""More than most words have among the commonest that begin alike."""
_RARER_PER_EDIT = 100
"""A word one edit further away must be this many times commoner to be preferred."""


class Vocabulary(Protocol):
    """The terms of an index by field. Frequencies count documents, deleted ones included."""

    @property
    def document_count(self) -> int: ...
    def frequency(self, field: str, term: str) -> int: ...
    def within(self, field: str, word: str, distance: int, prefix: int) -> Iterable[str]:
        """Terms within `distance` edits of `word` that share its first `prefix` letters."""

    def with_prefix(self, field: str, prefix: str) -> Mapping[str, int]:
        """Terms that begin with `prefix`, and their frequencies."""


def correction(vocabulary: Vocabulary, typed: str, field: str | None) -> str | None:
    """The likeliest word that was meant by `typed`; None where the index holds it or has nothing near."""
    analyzed = tokens(typed)
    if len(analyzed) != 1 or not analyzed[0].word.isalpha():
        return None
    word = analyzed[0].word
    names = [words_field(name) for name in (SEARCHED_FIELDS if field is None else (field,))]
    if len(word) < _SHORTEST_CORRECTED or any(vocabulary.frequency(name, word) for name in names):
        return None
    fields = SEARCHED_FIELDS if field is None else (field,)
    if any(vocabulary.frequency(name, analyzed[0].term) for name in fields):
        return None  # another form of the word stands there, and is found
    distance = 1 if len(word) < _SHORTEST_FOR_TWO_EDITS else 2
    for prefix in (1, 0):  # most slips spare the first letter, and looking past it takes longer
        near = Counter[str]()
        for name in names:
            for candidate in {*vocabulary.within(name, word, distance, prefix), *swapped(word)}:
                if candidate.isalpha():
                    near[candidate] += vocabulary.frequency(name, candidate)
        if +near:
            return min(
                near, key=lambda found: (-near[found] / _RARER_PER_EDIT ** OSA.distance(word, found), found)
            )
    return None


def completions(vocabulary: Vocabulary, prefix: str, limit: int) -> tuple[str, ...]:
    """Words that begin with `prefix`, commonest first; a hyphenated level or case number is one word.

    Of the forms that a search does not tell apart ("shows", "shown") only the commonest.
    """
    prefix = plain(prefix.strip())
    if not prefix:
        return ()
    found = Counter[str]()
    for name in map(words_field, SEARCHED_FIELDS):
        found.update(vocabulary.with_prefix(name, prefix))
    chosen: dict[tuple[str, ...], str] = {}
    for most in (_FORMS_OF_A_WORD * limit, len(found)):  # all need be put in order for rare cases only
        for word in nsmallest(most, found, key=lambda word: (-found[word], word)):
            if len(chosen) < limit:
                chosen.setdefault(tuple(terms(word)), word)
        if len(chosen) == limit:
            break
    return tuple(chosen.values())


def spelling(vocabulary: Vocabulary, term: str, field: str) -> str:
    """The commonest word of the field, as spelled, that is indexed as this term; the term where none is."""
    words = {form.rpartition("=")[2] for form in vocabulary.with_prefix(field, written_term(term, ""))}
    name = words_field(field)
    frequency = {word: vocabulary.frequency(name, word) for word in (term, *words)}
    held = [word for word in frequency if frequency[word]]
    return min(held, key=lambda word: (-frequency[word], word), default=term)


def swapped(word: str) -> set[str]:
    """`word` with each two neighboring letters in the other order."""
    return {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)}


_KEY_TERMS = 25
_COMMONEST, _ALWAYS_TELLING = 0.5, 10
"""A term that more than this share of the documents holds says nothing, unless it is in a handful."""


def key_terms(text: str, field: str, vocabulary: Vocabulary) -> Mapping[str, float]:
    """The terms of highest tf-idf that another document has too, and what each counts for its repetitions."""
    documents = vocabulary.document_count
    weighed: list[tuple[float, str, float]] = []
    for term, times in Counter(terms(text)).items():
        frequency = vocabulary.frequency(field, term)
        if 2 <= frequency <= max(_ALWAYS_TELLING, documents * _COMMONEST):
            emphasis = 1 + math.log(times)
            weighed.append((-emphasis * math.log(documents / frequency + 1), term, emphasis))
    return {term: emphasis for _, term, emphasis in sorted(weighed)[:_KEY_TERMS]}
