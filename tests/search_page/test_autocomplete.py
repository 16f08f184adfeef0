"""Completions of what is being typed: any word's beginning, the best first, in a stable order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from determinations.search_page.autocomplete import Suggestion, SuggestionKind, suggestions

SERVICES = ("Medial branch blocks", "Nerve blocks", "MRI", "Interferential stimulation", "Bone scan")
DRUGS = ("Medrol", "Norco", "Neurontin", "Medial cream")
GUIDELINES = ("ODG Neck and Upper Back", "MTUS Chronic Pain Medical Treatment Guidelines")
CASES = ("CM14-0031877", "CM14-0000031", "CM15-0031877", "CM14-0318770")
WORDS = ("medical", "medication", "medrol", "x-ray")


def texts(prefix: str, limit: int = 10) -> list[str]:
    found = suggestions(
        prefix,
        services=SERVICES,
        drugs=DRUGS,
        guidelines=GUIDELINES,
        case_numbers=CASES,
        words=WORDS,
        limit=limit,
    )
    return [suggestion.text for suggestion in found]


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("med", ["Medial branch blocks", "Medrol", "Medial cream", "medical", "medication", GUIDELINES[1]]),
        ("MED", ["Medial branch blocks", "Medrol", "Medial cream", "medical", "medication", GUIDELINES[1]]),
        ("  medial  br", ["Medial branch blocks"]),
        ("branch", ["Medial branch blocks"]),
        ("block", ["Medial branch blocks", "Nerve blocks"]),
        ("ne", ["Nerve blocks", "Neurontin", "ODG Neck and Upper Back"]),
        ("ray", ["x-ray"]),
        ("ＭＲＩ", ["MRI"]),
        ("one", []),
        ("", []),
        ("   ", []),
        ("(", []),
        ("[a-z]", []),
        ("m" * 100_000, []),
    ],
)
def test_the_beginning_of_any_word_is_completed(prefix: str, expected: list[str]) -> None:
    assert texts(prefix) == expected


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("CM14-003", ["CM14-0031877"]),
        ("cm14 003", ["CM14-0031877"]),
        ("cm14003", ["CM14-0031877"]),
        ("14-0031877", ["CM14-0031877"]),
        ("cm14–31877", ["CM14-0031877", "CM14-0318770"]),
        ("cm14-31", ["CM14-0031877", "CM14-0000031", "CM14-0318770"]),
        ("cm15", ["CM15-0031877"]),
        ("cm", [*CASES]),
        ("cm14-9", []),
        ("14", []),
    ],
)
def test_case_numbers_in_any_writing(prefix: str, expected: list[str]) -> None:
    assert texts(prefix) == expected


def test_each_suggestion_tells_its_kind() -> None:
    assert suggestions("mri", services=["MRI"], words=["mri"]) == (Suggestion("MRI", SuggestionKind.SERVICE),)
    assert suggestions("n", drugs=["Norco"], words=["neck"]) == (
        Suggestion("Norco", SuggestionKind.DRUG),
        Suggestion("neck", SuggestionKind.WORD),
    )


def test_the_limit_keeps_the_best() -> None:
    assert texts("med", limit=2) == ["Medial branch blocks", "Medrol"]
    assert texts("med", limit=0) == []


@given(st.text(max_size=20), st.lists(st.text(max_size=20)), st.integers(0, 5))
def test_any_beginning_and_any_vocabulary(prefix: str, words: list[str], limit: int) -> None:
    found = suggestions(prefix, words=words, limit=limit)
    assert len(found) <= limit
    assert {suggestion.text for suggestion in found} <= set(words)
    assert len({suggestion.text.casefold() for suggestion in found}) == len(found)


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("841b0c7e", ["841b0c7e12345678"]),
        ("letter 841B0C7E12", ["841b0c7e12345678"]),
        ("841b0c7e1234567890abcdef", ["841b0c7e12345678"]),
        ("841b0c7", []),
        ("841b0c7f", []),
    ],
)
def test_names_of_letters_without_a_number(prefix: str, expected: list[str]) -> None:
    found = suggestions(prefix, case_numbers=("CM14-0031877", "841b0c7e12345678"))
    assert [suggestion.text for suggestion in found] == expected
