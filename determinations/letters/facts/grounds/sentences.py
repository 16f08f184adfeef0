"""Cuts a rationale into sentences.

A sentence ends at a full stop, question or exclamation mark that white space and a capital letter, a digit
or an opening mark follow. Abbreviations ("Dr. Smith", "e.g. a splint", "No. 4"), initials and the numbers
of a list ("2. Activity") do not end one. Line ends are white space like any other.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple


class Span(NamedTuple):
    """Offsets of a piece of a text: from `start` up to but without `end`."""

    start: int
    end: int


# fmt: off
_ABBREVIATIONS: Final = frozenset({
    "a.m", "al", "approx", "apr", "aug", "b.i.d", "cf", "ch", "chap", "d.c", "d.o", "dec", "dept",
    "dr", "drs", "e.g", "ed", "eg", "et", "feb", "fig", "h.s", "hr", "hrs", "i.e", "ie", "inc", "incl",
    "jan", "jul", "jun", "l.c", "m.d", "mar", "max", "min", "mr", "mrs", "ms", "nov", "oct", "p", "p.m",
    "p.o", "pg", "ph.d", "pp", "prof", "q.d", "resp", "sec", "sep", "sept", "st", "t.i.d", "tab",
    "u.s", "vol", "vs", "wk", "wks", "yr", "yrs",
})
# fmt: on

_LONGEST_ABBREVIATION: Final = max(map(len, _ABBREVIATIONS))

# Short for "number" where one follows, else the word.
_NUMBER: Final = frozenset({"no", "nos"})

# The longest real ones quote a page of criteria.
_LONGEST: Final = 4_000
_LONGEST_WORD: Final = 20
_LONGER_THAN_ABBREVIATIONS: Final = _LONGEST_ABBREVIATION + 1

# The mark, what closes with it, and either white space or a word that a lost space glued to it.
_STOP = re.compile(r"[.!?]{1,8}[\"”’')\]]{0,3}(?=\s+[A-Z0-9\"“‘(\[]|[A-Z][a-z])")
_BLANK = re.compile(r"\s*")


def sentences_of(text: str) -> list[Span]:
    """The sentences of a text in order, without the white space around them."""
    spans: list[Span] = []
    for span in _whole_sentences_of(text):
        spans += _pieces(text, span) if span.end - span.start > _LONGEST else (span,)
    return spans


def _pieces(text: str, span: Span) -> Iterator[Span]:
    """A sentence beyond all measure, cut at white space, so that reading takes time linear in the text."""
    start = span.start
    while span.end - start > _LONGEST:
        blank = text.rfind(" ", start + 1, start + _LONGEST)
        cut = blank if blank > 0 else start + _LONGEST
        yield Span(start, cut)
        start = cut + (blank > 0)
    yield Span(start, span.end)


def _whole_sentences_of(text: str) -> list[Span]:
    spans: list[Span] = []
    start = _BLANK.match(text).end()  # type: ignore[union-attr]  # matches the empty string too
    for stop in _STOP.finditer(text):
        if stop.start() < start or not _ends_a_sentence(text, stop, start):
            continue
        spans.append(Span(start, stop.end()))
        start = _BLANK.match(text, stop.end()).end()  # type: ignore[union-attr]
    end = len(text.rstrip())
    if start < end:
        spans.append(Span(start, end))
    return spans


def _ends_a_sentence(text: str, stop: re.Match[str], start: int) -> bool:
    if text[stop.start()] != "." or stop.group().startswith(".."):
        return True
    glued = not text[stop.end()].isspace()
    tail = text[max(start, stop.start() - _LONGER_THAN_ABBREVIATIONS) : stop.start()]
    if not glued and len(tail) == _LONGER_THAN_ABBREVIATIONS and tail.isalpha() and tail.islower():
        return True
    before = text[max(start, stop.start() - _LONGEST_WORD) : stop.start()].split()
    if not before:
        return True
    word = before[-1]
    if len(word) > _LONGEST_ABBREVIATION and word.isalpha() and word[-1].islower():
        return True
    word = word.lstrip("([\"“‘'")
    if not word or word[-1] in ")]\"”’'%":
        return True
    if glued:
        return len(word) > 2 and word[-1].islower() and "." not in word
    if len(word) == 1 and word.isalpha() and word not in "aI":
        return False
    if word.isdigit() and stop.start() - len(word) == start:
        return False
    if word.lower() in _NUMBER:
        return not text[stop.end() : stop.end() + 8].lstrip()[:1].isdigit()
    return word.lower() not in _ABBREVIATIONS
