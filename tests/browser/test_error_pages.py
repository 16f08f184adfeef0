"""Pages for what went wrong are as readable as all others, and lead on."""

import re

from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.conftest import Open
from tests.browser.site_server import Site


def test_without_an_index_the_page_says_what_mends_it_and_search_comes_back(
    open_window: Open, site: Site
) -> None:
    index, aside = site.data / "index", site.data / "index-away"
    page = (window := open_window()).page
    index.rename(aside)
    try:
        window.go("/?q=pain", 503)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_text("rebuild_index")).to_be_visible()
        assert not violations(page)
        assert not window.overflow()
    finally:
        aside.rename(index)
    window.go("/?q=pain")
    expect(page.get_by_role("heading", name=re.compile("disputed items"))).to_be_visible()


def test_a_filter_that_cannot_be_answered_in_place_leads_to_the_page_that_says_why(
    open_window: Open, site: Site
) -> None:
    index, aside = site.data / "index", site.data / "index-away"
    page = (window := open_window()).page
    window.go("/?q=pain")
    window.wait_for_htmx()
    window.expected_status = 503
    index.rename(aside)
    try:
        page.get_by_role("link", name=re.compile(r"^Upheld, \d+ items?, add filter$")).click()
        expect(page.get_by_text("rebuild_index")).to_be_visible()
        assert "decision=upheld" in page.url
    finally:
        aside.rename(index)
    in_place = "503 for .*decision=upheld|.*Response Status Error Code 503"  # what htmx was answered
    window.troubles[:] = [trouble for trouble in window.troubles if not re.match(in_place, trouble)]


def test_a_form_that_is_stale_gets_a_page_that_says_what_to_do(open_window: Open) -> None:
    page = (window := open_window()).page
    window.go("/account/sign-in/")
    window.context.clear_cookies()
    window.expected_status = 403
    page.get_by_label("Username").fill("attorney")
    page.get_by_label("Password").fill("only for tests")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("main").get_by_role("link").first).to_be_visible()
    assert not violations(page)
