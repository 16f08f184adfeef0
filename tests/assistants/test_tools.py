"""What each tool returns: the API's own figures, with citation, address and notes."""

import json
from datetime import date
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator

from determinations.api.parameters import search_parameters
from determinations.assistants.citing import INVENTED, ONLY_HERE
from determinations.models import Decision
from tests.api.calling import letter, search
from tests.assistants.calling import SITE, Assistant, text_of
from tests.views.library import Item, Letter, add, index

pytestmark = pytest.mark.django_db

NOT_TRIED = "There is no documentation that physical therapy was tried and failed."
FAILED = "Six weeks of physical therapy have failed."


@pytest.fixture
def denied_and_won(db: None) -> None:
    """Two upheld requests for an MRI and an overturned one, of an invented letter."""
    for number in (1, 2):
        mri = Item("MRI of the lumbar spine", services=("mri",), levels=(), rationale=NOT_TRIED)
        add(Letter(f"CM14-000000{number}", (mri,), date(2014, 5, number)))
    won = Item("MRI of the lumbar spine", Decision.OVERTURNED, ("mri",), (), rationale=FAILED)
    add(Letter("CM14-0000003", (won,), fields={"is_invented": True}))
    index()


def with_site(answer: Any) -> Any:
    """What the API answers, at the site's address instead of the test client's."""
    return json.loads(json.dumps(answer).replace("http://testserver", SITE))


def every_item(answer: Any) -> list[Any]:
    found = [answer["item"]] if "item" in answer else [one["item"] for one in answer.get("items", ())]
    return found + [one["item"] for name in ("similar", "opposite") for one in answer.get(name, ())]


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_every_tool_is_read_only_and_describes_itself(mode: str) -> None:
    tools = Assistant(mode=mode).tools()
    assert set(tools) == {"search", "determination", "reasons", "closest_determinations"}
    for tool in tools.values():
        Draft202012Validator.check_schema(tool.input_schema)
        assert tool.output_schema is not None
        Draft202012Validator.check_schema(tool.output_schema)
        assert tool.description and tool.title
        assert tool.annotations is not None and tool.annotations.read_only_hint


def test_the_search_takes_every_parameter_of_the_api(assistant: Assistant) -> None:
    taken = assistant.tools()["search"].input_schema["properties"]
    assert set(taken) == {*(parameter.name for parameter in search_parameters()), "counts"}


