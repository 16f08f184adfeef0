"""Reads the grounds that a rationale states, each with the sentence that states it.

A sentence gives candidates; the rationale as a whole says which way it leans. What speaks for the other side is a
concession and no reason for the decision, so it is left out.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from determinations.letters.facts.grounds.frames import Frame, Framer
from determinations.letters.facts.grounds.patterns import negated_places
from determinations.letters.facts.grounds.polarity import NegationClasses, negations_in, refusals_in
from determinations.letters.facts.grounds.quotations import quotations_of
from determinations.letters.facts.grounds.sentences import Span, sentences_of
from determinations.letters.facts.grounds.tagging import Tagged, tag
from determinations.letters.facts.grounds.vocabulary import POLARITY_CLASSES, GroundEntry, Side, Vocabulary, vocabulary


@dataclass(frozen=True, slots=True)
class Ground:
    """A reason that a rationale states. `start` and `end` are the offsets of its sentence in the rationale."""

    slug: str
    side: Side
    start: int
    end: int


def read_grounds(rationale: str, services: Sequence[str] = (), request: str = "") -> tuple[Ground, ...]:
    """The grounds of a rationale, in the order of their first sentences; each slug once.

    `services` and `request` are what the item asks for. The item's decision is no argument on purpose: grounds are
    read off the text, also where it contradicts its own heading.
    """
    return _reader().read(rationale, services, request)


# How much a candidate counts where a rationale draws no conclusion of its own.
_STRONG_VOTE = 2
_WEAK_VOTE = 1


# Grounds that a rule alone states only where the reviewer gives no reason of the case: "experimental" is often quoted.
_RELIED_ON = frozenset({"evidence-lacking"})


class Candidate(NamedTuple):
    """A ground that a sentence may state."""

    slug: str
    span: Span
    weak: bool
    ruled: bool
    """Only the guideline's rule states it."""
    conceded: bool


class Match(NamedTuple):
    """A pattern that finds a sentence."""

    pattern: int
    ruled: bool
    conceded: bool


@cache
def _reader() -> "Reader":
    return Reader(vocabulary())


