"""/api/determinations/<id> gives a whole letter, and every way to it that the page knows leads there."""

from datetime import date

import pytest
from django.test import Client

from determinations.models import Determination, GuidelineCitation, LetterWarning
from tests.api.calling import letter, problem
from tests.views.library import Item, Letter, add

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]


def test_it_holds_what_the_page_shows(client: Client) -> None:
    told = letter(client, "CM14-0031877")
    assert (told["id"], told["case_number"], told["outcome"]) == (
        "CM14-0031877",
        "CM14-0031877",
        "partially_overturned",
    )
    assert told["dates"]["decision"] == "2014-08-13" and told["dates"]["injury"] is None
    assert told["reviewer"] == {"specialties": ["Pain Medicine"], "licensed_in": []}
    assert told["clinical_summary"].startswith("The injured worker is a 45 year old male")
    assert told["text"].startswith("Letter ")
    block, norco = told["items"]
    assert block["item"]["spinal_levels"] == ["L4-L5"] and norco["item"]["spinal_levels"] == []
    assert norco["rationale"] == "Opioids may be continued when the patient has returned to work."
    assert norco["reviewer_guideline"] == "MAXIMUS guideline: mtus-chronic-pain "
    assert norco["item"]["guidelines"]["reviewer"][0]["source"] == "mtus-chronic-pain"
    assert told["citation"]["plain"] == "IMR Case No. CM14-0031877 (Aug. 13, 2014)"
    assert "not precedent" in told["citation"]["note"]
    assert (told["is_current"], told["superseded_by"], told["supersedes"]) == (True, None, [])


def test_every_address_in_it_leads_somewhere(client: Client) -> None:
    told = letter(client, "CM14-0031877")
    addresses = [
        *told["links"].values(),
        *(item[name] for item in told["items"] for name in ("html", "similar")),
    ]
    assert len(addresses) == 8
    for address in addresses:
        assert client.get(address.removeprefix("http://testserver").partition("#")[0]).status_code == 200


def test_a_citation_is_whole(client: Client) -> None:
    GuidelineCitation.objects.filter(item__request__startswith="Medial").update(
        year=2004, sections=["Facet"], pages=["300", 309], tables=["12-8"], text="ACOEM page 300"
    )
    first = letter(client, "CM14-0031877")["items"][0]["item"]["guidelines"]["claims_administrator"][0]
    assert first == {
        "value": "mtus-acoem.low-back",
        "source": "mtus-acoem",
        "chapter": "Low Back",
        "year": 2004,
        "sections": ["Facet"],
        "pages": ["300", "309"],
        "tables": ["12-8"],
        "text": "ACOEM page 300",
    }


def test_what_the_reader_could_not_read_is_told(client: Client) -> None:
    row = Determination.objects.get(case_number="CM14-0031877")
    LetterWarning.objects.create(
        determination=row, code="no_decision", message="No decision.", place="item 2"
    )
    assert letter(client, "CM14-0031877")["warnings"] == [
        {"code": "no_decision", "message": "No decision.", "place": "item 2"}
    ]


def test_inferred_joints_stand_apart_from_stated_levels(client: Client) -> None:
    add(Letter("CM20-0000001", (Item("MBB", levels=("L3", "L4", "L5")),)))
    (item,) = letter(client, "CM20-0000001")["items"]
    assert item["item"]["spinal_levels"] == ["L3", "L4", "L5"]
    assert item["joints_supplied"] == ["L4-L5", "L5-S1"]


def test_versions_name_each_other(client: Client) -> None:
    newer = add(Letter("CM14-0000009"))
    older = add(Letter("", (Item(),), decided_on=date(2014, 1, 2)))
    Determination.objects.filter(pk=older.pk).update(
        case_number="CM14-0000009", public_id="CM14-0000009-abcdef01", is_current=False, superseded_by=newer
    )
    (version,) = letter(client, "CM14-0000009")["supersedes"]
    told = letter(client, version["id"])
    assert not told["is_current"]
    assert told["superseded_by"]["links"]["api"] == "http://testserver/api/determinations/CM14-0000009"
    assert "superseded version" in told["citation"]["plain"]


@pytest.mark.parametrize("writing", ["cm14-0031877", "CM14-31877", "Cm14-0031877"])
def test_another_writing_of_the_case_number_leads_to_the_letters_own_address(
    client: Client, writing: str
) -> None:
    response = client.get(f"/api/determinations/{writing}")
    assert response.status_code == 301
    assert response["Location"] == "/api/determinations/CM14-0031877"


def test_a_letter_is_found_by_its_whole_content_hash(client: Client) -> None:
    row = Determination.objects.get(case_number="CM14-0031877")
    assert (
        client.get(f"/api/determinations/{row.content_hash}")["Location"]
        == "/api/determinations/CM14-0031877"
    )


@pytest.mark.parametrize(
    "path",
    [
        "determinations/CM99-0000001",
        "determinations/CM14-0031877/",
        "determinations/%00",
        "determinations/..%2f..",
        "determinations/",
        "search/",
        "nothing",
        "Search",
        "search.csv",
        "%ff",
    ],
)
def test_what_is_not_there_is_a_problem_in_json(client: Client, path: str) -> None:
    told = problem(client.get(f"/api/{path}"), 404)
    assert told["errors"] == []
    assert len(told["detail"]) > 20


def test_without_an_index_a_letter_can_still_be_read(client: Client, settings: object) -> None:
    settings.SEARCH_INDEX_DIR = settings.SEARCH_INDEX_DIR / "nowhere"  # type: ignore[attr-defined]
    assert letter(client, "CM14-0031877")["id"] == "CM14-0031877"
