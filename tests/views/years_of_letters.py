"""Invented letters of several years for the tests of charts, and their figures counted from the rows."""

from collections import Counter
from datetime import date

from determinations.models import Decision, DisputedItem
from tests.views.library import Item, Letter, add, index

OPIOIDS = Item("Norco 10/325", services=("opioids",), levels=(), rationale="Opioids relieve pain.")
BLOCK = Item("Medial branch block", services=("medial-branch-blocks",), rationale="Pain of the facets.")
SCAN = Item("MRI of the lumbar spine", services=("mri",), levels=("L5-S1",), rationale="No red flags.")


def add_years() -> None:
    """Three years, the last with too few scans for a percentage; one letter without a year."""
    for year, wins in ((2014, 2), (2015, 5), (2016, 1)):
        for number in range(7):
            overturned = Decision.OVERTURNED if number < wins else Decision.UPHELD
            scans = (SCAN,) if number < 9 - 2 * (year - 2013) else ()
            items = (
                Item(**{**vars(OPIOIDS), "decision": overturned}),
                Item(
                    **{
                        **vars(BLOCK),
                        "decision": Decision.PARTIALLY_OVERTURNED if not number else Decision.UPHELD,
                    }
                ),
                *scans,
            )
            add(
                Letter(
                    f"CM{year - 2000}-00{year - 2000}{number:03}", items, decided_on=date(year, 3, 1 + number)
                )
            )
    add(Letter("", (OPIOIDS, Item(**{**vars(OPIOIDS), "decision": Decision.UNKNOWN})), decided_on=None))
    index()


def rates_of(service: str, word: str = "") -> dict[int | None, tuple[int, int]]:
    """Year -> overturned and decided items of the service whose rationale has the word."""
    decided: Counter[int | None] = Counter()
    overturned: Counter[int | None] = Counter()
    for item in DisputedItem.objects.select_related("determination"):
        if service in item.services and word in item.rationale and item.decision != Decision.UNKNOWN:
            decided[item.determination.year] += 1
            overturned[item.determination.year] += item.decision != Decision.UPHELD
    return {year: (overturned[year], decided[year]) for year in decided}


def letters_of(word: str = "") -> dict[int | None, tuple[int, int]]:
    """Year -> letters and items whose rationale has the word."""
    letters: dict[int | None, set[int]] = {}
    items: Counter[int | None] = Counter()
    for item in DisputedItem.objects.select_related("determination"):
        if word in item.rationale:
            letters.setdefault(item.determination.year, set()).add(item.determination_id)
            items[item.determination.year] += 1
    return {year: (len(of), items[year]) for year, of in letters.items()}
