"""The truth: letters as they were read and corrected, and what has yet to reach the search index.

Knows neither how a letter is read nor how it is searched; `importing` and `search.indexing` do.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import get_script_prefix, reverse

from determinations.letters.facts.grounds.names import grounds_by_slug, main_ground
from determinations.letters.layouts.partial_authorization import PartialAuthorization
from determinations.letters.parsed_letter import (
    Decision,
    Ground,
    GroundSide,
    Laterality,
    Layout,
    LevelsFrom,
    Priority,
    Sex,
    outcome_of,
)
from determinations.models.choices import (
    DECISION_LABELS,
    LATERALITY_LABELS,
    LAYOUT_LABELS,
    LEVELS_FROM_LABELS,
    PRIORITY_LABELS,
    SEX_LABELS,
    CitedBy,
    one_of,
)
from determinations.models.querysets import DeterminationQuerySet, DisputedItemQuerySet, ItemName

_ADDRESS = re.compile(r"[A-Za-z0-9_-]+")
_SOME_LETTER = "LETTER"
_YEAR_OF_CASE_NUMBER = re.compile(r"CM([0-9]{2})")


class Determination(models.Model):
    """One letter. `content_hash` is the SHA-256 of its original bytes, which `originals` keeps.

    A file may hold several letters: `part` counts them from 1. `letter_hash` is the same for letters that say
    the same but for their cover; it is empty until a reader that knows it has read the letter.
    """

    public_id = models.CharField("address", max_length=80, unique=True, editable=False)
    case_number = models.CharField(max_length=20, blank=True, db_index=True)
    content_hash = models.CharField(max_length=64, editable=False)
    text_hash = models.CharField(max_length=64, editable=False)
    letter_hash = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    part = models.PositiveSmallIntegerField("part of its file", default=1, editable=False)
    is_current = models.BooleanField("current version", default=True, editable=False)
    superseded_by = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="supersedes", editable=False
    )

    layout = models.CharField(max_length=20, choices=LAYOUT_LABELS)
    priority = models.CharField(max_length=20, choices=PRIORITY_LABELS, blank=True)
    assigned_on = models.DateField("date assigned", null=True, blank=True)
    injured_on = models.DateField("date of injury", null=True, blank=True)
    decided_on = models.DateField("decision date", null=True, blank=True)
    ur_denied_on = models.DateField("UR denial date", null=True, blank=True)
    application_received_on = models.DateField("application received", null=True, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True, editable=False, db_index=True)

    specialties = models.JSONField("reviewer’s specialties", default=list, blank=True)
    licensed_in = models.JSONField("reviewer licensed in", default=list, blank=True)
    patient_age = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    patient_sex = models.CharField(max_length=10, choices=SEX_LABELS, blank=True)

    clinical_summary = models.TextField(blank=True)
    outcome = models.CharField(
        max_length=30, choices=DECISION_LABELS, default=Decision.UNKNOWN.value, db_index=True
    )
    full_text = models.TextField(editable=False)

    is_invented = models.BooleanField("invented sample", default=False, editable=False, db_index=True)
    source_name = models.CharField("file name", max_length=400, editable=False)
    parser_version = models.PositiveIntegerField(editable=False)
    corrected_fields = models.JSONField(default=list, blank=True, editable=False)
    imported_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = DeterminationQuerySet.as_manager()

    class Meta:
        ordering = ("-decided_on", "pk")
        indexes = (
            models.Index(fields=("-decided_on", "id"), name="determination_newest"),
            # The sitemap reads it alone: a row's texts stand before its dates on disk.
            models.Index(
                fields=("id", "public_id", "changed_at"),
                condition=Q(is_current=True),
                name="determination_sitemap",
            ),
        )
        constraints = (
            models.UniqueConstraint(fields=("content_hash", "part"), name="one_letter_per_part_of_a_file"),
            models.UniqueConstraint(fields=("text_hash", "part"), name="one_letter_per_part_of_a_text"),
            models.UniqueConstraint(
                fields=("case_number",),
                condition=~Q(case_number="") & Q(is_current=True),
                name="one_current_version_per_case_number",
            ),
            one_of("layout", Layout),
            one_of("outcome", Decision),
            one_of("priority", Priority, blank=True),
            one_of("patient_sex", Sex, blank=True),
        )

    def __str__(self) -> str:
        """What every page, file and message calls it: its case number, else its address, its hash."""
        return letter_name(self.case_number, self.content_hash, self.part)

    def get_absolute_url(self) -> str:
        return letter_url(self.public_id)

    @property
    def letter_date(self) -> date | None:
        """The date that the letter is filed under: its decision, else its assignment."""
        return self.decided_on or self.assigned_on

    def assign_public_id(self) -> None:
        """Sets `public_id`: the case number, else a prefix of the content hash. Stable across imports.

        A case number that no address can contain, such as "CM14/1", counts as none.
        """
        number = self.case_number if _ADDRESS.fullmatch(self.case_number) else ""
        self.public_id = number or _hash_address(self.content_hash, self.part)
        if not self.is_current:
            part = f"-{self.part}" if self.part > 1 else ""
            self.public_id = f"{self.public_id}-{self.content_hash[:8]}{part}"

    def set_year(self) -> None:
        """The year of the letter's date, else the one in its case number ("CM14-...": 2014)."""
        if self.letter_date:
            self.year = self.letter_date.year
        else:
            written = _YEAR_OF_CASE_NUMBER.match(self.case_number)
            self.year = 2000 + int(written[1]) if written else None

    def set_outcome(self) -> None:
        """The outcome that follows from the items' present decisions."""
        self.outcome = outcome_of(
            Decision(decision) for decision in self.items.values_list("decision", flat=True)
        )


