"""The addresses of a facet's values, which a page has by the hundred, and the form that reads them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from determinations.search.interface import DateFilter, LetterDate, Sort
from determinations.search_page.address import EVERY_FACET, QueryParams, SearchAddress
from determinations.search_page.form import SearchFilters

VALUES = ("lumbar", "L4-L5", "odg.low-back", "2014", "a b&c=d", "é")

chosen = st.dictionaries(
    st.sampled_from(EVERY_FACET),
    st.tuples(st.sets(st.sampled_from(VALUES), max_size=2), st.sets(st.sampled_from(VALUES), max_size=2)),
    max_size=4,
)


@given(
    st.sampled_from(("", "pain & 'block'")),
    chosen,
    st.booleans(),
    st.sampled_from((None, *Sort)),
    st.integers(1, 3),
    st.sampled_from(EVERY_FACET),
    st.sampled_from(VALUES),
)
def test_the_address_of_a_value_is_that_of_the_search_with_the_value(
    text: str,
    filters: dict[str, tuple[set[str], set[str]]],
    switch: bool,
    sort: Sort | None,
    page: int,
    facet: str,
    value: str,
) -> None:
    address = SearchAddress(text=text, summaries=switch, by_letter=switch, sort=sort)
    for name, (values, unwanted) in filters.items():
        address = address.choosing(name, tuple(values)).excluding(name, tuple(unwanted))
        address = address.matching_every(name, every=switch)
    address = address.counting_levels(of_requests=switch)
    address = address.dated(DateFilter(LetterDate.DECIDED, 20140101)) if switch else address
    address = SearchAddress(**{name: getattr(address, name) for name in address.__slots__} | {"page": page})
    assert address.toggling_urls(facet)(value) == address.toggling(facet, value).url


@pytest.mark.parametrize("first", [(("q", "pain"), ("level", "L4-L5"), ("decided_from", "2014")), ()])
def test_a_form_holds_nothing_of_another_request(first: tuple[tuple[str, str], ...]) -> None:
    for pairs in (first, (("year", "2013"), ("sort", "newest")), first):
        filters = SearchFilters(QueryParams(pairs))
        names = {name for name, _ in pairs}
        assert filters.address == SearchFilters(QueryParams(pairs)).address
        for name in filters.form.fields:
            assert bool(filters.form[name].value()) is (name in names)
