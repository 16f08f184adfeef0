"""Invented letters of every layout with all that is to be read from them, as `parse_letter` prints it.

`golden/*.txt` are the letters, the JSON files beside them what is expected, checked by eye.
"""

import json
from pathlib import Path

import pytest

from determinations.letters.parsed_letter import letter_to_json
from tests.letters.one_letter import read_letter

LETTERS = sorted((Path(__file__).parent / "golden").glob("*.txt"))


@pytest.mark.parametrize("path", LETTERS, ids=lambda path: path.stem)
def test_a_golden_letter_reads_as_expected(path: Path) -> None:
    _, letter = read_letter(path.read_bytes())
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert letter_to_json(letter) == expected


def test_every_layout_has_a_golden_letter() -> None:
    expected = (path.with_suffix(".json").read_text(encoding="utf-8") for path in LETTERS)
    layouts = {json.loads(text)["layout"] for text in expected}
    assert layouts == {"standard", "late_2013", "notice_2013", "early_2013"}
