"""Services, guidelines or levels over the years: one page, its SVG and its CSV say what the rows say."""

import csv
import io
from xml.etree import ElementTree

import pytest
from django.test import Client

from tests.views.html import Element, Page
from tests.views.years_of_letters import add_years, rates_of

pytestmark = pytest.mark.django_db

TWO = "value=opioids&value=medial-branch-blocks"
THREE = f"{TWO}&value=mri"


@pytest.fixture
def years(db: None) -> None:
    add_years()


def cells(page: Page) -> list[tuple[str, str]]:
    return [
        (cell.attributes["data-overturned"], cell.attributes["data-decided"])
        for cell in page.all("td")
        if "data-decided" in cell.attributes
    ]


def notices(page: Page) -> list[Element]:
    return page.all("p", class_="notice")


def csv_rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.usefixtures("years")
class TestThePage:
    @pytest.mark.parametrize(("search", "word"), [("", ""), ("q=relieve&", "relieve")])
    def test_the_table_has_the_figures_of_the_rows(self, client: Client, search: str, word: str) -> None:
        page = Page.of(
            client.get(f"/statistics/compare/service/?{search}value=opioids&value=pharmaceuticals")
        )
        counted = rates_of("opioids", word)
        years = [counted[year] for year in (2014, 2015, 2016)]
        total = tuple(map(sum, zip(*counted.values(), strict=True)))
        expected = [pair for pair in (*years, total) for _ in range(2)]
        assert cells(page) == [(str(won), str(decided)) for won, decided in expected]

    def test_three_series_have_their_marks_and_a_row_of_n_each(self, client: Client) -> None:
        page = Page.of(client.get(f"/statistics/compare/service/?{THREE}"))
        marks = [mark for mark in page.all("path") if "data-year" in mark.attributes]
        for number, service in enumerate(("opioids", "medial-branch-blocks", "mri"), start=1):
            drawn = {
                int(mark.attributes["data-year"]): (
                    int(mark.attributes["data-overturned"]),
                    int(mark.attributes["data-decided"]),
                )
                for mark in marks
                if mark.attributes["data-series"] == str(number)
            }
            counted = rates_of(service)
            assert drawn == {
                year: rate for year, rate in counted.items() if year is not None and rate[1] >= 5
            }
        assert len(page.all("g", class_="chart-row-count")) == 3
        assert page.all("title")[0].text.startswith("Compare services over the years –")

    def test_the_search_stays_and_its_own_services_are_set_aside(self, client: Client) -> None:
        address = f"/statistics/compare/service/?q=pain&service=opioids&year=2014&decision=upheld&{TWO}"
        page = Page.of(client.get(address))
        assert page.one("p", data_ignores="decision year service")
        other = Page.of(client.get(f"/statistics/compare/service/?q=pain&{TWO}"))
        assert cells(page) == cells(other)
        assert page.link("Statistics for this search").startswith("/statistics/?q=pain&")
        hidden = {
            (one.attributes["name"], one.attributes.get("value")) for one in page.all("input", type="hidden")
        }
        assert {("q", "pain"), ("year", "2014"), ("value", "opioids")} <= hidden

    def test_services_that_the_search_names_are_compared_at_once(self, client: Client) -> None:
        page = Page.of(
            client.get("/statistics/compare/service/?service=opioids&service=medial-branch-blocks")
        )
        named = Page.of(client.get("/statistics/compare/service/?value=medial-branch-blocks&value=opioids"))
        assert cells(page) == cells(named) != []
        assert not [one for one in page.all("p") if "data-ignores" in one.attributes], "both are compared"

    def test_a_cell_leads_to_its_items(self, client: Client) -> None:
        page = Page.of(client.get(f"/statistics/compare/service/?q=pain&{TWO}"))
        won, decided = rates_of("opioids")[2015]
        (address,) = {
            link.attributes["href"]
            for link in page.all("a")
            if "year=2015" in link.attributes["href"] and "service=opioids" in link.attributes["href"]
        }
        assert f"{won} of {decided}" in [link.text for link in page.all("a", href=address)]
        assert Page.of(client.get(address)).one("h2", id="results-heading").text.startswith(f"{decided} ")

    def test_menus_have_only_values_of_the_search(self, client: Client) -> None:
        page = Page.of(client.get("/statistics/compare/service/?q=relieve"))
        offered = {option.attributes["value"] for option in page.all("option")}
        assert offered == {"", "opioids", "pharmaceuticals"}
        assert not page.all("table")

    def test_levels_and_guidelines_are_compared_too(self, client: Client) -> None:
        levels = Page.of(client.get("/statistics/compare/level/?value=L4-5&value=lumbar"))
        assert len(cells(levels)) == 2 * (3 + 1)
        guidelines = Page.of(client.get("/statistics/compare/guideline/?value=odg&value=odg.low-back"))
        assert cells(guidelines)[::2] == cells(guidelines)[1::2] != []


