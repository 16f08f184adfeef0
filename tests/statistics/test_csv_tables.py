"""CSV that a spreadsheet opens as it is, and runs nothing of."""

import csv
import io

import pytest

from determinations.export.csv_lines import spreadsheet_safe
from determinations.statistics.breakdowns import COLUMNS, RateRow, rates_as_csv
from determinations.statistics.rates import OutcomeRate


def read(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_a_row_has_its_counts_share_and_interval() -> None:
    (row,) = read(rates_as_csv([RateRow("opioids", "Opioids", "Drugs", OutcomeRate(15, 100))], "/?q=a"))
    assert tuple(row) == COLUMNS
    assert (row["value"], row["label"], row["within"]) == ("opioids", "Opioids", "Drugs")
    assert (row["overturned"], row["decided"], row["share_overturned"]) == ("15", "100", "0.15")
    assert (row["interval_low"], row["interval_high"]) == ("0.0931", "0.2328")
    assert row["search"] == "/?q=a"


@pytest.mark.parametrize(("decided", "has_share"), [(4, False), (5, True)])
def test_below_five_items_share_and_interval_are_empty(decided: int, has_share: bool) -> None:
    (row,) = read(rates_as_csv([RateRow("a", "A", "", OutcomeRate(1, decided))], ""))
    figures = [row["share_overturned"], row["interval_low"], row["interval_high"]]
    assert all(figures) if has_share else not any(figures)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_no_text_is_a_formula(text: str) -> None:
    assert spreadsheet_safe(text) == f"'{text}"
    (row,) = read(rates_as_csv([RateRow("a", text, text, OutcomeRate(0, 1))], text))
    assert row["label"] == row["within"] == row["search"] == f"'{text}"


def test_other_texts_stand_as_they_are() -> None:
    assert spreadsheet_safe("Low Back, “lumbar” = L4-L5") == "Low Back, “lumbar” = L4-L5"
