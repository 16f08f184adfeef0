"""Building trees in the normal form that `parse_query` promises and `query_to_text` prints.

`All` and `AnyOf` have two parts or more and never a part of their own kind; `Not` never holds a `Not`.
"""

from collections.abc import Iterable
from dataclasses import replace

from determinations.search.query_tree import All, AnyOf, CaseNumber, Node, Not, Wildcard, Word


def all_of(nodes: Iterable[Node]) -> Node:
    """Every one of `nodes` (at least one); a single node stands for itself."""
    flat = [part for node in nodes for part in (node.parts if isinstance(node, All) else (node,))]
    return flat[0] if len(flat) == 1 else All(tuple(flat))


def any_of(nodes: Iterable[Node]) -> Node:
    """At least one of `nodes` (at least one); a single node stands for itself."""
    flat = [part for node in nodes for part in (node.parts if isinstance(node, AnyOf) else (node,))]
    return flat[0] if len(flat) == 1 else AnyOf(tuple(flat))


def negated(node: Node) -> Node:
    return node.part if isinstance(node, Not) else Not(node)


def in_field(node: Node, field: str) -> Node:
    """`node` with every leaf in the text field `field`, where a case number is a word like any other."""
    match node:
        case All(parts) | AnyOf(parts):
            return type(node)(tuple(in_field(part, field) for part in parts))
        case Not(part):
            return Not(in_field(part, field))
        case CaseNumber(number):
            return Word(number, field)
        case _:
            return replace(node, field=field)


def is_case(node: Node) -> bool:
    """A case number, the beginning of one, or several."""
    if isinstance(node, AnyOf):
        return all(map(is_case, node.parts))
    return isinstance(node, CaseNumber) or (isinstance(node, Wildcard) and node.field == "case")
