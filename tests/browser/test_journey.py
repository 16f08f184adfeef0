"""What an attorney does: search, narrow, read, compare, take away. With a mouse, and without any script."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Download, Page, expect

from tests.browser.conftest import Open
from tests.browser.opened_page import PHONE


def number_found(page: Page) -> int:
    """Of the results' heading: "12 disputed items", "All 12 disputed items"."""
    found = re.search(r"[\d,]+", page.locator("#results-heading").inner_text())
    assert found
    return int(found[0].replace(",", ""))


def saved(page: Page, start: Callable[[], None]) -> Path:
    """The file that `start` makes the browser save."""
    with page.expect_download() as awaited:
        start()
    download: Download = awaited.value
    return download.path()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_from_a_question_to_a_file(open_window: Open, script: bool) -> None:
    page = (window := open_window(java_script_enabled=script)).page
    window.go("/")

    page.get_by_role("searchbox").or_(page.get_by_role("combobox")).fill("pain")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page).to_have_title(re.compile("“pain”"))
    everything = number_found(page)

    page.get_by_role("link", name=re.compile(r"^Upheld, \d+ items?, add filter$")).click()
    expect(page.get_by_role("link", name=re.compile("^Remove Decision"))).to_be_visible()
    upheld = number_found(page)
    assert 0 < upheld < everything
    page.get_by_role("link", name=re.compile(r"^2014, .*add filter$")).click()
    expect(page.get_by_role("link", name="Remove all filters")).to_be_visible()
    narrowed = number_found(page)
    assert 0 < narrowed < upheld

    rows = list(csv.reader(io.StringIO(_csv(page).read_text(encoding="utf-8-sig"))))
    assert sum(len(row) == len(rows[-1]) for row in rows) == narrowed + 1

    first = page.locator("article.result").first
    asked = first.get_by_role("heading", level=3).inner_text()
    first.get_by_role("link", name=asked).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Case")
    heading = page.locator("section.item.found").get_by_role("heading", level=2)
    expect(heading).to_have_text(re.compile(f"^{re.escape(asked)}$", re.IGNORECASE))
    page.locator("section.item.found").get_by_role("button", name=re.compile("Add to folder")).click()
    expect(page.get_by_role("link", name="Folder (1)")).to_be_visible()
    page.get_by_role("link", name="Back to results").first.click()

    page.get_by_role("checkbox", name=re.compile("^Select")).nth(0).check()
    page.get_by_role("checkbox", name=re.compile("^Select")).nth(1).check()
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 disputed items side by side")
    facts = page.get_by_role("region", name="Facts").get_by_role("table")
    expect(facts.get_by_role("columnheader")).to_have_count(2)

    page.get_by_role("link", name="Folder (1)").click()
    word = saved(page, page.get_by_role("button", name="Word file").click)
    with ZipFile(word) as parts:
        assert asked.split()[0] in parts.read("word/document.xml").decode()
    page.get_by_role("button", name="Printable brief").click()
    expect(page.get_by_role("article").get_by_text(asked, exact=True)).to_be_visible()


def _csv(page: Page) -> Path:
    return saved(page, page.get_by_role("link", name=re.compile("results as CSV")).click)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_on_a_phone_the_filters_are_a_sheet(open_window: Open, script: bool) -> None:
    """With a script the sheet stays open while one filters; a button leads to the results and counts them."""
    page = (window := open_window(size=PHONE, has_touch=True, java_script_enabled=script)).page
    window.go("/?q=pain&decision=upheld")
    filters = page.get_by_role("complementary", name="Filter the results")
    expect(filters).to_be_hidden()
    before = number_found(page)
    page.get_by_role("link", name="Filters and order (1 selected)").tap()
    expect(filters).to_be_visible()
    expect(page.locator("#results")).to_be_hidden()
    assert not window.overflow()
    expect(filters.get_by_role("link", name=f"Show {before} results")).to_be_in_viewport()
    filters.get_by_role("link", name=re.compile("^2014, .*add filter$")).tap()
    if script:
        expect(filters.get_by_role("link", name=re.compile("^2014, .*remove filter$"))).to_be_visible()
        filters.get_by_role("link", name=re.compile(r"^Show \d+ results?$")).tap()
    expect(page.get_by_role("link", name="Filters and order (2 selected)")).to_be_visible()
    expect(filters).to_be_hidden()
    assert 0 < number_found(page) < before
    assert not window.overflow()


