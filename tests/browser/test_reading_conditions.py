"""On paper, with forced colors, without motion, at 200 %: the page follows what the reader has set."""

import pypdfium2
import pytest

from tests.browser.conftest import Open
from tests.browser.site_facts import LETTER, OTHER_LETTER

PRINTED = (
    f"/determinations/{LETTER}/",
    f"/compare/?item={LETTER}.1&item={OTHER_LETTER}.1",
    f"/folder/brief/?item={LETTER}.1&item={OTHER_LETTER}.1",
    "/?q=pain&year=2014",
    "/statistics/",
    "/statistics/reasons/",
)
INKS = """() => [...document.querySelectorAll("main *")]
  .filter((one) => one.checkVisibility())
  .filter((one) => [...one.childNodes].some((part) => part.nodeType === Node.TEXT_NODE && part.data.trim()))
  .map((one) => getComputedStyle(one).color)"""


@pytest.mark.parametrize("path", PRINTED)
def test_on_paper_there_is_dark_text_on_white_and_no_navigation(open_window: Open, path: str) -> None:
    page = (window := open_window(color_scheme="dark")).page
    window.go(path)
    page.emulate_media(media="print")
    assert not page.get_by_role("navigation").filter(visible=True).count()
    assert not page.get_by_role("button").filter(visible=True).count()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    inks = {tuple(int(part) for part in ink[4:-1].split(",")) for ink in page.evaluate(INKS)}
    assert inks and all(max(ink) <= 0x33 for ink in inks), inks


def test_examples_of_reasons_are_closed_on_a_phone_alone(open_window: Open) -> None:
    page = (window := open_window(size=(390, 844))).page
    window.go("/statistics/reasons/")
    examples = page.locator(".reason-example")
    shown = examples.filter(visible=True)
    assert examples.count() and not shown.count()
    page.locator("details.unfold > summary").first.click()
    assert 1 <= shown.count() < examples.count()
    page.emulate_media(media="print")
    assert shown.count() == examples.count()
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1280, "height": 900})
    assert shown.count() == examples.count()
    assert not page.locator("details.unfold > summary").filter(visible=True).count()


def test_a_letter_prints_as_pages_with_its_rationale_and_its_address(open_window: Open) -> None:
    page = (window := open_window()).page
    window.go(f"/determinations/{LETTER}/")
    heading = page.locator("section.item h2").first.inner_text()
    printed = pypdfium2.PdfDocument(page.pdf(format="Letter"))
    text = "".join(sheet.get_textpage().get_text_range() for sheet in printed)
    assert len(printed) >= 1
    assert heading in text and "Rationale" in text and f"IMR Case No. {LETTER}, item 1" in text
    assert f"/determinations/{LETTER}/" in text
    assert "Add to folder" not in text and "Skip to" not in text and "Statistics" not in text


def test_forced_colors_keep_chosen_apart_from_others(open_window: Open) -> None:
    page = (window := open_window(forced_colors="active")).page
    window.go("/?q=pain&decision=upheld")
    chosen, other = (
        page.locator(f"#facet-decision a.facet-value{which} .tick").first.evaluate(
            "one => getComputedStyle(one).backgroundColor"
        )
        for which in ("[aria-current]", ":not([aria-current])")
    )
    assert chosen != other
    window.go("/statistics/")
    ink, paper = page.evaluate(
        """() => [getComputedStyle(document.querySelector(".chart text")).fill,
                  getComputedStyle(document.body).color]"""
    )
    assert ink == paper


@pytest.mark.parametrize(("motion", "expected"), [("reduce", "auto"), ("no-preference", "smooth")])
def test_nothing_moves_for_those_who_ask_for_stillness(open_window: Open, motion: str, expected: str) -> None:
    page = (window := open_window(reduced_motion=motion)).page
    window.go("/help/")
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == expected
    assert page.evaluate("document.getAnimations().length") == 0
