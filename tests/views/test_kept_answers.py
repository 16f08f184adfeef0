"""Kept answers are never old, count as others do, and fit their budget."""

from collections import OrderedDict
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.options import get_content_type_for_model
from django.contrib.auth.models import User
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from determinations import load_limits
from determinations.compressed_text import CompressedText
from determinations.importing.letter_reading import LetterRead
from determinations.importing.letter_storage import IncomingLetter, store_letters
from determinations.kept_answers import LARGEST_SHARE, KeptAnswer, KeptAnswers
from determinations.letters.parse import parse_letter
from determinations.models import Determination, DisputedItem
from determinations.removal.removing import remove_rows
from determinations.search.change_log import give_positions
from determinations.search.engines import search_engine
from determinations.search.indexing import rebuild, write_changes
from determinations.search_page.result_rows import result_rows
from tests.letters.invented import standard_letter
from tests.views.html import Page
from tests.views.kept_answers import Made, tokens_of, visit, without_tokens
from tests.views.library import Item, Letter, add, index

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]

LETTER = "/determinations/CM14-0031877/"
RESULTS = "/?q=block"
NORCO = "CM14-0031877.2"


def block() -> DisputedItem:
    return DisputedItem.objects.get(determination__public_id="CM14-0031877", position=1)


def correct_an_item() -> None:
    item = block()
    item.request = "Medial branch block, corrected"
    item.save()


def correct_and_index() -> None:
    correct_an_item()
    write_changes(search_engine())


def number_the_changes() -> None:
    """As any process does that reads the log."""
    correct_an_item()
    give_positions()


def import_a_letter() -> None:
    add(Letter("CM17-0000001", (Item("Medial branch block, imported"),)))
    index()


def remove_a_letter() -> None:
    remove_rows(Determination.objects.filter(public_id="CM14-0031877"))


def mend_the_index() -> None:
    """As after damage: what the index finds changes, and no row does."""
    DisputedItem.objects.filter(pk=block().pk).update(request="Medial branch block, unnoticed")
    rebuild(search_engine())


CHANGES = [
    correct_an_item,
    correct_and_index,
    number_the_changes,
    import_a_letter,
    remove_a_letter,
    mend_the_index,
]


@pytest.mark.parametrize("change", CHANGES)
def test_the_next_answer_after_a_change_is_made_anew(made: Made, change: Callable[[], None]) -> None:
    before = visit(RESULTS)
    assert without_tokens(visit(RESULTS)) == without_tokens(before)
    change()
    after = visit(RESULTS)
    assert made == ["made", "kept", "made"]
    assert without_tokens(after) != without_tokens(before)
    assert after["ETag"] != before["ETag"]


def test_a_letter_that_was_removed_is_shown_to_nobody(made: Made) -> None:
    browser = Client()
    browser.get(LETTER)
    tag = browser.get(LETTER)["ETag"]
    remove_a_letter()
    assert browser.get(LETTER, headers={"If-None-Match": tag}).status_code == 404
    assert visit(LETTER).status_code == 404


def test_a_letter_without_items_is_corrected_and_deleted_like_any_other(made: Made) -> None:
    letter = add(Letter("CM17-0000002", (), decided_on=date(2017, 1, 2)))
    address = letter.get_absolute_url()
    before = visit(address)
    assert Page.of(visit("/")).link("CM17-0000002") == address
    letter.patient_age = 99
    letter.save()
    assert without_tokens(visit(address)) != without_tokens(before)
    letter.delete()
    assert visit(address).status_code == 404
    assert "CM17-0000002" not in visit("/").content.decode()


def test_a_letter_without_items_appears_once_it_is_imported(made: Made) -> None:
    visit(RESULTS)
    text = standard_letter()
    parsed = parse_letter(text)
    assert not parsed.items
    store_letters([IncomingLetter("0" * 64, "new.txt", LetterRead.of(text, parsed))])
    visit(RESULTS)
    assert made == ["made", "made"]