def test_a_filter_exchanges_the_results_and_keeps_the_place(open_window: Open) -> None:
    """No reload, no jump, the focus where it was, the new count announced; Back goes back."""
    page = (window := open_window()).page
    window.go("/?q=pain")
    before = number_found(page)
    page.wait_for_load_state("networkidle")
    page.evaluate("document.body.dataset.stays = 'yes'")
    value = page.get_by_role("link", name=re.compile("^2014, .*add filter$"))
    value.scroll_into_view_if_needed()
    value.focus()
    place = page.evaluate("scrollY")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name=re.compile("^2014, .*remove filter$"))).to_be_focused()
    assert page.evaluate("scrollY") == place
    assert page.locator("body").get_attribute("data-stays") == "yes"
    found = number_found(page)
    assert 0 < found < before
    expect(page.locator("#announcement")).to_contain_text(f"{found} disputed items")
    expect(page).to_have_title(re.compile(f"^{found} items"))
    expect(page.locator("#ask input[name=year]")).to_have_value("2014")
    page.go_back()
    expect(page.locator("#results-heading")).to_contain_text(str(before))


def test_a_folded_filter_fetches_its_values_and_stays_unfolded(open_window: Open) -> None:
    page = (window := open_window()).page
    window.go("/?q=pain")
    window.wait_for_htmx()
    group = page.locator("#facet-specialty")
    page.evaluate("document.body.dataset.stays = 'yes'")
    group.locator("summary").first.click()
    expect(group.locator("a.facet-value").first).to_be_visible()
    expect(group.get_by_role("link", name="Show the values")).to_have_count(0)

    page.get_by_role("link", name=re.compile("^2014, .*add filter$")).click()
    expect(page.locator("#ask input[name=year]")).to_have_value("2014")
    expect(group.locator("a.facet-value").first).to_be_visible()
    group.locator("a.facet-value").first.click()
    expect(page.locator("#ask input[name=specialty]")).to_have_count(1)
    assert page.locator("body").get_attribute("data-stays") == "yes"


def test_without_scripts_a_link_leads_to_the_values_of_a_folded_filter(open_window: Open) -> None:
    page = (window := open_window(java_script_enabled=False)).page
    window.go("/?q=pain")
    group = page.locator("#facet-specialty")
    group.locator("summary").first.click()
    group.get_by_role("link", name="Show the values").click()
    expect(group.locator("a.facet-value").first).to_be_in_viewport()


def test_a_value_that_a_filter_refused_is_told_above_the_results(open_window: Open) -> None:
    page = (window := open_window(size=PHONE)).page
    window.go("/?q=pain&level=lumber")
    notice = page.get_by_role("status").filter(has_text="Spinal level: “lumber” is not a spinal level")
    assert notice.bounding_box()["y"] < page.locator("#results").bounding_box()["y"]  # type: ignore[index]
    notice.get_by_role("link", name="Go to the filter").click()
    expect(page.locator("#facet-level")).to_be_in_viewport()


def test_a_search_is_saved_and_its_news_are_read(open_window: Open) -> None:
    page = (window := open_window(who="attorney")).page
    window.go("/?q=opioids")
    page.get_by_label("Name").fill("Opioids of the journey")
    page.get_by_role("button", name="Save this search").click()
    expect(page.locator("p.notice")).to_contain_text("“Opioids of the journey” was saved")
    page.get_by_role("link", name=re.compile("Delete … Opioids of the journey")).click()
    assert not window.overflow()
    page.get_by_role("button", name=re.compile("^Delete")).click()
    expect(page.locator("p.notice")).to_contain_text("was deleted")


def test_a_note_is_saved_when_its_field_is_left(open_window: Open) -> None:
    page = (window := open_window()).page
    window.go("/?q=pain")
    page.locator("article.result").first.get_by_role("button", name=re.compile("Add to folder")).click()
    page.get_by_role("link", name="Folder (1)").click()
    note = page.get_by_role("textbox", name=re.compile("^Note"))
    for text in ("Typed, and left.", "Typed again."):
        note.fill(text)
        note.blur()
        expect(page.locator("[data-note-status]")).to_have_text("Saved.")
        expect(note).to_have_js_property("defaultValue", text)
    page.reload()
    expect(note).to_have_value("Typed again.")
