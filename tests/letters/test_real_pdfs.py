"""Every expected fact of the 64 real letters of 2016 and 2017 beside the repository, where they are."""

import json
from typing import Any

import pytest

from determinations.letters.parse import read_letters
from determinations.letters.parsed_letter import letter_to_json
from tests.letters.tables import shared

FOLDER = shared("letters", "pdf")
EXPECTED = shared("letters", "pdf_expected.jsonl")

pytestmark = pytest.mark.skipif(not EXPECTED.is_file(), reason="no real letters as PDF beside the repository")


def facts_of(letter: dict[str, Any]) -> dict[str, Any]:
    """What a letter was read as, in the form of the file of expectations."""
    return {
        "case_number": letter["case_number"],
        "dates": letter["dates"],
        "priority": letter["priority"],
        "specialties": letter["reviewer"]["specialties"],
        "licensed_in": letter["reviewer"]["licensed_in"],
        "age": letter["patient"]["age"],
        "sex": letter["patient"]["sex"],
        "items": [
            {
                "request": item["request"],
                "decision": item["decision"],
                "services": sorted(item["services"]),
                "spinal_levels": item["spinal_levels"],
                "laterality": item["laterality"],
            }
            for item in letter["items"]
        ],
    }


def test_every_expected_fact_is_read() -> None:
    expected = {}
    for line in EXPECTED.read_text("utf-8").splitlines():
        letter = json.loads(line)
        for item in letter["items"]:
            del item["debatable"]
            item["services"] = sorted(item["services"])
        expected[letter["case_number"]] = letter
    read = {}
    for path in sorted(FOLDER.glob("*.pdf")):
        _, letters = read_letters(path.read_bytes())
        for letter in letters:
            read[letter.case_number] = facts_of(letter_to_json(letter))
    assert read.keys() == expected.keys()
    wrong = {
        (number, name): (expected[number][name], read[number][name])
        for number in expected
        for name in expected[number]
        if read[number][name] != expected[number][name]
    }
    assert wrong == {}
