"""Requests in capitals as a sentence: "MRI OF THE LUMBAR SPINE" -> "MRI of the lumbar spine".

For lists of results only: the letter's own page shows the letter's own writing. Abbreviations and what
contains digits keep their capitals; brands get those that the vocabulary writes. Of a text that is in
capitals in part ("Associated surgical service: COLD THERAPY UNIT"), that part is changed.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from determinations.letters.vocabulary.names import drug_names
from determinations.search.interface import Fragment, Passage
from determinations.search.query.synonyms import synonyms

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_APOSTROPHE = re.compile(r"([^'’]+)(?:(['’])(.+))?")
_WINDOW = 10
"""So many characters before a word say what it is."""
_VOWEL = re.compile(r"[AEIOUY]")
_ABBREVIATION_LENGTH = 4
"""A longer word in capitals is no abbreviation; one of so many letters is, where it is no short word."""
_SHARE_OF_CAPITALS = 0.8
_UNITS = frozenset(
    {"mg", "mcg", "ml", "gm", "gms", "kg", "oz", "lb", "lbs", "cc", "cm", "mm", "ft", "min", "mins", "sec"}
    | {"hr", "hrs", "wk", "wks", "mo", "mos", "yr", "yrs", "x", "vs"}
)
_AFTER = {
    "if": re.compile(r"[ /-]{1,3}(?:units?|stim\w*|current|therapy|machine|device|treatments?)\b", re.I),
    "it": re.compile(r"[ /-]{1,3}(?:bands?|pumps?|baclofen|trial|catheter)\b", re.I),
    "or": re.compile(r"[ /-]{1,3}(?:time|room|suite|staff)\b", re.I),
}
"""Words that are abbreviations as well, with what stands behind the abbreviation: an IF unit, an IT band."""
_BEFORE = {
    "op": re.compile(r"(?:pre|post|peri|intra)[ -]?\Z", re.I),
    "o": re.compile(r"\bw/\Z", re.I),
    "wo": re.compile(r"\bw/\Z", re.I),
    "g": re.compile(r"\d[ -]?\Z"),
}
"""Letters that are no abbreviation behind these: "pre-op", "w/o contrast", "100 g"."""
_LETTERED = re.compile(r"(?:toxin|vitamin|hepatitis|type|grade|group)[ -]?\Z", re.I)
"""Names that a single letter completes: "botulinum toxin A"."""
_TWO_CAPITALS = re.compile(r"[^\W\d_a-z]['’]?[^\W\d_a-z]")
"""A text without them has no word in capitals."""
_FEWEST_IN_A_RUN = 2
_SHORT_WORDS = frozenset(Path(__file__).with_name("short_words.txt").read_text("utf-8").split())
"""Words and shortened words of at most four letters: what else is as short is taken for an abbreviation."""


def sentence_case(passage: Passage) -> Passage:
    """In sentence case if nearly all of it is in capitals, else as it is. Matches stay marked."""
    text = "".join(fragment.text for fragment in passage)
    if not _TWO_CAPITALS.search(text):
        return passage
    lowered = _lowered(text) if _is_in_capitals(text) else _with_runs_lowered(text)
    return passage if lowered == text else tuple(_slices(passage, lowered))


def text_in_sentence_case(text: str) -> str:
    """The same for a text in which nothing is marked."""
    return "".join(fragment.text for fragment in sentence_case((Fragment(text, is_match=False),)))


def _with_runs_lowered(text: str) -> str:
    """Runs of words in capitals in sentence case: "Associated service: COLD THERAPY UNIT" has one.

    A word alone may be a name, and a run of nothing but abbreviations stays.
    """
    runs: list[list[re.Match[str]]] = [[]]
    for word in _WORD.finditer(text):
        if word.group().isupper():
            runs[-1].append(word)
        elif runs[-1]:
            runs.append([])
    for run in runs:
        words = [word.group() for word in run if len(word.group()) > 1]
        if len(words) >= _FEWEST_IN_A_RUN and any(_written(word) != word for word in words):
            before, changed = text[: run[0].start()], "".join(_pieces(text, run))
            begins = not before.strip() or before.rstrip().endswith(".")
            text = f"{before}{_with_capital(changed) if begins else changed}{text[run[-1].end() :]}"
    return text


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
    return _with_capital(_WORD.sub(lambda word: _in_place(text, word), text))


def _pieces(text: str, words: Iterable[re.Match[str]]) -> Iterator[str]:
    """The text from the first of the words to the last, these as they are written outside of capitals."""
    end = None
    for word in words:
        if end is not None:
            yield text[end : word.start()]
        yield _in_place(text, word)
        end = word.end()


def _with_capital(text: str) -> str:
    """The first word with a capital, unless it is a number's unit."""
    first = _WORD.search(text)
    if first is None or text[: first.start()].strip()[-1:].isdigit():
        return text
    at = first.start()
    return text[:at] + _of_same_length(text[at], text[at].upper()) + text[at + 1 :]


def _in_place(text: str, word: re.Match[str]) -> str:
    """Levels and codes such as L4, S1 or E0730 keep their capitals; "10MG" is a unit behind its number."""
    given = word.group()
    small = given.casefold()
    if not given.isupper():
        return given
    if text[word.end() : word.end() + 1].isdigit() and small not in _UNITS:
        return given
    before = text[max(word.start() - _WINDOW, 0) : word.start()]
    if small in _BEFORE and _BEFORE[small].search(before):
        return given.lower()
    if small == "w" and text.startswith("/", word.end()):
        return given.lower()
    if small in _AFTER:
        return given if _AFTER[small].match(text, word.end()) else given.lower()
    if small == "a" and _LETTERED.search(before):
        return given
    return _of_same_length(given, _written(given))


def _of_same_length(given: str, changed: str) -> str:
    """Matches are marked by position, so a letter whose small form has another length stays."""
    return changed if len(changed) == len(given) else given


def _written(word: str) -> str:
    """What a word in capitals is outside of capitals."""
    stem, apostrophe, ending = _APOSTROPHE.match(word).groups()  # type: ignore[union-attr]
    if apostrophe:
        return f"{_written(stem)}{apostrophe}{ending.lower()}"
    small = word.lower()
    if small in _UNITS or small in _SHORT_WORDS or small in _AFTER:
        return small
    if known := _with_capitals().get(small):
        return known
    if small.endswith("s") and (known := _with_capitals().get(small[:-1], "")).isupper():
        return f"{known}s"
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
