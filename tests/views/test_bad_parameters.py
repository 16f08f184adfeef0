"""Whatever stands in an address, the page says what it could not use, and uses the rest."""

import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.views.html import Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]

PARAMETERS = ["q", "decision", "service", "guideline", "level", "specialty", "year", "ca_guideline", "sort"]
PARAMETERS += ["expand", "page", "decison", "utm_source", ""]


def page_of(client: Client, query_string: str, status: int = 200) -> Page:
    response = client.get(f"/?{query_string}")
    assert response.status_code == status
    return Page.of(response)


@pytest.mark.parametrize(
    ("query_string", "message"),
    [
        ("decision=overtuned", "There is no decision “overtuned”. Did you mean “overturned”?"),
        (
            "service=medial-branch-block",
            "There is no service “medial-branch-block”. Did you mean “medial-branch-blocks”?",
        ),
        ("guideline=ogd", "There is no guideline “ogd”. Did you mean “odg”?"),
        ("guideline=odg.%2F%2F", "odg.low-back"),
        ("ca_guideline=acom", "There is no guideline “acom”."),
        ("level=L9-L10", "“L9-L10” is not a spinal level"),
        ("level=lumber", "Did you mean “lumbar”?"),
        ("specialty=%3Cb%3E", "“<b>” is not a specialty"),
        ("year=14", "“14” is not a year"),
    ],
)
def test_a_value_that_a_facet_cannot_have_gets_a_message_beside_the_facet(
    client: Client, query_string: str, message: str
) -> None:
    page = page_of(client, query_string)
    name = query_string.partition("=")[0]
    assert message in page.one("details", id=f"facet-{name}").text
    assert "open" in page.one("details", id=f"facet-{name}").attributes
    # The number of results is that of the search without the value that could not be used.
    assert page.one("h2", id="results-heading").text == "All 7 disputed items"


def test_good_values_beside_a_bad_one_still_count(client: Client) -> None:
    page = page_of(client, "decision=overturned&decision=nonsense&year=2014&year=x")
    assert page.one("h2", id="results-heading").text == "1 disputed item"
    assert "nonsense" in page.one("details", id="facet-decision").text
    assert len(page.all("a", class_="chip")) == 2


@pytest.mark.parametrize(
    ("query_string", "message"),
    [
        ("sort=best", "“best”"),
        ("expand=maybe", "“maybe”"),
        ("page=0", "from 1 to 1,000,000"),
        ("page=-3", "from 1 to 1,000,000"),
        ("page=two", "from 1 to 1,000,000"),
        ("page=99999999999999999999", "from 1 to 1,000,000"),
    ],
)
def test_other_parameters_say_what_they_take(client: Client, query_string: str, message: str) -> None:
    page = page_of(client, query_string)
    assert any(message in notice.text for notice in page.all("p", class_="notice"))
    assert len(page.all("article", class_="result")) == 7


def test_beside_a_question_that_cannot_be_run_filters_are_judged_too(client: Client) -> None:
    """There are no facets on such a page: no link leads to one, and what is carried along is shown."""
    page = page_of(client, "q=%22severe&decided_from=soon&level=Q9&sort=best&decision=upheld")
    notices = [notice.text for notice in page.all("p", class_="notice")]
    for value in ("“soon”", "“Q9”", "“best”"):
        assert sum(value in notice for notice in notices) == 1
    assert not page.all("details", class_="facet")
    ids = {element.attributes.get("id") for element in page.elements}
    fragments = {link.attributes["href"] for link in page.all("a") if link.attributes["href"].startswith("#")}
    assert {fragment.removeprefix("#") for fragment in fragments} <= ids
    assert page.one("a", class_="chip").attributes["href"] == "/?q=%22severe"


