"""An answer that is kept for visitors is never another visitor's."""

import gzip
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory
from pytest_django import Settings

from determinations.form_tokens import form_token
from determinations.kept_answers import do_not_keep, kept_for_visitors
from tests.views.html import Page
from tests.views.kept_answers import Made, tokens_of, visit, without_tokens

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]

RESULTS = "/?q=block"
NORCO = "CM14-0031877.2"


def test_each_visitor_gets_a_token_of_their_own_that_works(made: Made) -> None:
    visitors = [Client(enforce_csrf_checks=True) for _ in range(2)]
    pages = [visitor.get(RESULTS) for visitor in visitors]
    assert made == ["made", "kept"]
    (one,), (other,) = map(tokens_of, pages)
    secrets = [visitor.cookies["csrftoken"].value for visitor in visitors]
    assert one != other
    assert len(set(secrets)) == 2
    assert not [secret for page in pages for secret in secrets if secret in page.content.decode()]
    address = f"/folder/items/{NORCO}/add/"
    assert visitors[1].post(address, {"csrfmiddlewaretoken": one}).status_code == 403
    assert visitors[1].post(address, {"csrfmiddlewaretoken": other}).status_code == 302


def test_a_visitors_token_differs_in_each_answer_and_the_cookie_stays(made: Made) -> None:
    visitor = Client()
    tokens = [tokens_of(visitor.get(RESULTS)).pop() for _ in range(3)]
    assert made == ["made", "kept", "kept"]
    assert len(set(tokens)) == 3
    secret = visitor.cookies["csrftoken"].value
    again = visitor.get(RESULTS)
    assert again.cookies["csrftoken"].value == secret


def test_a_page_without_forms_sets_no_cookie(made: Made) -> None:
    assert not visit("/statistics/").cookies
    assert not visit("/statistics/").cookies
    assert made == ["made", "kept"]


def test_nobody_sees_another_visitors_folder(made: Made) -> None:
    visit(RESULTS)
    owner = Client()
    owner.post(f"/folder/items/{NORCO}/add/")
    for page in (owner.get("/?q=norco"), owner.get("/")):
        assert Page.of(page).link("Folder (1)") == "/folder/"
        assert page["Cache-Control"] == "private, no-store"
        assert not page.has_header("ETag")
    for page in (visit("/?q=norco"), visit("/"), visit(RESULTS)):
        assert Page.of(page).link("Folder") == "/folder/"
    assert made == ["made", "made", "made", "kept"]


def test_nobody_gets_another_visitors_selection(made: Made) -> None:
    chosen = Page.of(visit(f"{RESULTS}&item={NORCO}"))
    assert NORCO in {box.attributes["value"] for box in chosen.all("input", name="item")}
    assert NORCO not in visit(RESULTS).content.decode()
    assert made == ["made", "made"]


def test_nobody_sees_another_visitors_message(made: Made) -> None:
    visitor = Client()
    visitor.cookies["messages"] = signing.get_cookie_signer(salt="django.contrib.messages").sign_object(
        [["__json_message", 0, 20, "Only for you"]]
    )
    visitor.get(RESULTS)
    assert made == []
    assert "Only for you" not in visit(RESULTS).content.decode()


def test_a_signed_in_person_gets_pages_of_their_own(made: Made, client: Client) -> None:
    visit(RESULTS)
    client.force_login(User.objects.create_user("ana"))
    page = client.get(RESULTS)
    assert "Saved searches" in Page.of(page).text
    assert page["Cache-Control"] == "private, no-store"
    assert "Saved searches" not in Page.of(visit(RESULTS)).text
    assert made == ["made", "kept"]


@pytest.mark.parametrize(
    "headers",
    [{"Authorization": "Basic YTpi"}, {"Content-Type": "text/html; charset=latin-1"}],
    ids=["a password", "an encoding"],
)
def test_some_requests_are_answered_as_if_nothing_were_kept(made: Made, headers: dict[str, str]) -> None:
    given_type = headers.pop("Content-Type", "")
    extra = {"CONTENT_TYPE": given_type} if given_type else {}
    address = "/?q=%E9t%E9"
    answer = Client().get(address, headers=headers, **extra)  # type: ignore[arg-type]
    assert answer.status_code in (200, 404)
    assert not answer.has_header("ETag")
    assert made == []


def test_a_site_that_requires_signing_in_keeps_nothing(
    made: Made, client: Client, settings: Settings
) -> None:
    visit(RESULTS)
    settings.SIGN_IN_ONLY = True
    assert visit(RESULTS).status_code == 302
    client.force_login(User.objects.create_user("ana"))
    assert client.get(RESULTS)["Cache-Control"] == "private, no-store"
    assert made == ["made"]


def test_a_tag_is_not_believed_once_there_is_a_session(made: Made) -> None:
    browser = Client()
    tag = browser.get(RESULTS)["ETag"]
    browser.post(f"/folder/items/{NORCO}/add/")
    assert browser.get(RESULTS, headers={"If-None-Match": tag}).status_code == 200


Answer = Callable[[HttpRequest], HttpResponse]


def with_own_token(request: HttpRequest) -> HttpResponse:
    return HttpResponse(get_token(request))


def that_lacks_something(request: HttpRequest) -> HttpResponse:
    do_not_keep(request)
    return HttpResponse(form_token(request))


def with_a_cookie(request: HttpRequest) -> HttpResponse:
    answer = HttpResponse()
    answer.set_cookie("mine", "1")
    return answer


def that_writes_the_session(request: HttpRequest) -> HttpResponse:
    request.session["seen"] = True
    return HttpResponse()


def with_its_own_rules(request: HttpRequest) -> HttpResponse:
    return HttpResponse(headers={"Cache-Control": "max-age=60"})


def that_is_no_text(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"\xff\xd8")


@pytest.mark.parametrize(
    "view",
    [
        with_own_token,
        that_lacks_something,
        with_a_cookie,
        that_writes_the_session,
        with_its_own_rules,
        that_is_no_text,
    ],
)
def test_an_answer_that_is_for_one_visitor_is_not_kept(made: Made, view: Answer) -> None:
    answers = []
    for _ in range(2):
        request = RequestFactory().get("/")
        request.session = SessionStore()
        answers.append(kept_for_visitors()(view)(request))
    assert made == ["made", "made"]
    assert not any(answer.has_header("ETag") for answer in answers)
    if view is that_lacks_something:
        assert answers[0].content != answers[1].content


def test_an_address_cannot_name_the_place_of_a_token(made: Made) -> None:
    """The mark of one page is not that of another."""
    marks = []

    def view(request: HttpRequest) -> HttpResponse:
        marks.append(form_token(request))
        return HttpResponse(marks[-1] + request.GET.get("q", ""))

    kept = kept_for_visitors()(view)
    first = kept(RequestFactory().get("/"))
    reflected = kept(RequestFactory().get("/", {"q": marks[0]}))
    assert marks[0] != marks[1]
    assert marks[0] not in first.content.decode()
    assert reflected.content.decode().endswith(marks[0])


def test_what_is_sent_compressed_is_the_same_for_both_visitors(made: Made) -> None:
    packed = [visit(RESULTS, **{"Accept-Encoding": "gzip"}) for _ in range(2)]
    for page in packed:
        page.content = gzip.decompress(page.content)
    assert made == ["made", "kept"]
    assert without_tokens(packed[0]) == without_tokens(packed[1])
    assert tokens_of(packed[0]) != tokens_of(packed[1])
