"""No page passes over a part of its address in silence, and none echoes more of it than a line holds."""

import pytest
from django.test import Client

from tests.views.html import Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]

LONG = "a" * 1500
LETTER = "/determinations/CM14-0031877/"


def notices(client: Client, address: str) -> str:
    return " ".join(notice.text for notice in Page.of(client.get(address)).all("p", class_="notice"))


@pytest.mark.parametrize(
    "path",
    [
        "/browse/",
        "/browse/service/",
        "/browse/service/injections/",
        "/compare/",
        "/folder/",
        "/folder/brief/",
        "/help/",
        "/about/",
        LETTER,
        f"{LETTER}original/",
        f"{LETTER}items/1/similar/",
        "/",
        "/statistics/",
        "/statistics/words/",
    ],
)
def test_a_parameter_that_a_page_does_not_know_is_named(client: Client, path: str) -> None:
    told = notices(client, f"{path}?zzz=1&{LONG}=2")
    assert "parameter “zzz”" in told
    assert LONG not in told
    assert "parameter" not in notices(client, path)


@pytest.mark.parametrize(
    "address",
    [
        f"/?group={LONG}",
        f"/?sort={LONG}",
        f"/?expand={LONG}",
        f"/?level={LONG}",
        f"/?service={LONG}",
        f"/?specialty={LONG}",
        f"/?guideline=odg.{LONG}",
        f"/?year={LONG}",
        f"/?page={LONG}",
        f"/?q={LONG}",
        f"/?q=%22{LONG[:900]}%22",
        f"/?q=zebra+{LONG[:900]}",
        f"/statistics/?q={LONG}",
        f"/statistics/{LONG}/",
        f"/browse/{LONG}/",
        f"/browse/specialty/{LONG}/",
        f"/determinations/{LONG}/",
        f"{LETTER}?q={LONG[:900]}",
        f"/compare/?item={LONG}",
        f"/compare/?item={LONG}.1",
        f"/folder/?page={LONG}",
    ],
)
def test_what_is_very_long_is_cut_wherever_it_is_echoed(client: Client, address: str) -> None:
    page = Page.of(client.get(address))
    assert "a" * 200 not in page.text
    assert len(page.one("title").text) < 150


def test_the_box_keeps_all_that_was_typed(client: Client) -> None:
    page = Page.of(client.get(f"/?q={LONG}"))
    assert page.one("input", name="q").attributes["value"] == LONG
    assert "at most 1,000 can be searched" in page.text


def test_a_page_of_the_folder_that_is_none_is_told(client: Client) -> None:
    assert "There is no page “7”" in notices(client, "/folder/?page=7")
    assert "not “two”" in notices(client, "/folder/?page=two")
    assert "There is no page “9999" in notices(client, f"/folder/?page={'9' * 5000}")
    assert not notices(client, "/folder/?page=1")


def test_a_question_with_a_fault_can_be_mended_on_the_pages_of_figures(client: Client) -> None:
    page = Page.of(client.get("/statistics/?q=%22medial+branch&year=2014"))
    assert page.link('"medial branch"') == "/statistics/?q=%22medial+branch%22&year=2014"
