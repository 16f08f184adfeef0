"""Finds what a rationale quotes from a guideline.

Quoted words of a physician or patient ("meds help") are facts of the case and no quotation in this sense. A
quotation that is never closed ends with the sentence in which it opens.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from operator import attrgetter
from typing import Final

from determinations.letters.facts.grounds.sentences import Span

_MARKS: Final = ('"', "“", "”")
_MARK = re.compile(r"[\"“”]")
_SCARE_QUOTES: Final = 4
_INTRODUCTION: Final = 160
_BEGINNING: Final = 160
_PERSON = re.compile(
    r"\b(?:patient|worker|applicant|claimant|employee|he|she|physician|doctor|provider|treater|surgeon|therapist|"
    r"note|notes|report|reports|chart|request|prescription|form|rfa|said|wrote|writes|palpation|efficacy)\b",
    re.IGNORECASE,
)
_GUIDELINE = re.compile(
    r"\b(?:mtus|odg|acoem|guidelines?|medical treatment utilization|official disability|fda|cdc|aaos|apa|"
    r"label|criteria|chapter|page|states?|literature|stud(?:y|ies)|cochrane)\b",
    re.IGNORECASE,
)
_STATES = re.compile(r"(?:stat(?:e|es|ed|ing)|says?|reads?|notes?|that|follows|:)[\s,:;]*\Z", re.IGNORECASE)


def quotations_of(text: str, sentences: Sequence[Span]) -> list[Span]:
    """The spans that a guideline's words fill, marks included, in order and without overlap."""
    if not any(mark in text for mark in _MARKS):
        return []
    marks = [mark.start() for mark in _MARK.finditer(text)]
    persons = [found.end() for found in _PERSON.finditer(text)]
    guidelines = [found.end() for found in _GUIDELINE.finditer(text)]
    spans: list[Span] = []
    index = 0
    while index < len(marks):
        opening = marks[index]
        if not _opens(text, opening) or (spans and opening < spans[-1].end):
            index += 1
            continue
        sentence_start, sentence_end = _sentence_at(sentences, opening)
        if index + 1 < len(marks) and not _opens(text, marks[index + 1]):
            end = marks[index + 1] + 1
            index += 2
        else:
            end = sentence_end
            index += 1
        start = max(sentence_start, opening - _INTRODUCTION)
        if _is_remark(text, start, opening, end):
            continue
        person = _last(persons, start, opening)
        if person < 0 or person < _last(guidelines, start, opening):
            spans.append(Span(opening, max(end, opening + 1)))
    return spans


def _opens(text: str, at: int) -> bool:
    """Whether a mark opens: a straight one does where white space or an opening parenthesis is before it."""
    if text[at] != '"':
        return text[at] == "“"
    return at == 0 or text[at - 1].isspace() or text[at - 1] in "(["


def _sentence_at(sentences: Sequence[Span], at: int) -> Span:
    index = bisect_right(sentences, at, key=attrgetter("start")) - 1
    return sentences[index] if index >= 0 else Span(at, at)


def _is_remark(text: str, start: int, opening: int, end: int) -> bool:
    """Whether a few words are quoted that are no whole sentence of a guideline's. Its introduction begins at
    `start`."""
    beginning = text[opening + 1 : min(end, opening + _BEGINNING)]
    if len(beginning.split(None, _SCARE_QUOTES)) > _SCARE_QUOTES:
        return False
    ending = text[end - 4 : end].rstrip("\"”' \t\r\n")[-1:]
    whole = beginning.lstrip()[:1].isupper() and ending in (".", "!", "?")
    return not (whole and _STATES.search(text[start:opening]))


def _last(ends: Sequence[int], start: int, before: int) -> int:
    """The last of some sorted offsets between `start` and `before`; -1 for none."""
    index = bisect_right(ends, before) - 1
    return ends[index] if index >= 0 and ends[index] > start else -1
