"""Rows read by SQL that was written once are what Django itself would read."""

import pytest

from determinations.models import Determination, DisputedItem
from determinations.models.item_rows import ItemRow, item_rows
from determinations.models.row_reads import ModelQuery, RowQuery
from determinations.search_page.item_ref import item_ref, row_ref
from tests.views.library import Item, Letter, add

pytestmark = pytest.mark.django_db

COLUMNS = (
    "case_number",
    "decided_on",
    "assigned_on",
    "specialties",
    "is_current",
    "changed_at",
    "patient_age",
)
OF_LETTERS = RowQuery(
    lambda keys: Determination.objects.filter(pk__in=keys).order_by("pk").values_list(*COLUMNS)
)


def test_rows_have_the_values_of_the_fields() -> None:
    letters = [add(Letter(f"CM14-000000{number}")) for number in (1, 2, 3)]
    add(Letter("CM14-0000004", decided_on=None))
    for keys in ([letters[0].pk], [letter.pk for letter in letters], [letters[2].pk]):
        expected = Determination.objects.filter(pk__in=keys).order_by("pk").values_list(*COLUMNS)
        assert OF_LETTERS.rows(keys) == list(expected)


def test_rows_are_those_of_the_moment() -> None:
    letter = add(Letter("CM14-0000001"))
    assert [row[0] for row in OF_LETTERS.rows([letter.pk])] == ["CM14-0000001"]
    Determination.objects.filter(pk=letter.pk).update(case_number="CM14-0000009")
    assert [row[0] for row in OF_LETTERS.rows([letter.pk])] == ["CM14-0000009"]
    letter.delete()
    assert OF_LETTERS.rows([letter.pk]) == []


def test_a_query_with_other_parameters_than_its_keys_is_refused() -> None:
    current = RowQuery(
        lambda keys: Determination.objects.filter(part=7, pk__in=keys).order_by().values_list("pk")
    )
    with pytest.raises(ValueError, match="other parameters"):
        current.rows([1])


def test_instances_are_those_that_django_makes() -> None:
    letters = [add(Letter(f"CM14-000000{number}")) for number in (1, 2)]
    by_name = ModelQuery(Determination, lambda names: Determination.objects.filter(public_id__in=names))
    for wanted in (["CM14-0000001"], ["CM14-0000002", "CM14-0000001"], ["1", "CM14-0000003"]):
        expected = list(Determination.objects.filter(public_id__in=wanted))
        found = by_name.instances(wanted)
        assert [vars(one) | {"_state": None} for one in found] == [
            vars(one) | {"_state": None} for one in expected
        ]
        assert all(not one._state.adding and one._state.db == "default" for one in found)
    short = ModelQuery(Determination, lambda keys: Determination.objects.filter(pk__in=keys).without_texts())
    (letter,) = short.instances([letters[0].pk])
    assert letter.get_deferred_fields() == {"full_text", "clinical_summary"}
    assert letter.full_text == letters[0].full_text


def test_keys_may_be_flags() -> None:
    invented = RowQuery(lambda flags: Determination.objects.filter(is_invented__in=flags).values_list("pk"))
    letter = add(Letter("CM14-0000001", fields={"is_invented": True}))
    assert invented.rows([True]) == [(letter.pk,)]
    assert invented.rows([False]) == []


def test_the_row_of_an_item_says_what_the_item_says() -> None:
    rationale = "There is no documentation of functional improvement. The guideline does not support it."
    add(Letter("CM14-0000001", items=(Item(rationale=rationale), Item("Massage", levels=()))))
    add(Letter(decided_on=None, fields={"is_invented": True}))
    DisputedItem.objects.filter(position=2).update(
        original_request="Twelve visits", authorized="Six visits", disputed_portion="6"
    )
    items = list(DisputedItem.objects.select_related("determination"))
    rows = item_rows(item.pk for item in items)
    assert set(rows) == {item.pk for item in items} and len(items) == 3
    for item in items:
        row = rows[item.pk]
        assert row_ref(row, "massage") == item_ref(item, "massage")
        assert row.stated_grounds == item.stated_grounds
        assert row.main_of(row.stated_grounds) == item.main_ground
        for name in set(ItemRow._fields) & {field.name for field in DisputedItem._meta.concrete_fields}:
            assert getattr(row, name) == getattr(item, name), name


def test_items_without_a_row_are_left_out() -> None:
    (item,) = add(Letter("CM14-0000001")).items.all()
    assert set(item_rows([item.pk, item.pk + 1000])) == {item.pk}
    assert item_rows([]) == {}
