"""A tree printed is a text that means the same."""

import pytest
from hypothesis import given

from determinations.search.interface import QuerySyntaxError
from determinations.search.query.language import parse_query
from determinations.search.query.nodes import Node
from determinations.search.query.unparse import query_to_text
from tests.search.query.trees import trees, typed_text


@given(trees())
def test_the_text_of_a_tree_parses_to_the_tree(tree: Node) -> None:
    assert parse_query(query_to_text(tree)) == tree


@given(typed_text())
def test_what_is_typed_and_printed_means_the_same(text: str) -> None:
    try:
        tree = parse_query(text)
    except QuerySyntaxError:
        return
    if tree is not None:
        assert parse_query(query_to_text(tree)) == tree


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("norco AND flexeril", "norco flexeril"),
        ("norco and NOT flexeril", "norco -flexeril"),
        ("norco flexeril OR fusion", "(norco flexeril) OR fusion"),
        ("norco (flexeril OR fusion)", "norco (flexeril OR fusion)"),
        ("NOT (norco OR flexeril)", "-(norco OR flexeril)"),
        ("“medial branch block”~5", '"medial branch block"~5'),
        ("L4/5", "L4-L5"),
        ("cm14-31877", "CM14-0031877"),
        ("case:CM14", "case:CM14-*"),
        ("rationale:norco rationale:flexeril", "rationale:(norco flexeril)"),
        ("rationale:(norco -(fusion OR L4/5))", "rationale:(norco -(fusion OR L4-L5))"),
        ("rationale:norco summary:flexeril", "rationale:norco summary:flexeril"),
        ('"AND"', '"AND"'),
        ("radiculopaty~1", "radiculopaty~"),
        ("radiculopaty~2 wil*card", "radiculopaty~2 wil*card"),
        ("(inject?) lumbar", "(inject?) lumbar"),
        ("in this case norco", "in this case norco"),
        ('L4 "to" L5', 'L4 "to" L5'),
        ("89 Cal. Comp. Cases 179", "89 Cal Comp Cases 179"),
        ("referred to L5-S1", "referred to L5-S1"),
        ('"case" CM14-31877', '"case" CM14-0031877'),
    ],
)
def test_canonical_text(text: str, printed: str) -> None:
    tree = parse_query(text)
    assert tree is not None
    assert query_to_text(tree) == printed
