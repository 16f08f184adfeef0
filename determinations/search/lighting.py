"""Which places of a text a question lights up: words, phrases, wildcards, fuzzy words; never what it negates.

Standard library only. What lights up is said by `lamps`. A text is read chunk by chunk (a chunk is a run
without white space), because most chunks have been judged before.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate
from typing import NamedTuple

from determinations.search.lamps import Lamps, PhraseLamp, TextAnalysis
from determinations.search.query_tree import Node

_REMEMBERED_CHUNKS = 20_000
_CHUNK = re.compile(r"\S+")


class LitPlace(NamedTuple):
    """text[start:end] answers to `lamp`, a number that stands for one word or phrase of the question."""

    start: int
    end: int
    lamp: int


class _Place(NamedTuple):
    """A word of interest: its number among all words, its place, its term, and its own lamp or -1."""

    position: int
    start: int
    end: int
    term: str
    lamp: int


class Lighting:
    """One question, ready to light texts of one field; it keeps what it learns, so make it once per page."""

    def __init__(self, query: Node | None, field_name: str, analysis: TextAnalysis) -> None:
        self._analysis = analysis
        self._lamps = Lamps(query, field_name, analysis)
        self._seeds = self._lamps.seeds
        self._judged: dict[str, tuple[int, tuple[_Place, ...]]] = _Judgements(self._judge)

    def places(self, text: str) -> list[LitPlace]:
        """Lit places in text order; places of different lamps may overlap."""
        if not self._lamps.count:
            return []
        text = self._analysis.bridged(text)
        found = self._interesting(text) if self._needs_all_words(text) else self._around_seeds(text)
        lit = [LitPlace(place.start, place.end, place.lamp) for place in found if place.lamp >= 0]
        for phrase in self._lamps.phrases:
            lit.extend(_phrase_places(found, phrase))
        return sorted(set(lit))

    def _needs_all_words(self, text: str) -> bool:
        """Whether every word of `text` must be judged: for a phrase that may be there, or without seeds."""
        lowered = text.lower()
        if self._seeds is None or len(lowered) != len(text):
            return True
        if not self._lamps.phrases:
            return False
        letters = lowered.replace("'", "").replace("’", "")  # as terms have no apostrophes
        return any(all(seed in letters for seed in seeds) for seeds in self._lamps.phrase_seeds)

    def _around_seeds(self, text: str) -> list[_Place]:
        """The words that matter, found by their seeds. Their numbers among all words are not known here."""
        lowered = text.lower()
        starts: set[int] = set()
        for seed in self._seeds or ():
            at = lowered.find(seed)
            while at >= 0:
                start = at
                while start and not text[start - 1].isspace():
                    start -= 1
                starts.add(start)
                at = lowered.find(seed, at + 1)
        return [
            _Place(0, start + place.start, start + place.end, place.term, place.lamp)
            for start in sorted(starts)
            for place in self._judged[_CHUNK.match(text, start)[0]][1]  # type: ignore[index]
            if place.lamp >= 0
        ]

    def _judge(self, chunk: str) -> tuple[int, tuple[_Place, ...]]:
        """How many words `chunk` has, and those that matter here, placed within the chunk."""
        word = self._analysis.plain_word(chunk)
        if word is not None and not self._lamps.may_light(word):
            return 1, ()
        tokens = self._analysis.tokens_of_chunk(chunk)
        places = []
        for position, token in enumerate(tokens):
            lamp = self._lamps.lamp_of(token)
            if lamp >= 0 or token.term in self._lamps.phrase_terms:
                places.append(_Place(position, token.start, token.end, token.term, lamp))
        return len(tokens), tuple(places)

    def _interesting(self, text: str) -> list[_Place]:
        """The words that matter, placed in the text and numbered among all its words."""
        chunks = text.split()
        judged = list(map(self._judged.__getitem__, chunks))
        at = [number for number, (_, places) in enumerate(judged) if places]
        if not at:
            return []
        before = list(accumulate((count for count, _ in judged), initial=0))
        starts = _starts(text, [chunks[number] for number in at])
        return [
            _Place(
                before[number] + place.position,
                start + place.start,
                start + place.end,
                place.term,
                place.lamp,
            )
            for number, start in zip(at, starts, strict=True)
            for place in judged[number][1]
        ]


class _Judgements(dict[str, tuple[int, tuple[_Place, ...]]]):
    def __init__(self, judge: Callable[[str], tuple[int, tuple[_Place, ...]]]) -> None:
        super().__init__()
        self._judge = judge

    def __missing__(self, chunk: str) -> tuple[int, tuple[_Place, ...]]:
        if len(self) >= _REMEMBERED_CHUNKS:
            self.clear()
        judged = self[chunk] = self._judge(chunk)
        return judged


def _starts(text: str, chunks: Iterable[str]) -> Iterator[int]:
    """Where each of `chunks`, which stand in `text` in this order and nowhere between, begins."""
    at = 0
    for chunk in chunks:
        at = text.find(chunk, at)
        while not (_is_edge(text, at - 1) and _is_edge(text, at + len(chunk))):
            at = text.find(chunk, at + 1)
        yield at
        at += len(chunk)


def _is_edge(text: str, at: int) -> bool:
    return not 0 <= at < len(text) or text[at].isspace()


def _phrase_places(found: list[_Place], phrase: PhraseLamp) -> Iterator[LitPlace]:
    """A phrase of neighbours is lit as one place; with words allowed between, each word by itself."""
    words, slop, lamp = phrase
    by_term: dict[str, list[_Place]] = {word: [] for word in words}
    for place in found:
        if place.term in by_term:
            by_term[place.term].append(place)
    runs = [[place] for place in by_term[words[0]]]
    for word in words[1:]:
        runs = [
            [*run, place]
            for run in runs
            for place in by_term[word]
            if 1 <= place.position - run[-1].position <= slop
        ]
    for run in runs:
        if slop == 1:
            yield LitPlace(run[0].start, run[-1].end, lamp)
        else:
            yield from (LitPlace(place.start, place.end, lamp) for place in run)