@pytest.mark.usefixtures("library")
class TestSearch:
    @pytest.mark.parametrize("mode", ["auto", "legacy"])
    def test_it_finds_what_the_api_finds(self, client: Client, mode: str) -> None:
        found = Assistant(mode=mode).answer("search", {"q": "medial branch", "level": ["L4-L5", "L5-S1"]})
        same = with_site(search(client, "q=medial+branch&level=L4-L5&level=L5-S1"))
        for name in ("total", "total_following", "page", "pages", "outcomes", "sort", "index_generation"):
            assert found[name] == same[name], name
        assert found["total"] == 3
        for one, hit in zip(found["items"], same["hits"], strict=True):
            assert one["item"]["id"] == hit["item"]["id"]
            assert one["item"]["citation"] == hit["item"]["citation"]
            passages = ["".join(part["text"] for part in one["fragments"]) for one in hit["passages"]]
            assert [passage["text"] for passage in one["passages"]] == passages

    def test_each_item_has_its_citation_and_address_in_the_text_as_well(self, assistant: Assistant) -> None:
        found = assistant.answer("search", {"q": "norco"})
        (item,) = every_item(found)
        assert item["citation"] == "IMR Case No. CM14-0031877, item 2 (Aug. 13, 2014)"
        assert item["address"] == f"{SITE}/determinations/CM14-0031877/#item-2"
        text = text_of(assistant.result("search", {"q": "norco"}))
        assert item["citation"] in text and item["address"] in text
        assert found["address"] == f"{SITE}/?q=norco"
        assert ONLY_HERE in found["notes"] and INVENTED not in found["notes"]

    def test_pages_follow_each_other(self, assistant: Assistant) -> None:
        pages = [assistant.answer("search", {"page_size": 3, "page": page}) for page in (1, 2, 3.0)]
        names = [item["id"] for page in pages for item in every_item(page)]
        assert len(names) == len(set(names)) == pages[0]["total"] == 7

    def test_it_counts_the_facets_that_are_asked_for_and_no_others(self, assistant: Assistant) -> None:
        assert assistant.answer("search", {})["counts"] == []
        (facet,) = assistant.answer("search", {"counts": ["decision"]})["counts"]
        counts = {value["value"]: value["count"] for value in facet["values"]}
        assert counts == {"upheld": 4, "overturned": 2, "partially_overturned": 1}
        text = text_of(assistant.result("search", {"counts": ["decision"]}))
        assert "- overturned (Overturned): 2" in text

    def test_a_letter_that_was_imported_meanwhile_is_found(self, assistant: Assistant) -> None:
        before = assistant.answer("search", {"q": "norco"})
        add(Letter("CM17-0000001", (Item("Norco", services=("opioids",), levels=()),)))
        index()
        after = assistant.answer("search", {"q": "norco"})
        assert (before["total"], after["total"]) == (1, 2)
        assert after["index_generation"] > before["index_generation"]

    def test_an_argument_that_is_null_is_left_out(self, assistant: Assistant) -> None:
        assert assistant.answer("search", {"q": "norco", "year": None, "page": None})["total"] == 1

    def test_a_value_alone_does_for_a_list(self, assistant: Assistant) -> None:
        assert assistant.answer("search", {"decision": "upheld", "year": 2014})["total"] == 2
        assert assistant.answer("search", {"decision": ["-upheld"]})["total"] == 3

    def test_items_with_some_of_the_words_say_what_they_lack(self, assistant: Assistant) -> None:
        found = assistant.answer("search", {"q": "medial branch xylophone"})
        assert found["total"] == 0 and found["total_following"] > 0
        assert {tuple(one["missing_words"]) for one in found["items"]} == {("xylophone",)}
        assert all(one["follows"] for one in found["items"])
        assert "“xylophone” missing" in text_of(assistant.result("search", {"q": "medial branch xylophone"}))


@pytest.mark.usefixtures("library")
class TestDetermination:
    @pytest.mark.parametrize("written", ["CM14-0031877", "cm14-31877", " CM14-0031877 "])
    def test_any_writing_of_its_number_gives_the_letter(
        self, client: Client, assistant: Assistant, written: str
    ) -> None:
        read = assistant.answer("determination", {"id": written})
        same = with_site(letter(client, "CM14-0031877"))
        assert read["text_is_left_out"] and not read["determination"]["text"]
        for name in same.keys() - {"text", "items"}:
            assert read["determination"][name] == same[name], name
        for one, item in zip(read["determination"]["items"], same["items"], strict=True):
            assert one["rationale"] == item["rationale"]
            assert one["item"] == item["item"]
            assert one["html"].startswith(f"{SITE}/determinations/CM14-0031877/#item-")

    def test_its_text_has_every_rationale_citation_and_guideline(self, assistant: Assistant) -> None:
        text = text_of(assistant.result("determination", {"id": "CM14-0031877"}))
        for item in assistant.answer("determination", {"id": "CM14-0031877"})["determination"]["items"]:
            assert item["rationale"] in text
            assert item["item"]["citation"] in text
            assert item["reviewer_guideline"] in text

    def test_the_whole_text_comes_where_it_is_asked_for(self, client: Client, assistant: Assistant) -> None:
        whole = letter(client, "CM14-0031877")["text"]
        given = {"id": "CM14-0031877", "text": True}
        assert assistant.answer("determination", given)["determination"]["text"] == whole
        assert whole in text_of(assistant.result("determination", given))


