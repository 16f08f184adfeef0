"""Querysets of letters and items: current versions, items by name, no more columns than are shown.

A letter's full text is many times as long as all else of it, so whatever shows a letter leaves it out.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from determinations.models.determination import Determination, DisputedItem  # noqa: F401

_LETTERS_AT_A_TIME = 400
_NAME = re.compile(r"(?P<letter>[A-Za-z0-9_-]{1,80})\.(?P<position>[1-9][0-9]{0,3})")


@dataclass(frozen=True, slots=True)
class ItemName:
    letter: str
    position: int

    def __str__(self) -> str:
        return f"{self.letter}.{self.position}"


def read_item_name(typed: str) -> ItemName | None:
    """The name written so, or None where it is not the name of an item."""
    match = _NAME.fullmatch(typed.strip())
    return ItemName(match["letter"], int(match["position"])) if match else None


class DeterminationQuerySet(models.QuerySet["Determination"]):
    def current(self) -> Self:
        """Only letters that no newer version supersedes."""
        return self.filter(is_current=True)

    def without_texts(self) -> Self:
        """Without the columns that are long."""
        return self.defer("full_text", "clinical_summary")


class DisputedItemQuerySet(models.QuerySet["DisputedItem"]):
    def current(self) -> Self:
        """Only items of letters that no newer version supersedes."""
        return self.filter(determination__is_current=True)

    def with_letter(self) -> Self:
        """With the letter in the same query, its full text left out."""
        return self.select_related("determination").defer("determination__full_text")

    def for_lines(self) -> Self:
        """For a line that names the item: its letter without any long text."""
        return self.with_letter().defer("determination__clinical_summary")

    def for_display(self) -> Self:
        """With everything that a page shows of an item: its letter and its citations."""
        return self.with_letter().prefetch_related("citations")

    def by_name(self, names: Iterable[str]) -> Mapping[str, "DisputedItem"]:
        """The items that these names ("CM14-0031877.2") name, for display; unknown names are left out.

        A name stays the same when the letter is imported again; a row's key does not.
        """
        wanted = {name: str(read) for name in names if (read := read_item_name(name))}
        letters = sorted({name.rpartition(".")[0] for name in wanted.values()})
        found = {
            item.name: item
            for start in range(0, len(letters), _LETTERS_AT_A_TIME)
            for item in self.for_display().filter(
                determination__public_id__in=letters[start : start + _LETTERS_AT_A_TIME]
            )
        }
        return {name: found[canonical] for name, canonical in wanted.items() if canonical in found}
