"""A tree printed is a text that means the same."""

import pytest
from hypothesis import given

from determinations.search.interface import QuerySyntaxError
from determinations.search.query.language import parse_query
from determinations.search.query.nodes import Node
from determinations.search.query.unparse import query_to_text
from tests.search.query.trees import in_any_form, trees, typed_text


@given(trees())
def test_the_text_of_a_tree_parses_to_the_tree(tree: Node) -> None:
    """A word that would be read as something else is printed in quotes, and so looked for as written."""
    assert in_any_form(parse_query(query_to_text(tree))) == in_any_form(tree)


@given(typed_text())
def test_what_is_typed_and_printed_means_the_same(text: str) -> None:
    try:
        tree = parse_query(text)
    except QuerySyntaxError:
        return
    if tree is not None:
        assert in_any_form(parse_query(query_to_text(tree))) == in_any_form(tree)


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
        ('"severe" pain', '"severe" pain'),
        ('"medial br* block"', '"medial br* block"'),
        ("epidural /3 (steroid OR injection)", "epidural w/3 (steroid OR injection)"),
        ("epidural pre/3 steroid", "epidural +3 steroid"),
        ("(a OR b) w/s c", "(a OR b) /s c"),
        ("a /p b w/5 c", "a /p (b w/5 c)"),
        ("rationale:norco w/5 taper", "rationale:(norco w/5 taper)"),
        ("fusion -(norco w/5 taper)", "fusion -(norco w/5 taper)"),
        ('-service:"Medial branch blocks"', "-service:medial-branch-blocks"),
        ("level:(L4-5 OR lumbar)", "level:L4-L5 OR level:lumbar"),
        ("since:2019-03 norco", "decided:2019-03-01.. norco"),
        ("received:2019", "received:2019-01-01..2019-12-31"),
        ("T-score of -2.5", 'T-score of "-2.5"'),
        ("inject! surg!", "inject* surg*"),
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
