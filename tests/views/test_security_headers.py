"""Every page keeps the strict policy: nothing inline, nothing from elsewhere, no sniffing, no framing."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tests.views.figure_pages import FIGURE_PAGES
from tests.views.html import Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]

LETTER = "/determinations/CM14-0031877/"
PAGES = ["/", "/?q=block", "/?q=%22", "/help/", "/about/", LETTER, LETTER + "?q=block", LETTER + "original/"]
PAGES += ["/?q=block&group=letter", "/compare/?item=CM14-0031877.2&item=CM16-0000300.1"]
PAGES += [LETTER + "items/1/similar/", LETTER + "items/1/similar/?opposite=1", "/nothing/", "/api/"]
PAGES += FIGURE_PAGES

STATIC_DIR = Path(settings.BASE_DIR) / "static"
STATIC = sorted(path for path in STATIC_DIR.rglob("*") if path.suffix in {".css", ".js", ".svg"})


@pytest.mark.parametrize("address", PAGES)
def test_the_policy_allows_nothing_but_the_sites_own_files(client: Client, address: str) -> None:
    policy = client.get(address)["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


@pytest.mark.parametrize("address", [*PAGES, LETTER + "original/download/", "/health/", "/suggest/?q=a"])
def test_types_are_not_guessed_and_pages_are_not_framed(client: Client, address: str) -> None:
    response = client.get(address)
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("address", PAGES)
def test_no_page_has_anything_inline_or_from_elsewhere(client: Client, address: str) -> None:
    page = Page.of(client.get(address))
    for element in page.elements:
        assert "style" not in element.attributes
        assert not [name for name in element.attributes if name.startswith("on")]
        for name in ("src", "href", "action"):
            assert element.attributes.get(name, "/").startswith(("/", "#", "?")), element
    assert not page.all("style")
    assert all(script.attributes.get("src") for script in page.all("script"))


@pytest.mark.parametrize("path", STATIC, ids=lambda path: path.name)
def test_style_and_script_load_nothing_from_elsewhere(path: Path) -> None:
    text = path.read_text().replace("http://www.w3.org/2000/svg", "")
    assert "//" not in text.replace("// ", "")
    assert "url(" not in text


def test_one_sheet_names_all_others_of_the_pages() -> None:
    sheets = re.findall(r'@import "(.+)";', (STATIC_DIR / "determinations/site.css").read_text())
    assert set(sheets) == {f"site/{path.name}" for path in (STATIC_DIR / "determinations" / "site").iterdir()}
