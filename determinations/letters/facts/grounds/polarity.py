"""Where a sentence negates, after double negations are taken out.

"Not without documentation" documents, and "no evidence that therapy has not been exhausted" says that it
has. "No record that the patient did not respond to therapy" stays a negation: what is missing there is the
failure. "The operation is not necessary, so that the brace is not" negates twice: the first negation is done
with what it refuses.
"""

from typing import Final, NamedTuple

from determinations.letters.facts.grounds.tagging import Tagged

_TO_THAT: Final = 7
_TO_SECOND: Final = 8
_TO_FAILURE: Final = 4


class NegationClasses(NamedTuple):
    """The numbers of the word classes that polarity looks at."""

    plain: int
    """no, not, never, neither"""
    lack: int
    """without, lack of, absence of, failed to"""
    nothing: int
    """no more than, not only: in form negations, but they negate nothing"""
    that: int
    """What opens a clause that a negation governs: that, whether, of."""
    failure: int
    """respond, tolerate, improve: negated, these are a failure of treatment."""
    filler: int
    """What may stand between the two halves of "not without": a, any, entirely"""
    verdict: int
    """necessary, recommended: what a negation before them refuses"""


def negations_in(tagged: Tagged, classes: NegationClasses) -> int:
    """The mask of the places of the negations that hold."""
    plain, lacks = tagged.at(classes.plain), tagged.at(classes.lack)
    if not plain and not lacks:
        return 0
    nothing = tagged.at(classes.nothing)
    plain &= ~nothing
    lacks &= ~nothing
    if not plain or not (plain | lacks) & ((plain | lacks) - 1):
        return plain | lacks
    kept = plain | lacks
    fillers = tagged.places[classes.filler]
    for start, end in _runs(lacks):
        before = plain & _span(start - 1, start)
        if not before and start and fillers >> (start - 1) & 1:
            before = plain & _span(start - 2, start - 1)
        if before:
            kept &= ~(before | _span(start, end))
    thats = tagged.at(classes.that)
    if thats:
        failures, verdicts = tagged.places[classes.failure], tagged.places[classes.verdict]
        for place, end in _runs(plain & kept):
            opening = thats & _span(end, end + _TO_THAT) & _clause_at(tagged, place)
            if not opening:
                continue
            opened = (opening & -opening).bit_length()
            if verdicts & _span(end, opened - 1):
                continue
            second = kept & _span(opened, opened + _TO_SECOND) & _clause_at(tagged, place)
            if not second:
                continue
            at = (second & -second).bit_length() - 1
            if not failures & _span(at, at + _TO_FAILURE + 1):
                kept &= ~(_span(place, end) | _run_at(kept, at))
    return kept


def doubly_negates(tagged: Tagged, classes: NegationClasses) -> bool:
    """Whether some negations take each other out, or negate nothing."""
    return negations_in(tagged, classes) != tagged.at(classes.plain) | tagged.at(classes.lack)


def refusals_in(tagged: Tagged, negations: int, classes: NegationClasses) -> int:
    """The negations that only refuse the treatment: "not necessary", "does not recommend"."""
    if not negations:
        return 0
    verdicts = tagged.at(classes.verdict)
    near = verdicts >> 1 | verdicts >> 2 | verdicts >> 3
    return negations & near


def _clause_at(tagged: Tagged, place: int) -> int:
    """The mask of the clause in which a place lies."""
    return next(clause.mask for clause in tagged.clauses if clause.mask >> place & 1)


def _span(start: int, end: int) -> int:
    """A mask of the places from `start` up to but without `end`."""
    return (1 << end) - (1 << max(start, 0))


def _run_at(mask: int, place: int) -> int:
    """The bits of a mask that follow one another from a place on."""
    rest = mask >> place
    length = (~rest & (rest + 1)).bit_length() - 1
    return _span(place, place + length)


def _runs(mask: int) -> list[tuple[int, int]]:
    """Runs of set bits as (first, end) pairs, lowest first."""
    runs = []
    place = 0
    while mask:
        skip = (mask & -mask).bit_length() - 1
        mask >>= skip
        place += skip
        length = (~mask & (mask + 1)).bit_length() - 1
        runs.append((place, place + length))
        mask >>= length
        place += length
    return runs
