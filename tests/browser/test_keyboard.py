"""Everything with Tab, Enter and Space alone: the focus is always seen, never hidden, never trapped."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Open
from tests.browser.opened_page import PHONE, WIDE

MOST_STOPS = 400

FAULTS_OF_FOCUS = """() => {
  const focused = document.activeElement, faults = [];
  const style = getComputedStyle(focused), box = focused.getBoundingClientRect();
  if (focused === document.body) return ["nothing has the focus"];
  if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) faults.push("has no outline");
  if (box.width < 1 || box.height < 1) faults.push("has no size");
  const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  if (!inside) faults.push(`is out of sight at ${box.left}, ${box.top}`);
  const lines = [...focused.getClientRects()].filter((line) => line.bottom > 0 && line.top < innerHeight);
  const hit = (line) => document.elementFromPoint(line.left + line.width / 2, line.top + line.height / 2);
  const isSeen = (found) => found && (focused.contains(found) || found.contains(focused));
  if (inside && !lines.some((line) => isSeen(hit(line)))) faults.push("is covered by something else");
  return faults.map((fault) => `${focused.outerHTML.slice(0, 120)} ${fault}`);
}"""

SCROLLS_AT_ONCE = {"reduced_motion": "reduce"}
"""A page that scrolls smoothly to the focus is still on its way when it is asked where the focus is."""


def tab_to(page: Page, target: Locator, key: str = "Tab") -> None:
    """Press the key until the target has the focus; each stop on the way must be seen."""
    wanted = target.element_handle()
    for _ in range(MOST_STOPS):
        page.keyboard.press(key)
        assert not (faults := page.evaluate(FAULTS_OF_FOCUS)), faults
        if page.evaluate("wanted => document.activeElement === wanted", wanted):
            return
    raise AssertionError(f"{target} is not reached by {key}")


def test_from_a_question_to_a_comparison(open_window: Open) -> None:
    page = (window := open_window(**SCROLLS_AT_ONCE)).page
    window.go("/")
    box = page.get_by_role("combobox", name="Search the determinations")
    tab_to(page, box)
    page.keyboard.type("pain")
    page.keyboard.press("Enter")
    expect(page).to_have_title(re.compile("“pain”"))

    tab_to(page, page.get_by_role("link", name="Skip to the filters"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("link", name=re.compile("^Upheld, .*add filter$")))
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name=re.compile("^Remove Decision"))).to_be_visible()

    expect(page.get_by_role("link", name=re.compile("^Upheld, .*remove filter$"))).to_be_focused()
    tab_to(page, page.get_by_role("link", name=re.compile(r"^Show [\d,]+ results?$")))
    page.keyboard.press("Enter")
    expect(page.locator("#results")).to_be_focused()
    for number in range(2):
        tab_to(page, page.get_by_role("checkbox", name=re.compile("^Select")).nth(number))
        page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Compare"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("2 disputed items side by side")

    cite = page.locator("details.cite > summary").first
    tab_to(page, cite)
    page.keyboard.press("Space")
    expect(page.locator("details.cite").first).to_have_attribute("open", "")
    tab_to(page, page.get_by_role("button", name="Copy", exact=True).first)
    tab_to(page, page.get_by_role("link", name=re.compile("item")).first, "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Case")
    item = page.locator("section.item:target")
    tab_to(page, item.get_by_role("button", name=re.compile("Add to folder")))
    page.keyboard.press("Space")
    expect(page.get_by_role("link", name="Folder (1)")).to_be_visible()


def test_the_skip_link_comes_first_and_moves_past_the_navigation(open_window: Open) -> None:
    page = (window := open_window(**SCROLLS_AT_ONCE)).page
    for path in ("/", "/statistics/", "/help/"):
        window.go(path)
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_be_focused()
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize("asked", ["pain", "lumbar+MRI", "ESI+upheld+since+2014+because+no+radiculopathy"])
def test_the_first_result_is_at_most_twelve_stops_away(open_window: Open, asked: str) -> None:
    for size in (WIDE, PHONE):
        page = (window := open_window(size=size, **SCROLLS_AT_ONCE)).page
        window.go(f"/?q={asked}")
        first = page.locator("article.result").first.get_by_role("heading", level=3).get_by_role("link")
        stops = 0
        page.keyboard.press("Tab")
        while not first.evaluate("link => link === document.activeElement"):
            stops += 1
            assert stops <= 12
            page.keyboard.press("Tab")


def test_offered_filters_are_one_stop_with_arrow_keys_between_them(open_window: Open) -> None:
    page = (window := open_window(**SCROLLS_AT_ONCE)).page
    window.go("/?q=pain+upheld+in+2014")
    offers = page.get_by_role("toolbar").get_by_role("link")
    assert offers.count() > 2
    tab_to(page, offers.first)
    page.keyboard.press("ArrowRight")
    expect(offers.nth(1)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(offers.last).to_be_focused()
    page.keyboard.press("Tab")
    assert not page.evaluate("document.querySelector('.filter-offers').contains(document.activeElement)")
    page.keyboard.press("Shift+Tab")
    expect(offers.last).to_be_focused()


def test_the_focus_leaves_the_page_at_either_end(open_window: Open) -> None:
    for size in (WIDE, PHONE):
        page = (window := open_window(size=size, **SCROLLS_AT_ONCE)).page
        window.go("/?q=pain&year=2014&service=pharmaceuticals")
        last = page.get_by_role("contentinfo").get_by_role("link").last
        tab_to(page, last)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body")
        tab_to(page, last, "Shift+Tab")
        tab_to(page, page.get_by_role("link", name="Skip to the results"), "Shift+Tab")


def test_a_branch_of_a_filter_is_unfolded_with_the_keyboard(open_window: Open) -> None:
    page = (window := open_window(**SCROLLS_AT_ONCE)).page
    window.go("/?q=pain#narrow")
    branch = page.locator("details.branch:not([open])").first
    handle = branch.locator("summary").element_handle()
    tab_to(page, branch.locator("summary"))
    page.keyboard.press("Enter")
    assert handle.evaluate("summary => summary.parentElement.open")
