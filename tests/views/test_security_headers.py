"""Every page keeps the strict policy: nothing inline, nothing from elsewhere, no sniffing, no framing."""

import base64
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

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
    assert "require-trusted-types-for 'script'" in policy
    exchanges = address.startswith("/?") or address == "/" or address.partition("?")[0] == LETTER
    assert ("trusted-types default" if exchanges else "trusted-types 'none'") in policy
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


@pytest.mark.parametrize("address", [*PAGES, "/search.csv", "/static/determinations/site.css"])
def test_pages_use_no_device_and_are_no_other_sites_resource(client: Client, address: str) -> None:
    response = client.get(address)
    response.close()
    assert "camera=()" in response["Permissions-Policy"]
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"


PRIVATE = ["/", LETTER, LETTER + "original/", LETTER + "original/download/", "/search.csv", "/statistics/"]
PRIVATE += ["/statistics/year.csv", "/statistics/letters.svg", "/suggest/?q=a", "/folder/", "/nothing/"]


@pytest.mark.parametrize("address", PRIVATE)
@pytest.mark.parametrize("is_sign_in_only", [True, False])
def test_no_cache_keeps_what_a_signed_in_person_sees(
    client: Client, settings: Settings, address: str, is_sign_in_only: bool
) -> None:
    settings.SIGN_IN_ONLY = is_sign_in_only
    client.force_login(User.objects.create_user("alice"))
    response = client.get(address)
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
    assert "Cookie" in response["Vary"]


def test_files_for_programs_vary_by_their_password(client: Client, settings: Settings) -> None:
    settings.SIGN_IN_ONLY = True
    User.objects.create_user("alice", password="right")  # noqa: S106
    given = "Basic " + base64.b64encode(b"alice:right").decode()
    response = client.get("/search.csv", headers={"Authorization": given})
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    assert "Authorization" in response["Vary"]


def test_styles_and_public_pages_may_be_kept(client: Client, settings: Settings) -> None:
    assert client.get("/")["Cache-Control"] == "private, no-cache"
    assert "Cache-Control" not in client.get("/help/")
    settings.SIGN_IN_ONLY = True
    style = client.get("/static/determinations/site.css")
    style.close()
    assert style.status_code == 200
    assert "no-store" not in style["Cache-Control"]


@pytest.mark.parametrize("address", ["/account/sign-out/", "/admin/logout/"])
def test_signing_out_empties_the_browsers_cache(client: Client, address: str) -> None:
    client.force_login(User.objects.create_superuser("alice"))
    assert '"cache"' in client.post(address)["Clear-Site-Data"]
    assert "Clear-Site-Data" not in client.get("/")


@pytest.mark.parametrize("address", ["/api/search?q=block", "/search.csv"])
def test_a_rate_does_not_make_public_answers_differ_by_cookie(
    client: Client, settings: Settings, address: str
) -> None:
    settings.RATE_LIMITS = {"api": "100/minute", "search": "100/minute"}
    assert "Cookie" not in client.get(address).get("Vary", "")
