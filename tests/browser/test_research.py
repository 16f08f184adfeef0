"""Collecting in a browser: passages of a letter, and items of several pages, with a script and without."""

import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.opened_page import PHONE
from tests.browser.site_facts import LETTER

SELECT = """paragraph => {
  const range = document.createRange();
  range.selectNodeContents(paragraph);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""


def select_first_rationale(page: Page) -> str:
    """Select the first paragraph of an item's rationale; gives its words."""
    paragraph = page.locator("section.item .prose p").first
    paragraph.scroll_into_view_if_needed()
    paragraph.evaluate(SELECT)
    return " ".join(paragraph.inner_text().split())


@pytest.mark.parametrize("options", [{}, {"size": PHONE}], ids=["desk", "phone"])
def test_a_selected_passage_goes_into_the_folder_with_the_keyboard(
    open_window: Open, options: dict[str, object]
) -> None:
    page = (window := open_window(**options)).page
    window.go(f"/determinations/{LETTER}/")
    words = select_first_rationale(page)
    bar = page.get_by_role("group", name="Selected passage")
    expect(bar).to_be_visible()
    box, width = bar.bounding_box(), page.viewport_size
    assert box and width
    assert box["x"] >= 0 and box["x"] + box["width"] <= width["width"]
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Copy with citation")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(bar.get_by_role("status")).to_have_text("Added to “Research folder”.")
    page.keyboard.press("Escape")
    expect(bar).to_be_hidden()
    window.go("/folder/")
    expect(page.get_by_role("blockquote")).to_have_text(re.compile(re.escape(words[:80])))
    with page.expect_download() as awaited:
        page.get_by_role("button", name="Word file").click()
    with ZipFile(Path(awaited.value.path())) as parts:
        text = parts.read("word/document.xml").decode()
    assert text.index("Quotations") < text.index(words[:20]) < text.index("Appendix: the whole items")


def test_a_passage_is_copied_with_the_citation_of_its_item(open_window: Open) -> None:
    page = (window := open_window(permissions=["clipboard-read", "clipboard-write"])).page
    window.go(f"/determinations/{LETTER}/")
    words = select_first_rationale(page)
    page.get_by_role("button", name="Copy with citation").click()
    expect(page.get_by_role("group", name="Selected passage").get_by_role("status")).to_have_text("Copied.")
    copied = str(page.evaluate("navigator.clipboard.readText()"))
    assert copied.startswith(f"“{words}” IMR Case No. {LETTER}, item ")


def test_without_a_script_a_pasted_passage_goes_into_the_folder(open_window: Open) -> None:
    page = (window := open_window(java_script_enabled=False)).page
    window.go(f"/determinations/{LETTER}/")
    words = " ".join(page.locator("section.item .prose p").first.inner_text().split())[:100]
    form = page.locator(".add-passage").first
    form.get_by_text("Add a passage to the folder").click()
    form.get_by_role("textbox").fill("words of nobody")
    window.expected_status = 400
    form.get_by_role("button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The passage was not added")
    window.expected_status = 200
    page.get_by_role("textbox", name=re.compile("^Passage of")).fill(words)
    page.get_by_role("button", name="Add passage").click()
    window.go("/folder/")
    expect(page.get_by_role("blockquote")).to_contain_text(words[:60])


def test_selected_items_survive_the_next_page_a_letter_and_a_filter(open_window: Open) -> None:
    page = (window := open_window()).page
    window.go("/?q=pain")
    checkboxes = page.get_by_role("checkbox", name=re.compile("^Select"))
    checkboxes.nth(0).check()
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_text("1 selected, 1 on other pages")).to_be_visible()
    checkboxes.nth(1).check()
    page.locator("article.result h3 a").first.click()
    page.go_back()
    expect(checkboxes.nth(1)).to_be_checked()
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 disputed items side by side")
    page.go_back()
    page.get_by_role("link", name="Clear selection").click()
    expect(checkboxes.nth(1)).not_to_be_checked()
    window.go("/?q=pain")
    expect(checkboxes.nth(0)).not_to_be_checked()


def test_a_selection_of_two_searches_says_so_and_can_be_looked_at_and_cleared(open_window: Open) -> None:
    page = (window := open_window()).page
    window.go("/?q=pain")
    checkboxes = page.locator("article.result").get_by_role("checkbox")
    first = checkboxes.nth(0).get_attribute("value")
    checkboxes.nth(0).check()
    status = page.locator("[data-selected]")
    expect(status).to_have_text("1 selected")
    window.go("/?q=mri+-pain")
    expect(status).to_have_text("1 selected in “pain”")
    checkboxes.nth(0).check()
    expect(status).to_have_text("2 selected: 1 in this search, 1 in “pain”")
    page.locator("#selection > summary").click()
    listed = page.locator("#selection").get_by_role("checkbox")
    expect(listed).to_have_count(2)
    expect(listed.nth(0)).to_have_value(first or "")
    search = page.locator("#selection").get_by_role("link", name="“pain”")
    expect(search).to_have_attribute("href", "/?q=pain")
    listed.nth(0).click()
    expect(status).to_have_text("1 selected")
    window.go("/?q=pain")
    checkboxes.nth(0).check()
    page.get_by_role("button", name="Keep only this search").click()
    expect(status).to_have_text("1 selected")
    expect(checkboxes.nth(0)).to_be_checked()
    page.get_by_role("link", name="Clear selection").click()
    expect(status).to_have_text("")
    expect(page.locator("#selection")).to_be_hidden()


def test_without_a_script_a_button_takes_the_selection_to_the_next_page(open_window: Open) -> None:
    page = (window := open_window(java_script_enabled=False)).page
    window.go("/?q=pain")
    checkboxes = page.get_by_role("checkbox", name=re.compile("^Select"))
    checkboxes.nth(0).check()
    page.get_by_role("button", name="Next page with the selection").click()
    checkboxes.nth(0).check()
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 disputed items side by side")
