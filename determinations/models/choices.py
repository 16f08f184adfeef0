"""The values that columns may hold, with their labels. The parser's own enums are the values."""

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum

from django.db import models
from django.db.models import Q

from determinations.letters.parsed_letter import Decision, Laterality, Layout, LevelsFrom, Priority, Sex

DECISION_LABELS: Mapping[Decision, str] = {
    Decision.UPHELD: "Upheld",
    Decision.OVERTURNED: "Overturned",
    Decision.PARTIALLY_OVERTURNED: "Overturned in part",
    Decision.UNKNOWN: "Not readable",
}
DECISION_MEANINGS: Mapping[Decision, str] = {
    Decision.UPHELD: "denial upheld: treatment not approved",
    Decision.OVERTURNED: "denial overturned: treatment approved",
    Decision.PARTIALLY_OVERTURNED: "denial overturned in part: treatment approved in part",
    Decision.UNKNOWN: "the letter’s decision could not be read",
}
"""What a decision means for the treatment: people get "upheld" backwards."""

OUTCOME_LABELS: Mapping[Decision, str] = {
    **DECISION_LABELS,
    Decision.PARTIALLY_OVERTURNED: "Items differ, or overturned in part",
}
"""What the outcome of a whole letter is called. "Overturned in part" is the decision of one item only."""


def counted_decisions(decisions: Iterable[Decision]) -> tuple[tuple[Decision, int], ...]:
    """Every decision that a letter's items have, with the number of its items, in the decisions' order."""
    counts = Counter(decisions)
    return tuple((decision, counts[decision]) for decision in Decision if counts[decision])


def denials_in_words(decision: Decision, items: int) -> str:
    """ "2 denials upheld", "1 denial overturned in part", "1 decision not readable"."""
    noun = "decision" if decision is Decision.UNKNOWN else "denial"
    return f"{items} {noun}{'' if items == 1 else 's'} {DECISION_LABELS[decision].lower()}"


def outcome_in_words(decisions: Iterable[Decision]) -> str:
    """The decision of all items with its meaning, or the number of each where they differ."""
    counted = counted_decisions(decisions) or ((Decision.UNKNOWN, 1),)
    if len(counted) == 1:
        return DECISION_MEANINGS[counted[0][0]]
    return ", ".join(denials_in_words(decision, items) for decision, items in counted)


LAYOUT_LABELS: Mapping[Layout, str] = {
    Layout.STANDARD: "standard (2014 on)",
    Layout.LATE_2013: "late 2013",
    Layout.NOTICE_2013: "notice (2013)",
    Layout.EARLY_2013: "early 2013",
}
PRIORITY_LABELS: Mapping[Priority, str] = {Priority.STANDARD: "Standard", Priority.EXPEDITED: "Expedited"}
SEX_LABELS: Mapping[Sex, str] = {Sex.FEMALE: "Female", Sex.MALE: "Male"}
LEVELS_FROM_LABELS: Mapping[LevelsFrom, str] = {
    LevelsFrom.REQUEST: "request",
    LevelsFrom.RATIONALE: "rationale",
}
LATERALITY_LABELS: Mapping[Laterality, str] = {
    Laterality.LEFT: "Left",
    Laterality.RIGHT: "Right",
    Laterality.BILATERAL: "Bilateral",
}


class CitedBy(models.TextChoices):
    CLAIMS_ADMINISTRATOR = "claims_administrator", "Claims administrator"
    REVIEWER = "reviewer", "IMR reviewer"


class BatchState(models.TextChoices):
    RUNNING = "running", "Running"
    PAUSED = "paused", "Paused"
    CANCELLED = "cancelled", "Canceled"
    DONE = "done", "Done"


class FileResult(models.TextChoices):
    WAITING = "waiting", "Waiting"
    NEW = "new", "New"
    ALREADY_THERE = "already_there", "Already there"
    SUPERSEDING = "superseding", "New version"
    NEEDS_OCR = "needs_ocr", "Needs OCR"
    FAILED = "failed", "Failed"
    UNPACKED = "unpacked", "Archive, unpacked"
    CANCELLED = "cancelled", "Canceled"


def one_of(
    field: str, choices: Iterable[StrEnum | models.TextChoices], *, blank: bool = False
) -> models.CheckConstraint:
    """A constraint that the column holds one of the choices: bulk writes pass no form."""
    values = [choice.value for choice in choices] + ([""] if blank else [])
    return models.CheckConstraint(condition=Q(**{f"{field}__in": values}), name=f"%(class)s_{field}_known")
