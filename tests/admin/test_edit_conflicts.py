"""Two people who edit one letter at once: the second learns what changed, and nothing of either is lost."""

import pytest
from django.test import Client

from determinations.models import Determination
from tests.admin.test_corrections import change_page, form_data


@pytest.fixture
def letter(letters: list[Determination]) -> Determination:
    return letters[0]


def test_a_field_that_only_the_first_changed_keeps_that_change(
    admin_client: Client, letter: Determination
) -> None:
    page = change_page(letter)
    first, second = form_data(admin_client, page), form_data(admin_client, page)
    admin_client.post(page, first | {"clinical_summary": "From the first."})
    response = admin_client.post(page, second | {"patient_age": "61"}, follow=True)
    letter.refresh_from_db()
    assert (letter.clinical_summary, letter.patient_age) == ("From the first.", 61)
    assert letter.corrected_fields == ["clinical_summary", "patient_age"]
    assert "Clinical summary" in " ".join(str(one) for one in response.context["messages"])


def test_a_field_that_both_changed_is_shown_with_both_texts_and_saved_when_asked_again(
    admin_client: Client, letter: Determination
) -> None:
    page = change_page(letter)
    first, second = form_data(admin_client, page), form_data(admin_client, page)
    admin_client.post(page, first | {"clinical_summary": "From the first.", "patient_age": "61"})
    response = admin_client.post(page, second | {"clinical_summary": "From the second."})
    assert response.status_code == 200
    form = response.context["adminform"].form
    assert [error.code for error in form.errors.as_data()["clinical_summary"]] == ["changed_meanwhile"]
    assert {"From the first.", "From the second."} <= {
        text for text in ("From the first.", "From the second.") if text in response.content.decode()
    }
    letter.refresh_from_db()
    assert letter.clinical_summary == "From the first."

    again = {bound.html_name: bound.value() or "" for bound in form}
    assert admin_client.post(page, second | again).status_code == 302
    letter.refresh_from_db()
    assert letter.clinical_summary == "From the second."
    assert letter.patient_age == 61, "the page that was shown again did not know of it"


def test_the_same_holds_for_an_item_on_the_letters_page_and_on_its_own(
    admin_client: Client, letter: Determination
) -> None:
    item = letter.items.get(position=1)
    whole, own = change_page(letter), change_page(item)
    second = form_data(admin_client, whole)
    admin_client.post(own, form_data(admin_client, own) | {"rationale": "From the first."})
    response = admin_client.post(whole, second | {"items-0-rationale": "From the second."})
    assert response.status_code == 200
    inline = response.context["inline_admin_formsets"][0].formset.forms[0]
    assert [error.code for error in inline.errors.as_data()["rationale"]] == ["changed_meanwhile"]
    assert admin_client.post(whole, second | {"items-0-request": "A new request"}).status_code == 302
    item.refresh_from_db()
    assert (item.rationale, item.request) == ("From the first.", "A new request")
    assert item.corrected_fields == ["rationale", "request"]


def test_what_the_parser_changed_meanwhile_does_not_become_a_correction(
    admin_client: Client, letter: Determination
) -> None:
    page = change_page(letter)
    data = form_data(admin_client, page)
    Determination.objects.filter(pk=letter.pk).update(clinical_summary="As parsed again.", patient_age=44)
    assert admin_client.post(page, data | {"priority": "expedited"}).status_code == 302
    letter.refresh_from_db()
    assert (letter.clinical_summary, letter.patient_age) == ("As parsed again.", 44)
    assert letter.corrected_fields == ["priority"]


@pytest.mark.parametrize("seen", ["", "[]", "x", "null"])
def test_a_form_without_marks_is_saved_as_it_is(
    admin_client: Client, letter: Determination, seen: str
) -> None:
    page = change_page(letter)
    data = form_data(admin_client, page) | {"seen": seen, "patient_age": "61"}
    assert admin_client.post(page, data).status_code == 302
    letter.refresh_from_db()
    assert letter.patient_age == 61
