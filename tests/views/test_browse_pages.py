"""Browsing: each service, guideline, level and specialty has a page of its figures, reached from an index."""

from datetime import date

import pytest
from django.test import Client

from determinations.models import Decision
from tests.views.html import Page, rate_of
from tests.views.library import Item, Letter, add, index

pytestmark = pytest.mark.django_db


def rows(page: Page) -> list[str]:
    return [row.text for row in page.all("tr")]


@pytest.mark.usefixtures("library")
class TestTheIndex:
    def test_it_leads_to_each_facet_and_each_value(self, client: Client) -> None:
        page = Page.of(client.get("/browse/"))
        assert page.link("Services") == "/browse/service/"
        assert page.link("Medial branch blocks") == "/browse/service/medial-branch-blocks/"
        assert page.link("L4-L5") == "/browse/level/L4-L5/"
        assert page.link("Pain Medicine") == "/browse/specialty/pain-medicine/"
        assert page.link("Browse") == "/browse/"

    @pytest.mark.parametrize("facet", ["service", "guideline", "level", "specialty"])
    def test_every_link_of_a_facet_opens(self, client: Client, facet: str) -> None:
        page = Page.of(client.get(f"/browse/{facet}/"))
        places = [
            link.attributes["href"]
            for link in page.all("a")
            if link.attributes["href"].startswith(f"/browse/{facet}/")
        ]
        assert places
        for address in places:
            assert client.get(address).status_code == 200, address

    def test_an_unknown_facet_is_not_found(self, client: Client) -> None:
        response = client.get("/browse/colour/")
        assert response.status_code == 404
        assert "service, guideline, level, specialty" in Page.of(response).text


@pytest.mark.usefixtures("library")
class TestAPlace:
    def test_it_has_its_rate_its_years_and_what_goes_with_it(self, client: Client) -> None:
        page = Page.of(client.get("/browse/service/medial-branch-blocks/"))
        assert page.one("h1").text == "Medial branch blocks"
        assert page.one("title").text.startswith("Medial branch blocks: how often denials are overturned")
        assert rate_of(page.one("p", class_="overall")) == {"overturned": "0", "decided": "2"}
        headings = [heading.text for heading in page.all("h2")]
        assert headings[0] == "By year"
        assert {"Most cited guidelines", "Usual levels", "Reviewers’ specialties"} <= set(headings)
        assert "2014 0 1 – –" in rows(page)
        assert "L4-L5 0 2 – –" in rows(page)

    def test_it_leads_into_search_statistics_and_its_category(self, client: Client) -> None:
        page = Page.of(client.get("/browse/service/medial-branch-blocks/"))
        assert page.link("Search these determinations") == "/?service=medial-branch-blocks"
        assert (
            page.link("All statistics for these determinations")
            == "/statistics/?service=medial-branch-blocks"
        )
        assert page.link("Injections") == "/browse/service/injections/"
        assert page.link("L4-L5") == "/?service=medial-branch-blocks&level=L4-L5"

    def test_a_parent_lists_what_stands_under_it_and_nothing_else(self, client: Client) -> None:
        page = Page.of(client.get("/browse/service/injections/"))
        assert "Within Injections" in [heading.text for heading in page.all("h2")]
        assert page.link("Radiofrequency ablation") == "/browse/service/radiofrequency-ablation/"
        assert "Opioids" not in page.text
        region = Page.of(client.get("/browse/level/lumbar/"))
        assert region.link("L5-S1") == "/browse/level/L5-S1/"
        assert "C5-C6" not in region.text
        written = client.get("/statistics/level.csv?level=lumbar").content.decode()
        assert [line.split(",")[0] for line in written.splitlines()[1:]] == ["L3-L4", "L4-L5", "L5-S1"]

    @pytest.mark.parametrize(
        ("typed", "address", "status"),
        [
            ("level/l4-5", "/browse/level/L4-L5/", 301),
            ("service/Medial%20Branch_Blocks", "/browse/service/medial-branch-blocks/", 301),
            ("level/L3-L5", "/?level=L3-L4&level=L4-L5", 302),
        ],
    )
    def test_other_writings_lead_to_its_address(
        self, client: Client, typed: str, address: str, status: int
    ) -> None:
        response = client.get(f"/browse/{typed}/")
        assert (response.status_code, response["Location"]) == (status, address)

    @pytest.mark.parametrize(
        ("place", "message"),
        [
            ("service/opioid", "There is no service “opioid”. Did you mean “opioids”?"),
            ("service/acupuncture", "Acupuncture"),
            ("specialty/astrology", "Astrology"),
            ("level/L99", "“L99” is not a spinal level"),
        ],
    )
    def test_what_no_letter_concerns_is_not_found_and_says_why(
        self, client: Client, place: str, message: str
    ) -> None:
        response = client.get(f"/browse/{place}/")
        assert response.status_code == 404
        assert message in Page.of(response).text


def test_items_without_a_readable_decision_have_a_page_without_a_rate(client: Client, db: None) -> None:
    add(Letter("", (Item(decision=Decision.UNKNOWN),)))
    index()
    page = Page.of(client.get("/browse/service/medial-branch-blocks/"))
    assert "there is no rate" in page.text
    assert not page.all("p", class_="overall")


@pytest.mark.usefixtures("library")
def test_the_years_say_what_the_chart_and_the_table_leave_out(client: Client) -> None:
    for year in (17, 18):
        for number in range(5):
            add(Letter(f"CM{year}-000000{number}", (Item(),), decided_on=date(2000 + year, 1, 5)))
    index()
    page = Page.of(client.get("/browse/service/medial-branch-blocks/"))
    assert "2014 has fewer than 5 decided items, so it has no bar" in page.text
    assert page.all("p", data_undated="1")
