"""Rates of a search and of every facet value, as the rows have them, whichever decision is chosen."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

import pytest
from pytest_django import Settings

from determinations.models import Decision, DisputedItem
from determinations.search.documents import facet_values
from determinations.search.engines import search_engine
from determinations.search.facets import FACETS
from determinations.search.interface import FacetFilter, SearchEngine, SearchRequest, SearchResults
from determinations.search_page.address import SearchAddress
from determinations.statistics.rates import OVERTURNED, OutcomeRate, outcomes_of
from determinations.statistics.reasons import reasons_of_search
from tests.views.library import Item, Letter, add, index

pytestmark = pytest.mark.django_db

NAMES = tuple(facet.name for facet in FACETS)


@pytest.fixture(autouse=True)
def letters(tmp_path: Path, settings: Settings, db: None) -> None:
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    settings.ORIGINAL_LETTERS_DIR = tmp_path / "letters"
    decisions = [Decision.UPHELD, Decision.OVERTURNED, Decision.PARTIALLY_OVERTURNED, Decision.UNKNOWN]
    for n in range(24):
        items = tuple(
            Item(
                decision=decisions[(n * k) % 4],
                services=("opioids",) if k % 2 else ("mri",),
                levels=("L4-L5",) if n % 3 else ("L5-S1",),
            )
            for k in range(1, 2 + n % 3)
        )
        add(Letter(f"CM14-{n:07}", items, specialties=("Neurology",) if n % 2 else ("Pain Medicine",)))
    index()


def expected(filters: Iterable[FacetFilter], facet: str = "", value: str = "") -> OutcomeRate:
    overturned = decided = 0
    for item in DisputedItem.objects.select_related("determination"):
        values = facet_values(item)
        if value and value not in values[facet]:
            continue
        if all(set(chosen.values) & set(values[chosen.facet]) for chosen in filters if chosen.facet != facet):
            decided += item.decision != Decision.UNKNOWN
            overturned += item.decision in OVERTURNED
    return OutcomeRate(overturned, decided)


@pytest.mark.parametrize(
    "filters",
    [
        (),
        (FacetFilter("service", ("opioids",)),),
        (FacetFilter("service", ("opioids",)), FacetFilter("specialty", ("neurology",))),
    ],
)
def test_rates_are_those_of_the_rows(filters: tuple[FacetFilter, ...]) -> None:
    outcomes = outcomes_of(search_engine(), SearchRequest(filters=filters), NAMES)
    assert outcomes.overall == expected(filters)
    assert "decision" not in outcomes.by_facet
    for facet, rates in outcomes.by_facet.items():
        assert rates or facet in ("body_part", "side", "agreement", "contradiction"), facet
        for value, rate in rates.items():
            assert rate == expected(filters, facet, value), (facet, value)


def test_the_chosen_decision_does_not_bend_the_rate() -> None:
    only_overturned = SearchRequest(filters=(FacetFilter("decision", ("overturned",)),))
    everything = outcomes_of(search_engine(), SearchRequest(), NAMES)
    assert outcomes_of(search_engine(), only_overturned, NAMES) == everything


class GrowingIndex:
    """An engine whose index gets an overturned item between any two questions, as during an import."""

    def __init__(self) -> None:
        self._engine, self._asked = search_engine(), 0

    def search(self, request: SearchRequest) -> SearchResults:
        self._asked += 1
        if self._asked > 1:
            items = (Item(decision=Decision.OVERTURNED, services=("acupuncture",)),)
            add(Letter(f"CM15-{self._asked:07}", items))
            index()
        return self._engine.search(request)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)


def test_outcomes_are_of_one_state_of_the_index() -> None:
    engine = cast("SearchEngine", GrowingIndex())
    assert outcomes_of(engine, SearchRequest(), NAMES).overall == expected(())
    assert outcomes_of(engine, SearchRequest(), NAMES).by_facet["service"]["acupuncture"] == OutcomeRate(1, 1)


def test_an_index_that_grows_between_questions_gives_reasons_all_the_same() -> None:
    engine = cast("SearchEngine", GrowingIndex())
    engine.search(SearchRequest())
    request = SearchRequest(filters=(FacetFilter("service", ("acupuncture",)),))
    reasons = reasons_of_search(engine, request, SearchAddress(), examples=0)
    assert reasons.rows, "the letters state grounds"
    for row in reasons.rows:
        assert row.overturned.rate.decided >= row.overturned.rate.overturned
