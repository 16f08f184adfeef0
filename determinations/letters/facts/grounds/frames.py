"""Tells whose words the clauses of a sentence are.

Only what the reviewer says of this patient, this record or this request states a ground. The rest is a rule of the
guideline ("MTUS recommends X when A"), a report of utilization review ("the claims administrator found no A"), or a
concession ("although A, ...").
"""

from collections.abc import Mapping
from enum import Enum
from typing import Final

from determinations.letters.facts.grounds.tagging import Clause, Tagged


class Frame(Enum):
    """Whose words a clause is."""

    CASE = "the reviewer, of the case"
    RULE = "a guideline, in general"
    REVIEW = "utilization review"


FRAME_CLASSES: Final = (
    "guideline",
    "rule verb",
    "general",
    "this case",
    "patient",
    "past",
    "utilization review",
    "review verb",
    "agreement",
    "concession",
    "main clause",
    "contrast",
)


# A guideline that is named later in a clause is spoken of rather than speaking.
_NEAR_THE_START: Final = 7


class Framer:
    """Sorts clauses into frames. Takes the numbers of the word classes in FRAME_CLASSES by name."""

    def __init__(self, number: Mapping[str, int]) -> None:
        self._number = {name: number[name] for name in FRAME_CLASSES}

    def frames_of(self, tagged: Tagged, before: Frame) -> list[Frame]:
        """The frame of each clause. `before` is the frame of the sentence's predecessor."""
        frames: list[Frame] = []
        for clause in tagged.clauses:
            before = self._frame(tagged, clause, before)
            frames.append(before)
        return frames

    def _frame(self, tagged: Tagged, clause: Clause, before: Frame) -> Frame:
        at = self._in(tagged, clause.mask)
        if at("utilization review") and at("review verb"):
            return Frame.REVIEW
        case, patient, guideline = at("this case"), at("patient"), at("guideline")
        if case:
            return Frame.CASE
        if before is Frame.RULE and clause.first and (clause.after_mark or not patient):
            return Frame.RULE if clause.after_mark or at("general") or not at("past") else Frame.CASE
        if guideline and (_lowest(guideline) - _lowest(clause.mask) <= _NEAR_THE_START or at("general")):
            ruled = patient and _lowest(guideline) < _lowest(patient) and at("general")
            return Frame.RULE if not patient or ruled else Frame.CASE
        return Frame.RULE if before is Frame.RULE and at("general") and not patient else Frame.CASE

    def conceded(self, tagged: Tagged) -> int:
        """The mask of the words that are conceded: from "although" to where the main clause begins, or to the
        end of the clause where it stands after the main one."""
        openings = tagged.positions.get(self._number["concession"], 0)
        if not openings:
            return 0
        conceded = 0
        mains = tagged.positions.get(self._number["main clause"], 0)
        for clause in tagged.clauses:
            if not openings & clause.mask:
                continue
            start = _lowest(openings & clause.mask)
            if start - _lowest(clause.mask) > 3:
                continue
            end = None
            for comma in tagged.commas:
                if not clause.first < comma < clause.end or tagged.places[comma] < start + 3:
                    continue
                joined = clause.first > 0 and tagged.words[comma] == "and"
                if joined or mains >> tagged.places[comma] & 1:
                    end = comma
                    break
            if end is None and clause.first == 0 and clause.end < len(tagged.words):
                end = clause.end
            elif end is None and clause.first > 0:
                end = clause.end
            if end is not None:
                conceded |= tagged.between(clause.first, end)
        return conceded

    def agrees(self, tagged: Tagged, negations: int) -> bool:
        """Whether the reviewer adopts what utilization review said."""
        at = self._in(tagged, -1)
        return bool(at("utilization review") and at("agreement") and not negations)

    def _in(self, tagged: Tagged, mask: int) -> "_Presence":
        return _Presence(tagged.positions, self._number, mask)


class _Presence:
    def __init__(self, positions: Mapping[int, int], number: Mapping[str, int], mask: int) -> None:
        self._positions, self._number, self._mask = positions, number, mask

    def __call__(self, name: str) -> int:
        return self._positions.get(self._number[name], 0) & self._mask


def _lowest(mask: int) -> int:
    return (mask & -mask).bit_length() - 1
