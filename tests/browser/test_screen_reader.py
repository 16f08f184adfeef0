"""What a screen reader is told: landmarks, headings, names, suggestions while one types, charts as text."""

import itertools
import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Open
from tests.browser.site_facts import LETTER

ITEM = re.compile(
    r"^[^,]+(, [^,]+)*, [\d,]+ items?(, [\w ]+% overturned)?, (add filter|selected, remove filter)$"
)


def test_landmarks_lead_to_the_parts_of_the_results(open_window: Open) -> None:
    page = (window := open_window()).page
    window.go("/?q=pain&decision=upheld")
    expect(page.get_by_role("banner")).to_have_count(1)
    expect(page.get_by_role("main")).to_have_count(1)
    expect(page.get_by_role("contentinfo")).to_have_count(1)
    expect(page.get_by_role("banner").get_by_role("search")).to_have_count(1)
    page.locator("#order-menu > summary").click()
    for name in ("Site", "Order of the results", "Grouping of the results", "Pages of results"):
        expect(page.get_by_role("navigation", name=name)).to_have_count(1)
    expect(page.get_by_role("region", name=re.compile("disputed items$"))).to_have_count(1)
    expect(page.get_by_role("complementary", name="Filter the results")).to_have_count(1)


def test_headings_are_an_outline_without_gaps(open_window: Open) -> None:
    page = (window := open_window()).page
    for path in ("/?q=pain", "/?q=pain&group=letter", f"/determinations/{LETTER}/", "/statistics/"):
        window.go(path)
        levels = [int(of[1]) for of in page.locator("h1, h2, h3, h4, h5").evaluate_all(_TAGS)]
        assert levels.count(1) == 1 and levels[0] == 1, path
        assert all(deeper - level <= 1 for level, deeper in itertools.pairwise(levels)), path


_TAGS = "elements => elements.filter((one) => one.checkVisibility()).map((one) => one.localName)"


def test_a_filter_says_what_it_holds_and_what_following_it_does(open_window: Open) -> None:
    page = (window := open_window()).page
    window.go("/?decision=upheld")
    names = page.locator("#narrow a.facet-value").evaluate_all("of => of.map(a => a.ariaLabel)")
    assert len(names) > 20
    assert [name for name in names if not ITEM.match(name)] == []
    assert sum(name.endswith("selected, remove filter") for name in names) == 1
    chosen = page.get_by_role("link", name=re.compile("^Upheld, .*selected, remove filter$"))
    expect(chosen).to_have_attribute("aria-current", "true")


def test_suggestions_are_a_listbox_that_the_box_controls(open_window: Open) -> None:
    page = (window := open_window()).page
    window.go("/")
    box = page.get_by_role("combobox", name="Search the determinations")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press_sequentially("inj")
    options = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    expect(options.first).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(_live(page)).to_have_text(re.compile(r"^\d+ suggestions?$"))

    box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert box.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    expect(box).to_be_focused()
    box.press("Escape")
    expect(page.get_by_role("listbox", name="Suggestions")).to_be_hidden()
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("inj")
    expect(_live(page)).to_be_empty()


def _live(page: Page) -> Locator:
    return page.locator(".ask-box [aria-live=polite]")


def test_a_question_with_a_fault_is_described_by_what_is_wrong(open_window: Open) -> None:
    page = (window := open_window()).page
    window.go("/?q=%22back+pain+AND")
    box = page.get_by_role("combobox", name="Search the determinations")
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(box).to_have_accessible_description(re.compile("quotation mark|quote", re.IGNORECASE))


def test_a_chart_is_an_image_with_a_name_and_the_same_numbers_in_a_table(open_window: Open) -> None:
    page = (window := open_window()).page
    window.go("/statistics/")
    chart = page.get_by_role("img", name=re.compile("overturned by year"))
    expect(chart).to_have_count(1)
    table = page.get_by_role("region", name="By year").get_by_role("table")
    figures = chart.locator(".chart-row-figure text").all_text_contents()
    assert figures
    for figure in figures:
        expect(table.get_by_role("cell", name=figure).first).to_be_visible()


def test_every_field_has_a_name(open_window: Open) -> None:
    window = open_window(who="attorney")
    for path in ("/?q=pain", "/folder/", "/account/sign-in/", "/statistics/", "/saved/"):
        window.go(path)
        # What is folded in has no name until it is shown; some of it is fetched and has folded parts, too.
        folded = window.page.locator("details:not([open])")
        while folded.count():
            folded.evaluate_all("all => all.forEach((one) => (one.open = true))")
            expect(window.page.locator("#narrow details[open] > .facet-fetched")).to_have_count(0)
        fields = window.page.locator("input:not([type=hidden]), textarea, select, button:not([hidden])")
        assert fields.count() > 0
        for field in fields.all():
            expect(field).to_have_accessible_name(re.compile(r"\w"))


def test_a_copied_citation_is_announced(open_window: Open) -> None:
    window = open_window(permissions=["clipboard-read", "clipboard-write"])
    page = window.page
    window.go(f"/determinations/{LETTER}/")
    page.get_by_text("Cite this letter").click()
    button = page.locator("details.cite").first.get_by_role("button", name="Copy", exact=True)
    expect(button).to_have_attribute("aria-live", "polite")
    button.click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").startswith(f"IMR Case No. {LETTER}")
