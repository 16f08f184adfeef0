"""How many questions a page asks the database does not depend on how much there is to show."""

import pytest
from django.db import connection
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext

from determinations.models import Decision
from tests.views.library import Item, Letter, add, index

FIRST = "CM14-0000102"
BLOCK = Item(rationale="A medial branch block gave relief, so the request is supported.")
OTHERWISE = Item(decision=Decision.OVERTURNED, rationale=f"Unlike others. {BLOCK.rationale}")
MASSAGE = Item("Massage", services=("massage-therapy",), levels=(), rationale="Rubbing did not help.")

ADDRESSES = {
    "all items": "/",
    "a question": "/?q=medial+branch",
    "a question with filters": "/?q=medial&level=L4-L5&decision=overturned",
    "by letter": "/?q=medial&group=letter",
    "nothing found": "/?q=medial+zzyzx&level=L4-L5",
    "results as CSV": "/search.csv?q=medial",
    "a case": f"/determinations/{FIRST}/?q=medial",
    "a case as a result": f"/determinations/{FIRST}/?q=medial&decision=overturned&result=1",
    "a case as a result under its letter": f"/determinations/{FIRST}/?q=medial&group=letter&result=1",
    "words within a case": f"/determinations/{FIRST}/?within=zebra",
    "similar items": f"/determinations/{FIRST}/items/1/similar/",
    "similar items of the opposite outcome": f"/determinations/{FIRST}/items/1/similar/?opposite=1",
    "two items compared": f"/compare/?item={FIRST}.1&item={FIRST}.2",
    "browsing": "/browse/",
    "browsing a facet": "/browse/level/",
    "browsing a value": "/browse/level/L4-L5/",
    "statistics": "/statistics/",
    "statistics of a question": "/statistics/?q=medial",
    "a table of the statistics": "/statistics/year/",
    "a table as CSV": "/statistics/year.csv",
    "letters by year": "/statistics/letters/",
    "letters of a question": "/statistics/letters/?q=medial",
    "services compared": "/statistics/compare/service/?value=medial-branch-blocks&value=injections",
    "words": "/statistics/words/",
    "all words": "/statistics/words/all/",
    "suggestions": "/suggest/?q=med",
    "suggested case numbers": "/suggest/?q=cm14-00",
    "results as JSON": "/api/search?q=medial",
    "a case as JSON": f"/api/determinations/{FIRST}",
}


def add_letters(first: int, last: int) -> None:
    """Two items like each other in every second letter; in the others something else."""
    for number in range(first, last):
        items = (BLOCK, OTHERWISE) if number % 2 == 0 else (MASSAGE, MASSAGE)
        add(Letter(f"CM{14 + number % 3}-{number:07}", items, specialties=(f"Field {number}",)))
    index()


def content_of(response: HttpResponseBase) -> bytes:
    if isinstance(response, HttpResponse):
        return response.content
    return b"".join(response)


def queries_of(client: Client, address: str) -> list[str]:
    """What the page asks the second time: a process asks for a few things only once."""
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            response = client.get(address)
            content = content_of(response)
        statements = [query["sql"] for query in asked.captured_queries]
    assert response.status_code == 200, address
    assert content
    return statements


@pytest.fixture
def small(db: None) -> None:
    add_letters(102, 122)


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES.keys())
def test_a_larger_library_takes_no_more_queries(small: None, client: Client, address: str) -> None:
    few = queries_of(client, address)
    add_letters(122, 162)
    many = queries_of(client, address)
    assert len(many) == len(few), "\n".join(many)
    assert len(few) <= 8, "\n".join(few)


def put_into_folder(client: Client, *names: str) -> None:
    for name in names:
        assert client.post(f"/folder/items/{name}/add/").status_code == 302


@pytest.mark.parametrize("address", ["/folder/", "/folder/brief/", "/folder/brief.docx"])
def test_a_fuller_folder_takes_no_more_queries(small: None, client: Client, address: str) -> None:
    put_into_folder(client, f"{FIRST}.1")
    few = queries_of(client, address)
    put_into_folder(client, *(f"CM{14 + number % 3}-{number:07}.2" for number in range(103, 110)))
    many = queries_of(client, address)
    assert len(many) == len(few), "\n".join(many)


def test_a_page_writes_nothing_for_a_visitor(small: None, client: Client) -> None:
    for address in ADDRESSES.values():
        asked = queries_of(client, address)
        assert all(statement.startswith(("SELECT", "DECLARE")) for statement in asked), address
    assert "sessionid" not in client.cookies
