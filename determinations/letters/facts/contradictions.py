"""Where a letter says two things of one item that do not go together: what an appeal could point to.

The heading decides one way and the rationale concludes the other; the request names other levels than the
rationale treats; the rationale misses what the clinical summary documents. Each comes with both passages.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from typing import Final

from determinations.letters.facts.conclusion import contradicts
from determinations.letters.facts.grounds.names import opposed_grounds
from determinations.letters.facts.grounds.reading import grounds_in_narrative, needed_words
from determinations.letters.facts.grounds.sentences import sentences_of
from determinations.letters.facts.item_levels import levels_of_rationale, spinal_levels_of
from determinations.letters.facts.services import services_in
from determinations.letters.facts.spine import may_name_levels
from determinations.letters.facts.spine_notation import region_of
from determinations.letters.parsed_letter import Decision, Ground
from determinations.letters.text.characters import with_single_blanks

_DOCUMENTABLE: Final = frozenset(
    {"conservative-care-not-tried", "no-functional-benefit", "monitoring-lacking", "no-risk-factor"}
)
"""Grounds that a summary can answer. Findings are left out: it names some in every letter."""
_REQUESTS_REMEMBERED: Final = 4096
"""Many letters ask for the same."""


class ContradictionKind(StrEnum):
    RATIONALE = "rationale"
    LEVELS = "levels"
    SUMMARY = "summary"


@dataclass(frozen=True, slots=True)
class Contradiction:
    """`one` is a passage of the heading or the rationale, `other` the passage that it does not go with."""

    kind: ContradictionKind
    one: str
    other: str


def contradictions_in(
    decision: Decision,
    request: str,
    services: Collection[str],
    rationale: str,
    summary: str,
    grounds: Sequence[Ground],
) -> tuple[Contradiction, ...]:
    """The contradictions of one item; each kind once. `services` are the item's."""
    return tuple(
        {
            found.kind: found
            for found in (
                *_of_decision(decision, rationale),
                *_of_levels(request, rationale),
                *_of_summary(rationale, summary, grounds, services),
            )
        }.values()
    )


def _of_decision(decision: Decision, rationale: str) -> Iterator[Contradiction]:
    if not contradicts(decision, rationale):
        return
    sentences = [rationale[span.start : span.end] for span in sentences_of(rationale)]
    # The shortest end of the rationale that still concludes otherwise begins with the conclusion.
    for number in range(1, len(sentences) + 1):
        end = " ".join(sentences[-number:])
        if contradicts(decision, end):
            yield Contradiction(ContradictionKind.RATIONALE, decision.value, _even(sentences[-number]))
            return


def _of_levels(request: str, rationale: str) -> Iterator[Contradiction]:
    """Levels of the treatment in request and rationale, in the same region and without a vertebra in common.

    A request by nerves (L3, L4) and a rationale by joints (L3-L4) name the same, so vertebrae are compared.
    """
    if not may_name_levels(with_single_blanks(rationale)):  # as most: seen at once
        return
    vertebrae = _vertebrae_asked_for(request)
    if not vertebrae:
        return
    regions = {region_of(one) for one in vertebrae}
    for sentence in (rationale[span.start : span.end] for span in sentences_of(rationale)):
        treated = _vertebrae(levels_of_rationale(request, sentence))
        if not treated & vertebrae and not regions.isdisjoint(map(region_of, treated)):
            yield Contradiction(ContradictionKind.LEVELS, _even(request), _even(sentence))
            return


@lru_cache(maxsize=_REQUESTS_REMEMBERED)
def _vertebrae_asked_for(request: str) -> frozenset[str]:
    return frozenset(_vertebrae(spinal_levels_of(request, "").levels))


def _vertebrae(levels: Sequence[str]) -> set[str]:
    return {vertebra for level in levels for vertebra in level.split("-")}


def _of_summary(
    rationale: str, summary: str, grounds: Sequence[Ground], services: Collection[str]
) -> Iterator[Contradiction]:
    """The rationale misses what a sentence of the summary states.

    A benefit answers only where the sentence names the service that it comes from: a patient may be better
    for many reasons.
    """
    missed = [ground for ground in grounds if ground.slug in _DOCUMENTABLE]
    if not missed or not summary:
        return
    for ground in missed:
        for sentence in _answering(summary, ground.slug):
            if ground.slug == "no-functional-benefit" and not set(services) & set(services_in(sentence)):
                continue
            missing = rationale[ground.start : ground.end]
            yield Contradiction(ContradictionKind.SUMMARY, _even(missing), _even(sentence))
            return


@lru_cache(maxsize=64)
def _answering(summary: str, missed: str) -> tuple[str, ...]:
    """The sentences that would state in a rationale what answers a ground that is missed.

    The items of a letter share its summary, and are read one after the other.
    """
    answers = _answers(missed)
    if not answers:
        return ()
    words = needed_words(answers)
    sentences = (summary[span.start : span.end] for span in sentences_of(summary))
    likely = (sentence for sentence in sentences if words.may_be_in(sentence))
    return tuple(
        sentence
        for sentence in likely
        if not answers.isdisjoint(ground.slug for ground in grounds_in_narrative(sentence))
    )


@cache
def _answers(missed: str) -> frozenset[str]:
    """The grounds that answer one that is missed."""
    return frozenset(slug for pair in opposed_grounds() if pair.lacking == missed for slug in pair.shown)


def _even(text: str) -> str:
    return " ".join(text.split())
