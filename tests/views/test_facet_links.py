"""Each value of a facet is a link that adds or removes it, and its count is what one then gets."""

import pytest
from django.test import Client

from determinations.models import LevelsFrom
from determinations.search.interface import FacetCount
from determinations.search_page.address import SearchAddress
from determinations.search_page.facet_panel import FacetGroup, facet_groups, facet_sections
from tests.views.html import Page
from tests.views.library import Item, Letter, add, index

pytestmark = pytest.mark.django_db


def toggled(query: SearchAddress, facet: str, *values: str) -> tuple[str, ...]:
    for value in values:
        query = query.toggling(facet, value)
    return query.chosen(facet)


def group(
    address: SearchAddress, facet: str, *counts: FacetCount, unfolded: tuple[str, ...] = ()
) -> FacetGroup:
    groups = facet_groups(address, {facet: counts}, {}, unfolded=unfolded)
    return next(found for found in groups if found.name == facet)


def test_both_sides_guidelines_and_how_they_agree_stand_together() -> None:
    """Where the first of them is in the facets' order; every facet is shown once."""
    groups = facet_groups(SearchAddress(), {}, {})
    sections = facet_sections(groups)
    assert sorted(one.name for section in sections for one in section.groups) == sorted(
        group.name for group in groups
    )
    (together,) = [section for section in sections if section.heading]
    assert [one.name for one in together.groups] == ["guideline", "ca_guideline", "agreement"]
    assert all(one.heading for one in together.groups)
    before = [section.groups[0].name for section in sections[: sections.index(together)]]
    assert before == [group.name for group in groups[: len(before)]]
    assert [section.heading for section in facet_sections(groups[:1])] == [""]


@pytest.mark.usefixtures("library")
def test_the_page_has_the_guidelines_below_one_heading(client: Client) -> None:
    page = Page.of(client.get("/?q=block"))
    section = page.one("section", class_="facet-section")
    for name in ("guideline", "ca_guideline", "agreement"):
        assert page.one("details", id=f"facet-{name}").text in section.text
    assert len(page.all("section", class_="facet-section")) == 1


def test_a_value_is_added_and_removed_again() -> None:
    assert toggled(SearchAddress(), "year", "2014") == ("2014",)
    assert toggled(SearchAddress(), "year", "2014", "2013") == ("2013", "2014")
    assert toggled(SearchAddress(), "year", "2014", "2013", "2014") == ("2013",)


def test_a_child_replaces_its_chosen_parent_and_the_parent_its_children() -> None:
    assert toggled(SearchAddress(), "service", "injections", "nerve-blocks") == ("nerve-blocks",)
    assert toggled(SearchAddress(), "service", "nerve-blocks", "opioids", "injections") == (
        "injections",
        "opioids",
    )
    assert toggled(SearchAddress(), "guideline", "odg", "odg.low-back") == ("odg.low-back",)
    assert toggled(SearchAddress(), "level", "L4-L5", "L5-S1", "cervical", "lumbar") == ("cervical", "lumbar")


def test_a_change_of_filters_starts_at_the_first_page() -> None:
    assert SearchAddress(page=4).toggling("year", "2014").page == 1
    assert SearchAddress(page=4).without_filters().page == 1


def test_children_stand_below_their_parent() -> None:
    counts = (
        FacetCount("injections", 5),
        FacetCount("opioids", 3),
        FacetCount("nerve-blocks", 4),
        FacetCount("pharmaceuticals", 3),
    )
    service = group(SearchAddress(), "service", *counts)
    assert [(top.value, top.within, top.children) for top in service.values] == [
        ("injections", 1, ()),
        ("pharmaceuticals", 1, ()),
    ]
    unfolded = group(SearchAddress(), "service", *counts, unfolded=("service.injections", "level.lumbar"))
    assert [(top.value, [child.value for child in top.children]) for top in unfolded.values] == [
        ("injections", ["nerve-blocks"]),
        ("pharmaceuticals", []),
    ]


def test_a_parent_is_unfolded_while_it_or_a_child_is_chosen() -> None:
    counts = (FacetCount("odg", 2), FacetCount("odg.low-back", 1), FacetCount("none", 1))
    for chosen in ("odg", "odg.low-back"):
        guideline = group(SearchAddress().toggling("guideline", chosen), "guideline", *counts)
        assert [value.is_open for value in guideline.values] == [True, False]


