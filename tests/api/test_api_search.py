"""/api/search finds what the page finds, and says about it what the page says."""

import csv
import io
from dataclasses import replace
from itertools import count

import pytest
from django.test import Client

from determinations.models import Decision, DisputedItem
from determinations.search.engines import search_engine
from determinations.search.interface import EngineStatus, SearchEngine, SearchRequest, SearchResults
from tests.api.calling import Json, search, text_of
from tests.views.html import Page
from tests.views.library import Item, Letter, add, index

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]

SEARCHES = [
    "",
    "q=block",
    "q=medial+branch&decision=upheld",
    "level=lumbar&sort=oldest",
    "level=L3-S1&level=C5-C6",
    "service=injections&year=2014&year=2016",
    "guideline=odg.low-back&specialty=pain-medicine",
    "q=MBB",
    "q=MBB&expand=off",
    "q=xylophone",
    "q=%22functional+improvement%22+OR+norco",
]


def path(url: str) -> str:
    """The address without its host."""
    return url.removeprefix("http://testserver")


def names(answer: Json) -> list[str]:
    return [hit["item"]["id"] for hit in answer["hits"]]


@pytest.mark.parametrize("query", SEARCHES)
def test_it_finds_the_items_of_the_page_in_the_same_order(client: Client, query: str) -> None:
    answer = search(client, query)
    page = Page.of(client.get(f"/search/?{query}"))
    on_page = [one.attributes["id"].removeprefix("result-") for one in page.all("article", class_="result")]
    assert on_page == names(answer)
    assert answer["total"] == len(on_page)


def test_an_item_says_what_the_letter_says(client: Client) -> None:
    (hit,) = search(client, "level=C5-C6")["hits"]
    item = hit["item"]
    assert item["id"] == "CM16-0000300.1" and item["position"] == 1
    assert item["decision"] == "upheld"
    assert item["services"] == ["epidural-steroid-injections"]
    assert (item["spinal_levels"], item["levels_from"]) == (["C5-C6"], "rationale")
    assert item["guidelines"]["reviewer"][0]["value"] == "mtus-chronic-pain.epidural-steroid-injections"
    assert item["guidelines"]["claims_administrator"][0]["chapter"] == "Low Back"
    assert item["citation"] == "IMR Case No. CM16-0000300, item 1 (Jan. 20, 2016)"
    assert (hit["date"], hit["year"], hit["dates"]["decision"]) == ("2016-01-20", 2016, "2016-01-20")
    assert hit["specialties"] == ["Physical Medicine and Rehabilitation"]
    assert (hit["score"], hit["is_invented"]) == (None, False)
    assert hit["links"] == {
        "api": "http://testserver/api/determinations/CM16-0000300",
        "html": "http://testserver/determinations/CM16-0000300/#item-1",
    }


def test_the_question_is_marked_in_fragments_and_never_in_html(client: Client) -> None:
    (hit,) = search(client, "q=seventy+ablation")["hits"]
    assert text_of(hit["request"]) == hit["item"]["request"]
    assert [f["text"] for f in hit["request"] if f["match"]] == ["ablation"]
    (passage,) = hit["passages"]
    assert passage["part"] == "rationale"
    assert [f["text"] for f in passage["fragments"] if f["match"]] == ["seventy"]
    assert hit["score"] > 0


def test_markup_in_a_letter_stays_its_text(client: Client) -> None:
    add(Letter("CM20-0000001", (Item('<b>zebra</b> & "stripes"\x0c\u2028é'),)))
    index()
    (hit,) = search(client, "q=zebra")["hits"]
    assert hit["item"]["request"] == text_of(hit["request"]) == '<b>zebra</b> & "stripes"\x0c\u2028é'


def test_a_letter_without_number_or_date_has_nulls(client: Client) -> None:
    (hit,) = search(client, "level=L3-L4")["hits"]
    assert hit["case_number"] is hit["date"] is hit["year"] is None
    assert len(hit["determination"]) == 16


