"""Accounts: made by an admin; the browser's folder becomes part of the person's own on signing in."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from determinations.models import FolderItem
from tests.research.folders import ABLATION, BLOCK, NORCO, notes_in, press, put_in
from tests.views.html import Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]


def sign_in(client: Client, name: str = "ana", password: str = "correct horse", next: str = "") -> Page:  # noqa: S107
    sent = {"username": name, "password": password, "next": next}
    return Page.of(client.post("/account/sign-in/", sent, follow=True))


def test_the_page_says_how_one_gets_an_account(client: Client) -> None:
    page = Page.of(client.get("/account/sign-in/"))
    assert "account" in page.all("p", class_="aside-line")[-1].text
    assert "Sign in" in page.one("title").text


def test_a_wrong_password_is_told(client: Client, ana: User) -> None:
    assert "correct username and password" in sign_in(client, password="wrong").text  # noqa: S106


def test_signing_in_merges_the_browsers_folder_without_losing_a_note(client: Client, ana: User) -> None:
    elsewhere = Client()
    elsewhere.force_login(ana)
    put_in(elsewhere, NORCO, BLOCK)
    press(elsewhere, "save", {NORCO: "from the office"})

    put_in(client, ABLATION, NORCO)
    press(client, "save", {NORCO: "from home", ABLATION: "new"})
    sign_in(client)
    assert notes_in(client) == {NORCO: "from the office\n\nfrom home", BLOCK: "", ABLATION: "new"}
    assert notes_in(elsewhere) == notes_in(client)


def test_after_signing_out_the_browser_shows_nothing_of_the_account(client: Client, ana: User) -> None:
    put_in(client, NORCO)
    sign_in(client)
    press(client, f"remove:{NORCO}", {NORCO: "secret zebra"})
    assert client.post("/account/sign-out/").status_code == 302
    page = Page.of(client.get("/folder/"))
    assert "The folder is empty" in page.text and "secret zebra" not in page.text
    assert "Taken out" not in page.text


def test_every_page_leads_to_signing_in_and_out_and_to_what_is_saved(ana: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    for path in ("/", "/help/", "/folder/", "/nowhere/"):
        page = Page.of(browser.get(path))
        assert page.one("nav", **{"aria-label": "Site"}).text.endswith("Help Sign in")
        assert "/saved/" not in [link.attributes["href"] for link in page.all("a")]

    browser.force_login(ana)
    for path in ("/", "/help/", "/folder/", "/nowhere/"):
        page = Page.of(browser.get(path))
        assert page.one("nav", **{"aria-label": "Site"}).text.endswith("Saved searches Account Help Sign out")
        assert not page.unbalanced
    assert page.one("form", action="/account/sign-out/").attributes["method"] == "post"
    token = browser.cookies["csrftoken"].value
    assert browser.post("/account/sign-out/", {"csrfmiddlewaretoken": token}).status_code == 302
    assert "Sign in" in Page.of(browser.get("/help/")).one("nav", **{"aria-label": "Site"}).text


def test_folders_of_two_people_are_apart(client: Client, ana: User, ben: User) -> None:
    client.force_login(ana)
    put_in(client, NORCO)
    other = Client()
    other.force_login(ben)
    put_in(other, NORCO, BLOCK)
    press(other, "clear")
    assert list(notes_in(client)) == [NORCO]
    assert FolderItem.objects.count() == 1


def test_signing_in_leads_on_to_where_one_was_going(client: Client, ana: User) -> None:
    sent = {"username": "ana", "password": "correct horse", "next": "/help/"}
    assert client.post("/account/sign-in/", sent)["Location"] == "/help/"


def test_the_masthead_leads_back_to_the_page_that_one_was_reading(client: Client) -> None:
    address = "/determinations/CM14-0031877/?q=norco&result=1"
    way = Page.of(client.get(address)).one("a", id="sign-in").attributes["href"]
    assert Page.of(client.get(way)).one("input", name="next").attributes["value"] == address
    on_its_own_page = Page.of(client.get(way)).one("a", id="sign-in").attributes["href"]
    assert on_its_own_page == "/account/sign-in/"


def test_a_browser_without_a_folder_gets_no_cookie_by_looking(client: Client) -> None:
    client.get("/")
    client.get("/folder/")
    assert "sessionid" not in client.cookies
