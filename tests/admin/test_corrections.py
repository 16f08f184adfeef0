"""A domain expert corrects a letter in the admin: it is kept, remembered and found at once."""

import pytest
from django.forms import BaseForm
from django.test import Client
from django.urls import reverse

from determinations.models import Decision, Determination, DisputedItem
from determinations.search.engines import search_engine
from determinations.search.indexing import compare
from determinations.search.interface import FacetFilter, SearchRequest
from determinations.search.query.language import parse_query


def form_data(client: Client, address: str) -> dict[str, object]:
    """What a browser would send if the page's form were saved as it stands."""
    context = client.get(address).context
    forms: list[BaseForm] = [context["adminform"].form]
    data: dict[str, object] = {}
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        for bound in form:
            value = bound.value()
            data[bound.html_name] = "" if value is None else value
    return data


def change_page(row: Determination | DisputedItem) -> str:
    return reverse(f"admin:determinations_{row._meta.model_name}_change", args=[row.pk])


def keys_found(text: str, **filters: str) -> set[int]:
    chosen = tuple(FacetFilter(facet, (value,)) for facet, value in filters.items())
    results = search_engine().search(SearchRequest(query=parse_query(text), filters=chosen, limit=1000))
    return {hit.key for hit in results.hits}


def test_every_admin_page_opens(admin_client: Client, letters: list[Determination]) -> None:
    for model in ("determination", "disputeditem", "importbatch", "importfile"):
        assert admin_client.get(reverse(f"admin:determinations_{model}_changelist")).status_code == 200
    search = {"q": letters[0].case_number, "outcome": letters[0].outcome}
    listed = admin_client.get(reverse("admin:determinations_determination_changelist"), search)
    assert str(letters[0]) in listed.content.decode()


def test_the_admin_has_the_sites_name(admin_client: Client) -> None:
    page = admin_client.get(reverse("admin:index")).content.decode()
    assert "<title>Letters, imports and accounts | IMR determinations</title>" in page
    assert f'<a href="{reverse("determinations:search")}">IMR Determinations</a>' in page
    assert "Django" not in page


def test_saving_a_letter_unchanged_corrects_nothing(
    admin_client: Client, letters: list[Determination]
) -> None:
    for letter in letters:
        page = change_page(letter)
        assert admin_client.post(page, form_data(admin_client, page)).status_code == 302
        letter.refresh_from_db()
        assert letter.corrected_fields == []
        assert [item.corrected_fields for item in letter.items.all()] == [[]] * letter.items.count()


def test_a_corrected_summary_is_remembered_and_found(
    admin_client: Client, letters: list[Determination]
) -> None:
    letter = letters[0]
    page = change_page(letter)
    data = form_data(admin_client, page) | {"clinical_summary": "A zebrafish bit the injured worker."}
    assert admin_client.post(page, data).status_code == 302
    letter.refresh_from_db()
    assert letter.corrected_fields == ["clinical_summary"]
    assert keys_found("summary:zebrafish") == set(letter.items.values_list("pk", flat=True))


def test_a_corrected_decision_moves_the_outcome_and_the_facet(
    admin_client: Client, letters: list[Determination]
) -> None:
    item = next(row for letter in letters for row in letter.items.all() if row.decision == Decision.UPHELD)
    page = change_page(item)
    data = form_data(admin_client, page) | {"decision": Decision.OVERTURNED.value}
    assert admin_client.post(page, data).status_code == 302
    item.refresh_from_db()
    assert item.corrected_fields == ["decision"]
    decisions = set(item.determination.items.values_list("decision", flat=True))
    expected = Decision.OVERTURNED if decisions == {Decision.OVERTURNED} else Decision.PARTIALLY_OVERTURNED
    assert Determination.objects.get(pk=item.determination_id).outcome == expected
    assert item.pk in keys_found("", decision="overturned")
    assert item.pk not in keys_found("", decision="upheld")


