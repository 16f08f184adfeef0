"""Items as a list of results reads them: rows of columns, since model instances take twice as long."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from determinations.models.determination import (
    DisputedItem,
    StatedGround,
    StoredGrounds,
    letter_name,
    letter_url,
    main_of,
    stated_grounds,
    title_of,
)
from determinations.models.querysets import ItemName
from determinations.models.row_reads import RowQuery

if TYPE_CHECKING:
    from django.db.models import QuerySet


class ItemRow(NamedTuple):
    """The columns of an item and of its letter under their own names, keys aside."""

    key: int
    letter_key: int
    position: int
    request: str
    original_request: str
    authorized: str
    disputed_portion: str
    decision: str
    services: list[str]
    spinal_levels: list[str]
    levels_from: str
    rationale: str
    grounds: StoredGrounds
    reviewer_guideline: str
    claims_administrator_guideline: str
    public_id: str
    case_number: str
    content_hash: str
    part: int
    decided_on: date | None
    assigned_on: date | None
    year: int | None
    specialties: list[str]
    is_invented: bool
    clinical_summary: str

    @property
    def name(self) -> str:
        return str(ItemName(self.public_id, self.position))

    @property
    def letter(self) -> str:
        return letter_name(self.case_number, self.content_hash, self.part)

    @property
    def letter_url(self) -> str:
        return letter_url(self.public_id)

    @property
    def letter_date(self) -> date | None:
        return self.decided_on or self.assigned_on

    @property
    def title(self) -> str:
        return title_of(self.request, self.original_request, self.authorized, self.disputed_portion)

    @property
    def stated_grounds(self) -> tuple[StatedGround, ...]:
        return stated_grounds(self.grounds, self.rationale)

    def main_of(self, grounds: tuple[StatedGround, ...]) -> StatedGround | None:
        """Of the stated grounds the one that says most for the decision."""
        return main_of(grounds, self.decision)


_OF_LETTER = frozenset(
    {"public_id", "case_number", "content_hash", "part", "decided_on", "assigned_on", "year"}
    | {"specialties", "is_invented", "clinical_summary"}
)
_KEYS = {"key": "pk", "letter_key": "determination_id"}


def _rows_of(keys: Sequence[int]) -> "QuerySet[DisputedItem, tuple[Any, ...]]":
    columns = (
        _KEYS.get(name) or (f"determination__{name}" if name in _OF_LETTER else name)
        for name in ItemRow._fields
    )
    return DisputedItem.objects.filter(pk__in=keys).order_by().values_list(*columns)


_ROWS = RowQuery(_rows_of)


def item_rows(keys: Iterable[int]) -> Mapping[int, ItemRow]:
    """Key -> row; keys without a row are left out. One query."""
    wanted = tuple(keys)
    return {row[0]: ItemRow._make(row) for row in _ROWS.rows(wanted)} if wanted else {}