def test_pages_lead_to_each_other_and_hold_every_item_once(client: Client) -> None:
    seen: list[str] = []
    address = "/api/search?page_size=3&sort=newest"
    answer = client.get(address).json()
    assert (answer["pages"], answer["links"]["previous"]) == (3, None)
    last = path(answer["links"]["last"])
    while True:
        seen += names(answer)
        assert client.get(path(answer["links"]["self"])).json()["hits"] == answer["hits"]
        if answer["links"]["next"] is None:
            break
        previous, answer = answer, client.get(path(answer["links"]["next"])).json()
        assert path(answer["links"]["previous"]) == path(previous["links"]["self"])
        assert answer["index_generation"] == previous["index_generation"]
    assert path(answer["links"]["self"]) == last
    assert len(seen) == len(set(seen)) == DisputedItem.objects.count()


def test_a_page_is_never_told_under_the_generation_before_it(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A letter that is indexed between the two looks at the engine: the page is fetched anew."""
    engine = type(search_engine())
    fetch = engine.search
    arriving = [Letter("CM20-0000001", (Item("Zebra"),))]

    def arrive_while_searching(self: SearchEngine, request: SearchRequest) -> SearchResults:
        results = fetch(self, request)
        if arriving:
            add(arriving.pop())
            index()
        return results

    before = search(client, "q=zebra")
    monkeypatch.setattr(engine, "search", arrive_while_searching)
    after = search(client, "q=zebra")
    assert (before["total"], after["total"]) == (0, 1)
    assert after["index_generation"] == search_engine().status().generation > before["index_generation"]


def test_an_index_that_does_not_come_to_rest_is_announced(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a cluster's index is written, it names another commit each time that it is asked."""
    engine = type(search_engine())
    status, commits = engine.status, count()

    def restless(self: SearchEngine) -> EngineStatus:
        return replace(status(self), commit=f"{next(commits)}")

    monkeypatch.setattr(engine, "status", restless)
    monkeypatch.setattr("determinations.api.search.SECONDS_TO_COME_TO_REST", 0.1)
    response = client.get("/api/search?q=pain")
    assert response.status_code == 503 and int(response["Retry-After"]) > 0


def test_the_walk_gives_the_rows_of_the_file_in_its_order(client: Client) -> None:
    answer = search(client, "sort=oldest&page_size=100")
    text = client.get(path(answer["links"]["csv"])).getvalue().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["address"] for row in rows] == [hit["links"]["html"] for hit in answer["hits"]]


def test_items_of_one_letter_stand_together_where_they_are_grouped(client: Client) -> None:
    add(
        Letter(
            "CM20-0000002", (Item("Zebra zebra zebra"), Item("A zebra among many other animals of all kinds"))
        )
    )
    add(Letter("CM20-0000003", (Item("Zebra zebra"),)))
    index()
    one_by_one = names(search(client, "q=request:zebra"))
    grouped = names(search(client, "q=request:zebra&group=letter"))
    assert one_by_one == ["CM20-0000002.1", "CM20-0000003.1", "CM20-0000002.2"]
    assert grouped == ["CM20-0000002.1", "CM20-0000002.2", "CM20-0000003.1"]


def test_facets_count_what_choosing_a_value_finds(client: Client) -> None:
    """The counts are checked by asking: every value of every facet, chosen instead of the present choice."""
    chosen = {"decision": "upheld", "level": "lumbar"}
    answer = search(client, "&".join(f"{name}={value}" for name, value in chosen.items()))
    asked = 0
    for facet in answer["facets"]:
        for value in facet["values"]:
            others = [f"{name}={given}" for name, given in chosen.items() if name != facet["name"]]
            found = search(client, "&".join([*others, f"{facet['name']}={value['value']}"]))
            assert found["total"] == value["count"], (facet["name"], value)
            assert value["chosen"] == (chosen.get(facet["name"]) == value["value"])
            asked += 1
    assert asked == 19


