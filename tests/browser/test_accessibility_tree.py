"""What somebody who hears the pages meets: search, narrow, read, collect, export, as accessibility trees."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Open

RESULTS = r"""
- region /^\d+ disputed items$/:
  - heading /^\d+ disputed items$/ [level=2]
  - paragraph: /^\d+ of \d+ overturned/
  - list:
    - listitem:
      - article:
        - paragraph: /^(Upheld|Overturned|Modified)/
        - heading [level=3]:
          - link
        - blockquote
        - paragraph:
          - checkbox /^Select /
        - button /^Add to folder/
"""
FILTER = """
- complementary "Filter the results":
  - heading "Filter the results" [level=2]
  - group:
    - heading "Decision" [level=3]
    - list:
      - listitem:
        - link /^Upheld, .* items, selected, remove filter$/
"""
ITEM = """
- article /^IMR Case No/:
  - heading /^IMR Case No/ [level=1]
  - region "Facts":
    - heading "Facts" [level=2]
  - region "Clinical summary":
    - heading "Clinical summary" [level=2]
"""
FOLDER = """
- main:
  - heading "Research folder" [level=1]
  - heading "1 disputed item" [level=2]
  - group "Export this folder":
    - paragraph:
      - checkbox "Include notes"
    - paragraph:
      - button "Word file"
      - button "Printable brief"
      - button "CSV"
      - button "RIS"
      - button "CSL-JSON"
  - list:
    - listitem:
      - article:
        - heading [level=3]:
          - link
        - textbox /^Note on /
        - paragraph:
          - button "Save notes"
          - button /^Remove/
"""


def test_search_narrow_read_collect_and_export_by_ear(open_window: Open) -> None:
    page = (window := open_window()).page
    window.go("/")
    page.get_by_role("combobox", name="Search the determinations").fill("pain")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.locator("#results")).to_match_aria_snapshot(RESULTS)

    page.wait_for_load_state("networkidle")
    page.get_by_role("link", name=re.compile(r"^Upheld, \d+ items?, add filter$")).click()
    expect(page.locator("#announcement")).to_have_text(
        re.compile(r"^\d+ disputed items?, \d+ of \d+ overturned")
    )
    expect(page.locator("#narrow")).to_match_aria_snapshot(FILTER)

    page.locator("article.result h3 a").first.click()
    expect(page.get_by_role("article").first).to_match_aria_snapshot(ITEM)

    page.get_by_role("button", name=re.compile("^Add to folder")).first.click()
    expect(page.locator("#announcement")).to_have_text(re.compile("^Added to .* 1 item now"))
    expect(page.get_by_role("link", name="Folder (1)")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Remove from the folder")).first).to_be_focused()

    page.get_by_role("link", name="Folder (1)").click()
    expect(page.get_by_role("main")).to_match_aria_snapshot(FOLDER)
    with page.expect_download() as file:
        page.get_by_role("button", name="Word file").click()
    assert file.value.suggested_filename.endswith(".docx")


def test_an_item_goes_in_and_out_of_the_folder_without_leaving_the_place(open_window: Open) -> None:
    page = (window := open_window()).page
    window.go("/?q=pain")
    page.evaluate("document.body.dataset.stays = 'yes'")
    form = page.locator("form.folder-button").nth(1)
    form.get_by_role("button", name=re.compile("^Add to folder")).press("Enter")
    expect(form.get_by_role("link", name="In your folder")).to_be_visible()
    form.get_by_role("button", name=re.compile("^Remove")).press("Enter")
    expect(form.get_by_role("button", name=re.compile("^Add to folder"))).to_be_focused()
    expect(page.locator("#announcement")).to_have_text(re.compile("^Removed from .* 0 items now"))
    assert page.evaluate("document.body.dataset.stays") == "yes"
    page.reload()
    expect(form.get_by_role("button", name=re.compile("^Add to folder"))).to_be_visible()


def test_a_button_pressed_twice_at_once_still_takes_the_item_out_afterwards(open_window: Open) -> None:
    page = (window := open_window()).page
    window.go("/?q=pain")
    form = page.locator("form.folder-button").first
    form.evaluate("(form) => [form.requestSubmit(), form.requestSubmit()]")
    expect(page.locator("#announcement")).to_have_text(re.compile("^Added to .* 1 item now"))
    page.wait_for_load_state("networkidle")
    form.get_by_role("button", name=re.compile("^Remove")).click()
    expect(page.locator("#announcement")).to_have_text(re.compile("^Removed from .* 0 items now"))