@pytest.mark.usefixtures("denied_and_won")
class TestReasons:
    def test_grounds_are_counted_in_upheld_and_in_overturned_items(self, assistant: Assistant) -> None:
        table = assistant.answer("reasons", {"service": ["mri"]})
        assert (table["upheld"], table["overturned"], table["read"]) == (2, 1, 3)
        assert table["address"] == f"{SITE}/statistics/reasons/?service=mri"
        grounds = {one["ground"]: one for one in table["grounds"]}
        not_tried, failed = grounds["conservative-care-not-tried"], grounds["conservative-care-failed"]
        assert (not_tried["upheld"]["stating"], not_tried["overturned"]["stating"]) == (2, 0)
        assert (failed["upheld"]["stating"], failed["overturned"]["stating"]) == (0, 1)
        assert failed["upheld"]["share"] is None, "two items are too few for a share"
        pairs = {(one["lacking"]["ground"], one["shown"][0]["ground"]) for one in table["opposed"]}
        assert ("conservative-care-not-tried", "conservative-care-failed") in pairs

    def test_each_sentence_can_be_cited(self, assistant: Assistant) -> None:
        table = assistant.answer("reasons", {"service": ["mri"], "examples": 3})
        (failed,) = [one for one in table["grounds"] if one["ground"] == "conservative-care-failed"]
        (example,) = failed["examples"]
        assert (example["sentence"], example["item"]) == (FAILED, "CM14-0000003.1")
        assert example["is_invented"] and "invented" in example["citation"]
        assert example["address"] == f"{SITE}/determinations/CM14-0000003/#item-1"
        assert INVENTED in table["notes"]
        text = text_of(assistant.result("reasons", {"service": ["mri"], "examples": 3}))
        assert FAILED in text and example["citation"] in text

    def test_without_examples_nothing_is_quoted(self, assistant: Assistant) -> None:
        table = assistant.answer("reasons", {"examples": 0})
        assert [one["examples"] for one in table["grounds"]] == [[]] * len(table["grounds"])
        assert INVENTED not in table["notes"]

    def test_a_search_that_finds_nothing_has_no_grounds(self, assistant: Assistant) -> None:
        table = assistant.answer("reasons", {"q": "xylophone"})
        assert (table["upheld"], table["overturned"], table["grounds"]) == (0, 0, [])


@pytest.mark.usefixtures("denied_and_won")
class TestClosest:
    def test_it_gives_similar_and_opposite_items_and_where_they_part(self, assistant: Assistant) -> None:
        closest = assistant.answer("closest_determinations", {"item": "cm14-0000001.1"})
        assert closest["item"]["id"] == "CM14-0000001.1"
        assert {one["item"]["id"] for one in closest["similar"]} == {"CM14-0000002.1", "CM14-0000003.1"}
        (opposite,) = closest["opposite"]
        assert opposite["item"]["id"] == "CM14-0000003.1"
        assert opposite["item"]["decision"] == "overturned"
        assert opposite["parting"] == {
            "here": "conservative care not tried",
            "there": "conservative care failed",
        }
        assert closest["address"] == f"{SITE}/determinations/CM14-0000001/items/1/similar/"
        assert INVENTED in closest["notes"]
        text = text_of(assistant.result("closest_determinations", {"item": "CM14-0000001.1"}))
        assert all(item["citation"] in text and item["address"] in text for item in every_item(closest))
        assert "conservative care failed" in text

    def test_there_are_no_more_than_asked_for(self, assistant: Assistant) -> None:
        closest = assistant.answer("closest_determinations", {"item": "CM14-0000001.1", "most": 1})
        assert len(closest["similar"]) == len(closest["opposite"]) == 1

    def test_an_empty_list_says_why(self, assistant: Assistant) -> None:
        add(Letter("CM14-0000009", (Item("Cream", services=("topical-analgesics",), levels=()),)))
        index()
        closest = assistant.answer("closest_determinations", {"item": "CM14-0000009.1"})
        assert closest["opposite"] == [] and closest["why_none_opposite"]
        text = text_of(assistant.result("closest_determinations", {"item": "CM14-0000009.1"}))
        assert closest["why_none_opposite"] in text
