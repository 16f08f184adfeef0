"""Writes invented letters, seeded: an endless stream of index documents with a natural distribution.

Sentences come from `material.toml`, and every third one carries a word of the long tail. Each of 80
reviewers has favorite sentences and repeats whole rationales, so that texts resemble each other as real ones
do.
"""

import re
from bisect import bisect
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from random import Random
from typing import Any, Generic, TypeVar
from zlib import crc32

from benchmarks.material import MATERIAL
from benchmarks.vocabulary import tail_words
from determinations.search.interface import IndexDocument

_T = TypeVar("_T")
_REVIEWERS = 80
_SLOT = re.compile(r"(\{\w+\})")
_DECISIONS = (("upheld", 88.5), ("overturned", 10.5), ("partially_overturned", 1.0))
_ITEMS_OF_A_LETTER = ((1, 56), (2, 18), (3, 11), (4, 6), (5, 4), (6, 2), (8, 2), (12, 1))
_PARTLY_AUTHORIZED, _QUOTING, _REPEATING = 0.11, 0.16, 0.08
"""Shares of the items whose request was authorized in part, whose rationale quotes a guideline at length, or
all but repeats one that the reviewer has written on the same service."""
_LEVELS_PER_ITEM = (0, 0, 0, 1, 1, 2, 2, 3, 4)
_GUIDELINES_PER_ITEM = (1, 1, 2, 2, 3, 4)


class _Urn(Generic[_T]):
    """Things drawn by their weights; in a `zipf` urn the n-th weighs 1 / (n + shift) ** steepness."""

    def __init__(self, things: Sequence[_T], weights: Sequence[float]) -> None:
        self._things = things
        self._sums = list(accumulate(weights))

    @classmethod
    def zipf(cls, things: Sequence[_T], steepness: float = 1.0, shift: int = 1) -> "_Urn[_T]":
        return cls(things, [(place + shift) ** -steepness for place in range(len(things))])

    def draw(self, random: Random) -> _T:
        return self._things[bisect(self._sums, random.random() * self._sums[-1])]


_Template = tuple[str, ...]
"""Literal text and slots in turn."""


