"""The passages of a text worth showing for a query, its matches marked. Knows no HTML and no engine.

A passage is a stretch of the text exactly as written: whole sentences of about 200 to 320 characters
together where sentences allow it, else cut between words.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain, pairwise
from typing import NamedTuple

from determinations.search import analysis
from determinations.search.highlighting.matches import Highlighter, MatchSpan
from determinations.search.interface import Fragment, Passage
from determinations.search.query.nodes import SEARCHED_FIELDS, Node, names_fields

_WANTED, _LONGEST = 200, 320
_NOT_SPACE = re.compile(r"\S")
_SENTENCE_END = re.compile(  # one sign to look for first: twice as fast as the plain alternatives
    r"""[.!?\n](?:
          (?<=[.!?])
          (?<!\b[A-Z]\.) (?<!\b(?:Dr|Mr|Ms|No|vs|pp|pg)\.) (?<!\b(?:Mrs|e\.g|i\.e|pgs|Vol|vol)\.)
          ["'”’)\]]* \s+ (?=["'“‘(\[]?[A-Z0-9])
        | (?<=\n) \s* \n \s*
        )""",
    re.VERBOSE,
)


class _Stretch(NamedTuple):
    start: int
    end: int


class _Candidate(NamedTuple):
    """Ordered by worth: how many parts of the query it matches, then how many matches, then the earlier."""

    parts: int
    matches: int
    earliness: int
    stretch: _Stretch


def best_passages(highlighter: Highlighter, text: str, count: int) -> tuple[Passage, ...]:
    """At most `count` passages in text order; without a match, the opening of the text unmarked."""
    spans = highlighter.spans(text)
    if not spans:
        opening = _opening(text)
        return ((Fragment(opening, is_match=False),),) if opening else ()
    chosen: list[_Stretch] = []
    marked = _merged(spans)
    for candidate in sorted(_candidates(text, spans, marked), reverse=True):
        stretch = candidate.stretch
        if all(stretch.end <= other.start or other.end <= stretch.start for other in chosen):
            chosen.append(stretch)
            if len(chosen) == count:
                break
    return tuple(_fragments(text, stretch, marked) for stretch in sorted(chosen))


def whole(highlighter: Highlighter, text: str) -> Passage:
    """All of `text`, its matches marked."""
    return _fragments(text, _Stretch(0, len(text)), _merged(highlighter.spans(text)))


def _fragments(text: str, stretch: _Stretch, marked: list[tuple[int, int]]) -> Passage:
    """The stretch cut at the edges of the marked places, which are in order and do not overlap."""
    fragments: list[Fragment] = []
    at = stretch.start
    for start, end in marked[bisect_left(marked, (at, 0)) :]:
        if end > stretch.end:
            break
        if at < start:
            fragments.append(Fragment(text[at:start], is_match=False))
        fragments.append(Fragment(text[start:end], is_match=True))
        at = end
    if at < stretch.end:
        fragments.append(Fragment(text[at : stretch.end], is_match=False))
    return tuple(fragments)


def _merged(spans: Iterable[MatchSpan]) -> list[tuple[int, int]]:
    """The spans' edges, those that overlap as one."""
    merged: list[tuple[int, int]] = []
    for start, end, _ in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _candidates(text: str, spans: list[MatchSpan], marked: list[tuple[int, int]]) -> Iterable[_Candidate]:
    """For each sentence with a match: that sentence and its neighbors, as far as the length allows."""
    sentences: list[_Stretch] = []
    for sentence in _sentences(text, marked):
        sentences.append(sentence)
        if sentence.end - spans[-1].start > _LONGEST:
            break  # no passage reaches so far
    ends = [sentence.end for sentence in sentences]
    starts = [span.start for span in spans]
    for number in dict.fromkeys(bisect_right(ends, start) for start in starts):
        stretch = _grown(
            sentences[number],
            (sentences[after] for after in range(number + 1, len(sentences))),
            (sentences[before] for before in range(number - 1, -1, -1)),
        )
        around = spans[bisect_left(starts, stretch.start) : bisect_left(starts, stretch.end)]
        inside = [span for span in around if span.end <= stretch.end]
        yield _Candidate(len({span.part for span in inside}), len(inside), -stretch.start, stretch)


def _grown(sentence: _Stretch, after: Iterable[_Stretch], before: Iterable[_Stretch]) -> _Stretch:
    """The sentence with those after it, then those before it, until the passage is long enough."""
    start, end = sentence
    for following in after:
        if end - start >= _WANTED or following.end - start > _LONGEST:
            break
        end = following.end
    for preceding in before:
        if end - start >= _WANTED or end - preceding.start > _LONGEST:
            break
        start = preceding.start
    return _Stretch(start, end)


def _sentences(text: str, marked: list[tuple[int, int]]) -> Iterator[_Stretch]:
    """The text's sentences without the white space around them, long ones cut between words.

    A text that fits into one passage counts as one sentence.
    """
    if len(text) <= _LONGEST and text.strip():
        yield _Stretch(len(text) - len(text.lstrip()), len(text.rstrip()))
        return
    ends = (end.end() for end in _SENTENCE_END.finditer(text))
    for start, end in pairwise(chain((0,), ends, (len(text),))):
        written = text[start:end].rstrip()
        last = start + len(written)
        first = start if written[:1].strip() else last - len(written.lstrip())
        if last - first > _LONGEST:
            yield from _cut(text, first, last, marked)
        elif first < last:
            yield _Stretch(first, last)


def _cut(text: str, start: int, end: int, marked: list[tuple[int, int]]) -> Iterator[_Stretch]:
    """Pieces of at most the longest passage, cut at white space outside of matches."""
    while end - start > _LONGEST:
        cut = _cut_before(text, start, start + _LONGEST, marked)
        yield _Stretch(start, cut)
        following = _NOT_SPACE.search(text, cut, end)
        start = following.start() if following else end
    yield _Stretch(start, end)


def _cut_before(text: str, start: int, limit: int, marked: list[tuple[int, int]]) -> int:
    at = limit
    while (at := max(text.rfind(" ", start + 1, at), text.rfind("\n", start + 1, at))) > start:
        before = bisect_left(marked, (at, 0))  # of disjoint spans, only the last before `at` can contain it
        if not before or marked[before - 1][1] <= at:
            return at
    return limit


def _opening(text: str) -> str:
    """Whole sentences from the beginning, at most the longest passage."""
    sentences = _sentences(text, [])
    first = next(sentences, None)
    if first is None:
        return ""
    stretch = _grown(first, sentences, ())
    return text[stretch.start : stretch.end]


def highlighter(query: Node | None, field: str) -> Highlighter:
    """The same for all texts that a letter has where the query names no field: words are judged once."""
    return _remembered_highlighter(
        query, "" if field in SEARCHED_FIELDS and not names_fields(query) else field
    )


@lru_cache(maxsize=64)
def _remembered_highlighter(query: Node | None, field: str) -> Highlighter:
    return Highlighter(query, field, analysis)