@pytest.mark.usefixtures("years")
class TestBadInput:
    @pytest.mark.parametrize(
        ("query", "words"),
        [
            (f"{TWO}&value=opioid", "“opioid”"),
            (f"{THREE}&value=injections", "at most 3 services"),
            (f"{TWO}&value=acupuncture", "Acupuncture"),
            (f"{TWO}&value=%00%22%3Cb%3E", "There is no service"),
        ],
    )
    def test_a_value_that_cannot_be_compared_is_named_and_the_rest_stands(
        self, client: Client, query: str, words: str
    ) -> None:
        response = client.get(f"/statistics/compare/service/?{query}")
        page = Page.of(response)
        (fault,) = page.all("p", data_fault="value")
        assert words in fault.text
        assert page.all("table") and page.all("svg", class_="chart")
        assert b"<b>" not in response.content.partition(b'data-fault="value"')[2].partition(b"</p>")[0]

    @pytest.mark.parametrize("kind", ["svg", "csv"])
    @pytest.mark.parametrize(
        "query",
        [
            "value=opioids",
            f"{TWO}&value=opioid",
            f"{THREE}&value=injections",
            f"{TWO}&colour=red",
            f"{TWO}&q=%22",
            "",
        ],
    )
    def test_a_file_refuses_it_in_words(self, client: Client, kind: str, query: str) -> None:
        response = client.get(f"/statistics/compare/service.{kind}?{query}")
        assert response.status_code == 400
        assert response["Content-Type"] == "text/plain; charset=utf-8"
        assert response.content.strip()

    def test_one_value_asks_for_another(self, client: Client) -> None:
        page = Page.of(client.get("/statistics/compare/service/?value=opioids"))
        assert page.one("p", data_incomplete="opioids")
        assert [option.attributes["value"] for option in page.all("option", selected="")] == ["opioids"]
        assert not page.all("table")

    @pytest.mark.parametrize("ending", ["/", ".svg", ".csv"])
    def test_a_facet_that_is_not_compared_is_not_found(self, client: Client, ending: str) -> None:
        assert client.get(f"/statistics/compare/year{ending}").status_code == 404

    def test_a_question_with_a_fault_compares_nothing(self, client: Client) -> None:
        page = Page.of(client.get(f"/statistics/compare/service/?q=%22&{TWO}"))
        assert page.one("div", id="id_q_error").text
        assert not page.all("table") and not page.all("select")


