"""How many letters a search finds in each year, and how many disputed items they have.

The index knows items alone. The database knows their letters: it is asked about some thousand keys at a time.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from django.db.models import Count

from determinations.export.all_results import found_keys
from determinations.export.csv_lines import spreadsheet_lines
from determinations.models import DisputedItem
from determinations.search.interface import SearchEngine
from determinations.search_page.search import Search

KEYS_AT_A_TIME = 10_000
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
    year_of: dict[int, int | None] = {}
    items: Counter[int | None] = Counter()
    for letter, year, count in _found_letters(search, engine):
        year_of[letter] = year
        items[year] += count
    letters = Counter(year_of.values())
    return {year: YearCounts(letters[year], items[year]) for year in items}


def _found_letters(search: Search, engine: SearchEngine) -> Iterator[tuple[int, int | None, int]]:
    """Key and year of letters with how many found items; a letter comes again where its items are apart."""
    keys = found_keys(search, engine)
    for start in range(0, len(keys), KEYS_AT_A_TIME):
        chunk = keys[start : start + KEYS_AT_A_TIME]
        yield from (
            DisputedItem.objects.filter(pk__in=chunk)
            .order_by()
            .values("determination", "determination__year")
            .annotate(items=Count("pk"))
            .values_list("determination", "determination__year", "items")
        )


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
