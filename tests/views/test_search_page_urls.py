"""A search and its address say the same: what is read from an address is written back as it was."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from determinations.search.facets import ANY_OR_ALL, FACETS
from determinations.search.interface import DateFilter, FacetFilter, LetterDate, Sort
from determinations.search_page.address import QueryParams, SearchAddress
from determinations.search_page.form import SearchFilters
from determinations.search_page.search import read_search

VALUES = {
    "decision": ["upheld", "overturned", "partially_overturned", "unknown"],
    "service": ["injections", "medial-branch-blocks", "opioids", "unclassified", "other"],
    "reason": ["against", "for", "findings-absent", "criteria-met"],
    "guideline": ["odg", "odg.low-back", "mtus-acoem", "mtus-chronic-pain.opioids", "none"],
    "level": ["L4-L5", "C7-T1", "L4", "lumbar", "cervical"],
    "specialty": ["pain-medicine", "orthopaedic-surgery"],
    "year": ["2013", "2014", "2024"],
    "ca_guideline": ["odg", "mtus-acoem.low-back"],
    "body_part": ["neck", "low-back"],
    "side": ["left", "bilateral"],
    "agreement": ["same", "other-source"],
    "contradiction": ["rationale"],
}


def read(query_string: str) -> SearchAddress:
    return SearchFilters(QueryParams.of_query(query_string)).address


@st.composite
def addresses(draw: st.DrawFn) -> SearchAddress:
    text = draw(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)).strip()
    address = SearchAddress(
        text=text,
        sort=draw(st.sampled_from([None, *Sort])),
        expand=draw(st.booleans()),
        by_letter=draw(st.booleans()),
    )
    for facet in FACETS:
        values = st.lists(st.sampled_from(VALUES[facet.name]), max_size=3).map(tuple)
        address = address.choosing(facet.name, draw(values)).excluding(facet.name, draw(values))
        if facet in ANY_OR_ALL:
            address = address.matching_every(facet.name, draw(st.booleans()))
    for date in draw(st.lists(st.sampled_from(LetterDate), max_size=2)):
        first, last = draw(st.sampled_from([0, 20140101])), draw(st.sampled_from([20140131, 99_999_999]))
        address = address.dated(DateFilter(date, first, last))
    address = address.counting_levels(of_requests=draw(st.booleans()))
    return replace(address, summaries=draw(st.booleans()), exact=draw(st.booleans()))


@given(addresses())
def test_an_address_that_was_written_and_read_is_written_the_same(address: SearchAddress) -> None:
    again = read(address.query_string)
    assert again.query_string == address.query_string
    assert again.filters == address.filters
    assert again.dates == address.dates
    assert again.exact == (address.exact and bool(address.text))
    assert again.summaries == (address.summaries and bool(address.text))
    assert again.text == address.text
    assert again.order == address.order
    assert again.by_letter == address.by_letter


@given(st.text(max_size=200))
def test_whatever_is_read_from_an_address_is_read_from_its_canonical_writing_too(query_string: str) -> None:
    canonical = read(query_string).query_string
    assert read(canonical).query_string == canonical


def test_every_parameter_is_read() -> None:
    address = read(
        "q=radicular+pain&decision=overturned&service=medial-branch-blocks&service=opioids&guideline=odg"
        "&level=L4-L5&specialty=pain-medicine&year=2014&ca_guideline=mtus-acoem&sort=newest&expand=off&group=letter&page=2"
    )
    assert address == SearchAddress(
        text="radicular pain",
        filters=(
            FacetFilter("decision", ("overturned",)),
            FacetFilter("service", ("medial-branch-blocks", "opioids")),
            FacetFilter("guideline", ("odg",)),
            FacetFilter("level", ("L4-L5",)),
            FacetFilter("specialty", ("pain-medicine",)),
            FacetFilter("year", ("2014",)),
            FacetFilter("ca_guideline", ("mtus-acoem",)),
        ),
        sort=Sort.NEWEST,
        expand=False,
        by_letter=True,
        page=2,
    )


def test_the_order_of_parameters_and_values_does_not_matter() -> None:
    assert (
        read("year=2015&year=2014&q=fusion&decision=upheld").query_string
        == read("decision=upheld&q=fusion&year=2014&year=2015").query_string
        == "q=fusion&decision=upheld&year=2014&year=2015"
    )


def test_levels_of_requests_only_are_asked_for_in_the_address() -> None:
    address = read("level=L4-L5&levels_from=request")
    assert address.filters == (FacetFilter("level", ("L4-L5",), column="request_level"),)
    assert address.query_string == "level=L4-L5&levels_from=request"
    assert address.choosing("level", ()).query_string == "levels_from=request"
    assert address.counting_levels(of_requests=False).query_string == "level=L4-L5"
    assert read("levels_from=rationale").query_string == ""


def test_what_goes_without_saying_is_left_out_of_the_address() -> None:
    assert read("q=fusion&sort=relevance&expand=on&group=item&page=1&decision=").query_string == "q=fusion"
    assert read("q=&sort=newest&expand=off").query_string == ""


def test_without_a_question_the_newest_come_first() -> None:
    assert read("").order is Sort.NEWEST
    assert read("sort=relevance").order is Sort.NEWEST
    assert read("q=fusion").order is Sort.RELEVANCE
    assert read("sort=oldest").order is Sort.OLDEST


def test_typed_levels_mean_the_level_they_write() -> None:
    for typed in ("L4-5", "L4/5", "l4-l5", "L4%E2%80%935", "L4%2FL5"):
        assert read(f"level={typed}").chosen("level") == ("L4-L5",), typed
    assert read("level=L3-S1").chosen("level") == ("L3-L4", "L4-L5", "L5-S1")
    assert read("level=Lumbar").chosen("level") == ("lumbar",)


def test_values_may_be_typed_as_people_write_them() -> None:
    address = read(
        "decision=Overturned&service=Medial+branch+blocks&guideline=ODG.Low+Back&specialty=Pain+Medicine"
    )
    assert address.query_string == (
        "decision=overturned&service=medial-branch-blocks&guideline=odg.low-back&specialty=pain-medicine"
    )


def test_a_request_asks_for_its_page_and_counts_every_facet() -> None:
    params = QueryParams.of_query("q=fusion&year=2014&page=3")
    request = read_search(params).page_request(20)
    assert (request.offset, request.limit) == (40, 20)
    assert request.filters == (FacetFilter("year", ("2014",)),)
    assert request.count == tuple(facet.name for facet in FACETS)
