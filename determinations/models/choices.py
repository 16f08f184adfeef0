"""The values that columns may hold, with their labels; the reader's own enums give the slugs."""

from django.db import models
from django.db.models import Q

from determinations.letters import parsed_letter as reading


class Decision(models.TextChoices):
    UPHELD = reading.Decision.UPHELD.value, "Upheld"
    OVERTURNED = reading.Decision.OVERTURNED.value, "Overturned"
    PARTIALLY_OVERTURNED = reading.Decision.PARTIALLY_OVERTURNED.value, "Overturned in part"
    UNKNOWN = reading.Decision.UNKNOWN.value, "Not readable"

    @property
    def in_words(self) -> str:
        """What the decision means for the treatment: readers get "upheld" backwards."""
        return {
            Decision.UPHELD: "denial upheld: treatment not approved",
            Decision.OVERTURNED: "denial overturned: treatment approved",
            Decision.PARTIALLY_OVERTURNED: "denial overturned in part: treatment approved in part",
            Decision.UNKNOWN: "the letter’s decision could not be read",
        }[self]


class Layout(models.TextChoices):
    STANDARD = reading.Layout.STANDARD.value, "standard (2014 on)"
    LATE_2013 = reading.Layout.LATE_2013.value, "late 2013"
    NOTICE_2013 = reading.Layout.NOTICE_2013.value, "notice (2013)"
    EARLY_2013 = reading.Layout.EARLY_2013.value, "early 2013"


class Priority(models.TextChoices):
    STANDARD = reading.Priority.STANDARD.value, "Standard"
    EXPEDITED = reading.Priority.EXPEDITED.value, "Expedited"


class Sex(models.TextChoices):
    FEMALE = reading.Sex.FEMALE.value, "Female"
    MALE = reading.Sex.MALE.value, "Male"


class LevelsFrom(models.TextChoices):
    REQUEST = reading.LevelsFrom.REQUEST.value, "request"
    RATIONALE = reading.LevelsFrom.RATIONALE.value, "rationale"


class Laterality(models.TextChoices):
    LEFT = reading.Laterality.LEFT.value, "Left"
    RIGHT = reading.Laterality.RIGHT.value, "Right"
    BILATERAL = reading.Laterality.BILATERAL.value, "Bilateral"


class CitedBy(models.TextChoices):
    CLAIMS_ADMINISTRATOR = "claims_administrator", "Claims administrator"
    REVIEWER = "reviewer", "IMR reviewer"


class BatchState(models.TextChoices):
    RUNNING = "running", "Running"
    PAUSED = "paused", "Paused"
    CANCELLED = "cancelled", "Cancelled"
    DONE = "done", "Done"


class FileResult(models.TextChoices):
    WAITING = "waiting", "Waiting"
    NEW = "new", "New"
    ALREADY_THERE = "already_there", "Already there"
    SUPERSEDING = "superseding", "New version"
    NEEDS_OCR = "needs_ocr", "Needs OCR"
    FAILED = "failed", "Failed"
    UNPACKED = "unpacked", "Archive, unpacked"
    CANCELLED = "cancelled", "Cancelled"


def one_of(field: str, choices: type[models.TextChoices], *, blank: bool = False) -> models.CheckConstraint:
    """A constraint that the column holds one of the choices: bulk writes pass no form."""
    values = [*choices.values, ""] if blank else choices.values
    return models.CheckConstraint(condition=Q(**{f"{field}__in": values}), name=f"%(class)s_{field}_known")
