"""Rows written by prepared statements are what Django itself would write."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from determinations.models import (
    CitedBy,
    Decision,
    Determination,
    DisputedItem,
    GuidelineCitation,
    Layout,
)
from determinations.models.row_writes import (
    insert_rows,
    insert_values,
    insert_with_keys,
    update_rows,
)

pytestmark = pytest.mark.django_db


def a_letter(**values: Any) -> Determination:
    given: dict[str, Any] = {
        "public_id": "CM14-0000001",
        "content_hash": "a" * 64,
        "text_hash": "b" * 64,
        "layout": Layout.STANDARD,
        "decided_on": date(2014, 5, 3),
        "specialties": ["Physical Medicine & Rehabilitation"],
        "full_text": "text",
        "parser_version": 1,
        **values,
    }
    return Determination(**given)


def values_of(row: Determination) -> dict[str, object]:
    written = {field.name: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return {name: value for name, value in written.items() if name not in {"id", "imported_at", "changed_at"}}


def test_an_inserted_row_reads_like_one_that_was_saved() -> None:
    insert_rows([a_letter()])
    inserted = Determination.objects.get()
    assert inserted.imported_at
    inserted.delete()
    a_letter().save()
    assert values_of(inserted) == values_of(Determination.objects.get())


def test_a_row_may_name_one_that_was_saved_after_it_was_named() -> None:
    letter = a_letter()
    item = DisputedItem(determination=letter, position=1, request="MRI", decision=Decision.UPHELD)
    citation = GuidelineCitation(item=item, cited_by=CitedBy.REVIEWER, source="odg", sections=["MRI"])
    letter.save()
    item.determination = letter
    item.save()
    insert_rows([citation])
    assert GuidelineCitation.objects.get().item == item


def test_rows_given_as_values_read_like_saved_ones() -> None:
    letter = a_letter()
    letter.save()
    values: dict[str, Any] = {
        "position": 1,
        "request": "MRI of the lumbar spine",
        "decision": Decision.UPHELD,
        "services": ["mri"],
        "spinal_levels": [],
    }
    insert_values(DisputedItem, [{"determination_id": letter.pk, **values}])
    inserted = DisputedItem.objects.values().get()
    DisputedItem.objects.all().delete()
    DisputedItem(determination=letter, **values).save()
    saved = DisputedItem.objects.values().get()
    assert {**inserted, "id": 0} == {**saved, "id": 0}
    assert (inserted["corrected_fields"], inserted["laterality"]) == ([], "")


def test_keys_are_filled_in_where_they_are_needed() -> None:
    letters = [
        a_letter(public_id=name, content_hash=name * 64, text_hash=name * 64) for name in ("c", "a", "b")
    ]
    insert_with_keys(letters, "content_hash")
    assert {letter.pk: letter.public_id for letter in letters} == dict(
        Determination.objects.values_list("pk", "public_id")
    )
    letters[0].case_number = "CM14-0000009"
    letters[0].save()
    assert Determination.objects.count() == 3


def test_only_the_named_fields_of_a_row_are_updated() -> None:
    letter = a_letter()
    letter.save()
    letter.case_number, letter.specialties, letter.decided_on = "CM14-0000001", [], None
    update_rows([letter], ["case_number", "specialties"])
    stored = Determination.objects.get()
    assert (stored.case_number, stored.specialties, stored.decided_on) == (
        "CM14-0000001",
        [],
        date(2014, 5, 3),
    )


@pytest.mark.django_db(transaction=True)
def test_all_rows_are_one_transaction() -> None:
    with CaptureQueriesContext(connection) as queries:
        insert_rows([a_letter(), a_letter(public_id="2", content_hash="c" * 64, text_hash="d" * 64)])
    assert [query["sql"].split()[0] for query in queries].count("BEGIN") == 1
    assert Determination.objects.count() == 2


def test_no_rows_are_no_statement() -> None:
    with CaptureQueriesContext(connection) as queries:
        insert_rows([])
        insert_values(DisputedItem, [])
        insert_with_keys([], "content_hash")
        update_rows([], ["case_number"])
    assert len(queries) == 0
