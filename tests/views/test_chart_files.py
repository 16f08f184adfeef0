"""Charts as files that stand alone, letters by year, and one search box on each page of statistics."""

import csv
import io
from xml.etree import ElementTree

import pytest
from django.test import Client

from determinations.models import Determination
from determinations.statistics import letters_by_year
from tests.views.figure_pages import FIGURE_PAGES
from tests.views.html import Page
from tests.views.years_of_letters import add_years, letters_of, rates_of

pytestmark = pytest.mark.django_db

SVG = "{http://www.w3.org/2000/svg}"
FILES = ("/statistics/year.svg", "/statistics/letters.svg")
TABLES = tuple(f"/statistics/{name}.csv" for name in ("year", "service", "letters", "reasons", "words"))


@pytest.fixture
def years(db: None) -> None:
    add_years()


def root_of(content: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(content)  # noqa: S314  (the site's own)


def csv_rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def bars(svg: ElementTree.Element, kind: str) -> dict[str, str]:
    return {
        bar.get("data-year", ""): bar.get("data-value", "")
        for bar in svg.iter(f"{SVG}rect")
        if f"chart-bar-{kind}" in bar.get("class", "").split()
    }


@pytest.mark.usefixtures("years")
class TestFiles:
    @pytest.mark.parametrize("address", [*FILES, "/statistics/compare/service.svg?value=opioids&value=mri"])
    def test_a_file_stands_alone(self, client: Client, address: str) -> None:
        response = client.get(address)
        assert response["Content-Type"] == "image/svg+xml; charset=utf-8"
        assert response["Content-Disposition"].startswith('attachment; filename="imr-')
        svg = root_of(response.content)
        title, about, background = list(svg)[:3]
        assert (title.tag, about.tag, background.tag) == (f"{SVG}title", f"{SVG}desc", f"{SVG}rect")
        assert title.text and about.text
        assert background.get("fill") == "#ffffff"
        left, top, width, height = (float(part) for part in svg.get("viewBox", "").split())
        assert (background.get("x"), background.get("y")) == (f"{left:.0f}", f"{top:.0f}")
        assert (float(svg.get("width", "")), float(svg.get("height", ""))) == (width, height)
        for text in svg.iter(f"{SVG}text"):
            assert top < float(text.get("y", "")) < top + height
            assert left <= float(text.get("x", "")) < left + width
        for shape in ("rect", "path", "line", "polyline"):
            for drawn in svg.iter(f"{SVG}{shape}"):
                assert drawn.get("fill") or drawn.get("stroke"), "no style sheet reaches a file"
        assert not list(svg.iter(f"{SVG}style")) and not list(svg.iter(f"{SVG}script"))
        assert "http://testserver/statistics/" in " ".join(text.text or "" for text in svg.iter(f"{SVG}text"))

    def test_the_year_chart_has_the_numbers_of_its_csv_and_of_the_rows(self, client: Client) -> None:
        svg = root_of(client.get("/statistics/year.svg?service=opioids").content)
        rows = csv_rows(client.get("/statistics/year.csv?service=opioids").content)
        counted = {str(year): f"{won} of {of}" for year, (won, of) in rates_of("opioids").items() if year}
        assert bars(svg, "rate") == counted
        assert {row["value"]: f"{row['overturned']} of {row['decided']}" for row in rows} == counted

    @pytest.mark.parametrize(("query", "word"), [("", ""), ("?q=relieve", "relieve")])
    def test_letters_and_items_are_those_of_the_rows(self, client: Client, query: str, word: str) -> None:
        counted = letters_of(word)
        rows = csv_rows(client.get(f"/statistics/letters.csv{query}").content)
        assert {row["year"]: (int(row["letters"]), int(row["items"])) for row in rows} == {
            str(year or ""): pair for year, pair in counted.items()
        }
        svg = root_of(client.get(f"/statistics/letters.svg{query}").content)
        assert bars(svg, "letters") == {str(year): str(pair[0]) for year, pair in counted.items() if year}
        assert bars(svg, "items") == {str(year): str(pair[1]) for year, pair in counted.items() if year}
        page = Page.of(client.get(f"/statistics/letters/{query}"))
        total = page.one("p", class_="letters-total").attributes
        assert int(total["data-letters"]) == sum(letters for letters, _ in counted.values())
        assert int(total["data-items"]) == sum(items for _, items in counted.values())
        assert page.one("p", data_undated="1")

    @pytest.mark.parametrize("rows_for_a_key", [0, 10])
    def test_however_the_rows_are_read_the_counts_are_the_same(
        self, client: Client, monkeypatch: pytest.MonkeyPatch, rows_for_a_key: int
    ) -> None:
        monkeypatch.setattr(letters_by_year, "KEYS_AT_A_TIME", 3)
        monkeypatch.setattr(letters_by_year, "ROWS_FOR_A_KEY", rows_for_a_key)
        rows = csv_rows(client.get("/statistics/letters.csv?q=relieve").content)
        assert {row["year"]: (int(row["letters"]), int(row["items"])) for row in rows} == {
            str(year or ""): pair for year, pair in letters_of("relieve").items()
        }

    def test_a_superseded_letter_is_not_counted(self, client: Client) -> None:
        before = letters_of()[2014]
        first, second = Determination.objects.filter(year=2014).order_by("pk")[:2]
        Determination.objects.filter(pk=first.pk).update(is_current=False, superseded_by=second)
        rows = csv_rows(client.get("/statistics/letters.csv").content)
        (row,) = [row for row in rows if row["year"] == "2014"]
        assert int(row["letters"]) == before[0] - 1

    def test_a_search_title_cannot_break_the_file(self, client: Client) -> None:
        response = client.get("/statistics/year.svg?q=pain+OR+%22%3C%2Ftext%3E%26%01%22")
        assert response.status_code == 200
        words = " ".join(text.text or "" for text in root_of(response.content).iter(f"{SVG}text"))
        assert "</text>&" in words

    @pytest.mark.parametrize("address", [*FILES, *TABLES])
    @pytest.mark.parametrize("query", ["?q=%22", "?level=L99", "?colour=red"])
    def test_a_file_of_a_search_that_cannot_be_run_is_refused_in_words(
        self, client: Client, address: str, query: str
    ) -> None:
        response = client.get(address + query)
        assert response.status_code == 400
        assert response["Content-Type"] == "text/plain; charset=utf-8"
        assert response.content.strip()

    def test_pages_lead_to_their_files(self, client: Client) -> None:
        for page, files in (
            ("/statistics/?q=pain", ("/statistics/year.svg?q=pain", "/statistics/year.csv?q=pain")),
            ("/browse/service/opioids/", ("/statistics/year.svg?service=opioids",)),
            (
                "/statistics/letters/?q=pain",
                ("/statistics/letters.svg?q=pain", "/statistics/letters.csv?q=pain"),
            ),
        ):
            links = [link.attributes["href"] for link in Page.of(client.get(page)).all("a")]
            assert set(files) <= set(links), page
            assert all(client.get(file).status_code == 200 for file in files)


@pytest.mark.usefixtures("library")
class TestTooFew:
    @pytest.mark.parametrize("address", [*FILES, "/statistics/letters.svg?q=zebra"])
    def test_there_is_no_file_of_an_empty_chart(self, client: Client, address: str) -> None:
        response = client.get(address)
        assert response.status_code == 404
        assert response["Content-Type"] == "text/plain; charset=utf-8"
        assert "The CSV has the numbers." in response.content.decode()

    def test_the_pages_have_a_sentence_and_no_link_to_an_empty_chart(self, client: Client) -> None:
        for address in ("/statistics/", "/browse/service/injections/", "/statistics/letters/"):
            page = Page.of(client.get(address))
            assert page.one("p", class_="too-few").text
            assert not page.all("svg", class_="chart")
            assert not [a for a in page.all("a") if ".svg" in a.attributes["href"]]


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("address", FIGURE_PAGES)
def test_a_page_has_one_search_box(client: Client, address: str) -> None:
    page = Page.of(client.get(address))
    boxes = [box for box in page.all("input", name="q") if box.attributes.get("type") != "hidden"]
    assert len(boxes) == 1
    assert len(page.all("form", role="search")) == 1
