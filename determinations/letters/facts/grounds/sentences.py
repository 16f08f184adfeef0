"""Cuts a rationale into sentences, and finds those that only request something, and what quotes a guideline.

A sentence ends at a full stop, question or exclamation mark that white space and a capital letter, a digit or
an opening mark follow. Abbreviations ("Dr. Smith", "e.g. a splint", "No. 4"), initials and the numbers of a
list ("2. Activity") do not end one. Line ends are white space like any other.

Sentences that only say what was requested give no reason, and say nothing of the case: "The treating provider
is requesting an EEG." "The request for 12 more visits exceeds the guideline." says more, and so does "The
provider requests a study to rule out a tear."

Quoted words of a physician or patient ("meds help") are facts of the case and no quotation of a guideline. A
quotation that is never closed ends with the sentence in which it opens.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from operator import attrgetter
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

# The mark, what closes with it, and either white space or a word that a lost space glued to it. The first
# group takes part where the word before a full stop is longer than any abbreviation, as most are.
_STOP = re.compile(
    r"""[.!?](?:
      (?<=[a-z]{LONGER}\.)()(?=\s+[A-Z0-9\"“‘(\[])
      |[.!?]{0,7}[\"”’')\]]{0,3}(?=\s+[A-Z0-9\"“‘(\[]|[A-Z][a-z])
    )""".replace("LONGER", str(_LONGER_THAN_ABBREVIATIONS)),
    re.VERBOSE,
)
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
        if stop.start() < start or not (stop.lastindex or _ends_a_sentence(text, stop, start)):
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


# These two read small letters, because patterns that ignore case take three times as long.
_ASKS = re.compile(
    r"""\b(?:
    (?:is|was|are|were)\s+(?:(?:also|again|currently|now)\s+)?(?:requesting|asking\s+for)
    |(?:is|was|are|were)\s+being\s+requested
    |requests?\s+(?:is|was|are|were)\s+(?:again\s+|made\s+)?for
    |(?:is|was)\s+(?:a|to)\s+(?:new\s+|repeat\s+)?request
    |(?:provider|physician|doctor|surgeon|specialist|treater|patient|worker|applicant|claimant|employee|he|she|dr\.?\s+\w+)\s+
     (?:(?:has|had|also|again|now)\s+)?(?:requests|requested|asks\s+for|asked\s+for)
    )\b""",
    re.VERBOSE,
)
# Another verb, a negation, or what begins a reason.
_SAYS_MORE = re.compile(
    r"""\b(?:is|are|was|were|be|been|has|have|had|does|do|did|will|would|should|can|cannot|could|may(?!\s+\d)|might|must
    |not?|nor|never|none|without|lack\w*|fail\w*|exceed\w*|beyond|only|despite|unclear|why
    |because|since|as|although|though|however|but|while|due|given|after|until|if|when|where|which|that|who|so|with
    |to\s+(?!the\b|all\b|both\b|his\b|her\b|\w?\d)\w+)\b""",
    re.VERBOSE,
)


def only_requests(sentence: str) -> bool:
    """Whether a sentence says that something was requested, and nothing of why or whether."""
    written = sentence.lower()
    if "request" not in written and "ask" not in written:
        return False
    asks = _ASKS.search(written)
    if asks is None or _SAYS_MORE.search(written, asks.end()):
        return False
    return _SAYS_MORE.search(written[: asks.start()]) is None


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
        person = _last(_PERSON, text, start, opening)
        if person < 0 or person < _last(_GUIDELINE, text, start, opening):
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


def _last(words: re.Pattern[str], text: str, start: int, before: int) -> int:
    """Where the last of some words ends between `start` and `before`; -1 for none."""
    return max((found.end() for found in words.finditer(text, start, before)), default=-1)
