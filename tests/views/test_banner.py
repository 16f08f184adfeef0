"""The banner is there while invented letters are, and each invented letter says that it is one."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from determinations.models import Determination
from tests.views.html import Page
from tests.views.library import Letter, add, index

pytestmark = pytest.mark.django_db


def test_without_invented_letters_there_is_no_banner(client: Client) -> None:
    letter = add(Letter("CM14-0000001"))
    page = Page.of(client.get(letter.get_absolute_url()))
    assert not page.all("p", class_="banner")
    assert "invented" not in page.text


def test_an_invented_letter_brings_the_banner_to_every_page(client: Client) -> None:
    real = add(Letter("CM14-0000001"))
    invented = add(Letter("CM14-0000002", fields={"is_invented": True}))
    for address in ("/about/", "/help/", real.get_absolute_url(), "/nothing/"):
        assert "“invented sample”" in Page.of(client.get(address)).one("p", class_="banner").text
    assert Page.of(client.get(invented.get_absolute_url())).one("span", class_="invented")
    assert not Page.of(client.get(real.get_absolute_url())).all("span", class_="invented")
    index()
    rows = Page.of(client.get("/search/")).all("article", class_="result")
    assert ["invented sample" in row.text for row in rows] == ["CM14-0000002" in row.text for row in rows]
    Determination.objects.filter(is_invented=True).delete()
    assert not Page.of(client.get("/about/")).all("p", class_="banner")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite says which index a question uses")
def test_a_page_of_a_site_without_invented_letters_does_not_look_at_every_letter(client: Client) -> None:
    with CaptureQueriesContext(connection) as asked:
        client.get("/about/")
    (query,) = [query["sql"] for query in asked.captured_queries if "is_invented" in query["sql"]]
    with connection.cursor() as cursor:
        plan = cursor.execute(f"EXPLAIN QUERY PLAN {query}").fetchall()
    assert "is_invented" in str(plan) and "ORDER BY" not in str(plan), "it reads the last entry of an index"
