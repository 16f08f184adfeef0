"""The name that a search is given: years in a row and open spans in a few words."""

import pytest

from determinations.search_page.address import QueryParams
from determinations.search_page.pagination import proposed_name
from determinations.search_page.search import read_search


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("q=creams&decided_from=2019", "creams, 2019 and later"),
        ("q=creams&decided_to=2019", "creams, 2019 and earlier"),
        ("q=creams&decided_from=2019&decided_to=2024", "creams, 2019–2024"),
        ("q=creams&decided_from=2019&decided_to=2019-12-31", "creams, 2019"),
        ("q=creams&decided_from=2019-03-01", "creams, decided from 2019-03-01"),
        ("q=creams&decided_from=2019&decided_to=2024-06", "creams, decided from 2019-01-01 to 2024-06-30"),
        ("q=creams&injured_from=2019", "creams, injured 2019 and later"),
        ("q=creams&year=2019&year=2020&year=2021", "creams, 2019–2021"),
        ("q=creams&year=2021&year=2014&year=2020", "creams, 2014, 2020–2021"),
        ("q=creams&year=2014", "creams, 2014"),
        ("year=2014&decision=upheld", "Upheld, 2014"),
        ("year=-2014", "not 2014"),
        ("", "Every item"),
    ],
)
def test_the_proposed_name(query: str, name: str) -> None:
    assert proposed_name(read_search(QueryParams.of_query(query)).address) == name
