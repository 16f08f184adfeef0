"""Scans are read by OCR where an engine is installed, within limits, and say so. Skipped elsewhere."""

import re
from collections.abc import Iterator

import pytest

from determinations.letters.parse import parse_letter
from determinations.letters.parsed_letter import UnreadableLetterError
from determinations.letters.text import ocr
from determinations.letters.text.extraction import extract_text
from sample_letters.generator.pdf import letter_pdf
from tests.letters.invented import item, standard_letter
from tests.letters.one_letter import read_letter

if not ocr.is_installed():
    pytest.skip("Tesseract or pytesseract is not installed", allow_module_level=True)

from benchmarks.ocr import scanned

TEXT = standard_letter(
    item("Norco 10/325mg #60: Upheld"),
    item("Right knee MRI: Overturned", rationale="The records support it. The request is certified."),
    cover="Case Number: CM15-9001234 Date Assigned: 06/20/2015\nDecision Date: 07/23/2015\n",
)


@pytest.fixture(scope="module")
def scan() -> Iterator[bytes]:
    yield scanned(letter_pdf(TEXT, "Final Determination Letter"), 200, 1.5, 12.0, seed=1)[0]


def test_a_scan_is_read_and_says_with_what_confidence(scan: bytes) -> None:
    extracted, letter = read_letter(scan)
    true = parse_letter(TEXT)
    assert letter.case_number == true.case_number
    assert letter.dates == true.dates
    assert [(each.request, each.decision) for each in letter.items] == [
        (each.request, each.decision) for each in true.items
    ]
    assert extracted.ocr_confidence is not None
    assert 70 < extracted.ocr_confidence <= 100
    warning = next(warning for warning in letter.warnings if warning.code == "read_by_ocr")
    assert warning.place == "page 1"
    assert re.findall(r"\d+%", warning.message) == [f"{extracted.ocr_confidence:.0f}%"]


def test_a_page_that_takes_too_long_leaves_the_letter_to_other_means(
    scan: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocr, "MAX_SECONDS", -1.0)
    with pytest.raises(UnreadableLetterError) as caught:
        extract_text(scan)
    assert caught.value.code == "needs_ocr"


def test_more_scanned_pages_than_the_limit_are_not_read(scan: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "MAX_PAGES", 0)
    with pytest.raises(UnreadableLetterError, match="at most 0") as caught:
        extract_text(scan)
    assert caught.value.code == "needs_ocr"


def test_each_page_is_announced(scan: bytes) -> None:
    pages: list[int] = []
    extract_text(scan, lambda: pages.append(1))
    assert pages == [1]


def test_a_scan_of_something_else_still_needs_ocr() -> None:
    other = scanned(letter_pdf("Minutes of the meeting.\nNothing was decided.\n" * 8, "page"), 150, 0, 0, 1)[
        0
    ]
    with pytest.raises(UnreadableLetterError) as caught:
        from determinations.letters.parse import read_letters

        read_letters(other)
    assert caught.value.code == "needs_ocr"
