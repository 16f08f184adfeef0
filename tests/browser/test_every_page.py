"""What holds of every page, wide and on a phone, light and dark: nobody is shut out, no error goes unseen.

IMR_SCREENSHOTS=folder keeps a picture of each page: tests cannot say whether a page looks right.
"""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.axe import COLORS, violations
from tests.browser.conftest import Open
from tests.browser.opened_page import PHONE, WIDE
from tests.browser.places import ADMIN_PLACES, PLACES, Place

DJANGOS_OWN = ("empty-table-header", "aria-prohibited-attr")
"""What axe finds in templates of Django's admin that this site takes as they are: good practice, not WCAG."""

SMALLEST = (320, 640)
"""CSS pixels that remain of 1280 at a zoom of 400 %: WCAG 1.4.10."""

TEXT_SPACING = """
* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-bottom: 2em !important; }
"""
"""WCAG 1.4.12."""

ADOPT_STYLE = """css => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [sheet];
}"""

FIRST_OF_EACH_KIND = {(place.address, place.who): place for place in reversed(PLACES + ADMIN_PLACES)}

every_place = pytest.mark.parametrize("place", PLACES + ADMIN_PLACES, ids=lambda place: place.name)
every_own_place = pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)


@every_place
def test_axe_finds_nothing(open_window: Open, place: Place) -> None:
    """Every rule wide and light, and on a phone in the dark; once a kind of page colors wide and dark."""
    window = open_window(who=place.who)
    window.visit(place)
    page, without = window.page, DJANGOS_OWN if place in ADMIN_PLACES else ()
    found = [f"wide, light: {line}" for line in violations(page, without=without)]
    _keep_picture(page, place, "wide-light")
    window.wear("dark")
    if place in FIRST_OF_EACH_KIND.values():
        found += [f"wide, dark: {line}" for line in violations(page, COLORS)]
    _keep_picture(page, place, "wide-dark")
    window.resize(PHONE)
    found += [f"phone, dark: {line}" for line in violations(page, without=without)]
    _keep_picture(page, place, "phone-dark")
    window.wear("light")
    _keep_picture(page, place, "phone-light")
    assert not found, "\n".join(found)


@every_own_place
def test_nothing_scrolls_sideways(open_window: Open, place: Place) -> None:
    window = open_window(who=place.who, size=WIDE)
    window.visit(place)
    assert not window.overflow()
    for size in (PHONE, SMALLEST):
        window.resize(size)
        assert not window.overflow(), size
    window.page.evaluate(ADOPT_STYLE, TEXT_SPACING)
    assert not window.overflow(), "with the spacing that a reader may set"


def test_every_page_has_a_title_of_its_own(open_window: Open) -> None:
    window, titles = open_window(), {}
    for place in FIRST_OF_EACH_KIND.values():
        if not place.who:
            answer = window.go(place.path, place.status)
            titles[place.name] = window.page.title()
            assert re.search(r'<html lang="en(-us)?"', answer.text())
    assert all(titles.values())
    assert len(set(titles.values())) == len(titles), titles


def _keep_picture(page: Page, place: Place, how: str) -> None:
    if folder := os.environ.get("IMR_SCREENSHOTS"):
        name = re.sub(r"\W+", "-", place.name)
        page.screenshot(path=Path(folder) / f"{name}-{how}.png", full_page=True)
