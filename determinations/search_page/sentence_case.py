"""Requests in capitals as a sentence: "MRI OF THE LUMBAR SPINE" -> "MRI of the lumbar spine".

For lists of results only: the letter's own page shows the letter's own writing. Abbreviations and what
contains digits keep their capitals; brands get those that the vocabulary writes.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from determinations.letters.vocabulary.names import drug_names
from determinations.search.interface import Fragment, Passage
from determinations.search.query.synonyms import synonyms

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_VOWEL = re.compile(r"[AEIOUY]")
_ABBREVIATION_LENGTH = 4
"""A longer word in capitals is no abbreviation; one of so many letters is, where it is no short word."""
_SHARE_OF_CAPITALS = 0.8
_UNITS = frozenset({"mg", "mcg", "ml", "gm", "cc", "hr", "hrs", "wk", "wks", "x"})
_SHORT_WORDS = frozenset(Path(__file__).with_name("short_words.txt").read_text("utf-8").split())
"""Words of at most four letters that requests have: what else is as short is taken for an abbreviation."""


def sentence_case(passage: Passage) -> Passage:
    """In sentence case if nearly all of it is in capitals, else as it is. Matches stay marked."""
    text = "".join(fragment.text for fragment in passage)
    if not _is_in_capitals(text):
        return passage
    lowered = _lowered(text)
    return tuple(_slices(passage, lowered))


def _slices(passage: Passage, text: str) -> Iterator[Fragment]:
    start = 0
    for fragment in passage:
        end = start + len(fragment.text)
        yield Fragment(text[start:end], is_match=fragment.is_match)
        start = end


def _is_in_capitals(text: str) -> bool:
    """Whether there is a word that is no abbreviation, and nearly all letters of words are capitals."""
    words = [word for word in _WORD.findall(text) if len(word) > 1]
    letters = sum(map(len, words))
    capitals = sum(len(word) for word in words if word.isupper())
    is_shouted = letters and capitals >= _SHARE_OF_CAPITALS * letters
    return bool(is_shouted) and any(word.isupper() and _written(word) != word for word in words)


def _lowered(text: str) -> str:
    lowered = _WORD.sub(lambda word: _in_place(text, word), text)
    first = _WORD.search(lowered)
    if first is None or lowered[: first.start()].strip()[-1:].isdigit():
        return lowered
    at = first.start()
    return lowered[:at] + _of_same_length(lowered[at], lowered[at].upper()) + lowered[at + 1 :]


def _in_place(text: str, word: re.Match[str]) -> str:
    """Levels and codes such as L4, S1 or E0730 keep their capitals; "10MG" is a unit behind its number."""
    given = word.group()
    if not given.isupper():
        return given
    if text[word.end() : word.end() + 1].isdigit() and given.casefold() not in _UNITS:
        return given
    return _of_same_length(given, _written(given))


def _of_same_length(given: str, changed: str) -> str:
    """Matches are marked by position, so a letter whose small form has another length stays."""
    return changed if len(changed) == len(given) else given


def _written(word: str) -> str:
    """What a word in capitals is outside of capitals."""
    small = word.lower()
    if small in _UNITS or small in _SHORT_WORDS:
        return small
    if known := _with_capitals().get(small):
        return known
    if len(word) == 1 or not _VOWEL.search(word):
        return word
    if len(word) <= _ABBREVIATION_LENGTH:
        return word
    return small


@cache
def _with_capitals() -> dict[str, str]:
    """Words that drugs' names and names of one thing write with capitals everywhere: "tens" -> "TENS"."""
    forms: dict[str, set[str]] = {}
    for word in _words((*drug_names(), *_terms())):
        forms.setdefault(word.casefold(), set()).add(word)
    return {
        small: written.pop() for small, written in forms.items() if written != {small} and len(written) == 1
    }


def _terms() -> Iterator[str]:
    for group in synonyms().values():
        yield from (*group.terms, *group.typed_only)


def _words(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        yield from _WORD.findall(name)
