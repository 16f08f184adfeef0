"""Citations as attorneys write them."""

from datetime import date

import pytest

from determinations.citations import citation_of
from determinations.models import DisputedItem
from tests.site.library import Item, Letter, add

pytestmark = pytest.mark.django_db


def item(case_number: str = "CM14-0031877", decided_on: date | None = date(2014, 8, 13)) -> DisputedItem:
    letter = add(Letter(case_number, (Item(), Item()), decided_on=decided_on))
    return letter.items.get(position=2)


def test_it_names_case_item_and_date() -> None:
    assert citation_of(item()).plain == "IMR Case No. CM14-0031877, item 2 (Aug. 13, 2014)"


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2015, 5, 1), "May 1, 2015"),
        (date(2015, 6, 30), "June 30, 2015"),
        (date(2015, 9, 9), "Sept. 9, 2015"),
        (date(2015, 3, 2), "Mar. 2, 2015"),
    ],
)
def test_months_are_abbreviated_as_in_legal_citations(day: date, written: str) -> None:
    assert citation_of(item(decided_on=day)).plain.endswith(f"({written})")


def test_a_letter_without_date_is_dated_by_its_case_numbers_year() -> None:
    assert citation_of(item(decided_on=None)).plain == "IMR Case No. CM14-0031877, item 2 (2014)"


def test_a_letter_without_case_number_is_named_by_its_address() -> None:
    row = item("", None)
    name = f"IMR determination without case number ({row.determination.public_id}), item 2"
    assert citation_of(row).plain == name


def test_markdown_links_to_the_item() -> None:
    markdown = citation_of(item(), "https://imr.example.org").markdown
    address = "https://imr.example.org/determinations/CM14-0031877/#item-2"
    assert markdown == f"[IMR Case No. CM14-0031877, item 2]({address}) (Aug. 13, 2014)"
