"""Where a letter says two things of one item that do not go together: what an appeal could point to.

The heading decides one way and the rationale concludes the other; the request names other levels than the
rationale treats; the rationale misses what the clinical summary documents. Each comes with both passages.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from determinations.letters.facts.grounds.names import opposed_grounds
from determinations.letters.facts.grounds.reading import grounds_in_narrative
from determinations.letters.facts.grounds.sentences import sentences_of
from determinations.letters.facts.item_levels import levels_of_rationale, spinal_levels_of
from determinations.letters.facts.services import services_in
from determinations.letters.facts.spine_notation import region_of
from determinations.letters.facts.warnings import contradicts
from determinations.letters.parsed_letter import Decision, Ground

_DOCUMENTABLE: Final = frozenset(
    {"conservative-care-not-tried", "no-functional-benefit", "monitoring-lacking", "no-risk-factor"}
)
"""Grounds that a summary can answer. Findings are left out: it names some in every letter."""


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
    asked = spinal_levels_of(request, "").levels
    vertebrae = _vertebrae(asked)
    if not vertebrae:
        return
    for sentence in (rationale[span.start : span.end] for span in sentences_of(rationale)):
        treated = _vertebrae(levels_of_rationale(request, sentence))
        same_region = {region_of(one) for one in treated} & {region_of(one) for one in vertebrae}
        if same_region and not treated & vertebrae:
            yield Contradiction(ContradictionKind.LEVELS, _even(request), _even(sentence))
            return


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
    answers = {pair.lacking: pair.shown for pair in opposed_grounds()}
    for ground in missed:
        for sentence, documented in _documented_in(summary):
            if documented.isdisjoint(answers.get(ground.slug, ())):
                continue
            if ground.slug == "no-functional-benefit" and not set(services) & set(services_in(sentence)):
                continue
            missing = rationale[ground.start : ground.end]
            yield Contradiction(ContradictionKind.SUMMARY, _even(missing), _even(sentence))
            return


@lru_cache(maxsize=64)
def _documented_in(summary: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """The sentences that document something, each with the grounds that it would state in a rationale.

    The items of a letter share its summary, and are read one after the other.
    """
    sentences = (summary[span.start : span.end] for span in sentences_of(summary))
    read = ((one, frozenset(ground.slug for ground in grounds_in_narrative(one))) for one in sentences)
    return tuple((one, slugs) for one, slugs in read if slugs)


def _even(text: str) -> str:
    return " ".join(text.split())
