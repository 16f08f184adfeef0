"""Crawlers are kept out unless a setting lets them in; then they find letters and no endless searches."""

import re
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from determinations import sitemaps
from determinations.models import Determination
from tests.views.html import Page
from tests.views.library import Letter, add

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
welcome = override_settings(ALLOW_CRAWLERS=True)


def robots(client: Client) -> str:
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    return response.content.decode()


def locations(client: Client, address: str) -> dict[str, str | None]:
    """Path -> lastmod of everything that the XML names."""
    response = client.get(address)
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "application/xml"
    root = ElementTree.fromstring(response.content)  # noqa: S314  (our own)
    return {
        str(entry.findtext(f"{SITEMAP}loc")).removeprefix("http://testserver"): entry.findtext(
            f"{SITEMAP}lastmod"
        )
        for entry in root
    }


def may_fetch(rules: str, path: str) -> bool:
    """As RFC 9309 reads the rules for every crawler: `*` is any text, `$` the end."""
    patterns = re.findall(r"^Disallow: (.+)$", rules, re.MULTILINE)
    as_regex = (re.escape(pattern).replace(r"\*", ".*").replace(r"\$", "$") for pattern in patterns)
    return not any(re.match(pattern, path) for pattern in as_regex)


@pytest.mark.parametrize(
    "address", ["/", "/determinations/CM14-0031877/", "/api/search", "/nothing/", "/robots.txt"]
)
def test_crawlers_are_kept_out_by_default(client: Client, address: str) -> None:
    assert "noindex" in client.get(address)["X-Robots-Tag"]
    assert robots(client) == "User-agent: *\nDisallow: /\n"


@pytest.mark.parametrize("address", ["/sitemap.xml", "/sitemap-pages.xml", "/sitemap-letters-0.xml"])
def test_where_they_are_kept_out_there_is_no_sitemap(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


@welcome
def test_where_they_are_welcome_nothing_tells_them_off(client: Client) -> None:
    for address in ("/", "/determinations/CM14-0031877/", "/browse/"):
        assert "X-Robots-Tag" not in client.get(address)
    assert "Sitemap: http://testserver/sitemap.xml\n" in robots(client)


@override_settings(ALLOW_CRAWLERS=True, SIGN_IN_ONLY=True)
def test_a_site_for_signed_in_people_keeps_them_out_whatever_else_is_set(client: Client) -> None:
    assert "Disallow: /\n" in robots(client)
    assert "noindex" in client.get("/account/sign-in/")["X-Robots-Tag"]


@welcome
def test_they_may_read_letters_and_browse_pages_and_no_search(client: Client) -> None:
    rules = robots(client)
    for path in (
        "/",
        "/determinations/CM14-0031877/",
        "/browse/level/L4-L5/",
        "/static/determinations/site.css",
        "/help/",
    ):
        assert may_fetch(rules, path), path
    page = Page.of(client.get("/"))
    searches = {a.attributes["href"] for a in page.all("a") if "?" in a.attributes.get("href", "")}
    assert len(searches) > 20
    closed = {
        "/search.csv",
        "/folder/",
        "/saved/",
        "/api/search",
        "/compare/",
        "/admin/",
        "/suggest/browser/",
    }
    closed |= {"/determinations/CM14-0031877/items/1/similar/", "/statistics/year.csv"}
    for path in searches | closed:
        assert not may_fetch(rules, path), path


@welcome
def test_the_sitemap_names_every_current_letter_once_with_its_last_change(client: Client) -> None:
    old = Determination.objects.get(case_number="CM15-0000200")
    Determination.objects.filter(pk=old.pk).update(is_current=False, public_id="CM15-0000200-abcdef01")
    Determination.objects.filter(case_number="CM14-0031877").update(
        changed_at=datetime(2020, 5, 4, 12, tzinfo=UTC)
    )
    found: dict[str, str | None] = {}
    for section in locations(client, "/sitemap.xml"):
        entries = locations(client, section)
        assert not found.keys() & entries.keys()
        found |= entries
    letters = {path for path in found if path.startswith("/determinations/")}
    current = Determination.objects.filter(is_current=True)
    assert letters == {letter.get_absolute_url() for letter in current}
    assert found["/determinations/CM14-0031877/"] == "2020-05-04"
    rules = robots(client)
    for path in found:
        assert client.get(path).status_code == 200, path
        assert may_fetch(rules, path), path
    assert {"/", "/help/", "/about/", "/browse/", "/browse/level/", "/browse/level/L4-L5/"} <= found.keys()


@welcome
def test_sections_are_ranges_of_keys_and_empty_ranges_have_none(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemaps, "LETTERS_PER_SECTION", 2)
    key = 1001 + Determination.objects.latest("pk").pk
    add(Letter("CM20-0000001", fields={"id": key}))
    sections = [name for name in locations(client, "/sitemap.xml") if "letters" in name]
    assert sections[-1] == f"/sitemap-letters-{key // 2}.xml"
    assert all(0 < len(locations(client, section)) <= 2 for section in sections)
    numbers = [int(re.findall(r"\d+", section)[0]) for section in sections]
    assert all(one < two for one, two in pairwise(numbers))
    assert len(numbers) < 6
    index = locations(client, "/sitemap.xml")
    assert all(index[section] for section in sections)


@welcome
def test_a_section_reads_its_range_alone(client: Client) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert locations(client, "/sitemap-letters-0.xml")
    (query,) = [query["sql"] for query in asked.captured_queries]
    assert "OFFSET" not in query and "COUNT" not in query and "full_text" not in query
    with CaptureQueriesContext(connection) as asked:
        locations(client, "/sitemap.xml")
    assert len(asked.captured_queries) == 1


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite says which index a question uses")
def test_the_sitemap_reads_an_index_and_none_of_the_letters_texts() -> None:
    for letters in (sitemaps.latest_changes(), sitemaps.letters_of(0)):
        assert "USING INDEX determination_sitemap" in letters.explain()


@welcome
@pytest.mark.parametrize("section", ["letters-999999", "pages"])
def test_a_section_has_one_page(client: Client, section: str) -> None:
    assert client.get(f"/sitemap-{section}.xml?p=2").status_code == 404


@welcome
@pytest.mark.parametrize(
    "section", ["nothing", "letters", "letters-01", "letters--1", "letters-9999999999999"]
)
def test_an_unknown_section_is_not_found(client: Client, section: str) -> None:
    assert client.get(f"/sitemap-{section}.xml").status_code == 404


@welcome
def test_without_an_index_only_browse_pages_wait(client: Client, settings: Any) -> None:
    settings.SEARCH_INDEX_DIR = settings.SEARCH_INDEX_DIR / "nowhere"
    assert client.get("/sitemap-browse.xml").status_code == 503
    assert client.get("/sitemap.xml").status_code == 200
    assert client.get("/sitemap-letters-0.xml").status_code == 200
