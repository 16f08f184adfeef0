"""Adds equivalent terms to a question, and says which: MBB also finds "medial branch block".

Optional and visible: a caller who does not want it does not call it. The rules:

* A word, a phrase, or words standing side by side that are a term of `synonyms.toml` become "this or
  one of its equivalents", in the same field.
* What is left out is not expanded: `-norco` leaves out just what was typed.
* Who names two terms of one group ("hydrocodone -norco", "norco vicodin") tells them apart: that group
  is left alone.
* Wildcards, fuzzy words and words near each other are left alone.
* What is added weighs less than what was typed, so that the typed words come first.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from determinations.search.query_normal_form import all_of, any_of
from determinations.search.query_tree import All, AnyOf, Node, Not, Phrase, Word
from determinations.search.synonyms import Group, known_term, longest_term

RELATED_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Addition:
    """What was added for a word or term of the question."""

    word: str
    alternatives: tuple[str, ...]

    def __str__(self) -> str:
        return f"{', '.join(self.alternatives)} (for {self.word})"


@dataclass(frozen=True, slots=True)
class Expansion:
    """`node` is the question to run; `added` is empty when it is the one that was given."""

    node: Node
    added: tuple[Addition, ...]


@dataclass(frozen=True, slots=True)
class _Term:
    """Parts of a question that together are a term of a group."""

    text: str
    key: str
    group: Group
    field: str | None
    node: Node


def expand(node: Node) -> Expansion:
    named: dict[Group, set[str]] = {}
    for term in _terms(node):
        named.setdefault(term.group, set()).add(term.key)
    told_apart = {group for group, keys in named.items() if len(keys) > 1}
    additions: dict[str, Addition] = {}
    expanded = _expanded(node, told_apart, additions)
    return Expansion(expanded, tuple(additions.values()))


def _expanded(node: Node, told_apart: set[Group], additions: dict[str, Addition]) -> Node:
    match node:
        case All():
            return all_of(_alternatives(piece, told_apart, additions) for piece in _pieces(node))
        case AnyOf(parts):
            return any_of(_expanded(part, told_apart, additions) for part in parts)
        case Word() | Phrase():
            term = _term((node,))
            return _alternatives(term, told_apart, additions) if term else node
        case _:
            return node


def _alternatives(piece: Node | _Term, told_apart: set[Group], additions: dict[str, Addition]) -> Node:
    if not isinstance(piece, _Term):
        return _expanded(piece, told_apart, additions)
    alternatives = piece.group.alternatives(piece.key)
    if piece.group in told_apart or not alternatives:
        return piece.node
    additions.setdefault(piece.key, Addition(piece.text, alternatives))
    return any_of([piece.node, *(_leaf(term, piece.field) for term in alternatives)])


def _terms(node: Node) -> Iterator[_Term]:
    """Every term in the question, those left out among them."""
    match node:
        case All():
            for piece in _pieces(node):
                if isinstance(piece, _Term):
                    yield piece
                else:
                    yield from _terms(piece)
        case AnyOf(parts):
            for part in parts:
                yield from _terms(part)
        case Not(part):
            yield from _terms(part)
        case Word() | Phrase():
            if term := _term((node,)):
                yield term


def _pieces(node: All) -> Iterator[Node | _Term]:
    """The parts of a group, words side by side that make a term (the longest first) taken together."""
    at = 0
    while at < len(node.parts):
        for length in range(min(longest_term(), len(node.parts) - at), 0, -1):
            if term := _term(node.parts[at : at + length]):
                yield term
                at += length
                break
        else:
            yield node.parts[at]
            at += 1


def _term(nodes: tuple[Node, ...]) -> _Term | None:
    first = nodes[0]
    if isinstance(first, Phrase):
        if len(nodes) > 1 or first.slop > 1:
            return None
        text, field = " ".join(first.words), first.field
    elif isinstance(first, Word):
        words = [node.text for node in nodes if isinstance(node, Word) and node.field == first.field]
        if len(words) < len(nodes):
            return None
        text, field = " ".join(words), first.field
    else:
        return None
    known = known_term(text)
    return _Term(text, *known, field, all_of(nodes)) if known else None


def _leaf(term: str, field: str | None) -> Node:
    words = tuple(term.split())
    if len(words) == 1:
        return Word(term, field, RELATED_WEIGHT)
    return Phrase(words, 1, field, RELATED_WEIGHT)
