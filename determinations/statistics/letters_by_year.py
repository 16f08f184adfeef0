"""How many letters a search finds in each year, and how many disputed items they have.

The index knows items alone. The database knows their letters: it is asked about a thousand keys at a time.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.db.models import Count, QuerySet

from determinations.export.all_results import found_keys
from determinations.export.csv_lines import spreadsheet_lines
from determinations.models import Determination, DisputedItem
from determinations.search.interface import SearchEngine
from determinations.search_page.search import Search

KEYS_AT_A_TIME = 1_000
ROWS_FOR_A_KEY = 10
COLUMNS = ("year", "letters", "items", "search")


@dataclass(frozen=True, slots=True)
class YearCounts:
    """How many letters have an item that a search finds, and how many such items they have."""

    letters: int
    items: int


@dataclass(frozen=True, slots=True)
class LettersByYear:
    """`by_year` in the years' order; `undated` counts letters without a year, and their items."""

    by_year: Mapping[int, YearCounts]
    undated: YearCounts

    @property
    def total(self) -> YearCounts:
        counts = (*self.by_year.values(), self.undated)
        return YearCounts(sum(one.letters for one in counts), sum(one.items for one in counts))


def letters_by_year(search: Search, engine: SearchEngine) -> LettersByYear:
    """Of every item that the search finds. Raises QuerySyntaxError or SearchUnavailableError."""
    counts = _of_search(search, engine) if search.address.is_narrowed else _of_all_letters()
    undated = counts.pop(None, YearCounts(0, 0))
    years = {year: count for year, count in counts.items() if year is not None}
    return LettersByYear(dict(sorted(years.items())), undated)


def _of_search(search: Search, engine: SearchEngine) -> dict[int | None, YearCounts]:
    keys = sorted(found_keys(search, engine))
    found = Counter(letter for _, letter in _values(DisputedItem.objects.all(), "determination", keys))
    letters: Counter[int | None] = Counter()
    items: Counter[int | None] = Counter()
    for letter, year in _values(Determination.objects.all(), "year", sorted(found)):
        letters[year] += 1
        items[year] += found[letter]
    return {year: YearCounts(letters[year], items[year]) for year in letters}


def _values(rows: QuerySet[Any], field: str, keys: Sequence[int]) -> Iterator[tuple[int, Any]]:
    """Key and value of the field of these rows; `keys` ascend. Rows of other keys between them may be read.

    Each key that a query names costs as much as ten rows that are read and left out.
    """
    pairs = rows.order_by().values_list("pk", field)
    for start in range(0, len(keys), KEYS_AT_A_TIME):
        chunk = keys[start : start + KEYS_AT_A_TIME]
        if chunk[-1] - chunk[0] < ROWS_FOR_A_KEY * len(chunk):
            wanted = set(chunk)
            between = pairs.filter(pk__range=(chunk[0], chunk[-1]))
            yield from (pair for pair in between.iterator() if pair[0] in wanted)
        else:
            yield from pairs.filter(pk__in=chunk)


def _of_all_letters() -> dict[int | None, YearCounts]:
    items = DisputedItem.objects.current().order_by()
    by_year = items.values("determination__year").annotate(
        letters=Count("determination", distinct=True), items=Count("pk")
    )
    return {one["determination__year"]: YearCounts(one["letters"], one["items"]) for one in by_year}


def letters_as_csv(counted: LettersByYear, search: str) -> str:
    """A line for each year; the last, without a year, counts what is in letters without one.

    `search` is the address of the search that the counts belong to.
    """
    years: list[tuple[str | int, YearCounts]] = [*counted.by_year.items()]
    if counted.undated.letters:
        years.append(("", counted.undated))
    lines = ((year, count.letters, count.items, search) for year, count in years)
    return "".join(spreadsheet_lines(chain((COLUMNS,), lines)))
