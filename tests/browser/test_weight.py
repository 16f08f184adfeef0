"""What pages weigh on the wire, of the site as `serve` serves it: bytes, which depend on no machine."""

import re
import urllib.request
from email.message import Message

import pytest

from tests.browser.site_server import Site

MOST_BYTES = 25_000
MOST_BYTES_OF_STYLE = 10_000
PAGES = ("/", "/?q=pain", "/?q=pain&decision=upheld&year=2014", "/?q=injection&group=letter", "/search/")


def fetched(site: Site, path: str) -> tuple[Message, bytes]:
    """The headers and the body as it crosses the wire."""
    request = urllib.request.Request(site.url + path, headers={"Accept-Encoding": "gzip"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310  (an address of this machine)
        return answer.headers, answer.read()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_compressed_and_small(site: Site, path: str) -> None:
    headers, body = fetched(site, path)
    assert headers["Content-Encoding"] == "gzip"
    assert len(body) < MOST_BYTES


def test_answers_of_one_page_differ_in_length_so_that_none_can_be_guessed_from_it(site: Site) -> None:
    """What is added at random keeps a secret of a compressed page from being read off its length (BREACH)."""
    assert len({len(fetched(site, "/?q=pain")[1]) for _ in range(12)}) > 1


def test_one_style_sheet_of_a_page_is_kept_for_good(site: Site) -> None:
    request = urllib.request.Request(site.url + "/search/")  # noqa: S310
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        page = answer.read().decode()
    (sheet,) = re.findall(r'<link rel="stylesheet" href="([^"]+)">', page)
    assert re.fullmatch(r"/static/determinations/site\.[0-9a-f]{12}\.css", sheet)
    headers, body = fetched(site, sheet)
    assert headers["Content-Encoding"] == "gzip"
    assert "immutable" in headers["Cache-Control"]
    assert len(body) < MOST_BYTES_OF_STYLE
    for script in re.findall(r'<script src="([^"]+)"', page):
        headers, _ = fetched(site, script)
        assert "immutable" in headers["Cache-Control"]
        assert headers["Content-Encoding"] == "gzip"