def test_a_hierarchy_names_the_parent(client: Client) -> None:
    values = {
        value["value"]: value["parent"] for facet in search(client)["facets"] for value in facet["values"]
    }
    assert values["medial-branch-blocks"] == "injections"
    assert values["odg.low-back"] == "odg"
    assert values["L4-L5"] == "lumbar"
    assert values["lumbar"] is values["2014"] is None


def test_rates_carry_their_numbers_and_leave_the_chosen_decision_aside(client: Client) -> None:
    everything = search(client)["outcomes"]
    assert (everything["overturned"], everything["decided"]) == (3, 7)
    assert everything["share"] == pytest.approx(3 / 7, abs=1e-4)
    assert everything["low"] < everything["share"] < everything["high"]
    assert search(client, "decision=overturned")["outcomes"] == everything
    (facet,) = (facet for facet in search(client)["facets"] if facet["name"] == "level")
    (lumbar,) = (value for value in facet["values"] if value["value"] == "lumbar")
    assert lumbar["outcomes"] == {"overturned": 1, "decided": 3, "share": None, "low": None, "high": None}


def test_an_undecided_item_counts_in_no_rate(client: Client) -> None:
    add(Letter("CM20-0000001", (Item("Zebra", Decision.UNKNOWN),)))
    index()
    answer = search(client, "q=zebra")
    assert (answer["total"], answer["outcomes"]["decided"]) == (1, 0)


def test_related_words_are_told_and_can_be_switched_off(client: Client) -> None:
    on, off = search(client, "q=MBB"), search(client, "q=MBB&expand=off")
    assert on["related_words_searched"] and not off["related_words_searched"]
    assert on["related_words"] == off["related_words"]
    assert "medial branch block" in on["related_words"][0]["alternatives"]
    assert on["total"] > off["total"] == 0


def test_a_misspelled_word_is_told_with_its_correction(client: Client) -> None:
    (other, *_) = search(client, "q=ablaton&year=2015")["other_questions"]
    assert other["q"] == "ablation"
    assert client.get(path(other["api"])).json()["total"] == 1


def test_an_item_deleted_since_the_last_commit_is_counted_as_vanished(client: Client) -> None:
    DisputedItem.objects.filter(request__startswith="Norco").delete()
    answer = search(client)
    assert (answer["total"], len(answer["hits"]), answer["vanished"]) == (7, 6, 1)


def test_a_site_without_letters_answers_an_empty_page(client: Client) -> None:
    DisputedItem.objects.all().delete()
    index()
    answer = search(client)
    assert (answer["total"], answer["pages"], answer["hits"]) == (0, 0, [])
    assert answer["links"]["next"] is None


def test_a_request_with_the_word_as_typed_comes_before_one_with_another_name_of_it(client: Client) -> None:
    brand = Item("Gralise 600 mg #90", services=(), levels=(), rationale="Gabapentin helps nerve pain.")
    typed = Item(
        "Cream of gabapentin 10%, baclofen 2%, ketamine 6% and bupivacaine 5%, 240 grams, two refills",
        services=(),
        levels=(),
        rationale="Topical agents are largely experimental.",
    )
    abbreviated = Item(
        "EMG EMG", services=(), levels=(), rationale="Electromyography was done, and EMG is done."
    )
    in_full = Item(
        "Needle test of both arms and both legs with nerve conduction: electromyography",
        services=(),
        levels=(),
        rationale="The examination was normal.",
    )
    of_several_words = Item(
        "MBB, MBB", rationale="The MBB is needed, and a medial branch block was asked for."
    )
    add(Letter("CM20-0000004", (brand, typed, abbreviated, in_full, of_several_words)))
    index()
    assert names(search(client, "q=gabapentin"))[:2] == ["CM20-0000004.2", "CM20-0000004.1"]
    assert names(search(client, "q=gralise"))[0] == "CM20-0000004.1"
    assert names(search(client, "q=electromyography"))[:2] == ["CM20-0000004.4", "CM20-0000004.3"]
    assert names(search(client, "q=EMG"))[0] == "CM20-0000004.3"
    blocks = names(search(client, "q=medial+branch+block"))
    assert blocks.index("CM20-0000004.5") == 2  # behind both requests for a medial branch block
