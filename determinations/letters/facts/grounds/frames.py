"""Tells whose words the clauses of a sentence are.

Only what the reviewer says of this patient, this record or this request states a ground. The rest is a rule
of the guideline ("MTUS recommends X when A"), a report of utilization review ("the claims administrator
found no A"), or a concession ("although A, ...").
"""

from collections.abc import Mapping
from typing import Final, Literal

from determinations.letters.facts.grounds.tagging import Clause, Tagged

Frame = Literal["case", "rule", "review"]
"""Whose words a clause is: the reviewer's of the case, a guideline's in general, or utilization review's."""

FRAME_CLASSES: Final = (
    "guideline",
    "rule verb",
    "general",
    "rule text",
    "anyone",
    "this case",
    "patient",
    "past",
    "utilization review",
    "review verb",
    "agreement",
    "concession",
    "main clause",
    "because",
)


# A clause of so many words without one of the case goes on with the rule before it.
_GOES_ON: Final = 16

# A clause with so many general words, and none of the patient, is a rule also where no guideline is named.
_PLAINLY_GENERAL: Final = 3

# Without any word of these a clause is the reviewer's, of the case.
_TELLING: Final = ("utilization review", "guideline", "general", "rule text", "anyone")

# A guideline that is named later in a clause is spoken of rather than speaking.
_NEAR_THE_START: Final = 7


class Framer:
    """Sorts clauses into frames. Takes the numbers of the word classes in FRAME_CLASSES by name."""

    def __init__(self, number: Mapping[str, int]) -> None:
        self._number = {name: number[name] for name in FRAME_CLASSES}
        self.telling = sum(1 << self._number[name] for name in _TELLING)

    def frames_of(self, tagged: Tagged, before: Frame) -> list[Frame]:
        """The frame of each clause. `before` is the frame of the sentence's predecessor."""
        if before != "rule" and not tagged.present & self.telling:
            return ["case"] * len(tagged.clauses)
        frames: list[Frame] = []
        for clause in tagged.clauses:
            before = self._frame(tagged, clause, before)
            frames.append(before)
        return frames

    def _frame(self, tagged: Tagged, clause: Clause, before: Frame) -> Frame:
        if before != "rule" and not tagged.present & self.telling:
            return "case"

        def at(name: str) -> int:
            """Where in the clause a class occurs."""
            number = self._number[name]
            return tagged.places[number] & clause.mask if tagged.present >> number & 1 else 0

        if at("utilization review") and at("review verb"):
            return "review"
        if before == "review" and clause.first and at("because") & (clause.mask & -clause.mask):
            return "review"
        if at("this case"):
            return "case"
        patient, guideline = at("patient"), at("guideline")
        if at("rule text") and not patient:
            return "rule"
        anyone = at("anyone")
        if anyone and not patient and (anyone & clause.mask & -clause.mask or not at("past")):
            return "rule"
        if before == "rule" and clause.first and (clause.after_mark or not patient):
            return "rule" if clause.after_mark or at("general") or not at("past") else "case"
        if guideline and (_lowest(guideline) - _lowest(clause.mask) <= _NEAR_THE_START or at("general")):
            ruled = patient and _lowest(guideline) < _lowest(patient) and at("general")
            return "rule" if not patient or ruled else "case"
        if not patient and not at("past") and at("general").bit_count() >= _PLAINLY_GENERAL:
            return "rule"
        long = clause.end - clause.first >= _GOES_ON and not at("past")
        return "rule" if before == "rule" and not patient and (long or at("general")) else "case"

    def conceded(self, tagged: Tagged) -> int:
        """The mask of the words that are conceded: from "although" to where the main clause begins, or to the
        end of the clause where it stands after the main one."""
        number = self._number["concession"]
        if not tagged.present >> number & 1:
            return 0
        openings = tagged.places[number]
        conceded = 0
        mains = tagged.places[self._number["main clause"]]
        for clause in tagged.clauses:
            if not openings & clause.mask:
                continue
            start = _lowest(openings & clause.mask)
            if start - _lowest(clause.mask) > 3:
                continue
            end = None
            for comma in tagged.commas:
                if not clause.first < comma < clause.end or tagged.numbers[comma] < start + 3:
                    continue
                joined = clause.first > 0 and tagged.words[comma] == "and"
                if joined or mains >> tagged.numbers[comma] & 1:
                    end = comma
                    break
            if end is None and (clause.first > 0 or clause.end < len(tagged.words)):
                end = clause.end
            if end is not None:
                conceded |= tagged.between(clause.first, end)
        return conceded

    def agrees(self, tagged: Tagged, negations: int, before: Frame) -> bool:
        """Whether the reviewer adopts what utilization review said, here or in the sentence before."""
        if negations or not tagged.present >> self._number["agreement"] & 1:
            return False
        return before == "review" or bool(tagged.places[self._number["utilization review"]])


def _lowest(mask: int) -> int:
    return (mask & -mask).bit_length() - 1
