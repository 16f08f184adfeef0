"""Any search as statistics: the search page's parameters, tables of rates, CSV, nothing hidden."""

import csv
import io

import pytest
from django.test import Client

from determinations.models import Decision
from determinations.statistics.breakdowns import BREAKDOWNS
from tests.views.html import Page, rate_of
from tests.views.library import Item, Letter, add, index

pytestmark = pytest.mark.django_db


def rows(page: Page) -> list[str]:
    return [row.text for row in page.all("tr")]


def csv_rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.usefixtures("library")
class TestStatistics:
    def test_every_breakdown_has_its_table_with_a_caption(self, client: Client) -> None:
        page = Page.of(client.get("/statistics/"))
        captions = [caption.text for caption in page.all("caption")]
        assert len(captions) == len(BREAKDOWNS)
        assert all("this site" in caption for caption in captions)
        assert page.one("title").text.startswith("Statistics –")
        overall = page.one("p", class_="overall")
        assert rate_of(overall) == {"overturned": "3", "decided": "7", "low": "0.16", "high": "0.75"}
        assert "3 of 7 overturned (43%)" in overall.text and "16% to 75%" in overall.text
        assert "Injections 1 4 – –" in rows(page)
        assert "2014 1 3 – –" in rows(page)

    def test_a_search_is_charted_with_the_search_pages_parameters(self, client: Client) -> None:
        page = Page.of(client.get("/statistics/?q=block&service=injections&sort=oldest&page=3"))
        found = Page.of(client.get("/?q=block&service=injections"))
        assert rate_of(page.one("p", class_="overall")) == rate_of(found.one("div", class_="rate-line"))
        assert page.link("See these determinations") == "/?q=block&service=injections"
        assert page.one("title").text.startswith("Statistics: “block”, Injections")
        assert [box.attributes.get("value", "") for box in page.all("input", name="q")][-1] == "block"
        carried = [field.attributes["value"] for field in page.all("input", name="service")]
        assert set(carried) == {"injections"}
        (chip,) = page.all("a", class_="chip")
        assert chip.attributes["href"] == "/statistics/?q=block"

    def test_a_row_leads_to_its_items(self, client: Client) -> None:
        page = Page.of(client.get("/statistics/?q=block"))
        assert page.link("L4-L5") == "/?q=block&level=L4-L5"
        assert Page.of(client.get("/?q=block&level=L4-L5")).one("h2", id="results-heading")

    def test_the_chosen_value_is_marked_beside_those_it_is_compared_with(self, client: Client) -> None:
        page = Page.of(client.get("/statistics/?level=L4-L5"))
        assert "✓ Selected: L4-L5 0 2 – –" in rows(page)
        assert "L5-S1 1 1 – –" in rows(page)
        assert page.one("caption", data_ignores="level")

    def test_undated_letters_are_told(self, client: Client) -> None:
        assert Page.of(client.get("/statistics/")).one("p", data_undated="1")
        dated = Page.of(client.get("/statistics/?year=2014"))
        assert not [p for p in dated.all("p") if "data-undated" in p.attributes]

    def test_nothing_found_says_so_and_leads_back(self, client: Client) -> None:
        page = Page.of(client.get("/statistics/?q=zebra"))
        assert "There is nothing to count" in page.text
        assert not page.all("table")

    def test_bad_parameters_are_told_and_the_rest_stands(self, client: Client) -> None:
        page = Page.of(client.get("/statistics/?q=block&level=L99&colour=red"))
        notices = " ".join(notice.text for notice in page.all("p", class_="notice"))
        assert "“L99” is not a spinal level" in notices
        assert "There is no parameter “colour”" in notices
        assert page.all("p", class_="overall")

    def test_a_question_with_a_fault_is_explained_and_counts_nothing(self, client: Client) -> None:
        response = client.get('/statistics/?q="')
        assert response.status_code == 200
        page = Page.of(response)
        assert page.one("div", id="id_q_error").text
        assert not page.all("table")


@pytest.mark.usefixtures("library")
class TestTables:
    @pytest.mark.parametrize("breakdown", BREAKDOWNS, ids=lambda one: one.name)
    def test_page_and_csv_have_the_same_rows(self, client: Client, breakdown: object) -> None:
        name = breakdown.name  # type: ignore[attr-defined]
        page = Page.of(client.get(f"/statistics/{name}/?q=block"))
        response = client.get(f"/statistics/{name}.csv?q=block")
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        assert response["Content-Disposition"] == f'attachment; filename="imr-outcomes-by-{name}.csv"'
        shown = rows(page)[1:]
        taken = csv_rows(response.content)
        assert len(shown) == len(taken) > 0
        for row, line in zip(taken, shown, strict=True):
            assert line.startswith(row["label"])
            assert f" {row['overturned']} {row['decided']} " in line
            assert row["share_overturned"] == ""
            assert row["search"] == "http://testserver/?q=block"

    def test_an_unknown_table_is_not_found_and_the_known_are_named(self, client: Client) -> None:
        for address in ("/statistics/colour/", "/statistics/colour.csv"):
            response = client.get(address)
            assert response.status_code == 404
            assert "year, category, service" in Page.of(response).text


def test_long_tables_lead_to_the_whole_and_the_whole_has_every_row(client: Client, db: None) -> None:
    levels = [f"{region}{n}" for region, last in (("C", 7), ("T", 12)) for n in range(1, last + 1)]
    for level in levels:
        add(Letter("", tuple(Item(f"MRI {level}", Decision.UPHELD, ("mri",), (level,)) for _ in range(5))))
    index()
    page = Page.of(client.get("/statistics/?q=MRI"))
    address = page.link("Show all 19 spinal levels")
    assert address == "/statistics/level/?q=MRI"
    whole = rows(Page.of(client.get(address)))
    assert len(whole) == 1 + 19
    assert "T12 0 5 0% 0% to 43%" in whole