@pytest.mark.usefixtures("years")
class TestFiles:
    def test_csv_and_svg_and_rows_have_the_same_numbers(self, client: Client) -> None:
        rows = csv_rows(client.get(f"/statistics/compare/service.csv?{THREE}").content)
        in_csv = {
            (row["value"], int(row["year"])): (int(row["overturned"]), int(row["decided"])) for row in rows
        }
        services = ("opioids", "medial-branch-blocks", "mri")
        assert in_csv == {
            (service, year): rate
            for service in services
            for year, rate in rates_of(service).items()
            if year is not None
        }
        response = client.get(f"/statistics/compare/service.svg?{THREE}")
        assert response["Content-Type"] == "image/svg+xml; charset=utf-8"
        assert response["Content-Disposition"] == 'attachment; filename="imr-service-compared.svg"'
        svg = ElementTree.fromstring(response.content)  # noqa: S314  (the site's own)
        in_svg = {
            (services[int(mark.get("data-series", "0")) - 1], int(mark.get("data-year", "0"))): (
                int(mark.get("data-overturned", "")),
                int(mark.get("data-decided", "")),
            )
            for mark in svg.iter("{http://www.w3.org/2000/svg}path")
            if mark.get("data-year")
        }
        assert in_svg == {key: rate for key, rate in in_csv.items() if rate[1] >= 5}
        for row in rows:
            assert bool(row["share_overturned"]) is (int(row["decided"]) >= 5)
            if row["share_overturned"]:
                share = int(row["overturned"]) / int(row["decided"])
                assert float(row["share_overturned"]) == pytest.approx(share, abs=0.0001)
                assert float(row["interval_low"]) <= share <= float(row["interval_high"])

    def test_the_page_leads_to_both(self, client: Client) -> None:
        page = Page.of(client.get(f"/statistics/compare/service/?q=pain&{TWO}"))
        links = [link.attributes["href"] for link in page.all("a")]
        for kind in ("svg", "csv"):
            address = f"/statistics/compare/service.{kind}?q=pain&{TWO}"
            assert address in links
            assert client.get(address).status_code == 200


@pytest.mark.usefixtures("library")
class TestTooFew:
    def test_a_sentence_takes_the_place_of_the_chart(self, client: Client) -> None:
        page = Page.of(client.get(f"/statistics/compare/service/?{TWO}"))
        told = {p.attributes["data-too-few"]: p.text for p in page.all("p", class_="too-few")}
        assert set(told) == {"opioids", "medial-branch-blocks"}
        assert "Too few decisions to show a pattern: 1 in 1 year." in told["opioids"]
        assert not page.all("svg", class_="chart")
        assert page.all("table")

    def test_there_is_no_file_of_an_empty_chart(self, client: Client) -> None:
        response = client.get(f"/statistics/compare/service.svg?{TWO}")
        assert response.status_code == 404
        assert "Too few decisions to show a pattern" in response.content.decode()
        assert client.get(f"/statistics/compare/service.csv?{TWO}").status_code == 200


@pytest.mark.usefixtures("years")
class TestDoors:
    def test_results_lead_to_the_comparison_of_their_filters(self, client: Client) -> None:
        found = Page.of(client.get("/?q=pain&service=opioids&service=medial-branch-blocks"))
        address = "/statistics/compare/service/?q=pain&service=medial-branch-blocks&service=opioids"
        assert address in [link.attributes["href"] for link in found.all("a")]
        assert found.link("Chart these results").startswith("/statistics/?q=pain&")
        one = Page.of(client.get("/?q=pain&service=opioids"))
        assert not [a for a in one.all("a") if a.attributes["href"].startswith("/statistics/compare/")]

    def test_statistics_have_a_form_for_each_facet_that_keeps_the_search(self, client: Client) -> None:
        page = Page.of(client.get("/statistics/?q=relieve"))
        forms = [form.attributes["action"] for form in page.all("form", class_="compare-form")]
        assert forms == ["/statistics/compare/service/", "/statistics/compare/guideline/"], (
            "no level is found"
        )
        assert page.all("input", type="hidden", name="q", value="relieve")
        whole = Page.of(client.get("/statistics/"))
        assert len(whole.all("form", class_="compare-form")) == 3

    def test_browsing_leads_to_comparisons_with_what_is_beside(self, client: Client) -> None:
        page = Page.of(client.get("/browse/service/pharmaceuticals/"))
        address = page.link("Compare with Injections")
        assert address == "/statistics/compare/service/?value=pharmaceuticals&value=injections"
        assert Page.of(client.get(address)).all("svg", class_="chart")
        assert page.link("Compare with another service").startswith("/statistics/compare/service/?service=")
        listed = Page.of(client.get("/browse/level/"))
        assert listed.link("Compare spinal levels over the years") == "/statistics/compare/level/"
        assert "/statistics/compare/" not in client.get("/browse/specialty/").content.decode()
