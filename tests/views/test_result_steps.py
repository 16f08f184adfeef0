"""From the results to a letter, on to the next result, and back to exactly the results that were left."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from determinations.models import Decision, Determination
from tests.views.html import Page
from tests.views.library import Item, Letter, add, index

pytestmark = pytest.mark.django_db
LETTERS = 13
SEARCH = "/?q=block&decision=upheld&sort=oldest"


@pytest.fixture(autouse=True)
def letters(settings: object, db: None) -> None:
    """Letters of two denied blocks and one granted, so that pages of five results end within a letter."""
    settings.RESULTS_PER_PAGE = 5  # type: ignore[attr-defined]
    for number in range(1, LETTERS + 1):
        items = (Item("Block one"), Item("Block two", Decision.OVERTURNED), Item("Block three"))
        add(Letter(f"CM14-{number:07}", items))
    index()


def shown(client: Client, address: str) -> Page:
    response = client.get(address)
    assert response.status_code == 200, address
    page = Page.of(response)
    assert not page.unbalanced
    return page


def result_links(page: Page) -> list[str]:
    """Where the results of a page lead, in the order in which it shows them."""
    return [
        a.attributes["href"]
        for a in page.all("a")
        if a.attributes.get("href", "").startswith("/determinations/") and a.text.startswith("Block")
    ]


def names(page: Page) -> list[str]:
    return [article.attributes["id"] for article in page.all("article", class_="result")]


def step(page: Page, rel: str) -> str:
    """The address of the previous or the next result; "" at an end."""
    found = {a.attributes["href"] for a in page.all("a", rel=rel)}
    assert len(found) <= 1
    return next(iter(found), "")


def place(page: Page) -> tuple[int, int]:
    found = {
        (int(one.attributes["data-result"]), int(one.attributes["data-total"]))
        for one in page.all("span", class_="steps-place")
    }
    assert len(found) == 1
    return found.pop()


@pytest.mark.parametrize("search", [SEARCH, f"{SEARCH}&group=letter", "/?decision=upheld&level=L4-L5"])
def test_next_leads_through_all_results_in_their_order(client: Client, search: str) -> None:
    listed: list[tuple[str, int]] = []
    for number in range(1, 7):
        page = shown(client, f"{search}&page={number}")
        listed += [(name, number) for name in names(page)]
    assert len(listed) == 2 * LETTERS
    address = result_links(shown(client, search))[0]
    for number, (name, page_number) in enumerate(listed, start=1):
        letter = shown(client, address)
        assert place(letter) == (number, 2 * LETTERS)
        back = urlsplit(letter.link("Back to results"))
        assert back.fragment == name
        query = parse_qs(back.query)
        assert query.pop("page", ["1"]) == [str(page_number)]
        assert query == parse_qs(urlsplit(search).query)
        if number > 1:
            assert place(shown(client, step(letter, "prev")))[0] == number - 1
        address = step(letter, "next")
    assert address == "", "there is nothing after the last result"


def test_items_with_some_of_the_words_are_counted_by_themselves(client: Client) -> None:
    """One result has the word; the step behind it says what follows, and counting begins anew there."""
    for number in range(1, 4):
        request = "Block with sedation" if number == 1 else "Pump"
        add(Letter(f"CM15-{number:07}", (Item(request),), summary="Sedation was used before."))
    index()
    listed = shown(client, "/?q=sedation")
    assert listed.one("div", class_="following").attributes["data-following"] == "2"
    found = shown(client, result_links(listed)[0])
    assert place(found) == (1, 1)
    assert "2 with some of the words" in found.all("a", rel="next")[0].text
    first = shown(client, step(found, "next"))
    assert place(first) == (1, 2)
    assert first.all("span", data_follows="1")
    assert "1 with all of the words" in first.all("a", rel="prev")[0].text
    second = shown(client, step(first, "next"))
    assert place(second) == (2, 2)
    assert second.all("a", rel="prev")[0].text == "Previous result"
    assert step(second, "next") == ""
    assert place(shown(client, step(first, "prev"))) == (1, 1)


def test_where_nothing_has_all_of_the_words_counting_begins_with_what_has_some(client: Client) -> None:
    listed = shown(client, "/?q=three+zebra")
    following = int(listed.one("div", class_="following").attributes["data-following"])
    assert place(shown(client, result_links(listed)[1])) == (2, following)


def test_the_link_of_a_result_opens_the_letter_at_a_match_or_at_the_item(client: Client) -> None:
    by_words = result_links(shown(client, f"{SEARCH}&page=2"))[1]
    assert urlsplit(by_words).fragment == "match-1"
    assert parse_qs(urlsplit(by_words).query)["result"] == ["7"]
    letter = shown(client, by_words)
    found = letter.one("section", class_="found")
    assert f"result-CM14-0000004.{found.attributes['id'].removeprefix('item-')}" == (
        urlsplit(letter.link("Back to results")).fragment
    )
    assert letter.one("mark", id="match-1").text == "Block"
    by_filters = result_links(shown(client, "/?decision=overturned"))[0]
    assert urlsplit(by_filters).fragment == "item-2"


def test_the_first_match_is_that_of_the_item_found(client: Client) -> None:
    third = next(link for link in result_links(shown(client, "/?q=three")) if "CM14-0000001" in link)
    letter = shown(client, third)
    item = letter.one("section", class_="found")
    assert item.attributes["id"] == "item-3"
    assert [mark.text for mark in letter.all("mark", id="match-1")] == ["three"]


def test_the_canonical_address_carries_no_search(client: Client) -> None:
    response = client.get("/determinations/CM14-0000001/?q=block&result=1&within=x")
    assert (
        Page.of(response).one("link", rel="canonical").attributes["href"] == "/determinations/CM14-0000001/"
    )
    assert "noindex" in response["X-Robots-Tag"]


def test_a_result_that_has_moved_is_found_again(client: Client) -> None:
    address = result_links(shown(client, SEARCH))[2]
    add(Letter("CM13-0000001", (Item("Block one"), Item("Block three"))))
    Determination.objects.filter(case_number="CM13-0000001").update(decided_on="2013-01-01")
    index()
    letter = shown(client, address)
    assert place(letter) == (5, 2 * LETTERS + 2)
    assert names(shown(client, SEARCH))[4] == urlsplit(letter.link("Back to results")).fragment
    links = [*result_links(shown(client, SEARCH)), *result_links(shown(client, f"{SEARCH}&page=2"))]
    assert (step(letter, "prev"), step(letter, "next")) == (links[3], links[5])


@pytest.mark.parametrize("number", ["3", "400", "999999999999999999999"])
def test_a_letter_that_is_no_result_any_more_says_so(client: Client, number: str) -> None:
    add(Letter("CM15-0000001", (Item("Massage", rationale="Of no use."),)))
    index()
    letter = shown(client, f"/determinations/CM15-0000001/?q=block&decision=upheld&result={number}")
    assert letter.all("p", class_="notice")
    assert not letter.all("span", class_="steps-place")
    back = letter.link("Back to results")
    assert back.startswith("/?q=block&decision=upheld")
    assert names(shown(client, back)), "it leads to a page that has results"


def test_results_that_are_all_gone_lead_back_to_an_empty_search(client: Client) -> None:
    letter = shown(client, "/determinations/CM14-0000001/?q=zebra&result=3")
    assert letter.link("Back to results") == "/?q=zebra"


@pytest.mark.parametrize("number", ["0", "-1", "x", "", "1.5", "１"])
def test_what_is_no_number_of_a_result_is_ignored_with_a_notice(client: Client, number: str) -> None:
    letter = shown(client, f"/determinations/CM14-0000001/?q=block&result={number}")
    assert letter.link("Back to results") == "/?q=block"
    assert not letter.all("span", class_="steps-place")


@pytest.mark.parametrize(
    "given",
    ["next=//evil.example/", "from=https://evil.example/", "q=block&page=//evil.example", "url=javascript:x"],
)
def test_no_parameter_leads_away_from_the_site(client: Client, given: str) -> None:
    letter = shown(client, f"/determinations/CM14-0000001/?{given}&result=1")
    links = [a.attributes["href"] for a in letter.all("a")]
    assert all(link.startswith(("/", "#")) and not link.startswith("//") for link in links)


def test_a_value_that_a_filter_refuses_is_left_out_with_a_notice(client: Client) -> None:
    letter = shown(client, "/determinations/CM14-0000001/?q=block&decision=nonsense&colour=red&result=1")
    assert letter.link("Back to results").startswith("/?q=block#")
    said = " ".join(p.text for p in letter.all("p", class_="notice"))
    assert "nonsense" in said and "colour" in said


def test_steps_reach_the_items_that_have_some_of_the_words_only(client: Client) -> None:
    add(Letter("CM15-0000002", (Item("Massage of zebra", rationale="Block of zebra in winter."),)))
    index()
    page = shown(client, "/?q=zebra+winter+block+granted")
    links = result_links(page) or [
        a.attributes["href"] for a in page.all("a") if "result=1" in a.attributes.get("href", "")
    ]
    letter = shown(client, links[0])
    number, total = place(letter)
    assert number == 1
    assert total >= 1
    assert names(page)[0] == urlsplit(letter.link("Back to results")).fragment
