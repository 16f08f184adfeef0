"""A search is run as asked or refused: every fault is named with its parameter and what to write instead."""

from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from determinations.api.parameters import LARGEST_PAGE, search_parameters
from tests.api.calling import errors, problem, search, validator

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]


@pytest.mark.parametrize(
    ("query", "refused"),
    [
        ("decision=overtuned", [("decision", "overturned")]),
        ("service=medial-branch-block", [("service", "medial-branch-blocks")]),
        ("guideline=ogd", [("guideline", "odg")]),
        ("ca_guideline=qqqq", [("ca_guideline", None)]),
        ("level=lumber", [("level", "lumbar")]),
        ("year=14", [("year", None)]),
        ("specialty=%3Cb%3E", [("specialty", None)]),
        ("sort=newst", [("sort", "newest")]),
        ("expand=maybe", [("expand", None)]),
        ("group=leter", [("group", "letter")]),
        ("servise=opioids", [("servise", "service")]),
        ("pagesize=5", [("pagesize", "page_size")]),
        ("zzz=1", [("zzz", None)]),
        ("=1", [("", None)]),
        ("q=norco&q=block", [("q", None)]),
        ("page=0", [("page", None)]),
        ("page=two", [("page", None)]),
        ("page=99999999999999999999999", [("page", None)]),
        ("year=", [("year", None)]),
        ("year=2014&year=+&sort=", [("year", None), ("sort", None)]),
        ("page=2", [("page", "1")]),
        ("page_size=3&page=4", [("page", "3")]),
        ("q=xylophone&page=2", [("page", "1")]),
        ("q=%22medial+branch", [("q", '"medial branch"')]),
        ("q=a%00", [("q", None)]),
        ("service=nonsense&year=x&q=(", [("service", None), ("year", None), ("q", None)]),
        ("year=2014&year=x&year=y", [("year", None), ("year", None)]),
    ],
)
def test_each_fault_names_its_parameter_and_what_to_write(
    client: Client, query: str, refused: list[tuple[str, str | None]]
) -> None:
    assert errors(client.get(f"/api/search?{query}")) == refused


@pytest.mark.parametrize("size", ["0", "-1", "101", "1e1", "", " 5", "1_0", "１０", "9" * 5000])
def test_a_page_size_beyond_what_is_allowed_is_refused_and_never_cut_down(client: Client, size: str) -> None:
    response = client.get("/api/search", {"page_size": size})
    assert errors(response) == [("page_size", str(LARGEST_PAGE))]
    assert "1 to 100" in response.json()["detail"]


def test_the_largest_page_size_is_served(client: Client) -> None:
    assert search(client, f"page_size={LARGEST_PAGE}")["page_size"] == LARGEST_PAGE
    assert search(client, "page_size=1&page_size=1")["page_size"] == 1
    assert errors(client.get("/api/search?page_size=1&page_size=2")) == [("page_size", None)]


def test_the_words_say_that_nothing_was_run(client: Client) -> None:
    told = problem(client.get("/api/search?servise=opioids"), 400)
    assert told["detail"] == "There is no parameter “servise”. Did you mean “service”?"
    assert told["type"] == "/api/#search-not-understood"


def test_following_the_suggestions_leads_to_an_answer(client: Client) -> None:
    response = client.get("/api/search?q=%22medial+branch&decision=overtuned")
    query = QueryDict(mutable=True)
    for field, suggestion in errors(response):
        query[field] = suggestion or ""
    assert search(client, query.urlencode())["total"] == 1


def test_another_writing_of_a_value_is_understood_as_on_the_page(client: Client) -> None:
    assert search(client, "level=L4/5")["links"]["self"] == "http://testserver/api/search?level=L4-L5"
    assert search(client, "year=2014&year=2014&decision=Upheld")["total"] == 2


def test_an_address_with_too_many_values_is_a_problem_too(client: Client) -> None:
    told = problem(client.get("/api/search?" + "year=2014&" * 2000), 400)
    assert told["type"] == "/api/#address-not-readable"


NASTY = ["q=%ff%fe", "%ff=%fe", "q=" + "a" * 5000, "q=a*b*c*d*", "q=%F0%9F%92%8A", "q=;;;", "q[]=1", "&&=&"]


@pytest.mark.parametrize("query", NASTY)
def test_nasty_addresses_are_answered_in_shape(client: Client, query: str) -> None:
    in_shape(client.get("/api/search", QUERY_STRING=query))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(max_codepoint=255), max_size=120))
def test_no_query_string_breaks_the_shape(client: Client, query_string: str) -> None:
    in_shape(client.get("/api/search", QUERY_STRING=query_string))


NAMES = [parameter.name for parameter in search_parameters()]
VALUES = ["upheld", "odg.low-back", "L4-5", "lumbar", "2014", "2", "off", "letter", "norco OR block", "med*"]
PAIRS = st.tuples(st.sampled_from(NAMES), st.one_of(st.sampled_from(VALUES), st.text(max_size=30)))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PAIRS, max_size=6))
def test_no_parameters_break_the_shape(client: Client, pairs: list[tuple[str, str]]) -> None:
    query = QueryDict(mutable=True)
    for name, value in pairs:
        query.appendlist(name, value)
    in_shape(client.get("/api/search", QUERY_STRING=query.urlencode()))


def in_shape(response: Any) -> None:
    if response.status_code == 200:
        validator("SearchAnswer").validate(response.json())
    else:
        problem(response, 400)