@pytest.mark.parametrize(
    ("query_string", "anchor"),
    [
        ("level=Q9", "facet-level"),
        ("decided_from=soon", "facet-dates"),
        ("decided_from=2016&decided_to=2014", "facet-dates"),
    ],
)
def test_a_message_about_a_filter_leads_to_it(client: Client, query_string: str, anchor: str) -> None:
    page = page_of(client, query_string)
    assert page.link("Go to the filter") == f"#{anchor}"
    assert page.one("details", id=anchor)


def test_dates_that_end_before_they_begin_are_named_and_left_out(client: Client) -> None:
    page = page_of(client, "decided_from=2016&decided_to=2014-06&year=2014")
    assert sum("2016-01-01" in notice.text for notice in page.all("p", class_="notice")) == 1
    assert [chip.attributes["href"] for chip in page.all("a", class_="chip")] == ["/search/"]
    in_json = client.get("/api/search?decided_from=2016&decided_to=2014-06")
    assert in_json.status_code == 400
    assert in_json.json()["errors"][0]["field"] == "decided_from"


def test_an_unknown_parameter_is_named_and_the_one_meant_is_a_link(client: Client) -> None:
    page = page_of(client, "decison=overturned&year=2015")
    assert "There is no parameter “decison”" in page.text
    assert page.link("Did you mean “decision”?") == "/?decision=overturned&year=2015"


def test_an_unknown_parameter_like_no_other_is_only_named(client: Client) -> None:
    page = page_of(client, "zzz=1")
    assert "There is no parameter “zzz”" in page.text
    assert "Did you mean" not in page.text


def test_a_single_parameter_given_twice_says_that_the_last_counts(client: Client) -> None:
    page = page_of(client, "q=norco&q=ablation")
    assert any("“q”" in notice.text for notice in page.all("p", class_="notice"))
    assert page.one("input", name="q").attributes["value"] == "ablation"


def test_a_page_past_the_end_leads_back_to_the_last(client: Client) -> None:
    page = page_of(client, "year=2014&page=12", status=404)
    assert "There is no page 12." in page.text
    assert page.link("Go to the last page") == "/?year=2014"


@pytest.mark.parametrize(
    "question",
    ['"medial branch', "(fusion", "fusion AND", "colour:red", "*", "-", '""', "a" * 2000, "\0fusion"],
)
def test_a_question_that_cannot_be_run_is_explained_beside_the_box(client: Client, question: str) -> None:
    data = QueryDict(mutable=True)
    data["q"] = question
    page = page_of(client, data.urlencode())
    box = page.one("input", name="q")
    assert box.attributes["aria-invalid"] == "true"
    described = page.one("div", id=box.attributes["aria-describedby"])
    assert described.text
    assert not page.all("article", class_="result")


def test_a_corrected_question_is_a_link_that_keeps_the_filters(client: Client) -> None:
    page = page_of(client, "q=%22medial+branch&year=2014")
    (link,) = [a for a in page.all("a") if a.text == '"medial branch"']
    assert link.attributes["href"] == "/?q=%22medial+branch%22&year=2014"
    assert not page_of(client, link.attributes["href"].removeprefix("/?")).all("div", class_="ask-error")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(st.characters(max_codepoint=255), max_size=120))
def test_no_query_string_breaks_the_page(client: Client, query_string: str) -> None:
    assert client.get("/", QUERY_STRING=query_string).status_code in {200, 404}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(PARAMETERS),
            st.one_of(
                st.text(max_size=30),
                st.sampled_from(
                    ["upheld", "injections", "odg.low-back", "L4-5", "L9", "lumbar", "2014", "2", "off"]
                ),
            ),
        ),
        max_size=6,
    )
)
def test_no_parameters_break_the_page(client: Client, pairs: list[tuple[str, str]]) -> None:
    data = QueryDict(mutable=True)
    for name, value in pairs:
        data.appendlist(name, value)
    response = client.get("/", QUERY_STRING=data.urlencode())
    assert response.status_code in {200, 404}
    assert not Page.of(response).unbalanced