class Reader:
    """Reads with one vocabulary."""

    def __init__(self, words: Vocabulary) -> None:
        self._words = words
        number = words.lexicon.number
        self._framer = Framer(number)
        self._negations = NegationClasses(*(number[name] for name in POLARITY_CLASSES[:-2]))
        self._ground: dict[str, GroundEntry] = {ground.slug: ground for ground in words.grounds}

    def read(self, rationale: str, services: Sequence[str], request: str) -> tuple[Ground, ...]:
        asked = self._asked(services, request) or self._asked((), rationale)
        spans = sentences_of(rationale)
        candidates: list[Candidate] = []
        conclusions: list[str] = []
        before = Frame.RULE
        for span, tagged in self._tagged(rationale, spans):
            frames = self._framer.frames_of(tagged, before)
            before = frames[-1]
            own: list[Candidate] = []
            for match in self._matches(tagged, frames, asked):
                meaning = self._words.meaning[match.pattern]
                if match.pattern not in self._words.conclusions:
                    weak = self._words.patterns[match.pattern].weak
                    own.append(Candidate(meaning, span, weak, match.ruled, match.conceded))
                elif not match.conceded:
                    conclusions.append(meaning)
            candidates += self._specific_first(own)
        return self._grounds(candidates, conclusions)

    def _asked(self, services: Sequence[str], request: str) -> Collection[int]:
        """The classes of words that the request and the names of its services have."""
        text = " ".join((*services, request)).lower()
        return tag(text, self._words.lexicon, frozenset()).positions.keys() if text.strip() else ()

    def matches(self, sentence: str, pattern: int) -> bool:
        """Whether a pattern finds the sentence when it is all that there is."""
        for _, tagged in self._tagged(sentence, sentences_of(sentence)):
            frames = self._framer.frames_of(tagged, Frame.CASE)
            if any(match.pattern == pattern for match in self._matches(tagged, frames)):
                return True
        return False

    def _tagged(self, text: str, spans: Sequence[Span]) -> Iterator[tuple[Span, Tagged]]:
        """Each sentence that is not all quotation, tagged without what it quotes."""
        quotations = quotations_of(text, spans)
        index = 0
        for span in spans:
            while index < len(quotations) and quotations[index].end <= span.start:
                index += 1
            said = text[span.start : span.end]
            if index < len(quotations) and quotations[index].start < span.end:
                said = _without(text, span, quotations[index:])
            tagged = tag(said.lower(), self._words.lexicon, self._words.parting)
            if tagged.words:
                yield span, tagged

    def _matches(
        self, tagged: Tagged, frames: Sequence[Frame], asked: Collection[int] | None = None
    ) -> Iterator[Match]:
        """The patterns that match, each once."""
        words = self._words
        case = ruled = 0
        for clause, frame in zip(tagged.clauses, frames, strict=True):
            if frame is Frame.CASE:
                case |= clause.mask
            elif frame is Frame.RULE:
                ruled |= clause.mask
        conceded = self._framer.conceded(tagged)
        negations = negations_in(tagged, self._negations)
        negated = negated_places(negations)
        positions = tagged.positions
        _set(positions, words.any_negation, negations)
        _set(positions, words.negation, negations & ~refusals_in(tagged, negations, self._negations))
        for present in tuple(positions):
            for number in words.by_class.get(present, ()):
                pattern = words.patterns[number]
                if asked is not None and pattern.asked is not None and pattern.asked not in asked:
                    continue
                if any(needed not in positions for needed in pattern.needed):
                    continue
                allowed = case | ruled if pattern.rule else case
                if case and pattern.found_in(tagged, case & ~conceded, negated):
                    yield Match(number, ruled=False, conceded=False)
                elif pattern.rule and ruled and pattern.found_in(tagged, allowed & ~conceded, negated):
                    yield Match(number, ruled=True, conceded=False)
                elif conceded & allowed and pattern.found_in(tagged, allowed, negated):
                    yield Match(number, ruled=False, conceded=True)

    def _specific_first(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        specific = {c.slug for c in candidates if not self._ground[c.slug].general and not c.weak}
        return [
            c
            for c in candidates
            if not (
                c.weak
                and self._ground[c.slug].general
                and any(self._ground[s].side == self._ground[c.slug].side for s in specific)
            )
        ]

    def _grounds(self, candidates: Sequence[Candidate], conclusions: Sequence[str]) -> tuple[Ground, ...]:
        side = self._leaning(candidates, conclusions)
        stated = {c.slug for c in candidates if not c.ruled and not c.conceded and not c.weak and self._ground[c.slug].side == side}
        grounds: dict[str, Ground] = {}
        for candidate in candidates:
            entry = self._ground[candidate.slug]
            if side is not None and entry.side != side:
                continue
            if candidate.conceded or (candidate.weak and side is None):
                continue
            if candidate.ruled and candidate.slug in _RELIED_ON and stated - {candidate.slug}:
                continue
            if candidate.slug not in grounds:
                grounds[candidate.slug] = Ground(entry.slug, entry.side, *candidate.span)
        return tuple(sorted(grounds.values(), key=lambda ground: ground.start))

    def _leaning(self, candidates: Sequence[Candidate], conclusions: Sequence[str]) -> Side | None:
        """The side to which the rationale leans; None where it decides on two things in opposite ways."""
        stated = [c for c in candidates if not c.weak and not c.conceded]
        concluded = set(conclusions)
        if len(concluded) == 2:
            return None
        if concluded:
            side: Side = "for" if "for" in concluded else "against"
            return side
        votes = 0
        for c in _each_once(candidates):
            if not c.conceded:
                votes += (_WEAK_VOTE if c.weak else _STRONG_VOTE) * (1 if self._ground[c.slug].side == "for" else -1)
        if votes:
            return "for" if votes > 0 else "against"
        return self._ground[stated[-1].slug].side if stated else None


def _set(positions: dict[int, int], number: int, places: int) -> None:
    if places:
        positions[number] = places
    else:
        positions.pop(number, None)


def _each_once(candidates: Iterable[Candidate]) -> list[Candidate]:
    return list({candidate.slug: candidate for candidate in candidates}.values())


def _without(text: str, span: Span, quotations: Sequence[Span]) -> str:
    """A sentence without what it quotes."""
    said: list[str] = []
    at = span.start
    for quotation in quotations:
        if quotation.start >= span.end:
            break
        said.append(text[at : max(at, quotation.start)])
        at = max(at, min(quotation.end, span.end))
    said.append(text[at : span.end])
    return " ".join(said)
