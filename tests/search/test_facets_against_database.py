"""What the engine counts for the site is what the rows say, whatever is chosen."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoDbBlocker

from determinations.importing.letter_reading import LetterRead
from determinations.importing.letter_storage import IncomingLetter, store_letters
from determinations.letters.parse import parse_letter
from determinations.models import DisputedItem
from determinations.search.columnar.engine import ColumnarEngine
from determinations.search.documents import documents_of, facet_values, searchable_items
from determinations.search.facets import FACETS, LEVEL, REQUEST_LEVEL
from determinations.search.interface import FacetFilter, SearchEngine, SearchRequest
from sample_letters.generator import invented_letters

pytestmark = pytest.mark.django_db  # without it no database is set up where these tests run alone

Values = dict[str, tuple[str, ...]]


@pytest.fixture(scope="module")
def rows_and_engine(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterable[tuple[list[Values], SearchEngine]]:
    """The facet values of sixty letters' items, from their rows, and an engine that holds them."""
    engine = ColumnarEngine(Path(tmp_path_factory.mktemp("index")))
    with django_db_blocker.unblock():
        reads = [
            LetterRead.of(letter.text, parse_letter(letter.text)) for letter in invented_letters(60, seed=11)
        ]
        stored = store_letters([IncomingLetter(read.text_hash, "x.txt", read) for read in reads])
        engine.replace_all(documents_of(searchable_items()))
        rows = [facet_values(item) for item in DisputedItem.objects.prefetch_related("citations")]
        yield rows, engine
        for answer in stored:
            answer.determination.delete()


def passes(values: Values, filters: Iterable[FacetFilter]) -> bool:
    return all(not given.values or set(given.values) & set(values[given.held_in]) for given in filters)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_each_facet_is_counted_without_its_own_choice(
    rows_and_engine: tuple[list[Values], SearchEngine], data: st.DataObject
) -> None:
    rows, engine = rows_and_engine
    filters = []
    for facet in FACETS:
        held = sorted({value for values in rows for value in values[facet.name]})
        chosen = data.draw(st.lists(st.sampled_from(held), max_size=2, unique=True), label=facet.name)
        if chosen:
            filters.append(FacetFilter(facet.name, tuple(chosen)))
    names = tuple(facet.name for facet in FACETS)
    column = REQUEST_LEVEL.name if data.draw(st.booleans(), label="levels of requests only") else ""
    levels = next((given for given in filters if given.facet == LEVEL.name), FacetFilter(LEVEL.name))
    filters = [given for given in filters if given.facet != LEVEL.name]
    filters.append(replace(levels, column=column))
    columns = {LEVEL.name: column or LEVEL.name}
    results = engine.search(SearchRequest(filters=tuple(filters), count=names))
    assert results.total == sum(passes(values, filters) for values in rows)
    for facet in FACETS:
        others = [given for given in filters if given.facet != facet.name]
        expected = Counter(
            value
            for values in rows
            if passes(values, others)
            for value in values[columns.get(facet.name, facet.name)]
        )
        assert {counted.value: counted.count for counted in results.counts[facet.name]} == expected
