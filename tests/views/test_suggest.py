"""Type-ahead offers what the words at the end of the box may become."""

from typing import Any

import pytest
from django.test import Client

from determinations.models import Determination

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]


def offered(client: Client, **parameters: str) -> list[dict[str, Any]]:
    response = client.get("/suggest/", parameters)
    assert response.status_code == 200
    found: list[dict[str, Any]] = response.json()["suggestions"]
    return found


def test_a_service_is_offered_as_a_filter_of_the_present_search(client: Client) -> None:
    (first, *_) = offered(client, q="radicular medial br", decision="upheld")
    assert first["kind"] == "service"
    assert first["url"] == "/?q=radicular&decision=upheld&service=medial-branch-blocks"
    assert client.get(first["url"]).status_code == 200


def test_a_drug_completes_the_last_word_and_keeps_the_others(client: Client) -> None:
    found = offered(client, q="returned hydroco")
    assert {
        "label": "hydrocodone",
        "kind": "drug",
        "query": "returned hydrocodone",
        "url": "",
        "total": 1,
    } in found


@pytest.mark.parametrize(
    ("typed", "label", "kind", "parameter"),
    [
        ("radicular L4-5", "L4-L5", "spinal level", "level=L4-L5"),
        ("radicular L4", "L4-L5", "spinal level", "level=L4-L5"),
        ("radicular low ba", "Low back", "body part", "body_part=low-back"),
        ("radicular uphe", "Upheld", "decision", "decision=upheld"),
        ("visits physical med", "Physical Medicine and Rehabilitation", "reviewer’s specialty", "specialty="),
    ],
)
def test_levels_body_parts_decisions_and_specialties_are_offered_as_filters_with_their_counts(
    client: Client, typed: str, label: str, kind: str, parameter: str
) -> None:
    found = {offer["label"]: offer for offer in offered(client, q=typed)}
    assert found[label]["kind"] == kind
    assert found[label]["total"] > 0
    assert found[label]["url"].startswith(f"/?q={typed.split()[0]}&")
    assert parameter in found[label]["url"]


def test_a_total_is_what_following_the_offer_finds(client: Client) -> None:
    for typed in ("radicular medial br", "radicular med", "returned hydroco", "medial L4"):
        for offer in offered(client, q=typed):
            there = client.get(offer["url"] or "/", {} if offer["url"] else {"q": offer["query"]})
            answer = client.get(f"/api/search?{there.wsgi_request.META['QUERY_STRING']}").json()
            assert answer["total"] == offer["total"] > 0, offer


def test_what_finds_nothing_with_the_rest_of_the_search_is_not_offered(client: Client) -> None:
    assert "Medial branch blocks" in [found["label"] for found in offered(client, q="medial br")]
    assert "Medial branch blocks" not in [found["label"] for found in offered(client, q="visits medial br")]


def test_a_level_that_no_item_has_is_not_offered(client: Client) -> None:
    assert not offered(client, q="C1-2")


def test_a_word_of_the_letters_is_completed(client: Client) -> None:
    assert "radicular" in [found["label"] for found in offered(client, q="radicula")]


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("MBB", "Medial branch blocks"),
        ("esi", "Epidural steroid injections"),
        ("pt", "Physical therapy"),
        ("lumbar ESI", "Epidural steroid injections"),
        ("ODG", "Official Disability Guidelines"),
    ],
)
def test_an_abbreviation_offers_what_it_stands_for(client: Client, typed: str, label: str) -> None:
    (first, *_) = offered(client, q=typed)
    assert first["label"] == label
    assert client.get(first["url"]).status_code == 200


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("rationale:radicula", "rationale:radicular"),
        ("radicular -hydroco", "radicular -hydrocodone"),
        ("(fusion OR hydroco", "(fusion OR hydrocodone"),
        ('"chronic radicula', '"chronic radicular'),
    ],
)
def test_words_behind_a_field_or_a_sign_are_completed_and_nothing_is_filtered(
    client: Client, typed: str, query: str
) -> None:
    found = offered(client, q=typed)
    assert query in [offer["query"] for offer in found]
    assert not {"service", "guideline"} & {offer["kind"] for offer in found}


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("relief service:med", "relief service:medial-branch-blocks"),
        ("-service:opi", "-service:opioids"),
        ("level:lum", "level:lumbar"),
        ("norco decision:", "norco decision:overturned"),
        ("year:201", "year:2014"),
    ],
)
def test_a_facet_in_the_question_offers_its_values(client: Client, typed: str, query: str) -> None:
    assert query in [offer["query"] for offer in offered(client, q=typed)]
    assert client.get("/", {"q": query}).status_code == 200


@pytest.mark.parametrize("typed", ["cycloben", "service:acupunct", "acupunct"])
def test_nothing_is_offered_that_finds_nothing(client: Client, typed: str) -> None:
    assert offered(client, q=typed) == []


@pytest.mark.parametrize("written", ["{}", "letter {}", "{}…", "case:{}"])
@pytest.mark.parametrize("digits", [8, 12, 16, 64])
def test_the_name_of_a_letter_without_a_number_leads_to_it(client: Client, written: str, digits: int) -> None:
    letter = Determination.objects.get(case_number="")
    typed = written.format(letter.content_hash[:digits])
    (offer,) = offered(client, q=typed)
    assert (offer["label"], offer["kind"]) == (letter.public_id, "letter")
    assert offer["url"] == letter.get_absolute_url()


def test_seven_digits_name_no_letter(client: Client) -> None:
    assert offered(client, q=Determination.objects.get(case_number="").content_hash[:7]) == []


@pytest.mark.parametrize(
    "typed", ["CM14-003", "cm14-31", "cm1431", "CM14", "14-0031", "14-31", "case:14-31877"]
)
def test_a_case_number_leads_to_its_letter(client: Client, typed: str) -> None:
    letters = [found["url"] for found in offered(client, q=typed) if found["kind"] == "case number"]
    assert "/determinations/CM14-0031877/" in letters


@pytest.mark.parametrize("typed", ["", " ", "zzzzqq", '"', "(", "\0", "%", "*"])
def test_nothing_is_offered_for_what_begins_nothing(client: Client, typed: str) -> None:
    assert offered(client, q=typed) == []


def test_without_an_index_it_answers_503(client: Client, settings: Any) -> None:
    settings.SEARCH_INDEX_DIR = settings.SEARCH_INDEX_DIR / "nowhere"
    response = client.get("/suggest/?q=medial")
    assert response.status_code == 503 and int(response["Retry-After"]) > 0