def test_levels_may_be_typed_in_any_writing(admin_client: Client, letters: list[Determination]) -> None:
    item = letters[0].items.get(position=1)
    page = change_page(item)
    data = form_data(admin_client, page) | {"spinal_levels": "L3-S1"}
    assert admin_client.post(page, data).status_code == 302
    item.refresh_from_db()
    assert item.spinal_levels == ["L3-L4", "L4-L5", "L5-S1"]


def test_what_is_no_level_is_refused_beside_the_field(
    admin_client: Client, letters: list[Determination]
) -> None:
    item = letters[0].items.get(position=1)
    page = change_page(item)
    response = admin_client.post(page, form_data(admin_client, page) | {"spinal_levels": "L9-L12"})
    assert response.status_code == 200
    assert "“L9-L12”" in response.content.decode()


def test_a_deleted_letter_is_gone_from_search(admin_client: Client, letters: list[Determination]) -> None:
    letter = letters[0]
    keys = set(letter.items.values_list("pk", flat=True))
    delete = reverse("admin:determinations_determination_delete", args=[letter.pk])
    assert admin_client.post(delete, {"post": "yes"}).status_code == 302
    assert not keys & keys_found("")
    assert compare(search_engine()).agrees


def test_the_history_says_who_corrected_what(admin_client: Client, letters: list[Determination]) -> None:
    page = change_page(letters[0])
    admin_client.post(page, form_data(admin_client, page) | {"patient_age": "61"})
    history = admin_client.get(reverse("admin:determinations_determination_history", args=[letters[0].pk]))
    assert "admin" in history.content.decode()
    assert "Patient age" in history.content.decode()


@pytest.mark.parametrize("model", ["determination", "disputeditem"])
def test_letters_are_not_typed_in_by_hand(admin_client: Client, db: None, model: str) -> None:
    assert admin_client.get(reverse(f"admin:determinations_{model}_add")).status_code == 403


def test_a_corrected_ground_is_remembered_and_found(
    admin_client: Client, letters: list[Determination]
) -> None:
    item = next(row for letter in letters for row in letter.items.all() if row.rationale)
    page = change_page(item)
    sentence = item.rationale.split(".")[0] + "."
    data = form_data(admin_client, page) | {"grounds": f"exception-justified: {' '.join(sentence.split())}"}
    answer = admin_client.post(page, data)
    assert answer.status_code == 302, answer.context["errors"]
    item.refresh_from_db()
    assert item.corrected_fields == ["grounds"]
    assert item.grounds == [{"ground": "exception-justified", "start": 0, "end": len(sentence)}]
    assert item.pk in keys_found("", reason="exception-justified")


@pytest.mark.parametrize(
    "line",
    ["no-ground-at-all: It is not.", "criteria-met: A sentence that the rationale lacks.", "criteria-met"],
)
def test_a_ground_needs_a_known_name_and_a_sentence_of_the_rationale(
    admin_client: Client, letters: list[Determination], line: str
) -> None:
    item = next(row for letter in letters for row in letter.items.all())
    before = item.grounds
    page = change_page(item)
    answer = admin_client.post(page, form_data(admin_client, page) | {"grounds": line})
    assert answer.context["adminform"].form.errors.keys() == {"grounds"}
    item.refresh_from_db()
    assert item.grounds == before


def test_a_corrected_rationale_is_read_for_its_grounds(
    admin_client: Client, letters: list[Determination]
) -> None:
    item = next(row for letter in letters for row in letter.items.all())
    page = change_page(item)
    rationale = "There is no documentation of failed physical therapy. It is not medically necessary."
    assert (
        admin_client.post(page, form_data(admin_client, page) | {"rationale": rationale}).status_code == 302
    )
    item.refresh_from_db()
    assert item.corrected_fields == ["rationale"]
    assert [ground.slug for ground in item.stated_grounds] == ["conservative-care-not-tried"]
