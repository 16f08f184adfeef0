"""One site and one browser for all tests of this folder; each test opens windows of its own.

The fixtures end with this folder: while Playwright runs, Django takes the thread for asynchronous and would
refuse the database to the tests that come after.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.chromium import FLAGS, chromium_path
from tests.browser.opened_page import Visitor, visitor
from tests.browser.site_server import Site, served_site

Open = Callable[..., Visitor]

expect.set_options(timeout=30_000)  # ends a test that waits in vain; a slow machine is no fault of the page


@pytest.fixture(scope="package")
def chromium() -> str:
    return chromium_path()


@pytest.fixture(scope="package")
def site(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served_site(tmp_path_factory.mktemp("site")) as served:
        yield served


@pytest.fixture(scope="package")
def browser(chromium: str, site: Site) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=chromium, args=FLAGS, ignore_default_args=["--headless"]
        )
        yield launched
        launched.close()


@pytest.fixture
def open_window(browser: Browser, site: Site) -> Iterator[Open]:
    """Opens windows, and fails the test that saw something go wrong in one of them."""
    opened: list[Visitor] = []

    def open_one(**options: Any) -> Visitor:
        opened.append(visitor(browser, site, **options))
        return opened[-1]

    yield open_one
    troubles = [trouble for window in opened for trouble in window.troubles]
    for window in opened:
        window.context.close()
    assert not troubles, "\n".join(troubles)
