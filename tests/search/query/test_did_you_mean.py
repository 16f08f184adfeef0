"""Misspelled words are replaced by the index's own; everything else stays as typed."""

import pytest
from hypothesis import given

from determinations.search.query.did_you_mean import corrected
from determinations.search.query.language import parse_query
from determinations.search.query.nodes import Node
from determinations.search.query.unparse import query_to_text
from tests.search.query.trees import in_any_form, trees

CORRECTIONS = {
    "radiculopaty": "radiculopathy",
    "fusoin": "fusion",
    "norko": "norco",
    "blok": "block",
    "l": "x",
    "cm": "mm",
}


def suggest(word: str, field: str | None) -> str | None:
    return CORRECTIONS.get(word.lower())


@pytest.mark.parametrize(
    ("typed", "better"),
    [
        ("radiculopaty", "radiculopathy"),
        ("radiculopaty fusion", "radiculopathy fusion"),
        ("Fusoin OR norko", "fusion OR norco"),
        ("fusion -(norko OR x)", "fusion -(norco OR x)"),
        ("rationale:fusoin", "rationale:fusion"),
        ('"medial branch blok"', '"medial branch block"'),
        ('"medial branch blok"~5', '"medial branch block"~5'),
        ("rationale:(fusoin norko)", "rationale:(fusion norco)"),
    ],
)
def test_unknown_words_are_corrected_in_their_place(typed: str, better: str) -> None:
    tree = parse_query(typed)
    assert tree is not None
    found = corrected(tree, suggest)
    assert found is not None
    assert query_to_text(found) == better


@pytest.mark.parametrize(
    "typed",
    ["fusion", '"medial branch block"', "fusoi*", "fusoin~", "L4-5", "10/325", "#60", "CM14-31877", "x-ray"],
)
def test_nothing_to_correct(typed: str) -> None:
    tree = parse_query(typed)
    assert tree is not None
    assert corrected(tree, suggest) is None


def test_only_words_of_letters_are_asked_about() -> None:
    asked: list[tuple[str, str | None]] = []

    def ask(word: str, field: str | None) -> str | None:
        asked.append((word, field))
        return None

    tree = parse_query('stairs L4-5 10/325 "branch block L5-S1" summary:pain CM14-31877 radic* fusion~ b12')
    assert tree is not None
    assert corrected(tree, ask) is None
    assert asked == [("stairs", None), ("branch", None), ("block", None), ("pain", "summary")]


def test_a_correction_in_other_capitals_is_none() -> None:
    tree = parse_query("Norco")
    assert tree is not None
    assert corrected(tree, lambda word, field: "norco") is None


@given(trees())
def test_a_corrected_question_is_in_normal_form(tree: Node) -> None:
    better = corrected(tree, lambda word, field: "fusion")
    if better is not None:
        assert in_any_form(parse_query(query_to_text(better))) == in_any_form(better)


def test_what_finds_nothing_is_not_offered() -> None:
    tree = parse_query("fusoin blok")
    assert tree is not None
    assert corrected(tree, suggest, lambda node: False) is None
    assert corrected(tree, suggest, lambda node: True) == parse_query("fusion block")


@pytest.mark.parametrize("typed", ["CRPS", "TENS", "norco"])
def test_names_of_things_are_not_misspelled(typed: str) -> None:
    tree = parse_query(typed)
    assert tree is not None
    assert corrected(tree, lambda word, field: "cups") is None