def letter_name(case_number: str, content_hash: str, part: int) -> str:
    """What every page, file and message calls a letter."""
    return case_number or f"letter {_hash_address(content_hash, part)}"


def _hash_address(content_hash: str, part: int) -> str:
    return f"{content_hash[:16]}-{part}" if part > 1 else content_hash[:16]


def letter_url(public_id: str) -> str:
    """The address of a letter's page."""
    before, after = _around_letter(get_script_prefix())
    return f"{before}{public_id}{after}"


@lru_cache
def _around_letter(script_prefix: str) -> tuple[str, str]:
    """Remembered, because a page of results leads to many letters, whose names need no quoting."""
    before, _, after = reverse("determinations:determination", args=[_SOME_LETTER]).rpartition(_SOME_LETTER)
    return before, after


StoredGrounds = list[dict[str, Any]]
"""[{"ground": slug, "start": 0, "end": 25}]: the slug and the span of the sentence that states the ground, as
offsets in the rationale.
"""

DECIDED_FOR: dict[str, GroundSide] = {
    Decision.UPHELD.value: "against",
    Decision.OVERTURNED.value: "for",
    Decision.PARTIALLY_OVERTURNED.value: "for",
}
"""The side that a decision is for; none where it could not be read."""


@dataclass(frozen=True, slots=True)
class StatedGround:
    """A ground and the sentence that states it, white space evened out."""

    slug: str
    label: str
    side: GroundSide
    sentence: str
    start: int
    end: int


def stored_grounds(grounds: Iterable[Ground]) -> StoredGrounds:
    """The grounds as their column holds them."""
    return [{"ground": ground.slug, "start": ground.start, "end": ground.end} for ground in grounds]


def stated_grounds(stored: StoredGrounds, rationale: str) -> tuple[StatedGround, ...]:
    """The grounds that the vocabulary still knows, in the rationale's order."""
    stated = []
    for one in stored:
        start, end = one["start"], one["end"]
        if known := grounds_by_slug().get(one["ground"]):
            sentence = " ".join(rationale[start:end].split())
            stated.append(StatedGround(known.slug, known.label, known.side, sentence, start, end))
    return tuple(sorted(stated, key=lambda ground: ground.start))


def main_of(grounds: Sequence[StatedGround], decision: str) -> StatedGround | None:
    """The ground that says most for the decision; None where none is stated."""
    slug = main_ground([ground.slug for ground in grounds], DECIDED_FOR.get(decision))
    return next((ground for ground in grounds if ground.slug == slug), None)


def title_of(request: str, original_request: str, authorized: str, disputed_portion: str) -> str:
    """What is in dispute: see `DisputedItem.title`."""
    if not disputed_portion:
        return request
    return PartialAuthorization(original_request, authorized, disputed_portion).asked_for