def test_the_spinal_region_of_most_items_is_unfolded_until_a_level_is_chosen() -> None:
    counts = (
        FacetCount("lumbar", 5),
        FacetCount("L4-L5", 3),
        FacetCount("L5-S1", 2),
        FacetCount("cervical", 1),
        FacetCount("C5-C6", 1),
    )
    regions = group(SearchAddress(), "level", *counts).values
    assert [(region.value, region.is_open) for region in regions] == [("cervical", False), ("lumbar", True)]
    chosen = group(SearchAddress().toggling("level", "C5-C6"), "level", *counts).values
    assert [(region.value, region.is_open) for region in chosen] == [("cervical", True), ("lumbar", False)]


def test_a_chosen_value_that_nothing_holds_is_still_shown_so_that_it_can_be_removed() -> None:
    year = group(SearchAddress().toggling("year", "1999"), "year", FacetCount("2014", 2))
    assert [(value.value, value.count, value.selected) for value in year.values] == [
        ("2014", 2, False),
        ("1999", 0, True),
    ]


def test_a_long_facet_is_folded_and_nothing_is_cut_off() -> None:
    counts = [FacetCount(str(year), 1) for year in range(2000, 2024)]
    year = group(SearchAddress(), "year", *counts)
    assert len(year.values) == 8
    assert year.total == len(year.values) + len(year.folded) == 24
    assert not year.folded_is_open
    assert group(SearchAddress().toggling("year", "2001"), "year", *counts).folded_is_open


@pytest.mark.usefixtures("library")
def test_a_value_counts_what_following_its_link_finds(client: Client) -> None:
    start = "/?q=medial+OR+opioids"
    page = Page.of(client.get(start))
    fetched = [link.attributes["hx-get"] for link in page.all("a") if "hx-get" in link.attributes]
    pages = [page, *(Page(client.get(values).content.decode()) for values in fetched)]
    links = [link for each in pages for link in each.all("a", class_="facet-value")]
    counts = [count for each in pages for count in each.all("span", class_="facet-count")]
    assert len(links) > 20
    for link, count in zip(links, counts, strict=True):
        promised = int(count.text)
        found = Page.of(client.get(link.attributes["href"])).one("h2", id="results-heading").text
        assert found == f"{promised} disputed item{'s' if promised != 1 else ''}", link.text


def test_levels_that_only_a_rationale_states_can_be_left_out(client: Client) -> None:
    rationale = Item("Lumbar medial branch block", levels_from=LevelsFrom.RATIONALE)
    add(Letter("CM14-0000001", (Item(), rationale, Item("Acupuncture", levels=()))))
    index()
    switch = Page.of(client.get("/?level=L4-L5")).one("a", data_levels_from="any")
    page = Page.of(client.get(switch.attributes["href"]))
    assert page.one("a", data_levels_from="request").attributes["href"] == "/?level=L4-L5"
    assert "/?level=L4-L5" in [chip.attributes["href"] for chip in page.all("a", class_="chip")]
    totals = {
        query: client.get(f"/api/search?{query}").json()["total"]
        for query in (
            *("", "levels_from=request", "level=L4-L5", "level=L4-L5&levels_from=request"),
            *("level=lumbar&levels_from=request", "q=request_level:L4-5", "q=level:L4-5"),
        )
    }
    assert list(totals.values()) == [3, 3, 2, 1, 2, 1, 2]


@pytest.mark.usefixtures("library")
def test_the_counts_of_levels_that_requests_state_are_what_choosing_them_finds(client: Client) -> None:
    add(Letter("CM14-0000001", (Item("Lumbar MRI", levels_from=LevelsFrom.RATIONALE),)))
    index()
    answer = client.get("/api/search?levels_from=request&level=L4-L5").json()
    facet = next(facet for facet in answer["facets"] if facet["name"] == "level")
    assert len(facet["values"]) > 2
    for value in facet["values"]:
        found = client.get(f"/api/search?levels_from=request&level={value['value']}").json()
        assert found["total"] == value["count"], value


@pytest.mark.usefixtures("library")
def test_chosen_values_say_so_and_each_has_a_chip_that_removes_it(client: Client) -> None:
    page = Page.of(client.get("/?decision=upheld&service=injections&guideline=odg.low-back"))
    chosen = [
        a.text for a in page.all("a", class_="facet-value") if a.attributes.get("aria-current") == "true"
    ]
    assert len(chosen) == 3
    chips = {chip.text: chip.attributes["href"] for chip in page.all("a", class_="chip")}
    assert chips["Remove Decision Upheld ×"] == "/?service=injections&guideline=odg.low-back"
    assert len(chips) == 3
    assert any("Low Back" in chip and ":" in chip for chip in chips)
    assert page.link("Remove all filters") == "/search/"