def test_a_correction_without_its_entry_in_the_admins_log_has_no_date(made: Made) -> None:
    letter, editor = Determination.objects.get(public_id="CM14-0031877"), User.objects.create_user("ana")
    letter.corrected_fields = ["patient_age"]
    letter.save()
    changed = '[{"changed": {"fields": ["Patient age"]}}]'
    LogEntry.objects.create(
        user=editor,
        content_type=get_content_type_for_model(Determination),
        object_id=str(letter.pk),
        action_flag=CHANGE,
        change_message=changed,
    )
    visit(LETTER)
    editor.delete()
    visit(LETTER)
    assert made == ["made", "made"]


def test_an_answer_during_which_letters_change_is_not_kept(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    def change_meanwhile(*args: Any, **kwargs: Any) -> Any:
        correct_an_item()
        return result_rows(*args, **kwargs)

    monkeypatch.setattr("determinations.views.search.result_rows", change_meanwhile)
    mixed = visit(RESULTS)
    monkeypatch.undo()
    assert mixed.status_code == 200
    assert not mixed.has_header("ETag")
    assert len(tokens_of(mixed)) == 1


def test_without_a_budget_nothing_is_kept(made: Made, settings: Settings) -> None:
    settings.KEPT_ANSWER_BYTES = 0
    pages = [visit(RESULTS) for _ in range(2)]
    assert made == []
    assert not any(page.has_header("ETag") for page in pages)


def test_addresses_of_another_host_or_scheme_are_other_answers(made: Made, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["one.example", "two.example"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    pages = [
        visit(LETTER, Host="one.example"),
        visit(LETTER, Host="two.example"),
        visit(LETTER, Host="two.example", **{"X-Forwarded-Proto": "https"}),
    ]
    sites = ["http://one.example", "http://two.example", "https://two.example"]
    for page, own in zip(pages, sites, strict=True):
        assert [site for site in sites if f"{site}/determ" in page.content.decode()] == [own]
    assert made == ["made"] * 3


@pytest.mark.parametrize("address", [RESULTS, "/statistics/", "/statistics/service.csv", LETTER])
@pytest.mark.parametrize("method", ["get", "head"])
def test_a_browser_that_has_the_present_answer_is_told_so(made: Made, address: str, method: str) -> None:
    browser = Client()
    tag = browser.get(address)["ETag"]
    unchanged = getattr(browser, method)(address, headers={"If-None-Match": f'"other", {tag}'})
    assert unchanged.status_code == 304
    assert unchanged.content == b""
    assert unchanged["ETag"] == tag
    assert unchanged["Cache-Control"] == "private, no-cache"
    assert "Cookie" in unchanged["Vary"]
    assert made == ["made", "unchanged"]


def test_a_tag_is_right_for_its_address_and_its_tokens_alone(made: Made) -> None:
    browser, stranger = Client(), Client()
    tag = browser.get(RESULTS)["ETag"]
    stranger.get(RESULTS)
    own = {"If-None-Match": tag}
    assert browser.get("/?q=norco", headers=own).status_code == 200
    assert stranger.get(RESULTS, headers=own).status_code == 200
    assert browser.get(RESULTS, headers=own).status_code == 304
    browser.cookies.pop("csrftoken")
    again = browser.get(RESULTS, headers=own)
    assert again.status_code == 200
    assert len(tokens_of(again)) == 1
    assert "csrftoken" in again.cookies


def test_an_error_stays_one_whatever_the_browser_has(made: Made) -> None:
    assert visit("/determinations/CM99-0000000/", **{"If-None-Match": "*"}).status_code == 404
    assert visit(LETTER, **{"If-None-Match": "*"}).status_code == 200


@pytest.mark.parametrize("change", CHANGES)
def test_a_tag_is_not_right_after_a_change(made: Made, change: Callable[[], None]) -> None:
    browser = Client()
    tag = browser.get("/statistics/")["ETag"]
    change()
    assert browser.get("/statistics/", headers={"If-None-Match": tag}).status_code == 200


def test_head_gets_the_headers_of_a_kept_answer(made: Made) -> None:
    address = "/statistics/"
    first = Client().head(address)
    page = visit(address)
    assert made == ["made", "kept"]
    assert first.content == b""
    for name in ("Content-Length", "Content-Type", "ETag", "Vary"):
        assert first[name] == page[name]
    assert len(page.content) == int(page["Content-Length"])


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/?q=block&page=9", 404),
        ("/determinations/CM99-0000000/", 404),
        ("/determinations/cm14-0031877/", 301),
        ("/browse/level/l4-5/", 301),
        ("/statistics/service.csv?sort=wrong", 400),
        ("/search/facet/nothing/", 404),
    ],
)
def test_errors_and_redirects_are_not_kept(made: Made, address: str, status: int) -> None:
    for _ in range(2):
        answer = visit(address)
        assert answer.status_code == status
        assert not answer.has_header("ETag")
    assert made == ["made", "made"]


def test_without_an_index_nothing_is_kept(made: Made, settings: Settings, tmp_path: Any) -> None:
    visit(RESULTS)
    settings.SEARCH_INDEX_DIR = tmp_path / "none"
    assert [visit(RESULTS).status_code for _ in range(2)] == [503, 503]
    assert visit(LETTER).status_code == 200
    assert made == ["made"]


def test_kept_answers_count_for_the_rate(made: Made, client: Client, settings: Settings) -> None:
    settings.RATE_LIMITS = {"search": "3/hour"}
    tag = client.get("/statistics/")["ETag"]
    statuses = [client.get("/statistics/", headers={"If-None-Match": tag}).status_code for _ in range(3)]
    assert statuses == [304, 304, 429]
    other = {"REMOTE_ADDR": "192.0.2.9"}
    assert [client.get("/statistics/", **other).status_code for _ in range(4)] == [200, 200, 200, 429]  # type: ignore[arg-type]
    assert made == ["made", "unchanged", "unchanged", "kept", "kept", "kept"]


def test_kept_answers_are_logged(made: Made, settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    settings.ACCESS_LOG = "paths"
    caplog.set_level("INFO", "determinations.access")
    tag = visit("/statistics/")["ETag"]
    visit("/statistics/")
    visit("/statistics/", **{"If-None-Match": tag})
    lines = [one.getMessage() for one in caplog.records if one.name == "determinations.access"]
    assert [line.split()[:3] for line in lines] == [
        ["GET", "/statistics/", "200"],
        ["GET", "/statistics/", "200"],
        ["GET", "/statistics/", "304"],
    ]


def test_a_kept_large_answer_takes_no_place_among_those_that_are_made(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit("/statistics/words/")
    monkeypatch.setattr(load_limits._PLACES, "acquire", lambda **_: False)
    assert visit("/statistics/words/").status_code == 200
    assert visit("/statistics/words/all/").status_code == 429


texts = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.sampled_from(["one", "two"]), st.integers(1, 40)), max_size=40
)


@given(texts, st.integers(20_000, 120_000))
def test_what_is_kept_fits_the_budget(puts: list[tuple[str, str, int]], budget: int) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("django.conf.settings.KEPT_ANSWER_BYTES", budget)
        kept, expected, now = KeptAnswers(), OrderedDict[str, int](), ""
        for name, state, length in puts:
            answer = KeptAnswer(CompressedText((bytes(length * 300),), 64), ())
            size = answer.text.size + 1000
            kept.put(state, name.encode(), answer)
            if state != now:
                now = state
                expected.clear()
            if size * LARGEST_SHARE <= budget:
                expected.setdefault(name, size)
            while sum(expected.values()) > budget:
                expected.popitem(last=False)
            assert kept.size == sum(expected.values()) <= budget
            assert {one for one in "abcdef" if kept._kept.get(one.encode())} == set(expected)
        assert kept.get("another state", b"a") is None


def test_the_least_recently_used_is_let_go(settings: Settings) -> None:
    answer = KeptAnswer(CompressedText((bytes(1000),), 64), ())
    size = answer.text.size + 1000
    settings.KEPT_ANSWER_BYTES = size * LARGEST_SHARE
    kept = KeptAnswers()
    for number in range(LARGEST_SHARE):
        kept.put("now", bytes([number]), answer)
    assert kept.get("now", bytes([0])) is answer
    kept.put("now", b"another", answer)
    assert kept.get("now", bytes([1])) is None
    assert kept.get("now", bytes([0])) is answer
