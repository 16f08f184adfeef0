"""A letter read after a search: from match to match, to the next result, back to exactly the results left."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import Open
from tests.browser.opened_page import PHONE
from tests.browser.site_facts import LETTER


def place(page: Page) -> str:
    return page.locator(".steps-place").first.inner_text()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_search_narrow_read_two_results_and_go_back(open_window: Open, script: bool) -> None:
    page = (window := open_window(java_script_enabled=script)).page
    window.go("/?q=pain&sort=oldest")
    page.get_by_role("link", name=re.compile(r"^Upheld, \d+ items?, add filter$")).click()
    expect(page.get_by_role("link", name=re.compile("^Remove Decision"))).to_be_visible()
    left = page.url
    result = page.locator("article.result").nth(2)
    name = result.get_attribute("id")
    result.get_by_role("link").first.click()
    expect(page.locator("#match-1")).to_be_in_viewport()
    assert place(page).startswith("Result 3 of ")
    page.get_by_role("navigation", name="Results").get_by_role("link", name="Next result").click()
    expect(page.locator(".steps-place").first).to_contain_text("Result 4 of ")
    page.get_by_role("navigation", name="Results").get_by_role("link", name="Previous result").click()
    expect(page.locator(".steps-place").first).to_contain_text("Result 3 of ")
    page.get_by_role("navigation", name="Results").get_by_role("link", name="Back to results").click()
    expect(page).to_have_url(f"{left}#{name}")
    expect(page.locator(f"[id='{name}']")).to_be_in_viewport()


def test_steps_go_over_the_end_of_a_page_and_back_leads_to_the_new_page(open_window: Open) -> None:
    page = (window := open_window()).page
    window.go("/?q=pain&sort=newest&decision=upheld")
    page.locator("article.result").last.get_by_role("link").first.click()
    expect(page.locator(".steps-place").first).to_contain_text("Result 20 of ")
    page.get_by_role("link", name="Next result").first.click()
    expect(page.locator(".steps-place").first).to_contain_text("Result 21 of ")
    page.get_by_role("link", name="Back to results").first.click()
    expect(page).to_have_url(re.compile(r"\?q=pain&decision=upheld&sort=newest&page=2#result-"))
    expect(page.locator("article.result").first).to_be_in_viewport()


def test_buttons_and_keys_lead_from_match_to_match(open_window: Open) -> None:
    page = (window := open_window()).page
    window.go("/?q=pain")
    page.locator("article.result").first.get_by_role("link").first.click()
    bar = page.get_by_role("region", name="Matches in this letter")
    count = int(bar.get_attribute("data-matches") or 0)
    assert count > 1
    status = bar.get_by_role("status")
    expect(status).to_have_text(f"1 of {count}")
    page.keyboard.press("n")
    expect(status).to_have_text(f"2 of {count}")
    expect(page.locator("#match-2")).to_be_in_viewport()
    bar.get_by_role("button", name="Previous match").click()
    page.keyboard.press("p")
    expect(status).to_have_text(f"{count} of {count}")
    page.get_by_role("searchbox", name="Search within this letter").press_sequentially("np")
    expect(status).to_have_text(f"{count} of {count}")
    bar.get_by_role("checkbox").uncheck()
    page.keyboard.press("n")
    expect(status).to_have_text(f"{count} of {count}")
    page.go_back()
    expect(page).to_have_url(re.compile(r"\?q=pain$"))


def test_without_the_script_each_match_has_a_link(open_window: Open) -> None:
    page = (window := open_window(java_script_enabled=False)).page
    window.go(f"/determinations/{LETTER}/?q=pain")
    page.get_by_role("link", name="Match 2", exact=True).click()
    expect(page.locator("#match-2")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Next match")).to_be_hidden()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_words_are_looked_for_within_the_letter(open_window: Open, script: bool) -> None:
    page = (window := open_window(size=PHONE, java_script_enabled=script)).page
    window.go("/?q=pain&decision=upheld")
    page.locator("article.result").first.get_by_role("link").first.click()
    box = page.get_by_role("searchbox", name="Search within this letter")
    box.fill("treatment")
    box.press("Enter")
    expect(page).to_have_url(re.compile("within=treatment#match-1$"))
    expect(page.locator("#match-1")).to_be_in_viewport()
    expect(page.locator(".match-count")).to_contain_text("for “treatment”")
    box.fill("zyzzyva")
    box.press("Enter")
    expect(page.locator(".within-none")).to_contain_text("“zyzzyva”")
    if script:
        assert not violations(page)
        assert not window.overflow()
    page.get_by_role("link", name="Back to results").first.click()
    expect(page).to_have_url(re.compile(r"\?q=pain&decision=upheld#result-"))


def test_grounds_come_first_in_an_item_and_light_their_sentence(open_window: Open) -> None:
    page = (window := open_window()).page
    window.go(f"/determinations/{LETTER}/")
    reason = page.locator("a.reason[href*='-reason-']").first
    first = page.locator("section.item").first.locator("header + *")
    expect(first).to_have_class("reasons")
    target = (reason.get_attribute("href") or "").removeprefix("#")
    reason.click()
    sentence = page.locator(f"[id='{target}']")
    expect(sentence).to_be_in_viewport()
    lit = "(one) => getComputedStyle(one).backgroundColor"
    assert sentence.evaluate(lit) != page.locator("body").evaluate(lit)


def test_a_selected_passage_is_copied_and_added_by_keyboard(open_window: Open) -> None:
    window = open_window(permissions=["clipboard-read", "clipboard-write"])
    page = window.page
    window.go(f"/determinations/{LETTER}/?q=pain&result=1")
    words = page.locator("section.item .prose p").first
    words.scroll_into_view_if_needed()
    words.evaluate(
        """(paragraph) => {
          const range = document.createRange();
          range.selectNodeContents(paragraph);
          getSelection().removeAllRanges();
          getSelection().addRange(range);
        }"""
    )
    bar = page.get_by_role("group", name="Selected passage")
    expect(bar).to_be_visible()
    page.keyboard.press("Tab")
    expect(bar.get_by_role("button", name="Copy with citation")).to_be_focused()
    page.keyboard.press("Enter")
    expect(bar.get_by_role("status")).to_have_text("Copied.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert LETTER in copied
    assert " ".join(words.inner_text().split())[:60] in copied
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(bar.get_by_role("status")).to_contain_text("Added to")
    page.keyboard.press("Escape")
    expect(bar).to_be_hidden()


def test_the_closest_determinations_come_when_they_are_reached(open_window: Open) -> None:
    page = (window := open_window()).page
    window.go(f"/determinations/{LETTER}/")
    assert page.locator(".glances").count() == 0
    page.locator(".closest").first.evaluate("(one) => one.scrollIntoView()")
    expect(page.locator(".closest .glances").first).to_be_visible()
    assert not violations(page)


def test_staff_are_led_to_the_correction(open_window: Open) -> None:
    page = (window := open_window(who="clerk")).page
    window.go(f"/determinations/{LETTER}/")
    page.get_by_role("link", name="Correct this letter").click()
    expect(page).to_have_url(re.compile(r"/admin/determinations/determination/\d+/change/$"))