class LetterWriter:
    """The same `seed` gives the same documents, keys 1, 2, 3, ... in turn."""

    def __init__(self, seed: int) -> None:
        self._random = random = Random(seed)
        material = MATERIAL
        self._services = _Urn.zipf([tuple(each) for each in material["services"]])
        self._guidelines = _Urn.zipf([tuple(each) for each in material["guidelines"]])
        self._specialties = _Urn.zipf(material["specialties"], 1.1)
        levels = material["levels"]
        self._levels = _Urn([(region, name) for region, name, _ in levels], [often for *_, often in levels])
        self._decisions = _Urn([name for name, _ in _DECISIONS], [chance for _, chance in _DECISIONS])
        self._tail = _Urn.zipf(tail_words(random), 1.07, 30)
        self._parts = _Urn.zipf(material["parts"], 0.7)
        self._drugs = _Urn.zipf(material["drugs"], 0.8)
        self._slots = self._slot_fillers(material)
        self._summaries = _reviewers(material["summary"], random)
        self._rationales = _reviewers(material["rationale"], random)
        self._quoted = _reviewers(material["quoted"], random)
        self._items_of_a_letter = _Urn(*zip(*_ITEMS_OF_A_LETTER, strict=True))
        self._written: dict[tuple[int, str], str] = {}

    def _slot_fillers(self, material: dict[str, Any]) -> dict[str, Callable[[], str]]:
        random, regions = self._random, _Urn.zipf(material["regions"], 0.9)
        return {
            "{drug}": lambda: self._drugs.draw(random),
            "{part}": lambda: self._parts.draw(random),
            "{region}": lambda: regions.draw(random),
            "{level}": lambda: self._levels.draw(random)[1],
            "{date}": lambda: f"{_upto(random, 12):02d}/{_upto(random, 28):02d}/{2008 + _upto(random, 16)}",
            "{number}": lambda: str(5 + _upto(random, 75)),
            "{days}": lambda: str(_upto(random, 10)),
            "{side}": lambda: "left" if random.random() < 0.5 else "right",
            "{person}": lambda: "injured worker" if random.random() < 0.6 else "patient",
        }

    def documents(self) -> Iterator[IndexDocument]:
        random, key, letter = self._random, 0, 0
        while True:
            letter += 1
            year = 2013 + min(12, int(abs(random.gauss(3, 3))))
            date = year * 10_000 + _upto(random, 12) * 100 + _upto(random, 28)
            case = f"CM{year % 100:02d}-{letter:07d}"
            specialty = self._specialties.draw(random)
            reviewer = int(random.random() * _REVIEWERS)
            main = self._services.draw(random)[2]
            summary = self._text(self._summaries[reviewer], main, 130 + _upto(random, 120))
            for _ in range(self._items_of_a_letter.draw(random)):
                key += 1
                yield self._item(key, case, date, specialty, summary, reviewer)

    def _item(
        self, key: int, case: str, date: int, specialty: str, summary: str, reviewer: int
    ) -> IndexDocument:
        random = self._random
        slug, category, service = self._services.draw(random)
        levels = {self._levels.draw(random) for _ in range(random.choice(_LEVELS_PER_ITEM))}
        cited = list(
            dict.fromkeys(self._guidelines.draw(random) for _ in range(random.choice(_GUIDELINES_PER_ITEM)))
        )
        reviewers = cited[:1] if random.random() < 0.5 else [self._guidelines.draw(random), *cited[:1]]
        return IndexDocument(
            key=key,
            case=case,
            request=self._request(service, [name for _, name in sorted(levels)]),
            guideline=self._citation("Claims Administrator", cited)
            + "\n"
            + self._citation("MAXIMUS", reviewers),
            rationale=self._rationale(reviewer, service),
            summary=summary,
            facets={
                "decision": (self._decisions.draw(random),),
                "service": tuple(sorted({slug, category})),
                "guideline": _with_sources(reviewers),
                "level": tuple(sorted({value for level in levels for value in level})),
                "specialty": (specialty,),
                "year": (str(date // 10_000),),
                "ca_guideline": _with_sources(cited),
            },
            date=date,
            fingerprint=crc32(f"{key} {service}".encode()),
        )

    def _rationale(self, reviewer: int, service: str) -> str:
        """Reviewers write on a service what they wrote before, or quote first what a guideline asks for."""
        random, sentences = self._random, self._rationales[reviewer]
        earlier = self._written.get((reviewer, service))
        if earlier is not None and random.random() < _REPEATING:
            return f"{earlier} {self._sentence(sentences.draw(random), service)}"
        text = self._text(sentences, service, 90 + _upto(random, 90))
        if random.random() < _QUOTING:
            text = f"{self._text(self._quoted[reviewer], service, 100 + _upto(random, 100))} {text}"
        self._written[reviewer, service] = text
        return text

    def _request(self, service: str, levels: list[str]) -> str:
        asked = self._asked(service, levels)
        if self._random.random() >= _PARTLY_AUTHORIZED:
            return asked
        return (
            f"{asked} was the original request. {_upto(self._random, 6)} of {service} was authorized by the "
            f"Claims Administrator. The remaining IMR eligible portion of the original request, {asked}"
        )

    def _asked(self, service: str, levels: list[str]) -> str:
        random = self._random
        asked = " ".join([service, *levels])
        if random.random() < 0.5:
            times, weeks = _upto(random, 6), 1 + _upto(random, 7)
            return f"{asked} for the {self._parts.draw(random)} {times} times a week for {weeks} weeks"
        tail, drug = self._tail.draw(random), self._drugs.draw(random)
        return f"{asked} with {tail}, {drug} {_upto(random, 4)} refills"

    def _citation(self, side: str, guidelines: list[tuple[str, str, str]]) -> str:
        cited = "; ".join(f"{name}, page(s) {_upto(self._random, 400)}" for _, _, name in guidelines)
        return f"{side} guideline: Decision based on {cited}, section {self._tail.draw(self._random)}."

    def _text(self, sentences: _Urn[_Template], service: str, words: int) -> str:
        written: list[str] = []
        while words > 0:
            sentence = self._sentence(sentences.draw(self._random), service)
            words -= sentence.count(" ") + 1
            written.append(sentence)
        return " ".join(written)

    def _sentence(self, template: _Template, service: str) -> str:
        random, slots = self._random, self._slots
        pieces: list[str] = []
        for number, piece in enumerate(template):
            if number % 2 == 0:
                pieces.append(piece)
            elif piece == "{service}":
                pieces.append(service if random.random() < 0.6 else self._services.draw(random)[2])
            else:
                pieces.append(slots[piece]())
        sentence = "".join(pieces)
        if random.random() < 0.36:
            at = sentence.find(" ", int(random.random() * len(sentence)))
            sentence = f"{sentence[:at]} {self._tail.draw(random)}{sentence[at:]}"
        return sentence


def _reviewers(sentences: list[str], random: Random) -> list[_Urn[_Template]]:
    templates = [tuple(_SLOT.split(sentence)) for sentence in sentences]
    return [_Urn.zipf(random.sample(templates, len(templates)), 0.9) for _ in range(_REVIEWERS)]


def _with_sources(guidelines: list[tuple[str, str, str]]) -> tuple[str, ...]:
    """The facet's values of citations: each source, and each chapter under its source."""
    chapters = {f"{source}.{chapter}" for source, chapter, _ in guidelines if chapter}
    return tuple(sorted({source for source, _, _ in guidelines} | chapters))


def _upto(random: Random, number: int) -> int:
    """1 to `number`: three times as fast as `randint`."""
    return 1 + int(random.random() * number)
