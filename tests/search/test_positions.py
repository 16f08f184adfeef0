"""Expressions over positions: everything that a choice of places answers, and nothing else."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from determinations.search.positions import (
    Close,
    Either,
    Expression,
    Leaf,
    Places,
    Sequence,
    Term,
    spans,
)
from tests.oracle.stretches import stretches

LEAVES = tuple(map(Term, "abc"))


def _grown(parts: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    several = st.lists(parts, min_size=2, max_size=3).map(tuple)
    distances = st.one_of(st.none(), st.integers(1, 6))
    return st.one_of(
        st.builds(Either, several),
        st.builds(Sequence, several),
        st.builds(Close, several, distances, st.booleans(), st.booleans()),
    )


expressions = st.recursive(st.sampled_from(LEAVES), _grown, max_leaves=4)
texts = st.lists(st.sampled_from(("a", "b", "c", "x", "a.", "b.", "x.")), max_size=9)


def places_in(text: list[str], first: int = 0) -> dict[Leaf, list[int]]:
    return {
        leaf: [first + at for at, word in enumerate(text) if word.rstrip(".") == leaf.term] for leaf in LEAVES
    }


def ends_in(text: list[str], first: int = 0) -> frozenset[int]:
    return frozenset(first + at for at, word in enumerate(text) if word.endswith("."))


@settings(max_examples=300, deadline=None)
@given(expressions, texts)
def test_what_is_found_is_what_trying_every_choice_finds(expression: Expression, text: list[str]) -> None:
    known = places_in(text)
    bounds = np.array([0, *sorted(end + 1 for end in ends_in(text))], np.uint32)
    places = Places(lambda leaf: BitMap(known[leaf]), np.zeros(1, np.uint32), lambda: bounds)
    found = {
        (start, start + length - 1)
        for length, starts in spans(expression, places).items()
        for start in starts
    }
    assert found == stretches(expression, known.__getitem__, ends_in(text))


@settings(max_examples=200, deadline=None)
@given(expressions, texts, texts)
def test_nothing_reaches_from_one_text_into_the_next(
    expression: Expression, one: list[str], other: list[str]
) -> None:
    second = len(one) + 102
    known = {leaf: places + places_in(other, second)[leaf] for leaf, places in places_in(one).items()}
    ends = ends_in(one) | ends_in(other, second)
    bounds = np.array(sorted({0, second, *(end + 1 for end in ends)}), np.uint32)
    places = Places(lambda leaf: BitMap(known[leaf]), np.array([0, second], np.uint32), lambda: bounds)
    found = {start for starts in spans(expression, places).values() for start in starts}
    in_one = stretches(expression, places_in(one).__getitem__, ends_in(one))
    in_other = stretches(expression, places_in(other, second).__getitem__, ends_in(other, second))
    assert found == {start for start, _ in in_one | in_other}
