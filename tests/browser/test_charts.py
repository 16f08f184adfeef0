"""Charts as the eye meets them: chosen without JavaScript, figures apart, series told apart without color."""

from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.opened_page import PHONE, WIDE, Visitor

Open = Callable[..., Visitor]

COMPARED = "/statistics/compare/service/?value=pharmaceuticals&value=injections&value=diagnostic-testing"

_TEXTS = """selector => [...document.querySelectorAll(selector)]
  .filter((text) => text.getClientRects().length)
  .map((text) => { const box = text.getBoundingClientRect();
                   return [text.textContent, box.left, box.top, box.right, box.bottom]; })"""


def touching(page: Page, selector: str) -> list[tuple[str, str]]:
    """Pairs of texts that overlap by more than a hair."""
    boxes = page.evaluate(_TEXTS, selector)
    assert boxes
    return [
        (a[0], b[0])
        for a, b in combinations(boxes, 2)
        if min(a[3], b[3]) - max(a[1], b[1]) > 0.5 and min(a[4], b[4]) - max(a[2], b[2]) > 3
    ]


@pytest.mark.parametrize("size", [WIDE, PHONE, (768, 900)])
@pytest.mark.parametrize("path", ["/statistics/", "/statistics/letters/", COMPARED])
def test_no_two_figures_of_a_chart_touch(open_window: Open, path: str, size: tuple[int, int]) -> None:
    window = open_window(size=size)
    window.go(path)
    expect(window.page.locator("svg.chart")).to_have_count(1)
    assert not touching(window.page, "svg.chart text")
    assert not window.overflow()


def test_services_are_chosen_and_compared_without_scripts(open_window: Open) -> None:
    page = (window := open_window(java_script_enabled=False)).page
    window.go("/statistics/?q=pain")
    page.get_by_text("Two or three services").click()
    form = page.get_by_role("form", name="Compare services over the years")
    form.get_by_label("First service").select_option("pharmaceuticals")
    form.get_by_label("Second service").select_option("diagnostic-testing")
    form.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Compare services over the years")
    expect(page.get_by_role("searchbox")).to_have_value("pain")
    expect(page.get_by_label("First service")).to_have_value("pharmaceuticals")
    expect(page.get_by_role("columnheader", name="Diagnostic testing")).to_be_visible()


@pytest.mark.parametrize("colors", ["active", "none"])
def test_series_differ_by_shape_not_by_color_alone(open_window: Open, colors: str) -> None:
    page = (window := open_window(forced_colors=colors)).page
    window.go(COMPARED)
    keys = page.locator("table .series-key path")
    shapes = {
        (key.get_attribute("d"), key.evaluate("key => getComputedStyle(key).fill")) for key in keys.all()
    }
    assert len({shape for shape, _ in shapes}) == 3
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    strokes = keys.evaluate_all("keys => keys.map((key) => getComputedStyle(key).stroke)")
    assert all(stroke not in {paper, "none"} for stroke in strokes)


@pytest.mark.parametrize(
    "path", ["year.svg", "letters.svg", COMPARED.removeprefix("/statistics/").replace("/?", ".svg?")]
)
def test_a_file_opened_alone_is_whole(open_window: Open, path: str, tmp_path: Path) -> None:
    window = open_window(color_scheme="dark")
    answer = window.context.request.get(f"{window.site.url}/statistics/{path}")
    assert answer.ok
    file = tmp_path / "chart.svg"
    file.write_bytes(answer.body())
    window.page.goto(file.as_uri())
    outside = window.page.evaluate(
        """() => { const page = document.documentElement.getBoundingClientRect();
                   return [...document.querySelectorAll("text, path, rect, line")].filter((one) => {
                     const box = one.getBoundingClientRect();
                     return box.left < page.left - 1 || box.right > page.right + 1
                         || box.top < page.top - 1 || box.bottom > page.bottom + 1;
                   }).map((one) => one.outerHTML); }"""
    )
    assert not outside
    assert not touching(window.page, "text")
