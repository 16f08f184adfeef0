"""A span of levels, the joints it is made of and a chain of them find each other in every writing."""

from pathlib import Path

import pytest
from hypothesis import given

from determinations.letters.facts.spine_notation import VERTEBRAE, segments_between
from determinations.search.columnar.engine import ColumnarEngine
from determinations.search.interface import IndexDocument, SearchRequest
from determinations.search.query.compounds import in_every_writing
from determinations.search.query.language import parse_query
from determinations.search.query.levels import joints_of, levels_at
from determinations.search.query.nodes import Node
from determinations.search.query.unparse import query_to_text
from tests.search.query.trees import in_any_form, trees

L4_TO_S1 = (
    "Fusion at L4-L5-S1",
    "Fusion at L4-5-S1",
    "Fusion at L4/5/S1",
    "Fusion L4-S1",
    "Fusion from L4 to S1",
    "Fusion L4–S1",
    "Fusion at L4-5 and L5-S1",
    "Fusion at L4-L5, L5-S1",
    "Fusion at L5-S1, and later at L4/5",
    "Fusion at L4-5, 5-S1",
)
C5_TO_C7 = ("Fusion C5/6/7", "Fusion C5-6-7", "Fusion C5-C6-C7", "Fusion C5-7", "At C5-6, 6-7", "C6-7; C5-6")
OTHERS = (
    "Fusion at L4-5",
    "Fusion at L5-S1",
    "Fusion at C6-7",
    "Surgery at L4 and at S1",
    "S1 radiculopathy",
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> ColumnarEngine:
    engine = ColumnarEngine(Path(tmp_path_factory.mktemp("levels")) / "index")
    texts = (*L4_TO_S1, *C5_TO_C7, *OTHERS)
    engine.replace_all(IndexDocument(key, "", text, "", "", "", {}) for key, text in enumerate(texts))
    return engine


def parsed(text: str) -> Node:
    node = parse_query(text)
    assert node is not None
    return node


def found(engine: ColumnarEngine, text: str) -> list[str]:
    texts = (*L4_TO_S1, *C5_TO_C7, *OTHERS)
    results = engine.search(SearchRequest(in_every_writing(parsed(text)), limit=100))
    return sorted(texts[hit.key] for hit in results.hits)


@pytest.mark.parametrize(
    "typed",
    [
        "L4-L5-S1",
        "L4-5-S1",
        "L4/5/S1",
        "L4L5S1",
        "L4-S1",
        "L4 to S1",
        "S1-L4",
        "L4-5 and L5-S1",
        "L4-5, L5-S1",
        "L4-5/L5-S1",
        "L4-5 & L5-S1",
        "L5-S1 L4-5",
        "L4-5, 5-S1",
        "request:L4-S1",
        "request:(L4-5 L5-S1)",
    ],
)
def test_two_joints_are_found_in_every_writing(engine: ColumnarEngine, typed: str) -> None:
    assert found(engine, typed) == sorted(L4_TO_S1)


@pytest.mark.parametrize("typed", ["C5/6/7", "C5-6-7", "C5-7", "C5-C7", "C5-6, 6-7", "C5-6 and C6-7"])
def test_a_chain_in_short_is_found_in_every_writing(engine: ColumnarEngine, typed: str) -> None:
    assert found(engine, typed) == sorted(C5_TO_C7)


def test_what_is_left_out_is_left_out_in_every_writing(engine: ColumnarEngine) -> None:
    assert found(engine, "fusion -L4-S1 -C5-C7") == ["Fusion at C6-7", "Fusion at L4-5", "Fusion at L5-S1"]


def test_in_quotes_a_chain_and_a_span_are_one_word(engine: ColumnarEngine) -> None:
    chains = ["Fusion at L4-5-S1", "Fusion at L4-L5-S1", "Fusion at L4/5/S1"]
    spans = ["Fusion L4-S1", "Fusion L4–S1", "Fusion from L4 to S1"]
    assert found(engine, '"L4-L5-S1"') == sorted((*chains, *spans))


def test_a_joint_is_found_inside_of_a_chain(engine: ColumnarEngine) -> None:
    assert {"Fusion at L4-L5-S1", "Fusion at L4/5/S1"} <= set(found(engine, "L5-S1"))


def test_a_single_joint_does_not_find_the_spans_around_it(engine: ColumnarEngine) -> None:
    assert "Fusion L4-S1" not in found(engine, "L4-5")


@pytest.mark.parametrize(
    ("typed", "run"),
    [
        ("L4-5", "L4-L5"),
        ("L4 fusion S1", "L4 fusion S1"),
        ("L4-5 fusion L5-S1", "L4-L5 fusion L5-S1"),
        ("L3-4 L5-S1", "L3-L4 L5-S1"),
        ("L4-5 OR L5-S1", "L4-L5 OR L5-S1"),
        ("L4-5 -L5-S1", "L4-L5 -L5-S1"),
        ("request:L4-5 rationale:L5-S1", "request:L4-L5 rationale:L5-S1"),
        ("L4-L6", "L4-L6 OR (L4-L5 L5-L6)"),
        (
            "fusion L4-S1",
            "fusion (L4-S1 OR (L4-L5 L5-S1))",
        ),
        (
            "rationale:C5-C7",
            "rationale:(C5-C7 OR (C5-C6 C6-C7))",
        ),
    ],
)
def test_what_is_run(typed: str, run: str) -> None:
    assert query_to_text(in_every_writing(parsed(typed))) == run


@given(trees())
def test_what_is_run_is_in_normal_form(tree: Node) -> None:
    run = in_every_writing(tree)
    assert in_any_form(parse_query(query_to_text(run))) == in_any_form(run)


def test_every_span_of_the_spine_is_read_and_written() -> None:
    for first, upper in enumerate(VERTEBRAE):
        for lower in VERTEBRAE[first + 1 :]:
            name = f"{upper}-{lower}"
            assert levels_at(name, 0) == ((name,), len(name))
            assert joints_of(name) == segments_between(upper, lower)