class DisputedItem(models.Model):
    """One disputed treatment of a letter: what is searched, counted and cited."""

    determination = models.ForeignKey(Determination, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])
    request = models.TextField()
    decision = models.CharField(max_length=30, choices=DECISION_LABELS, db_index=True)
    # Of a request that was authorized in part; "" for any other.
    original_request = models.TextField(blank=True)
    authorized = models.TextField("authorized by the claims administrator", blank=True)
    disputed_portion = models.TextField(blank=True)
    services = models.JSONField(default=list, blank=True)
    body_parts = models.JSONField(default=list, blank=True)
    spinal_levels = models.JSONField(default=list, blank=True)
    levels_from = models.CharField("levels read in", max_length=20, choices=LEVELS_FROM_LABELS, blank=True)
    laterality = models.CharField(max_length=20, choices=LATERALITY_LABELS, blank=True)
    claims_administrator_guideline = models.TextField(blank=True)
    reviewer_guideline = models.TextField("reviewer’s guideline", blank=True)
    rationale = models.TextField(blank=True)
    grounds = models.JSONField(default=list, blank=True)
    """As `StoredGrounds` describes it."""
    corrected_fields = models.JSONField(default=list, blank=True, editable=False)

    objects = DisputedItemQuerySet.as_manager()

    class Meta:
        ordering = ("determination", "position")
        constraints = (
            models.UniqueConstraint(fields=("determination", "position"), name="one_item_per_position"),
            models.CheckConstraint(condition=Q(position__gte=1), name="positions_from_one"),
            one_of("decision", Decision),
            one_of("levels_from", LevelsFrom, blank=True),
            one_of("laterality", Laterality, blank=True),
        )

    def __str__(self) -> str:
        return f"{self.determination}, item {self.position}"

    def get_absolute_url(self) -> str:
        return f"{self.determination.get_absolute_url()}#item-{self.position}"

    @property
    def title(self) -> str:
        """What is in dispute: the disputed portion of a request that was authorized in part, else all of it.

        A portion that only counts ("6 sessions") is shown with the original request.
        """
        return title_of(self.request, self.original_request, self.authorized, self.disputed_portion)

    @property
    def stated_grounds(self) -> tuple[StatedGround, ...]:
        """The grounds with their sentences, in the rationale's order."""
        return stated_grounds(self.grounds, self.rationale)

    @property
    def main_ground(self) -> StatedGround | None:
        """The ground that says most for the decision."""
        return main_of(self.stated_grounds, self.decision)

    @property
    def name(self) -> str:
        """What forms and addresses call it: "CM14-0031877.2"."""
        return str(ItemName(self.determination.public_id, self.position))


class GuidelineCitation(models.Model):
    """One guideline as one side cited it for one item."""

    item = models.ForeignKey(DisputedItem, on_delete=models.CASCADE, related_name="citations")
    cited_by = models.CharField(max_length=30, choices=CitedBy)
    source = models.CharField(max_length=40, db_index=True)
    chapter = models.CharField(max_length=200, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    sections = models.JSONField(default=list, blank=True)
    pages = models.JSONField(default=list, blank=True)
    tables = models.JSONField(default=list, blank=True)
    text = models.TextField("as written", blank=True)

    class Meta:
        ordering = ("item", "cited_by", "pk")
        constraints = (one_of("cited_by", CitedBy),)

    def __str__(self) -> str:
        return " ".join(str(part) for part in (self.source, self.chapter, self.year) if part)


class LetterWarning(models.Model):
    """Something that the parser could read only in part; `place` says where in the letter."""

    determination = models.ForeignKey(Determination, on_delete=models.CASCADE, related_name="warnings")
    code = models.CharField(max_length=60, db_index=True)
    message = models.TextField()
    place = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ("determination", "pk")

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


class LetterReparse(models.Model):
    """A newer parser changed a stored letter; `changes` names what ("item 2: services").

    Corrections by hand are in the admin's own log.
    """

    determination = models.ForeignKey(Determination, on_delete=models.CASCADE, related_name="reparses")
    parser_version = models.PositiveIntegerField()
    changes = models.JSONField(default=list)
    parsed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("determination", "-pk")

    def __str__(self) -> str:
        return f"{self.determination}, parsed by version {self.parser_version}"
