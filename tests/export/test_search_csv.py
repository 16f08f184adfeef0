"""The result list as CSV: all rows of the search asked for, safe to open, and plain words where it fails."""

import csv
import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from determinations.export import all_results as results
from determinations.export.all_results import COLUMNS
from determinations.models import Decision, DisputedItem
from determinations.search.engines import search_engine
from determinations.search_page.address import QueryParams
from determinations.search_page.search import read_search
from tests.views.library import Item, Letter, add, index

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]


def rows(client: Client, query: str = "") -> list[dict[str, str]]:
    response = client.get(f"/search.csv?{query}")
    assert response.status_code == 200, response.content
    text = response.getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_it_holds_every_item_of_the_search_in_the_order_of_the_page(client: Client) -> None:
    found = rows(client, "sort=oldest")
    assert [(row["case_number"], row["item"]) for row in found] == [
        ("CM14-0031877", "1"),
        ("CM14-0031877", "2"),
        ("CM14-0090000", "1"),
        ("CM15-0000200", "1"),
        ("CM16-0000300", "1"),
        ("CM16-0000300", "2"),
        ("", "1"),
    ]


def test_a_row_says_what_a_lawyer_needs(client: Client) -> None:
    (row,) = rows(client, "level=L5-S1")
    assert tuple(row) == COLUMNS
    assert row == {
        "letter": "CM15-0000200",
        "case_number": "CM15-0000200",
        "item": "1",
        "date": "2015-03-02",
        "year": "2015",
        "decision": "Overturned",
        "request": "Radiofrequency ablation L5-S1",
        "services": "Radiofrequency ablation",
        "levels": "L5-S1",
        "levels_read_in": "request",
        "reasons_against": "",
        "reasons_for": "Functional benefit; Guideline criteria met",
        "main_sentence": "Two medial branch blocks gave seventy percent relief.",
        "reviewer_guidelines": "Official Disability Guidelines: Low Back",
        "claims_administrator_guidelines": "MTUS: ACOEM: Low back",
        "specialties": "Pain Medicine",
        "address": "http://testserver/determinations/CM15-0000200/#item-1",
        "citation": "IMR Case No. CM15-0000200, item 1 (Mar. 2, 2015)",
        "sample": "",
        "missing_words": "",
    }


def test_the_page_number_of_the_search_does_not_cut_the_table(client: Client) -> None:
    assert len(rows(client, "page=2")) == DisputedItem.objects.count()
    assert len(rows(client, "page=none")) == DisputedItem.objects.count()


def test_many_pages_of_the_engine_and_many_chunks_of_rows_give_each_item_once(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "HITS_AT_A_TIME", 2)
    monkeypatch.setattr(results, "ROWS_AT_A_TIME", 3)
    found = rows(client, "q=injection+OR+block+OR+opioids+OR+visits+OR+urine")
    at_once = results.found_keys(
        read_search(QueryParams.of_query("q=injection+OR+block+OR+opioids+OR+visits+OR+urine")),
        search_engine(),
    )
    assert len(found) == len(set(at_once)) == len(at_once) > 4


def test_an_index_that_changes_between_pages_gives_no_item_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """A letter that arrives while pages are fetched moves every later hit one place on."""
    monkeypatch.setattr(results, "HITS_AT_A_TIME", 2)
    engine = search_engine()
    fetch = type(engine).search
    arrivals: Iterator[str] = iter(("CM20-0000001", "CM20-0000002"))

    def search(self: object, request: object) -> object:
        results = fetch(engine, request)  # type: ignore[arg-type]
        if number := next(arrivals, None):
            add(Letter(number, (Item("Newer request"),)))
            index()
        return results

    monkeypatch.setattr(type(engine), "search", search)
    keys = results.found_keys(read_search(QueryParams.of_query("sort=newest")), engine)
    assert sorted(keys) == sorted(DisputedItem.objects.values_list("pk", flat=True))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "＝", "＋", "－", "＠"])
def test_a_request_that_looks_like_a_formula_is_text_to_a_spreadsheet(client: Client, start: str) -> None:
    add(Letter("CM19-0000001", (Item(f"{start}HYPERLINK(1) zebra"),)))
    index()
    (row,) = rows(client, "q=zebra")
    assert row["request"][0] not in "=+-@\t"


def test_commas_quotes_and_line_breaks_stay_within_their_cell(client: Client) -> None:
    add(Letter("CM19-0000002", (Item('Zebra "plus",\nonce; daily', Decision.UNKNOWN),)))
    index()
    (row,) = rows(client, "q=zebra")
    assert row["request"] == 'Zebra "plus", once; daily'
    assert row["decision"] == "Not readable"


def test_the_file_is_named_after_the_search(client: Client) -> None:
    asked = client.get("/search.csv?q=Medial+Branch&decision=upheld")["Content-Disposition"]
    assert asked.startswith('attachment; filename="imr-medial-branch-upheld-2')
    assert asked.endswith('.csv"')
    assert "imr-all-items-2" in client.get("/search.csv")["Content-Disposition"]


def test_a_letter_without_case_number_is_still_named(client: Client) -> None:
    (row,) = [row for row in rows(client) if not row["case_number"]]
    assert row["citation"].startswith(f"IMR {row['letter']}, no case number")
    assert row["date"] == row["year"] == ""


def test_finding_nothing_is_a_table_without_rows(client: Client) -> None:
    assert rows(client, "q=xylophone&expand=off") == []


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("q=%22medial", "quot"),
        ("service=nonsense", "nonsense"),
        ("servise=injections", "servise"),
        ("q=a%00", ""),
    ],
)
def test_a_search_that_cannot_be_run_as_asked_is_refused_in_plain_text(
    client: Client, query: str, said: str
) -> None:
    response = client.get(f"/search.csv?{query}")
    assert response.status_code == 400
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert said in response.content.decode()
    assert len(response.content) > 20


def test_without_an_index_it_says_which_command_mends_it(client: Client) -> None:
    shutil.rmtree(Path(settings.SEARCH_INDEX_DIR))
    response = client.get("/search.csv")
    assert response.status_code == 503
    assert response["Retry-After"] == "60"
    assert "rebuild_index" in response.content.decode()


def test_memory_holds_a_chunk_of_rows_whatever_the_number(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "ROWS_AT_A_TIME", 2)
    keys = results.found_keys(read_search(QueryParams.of_query("")), search_engine())
    items = results.found_items(keys)
    first = next(items)
    DisputedItem.objects.exclude(pk__in=keys[:2]).delete()
    assert [item.pk for item in (first, *items)] == list(keys[:2])
