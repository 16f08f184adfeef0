"""Spans of spinal levels in every writing of a letter: L4-S1 is also "L4-5 and L5-S1", and "L4-L5-S1".

A span and the joints that it is made of mean the same, as where levels are read from letters. So this is done
to every question, whether or not it is expanded by equivalent terms. A single joint is left alone: who asks
for L4-L5 gets letters that name it, and not every longer span around it.

The engine's own analysis reads a pair as one term and leaves the rest of a chain ("-S1", "-5") as it stands;
the chains here are read by it in the same way, and so meet those of the letters.
"""

from collections.abc import Iterator
from itertools import pairwise

from determinations.search.query_levels import Point, span_of, written
from determinations.search.query_normal_form import all_of, any_of
from determinations.search.query_tree import All, AnyOf, Node, Not, Phrase, Word


def in_every_writing(node: Node) -> Node:
    """`node` with spans, and joints side by side that make one ("L4-5, L5-S1"), as "this or that writing"."""
    match node:
        case All():
            return all_of(_runs(node))
        case AnyOf(parts):
            return any_of(map(in_every_writing, parts))
        case Not(part):
            return Not(in_every_writing(part))
        case Word(text, field) if vertebrae := span_of(text):
            return _writings((node,), vertebrae, field)
        case _:
            return node


def _runs(node: All) -> Iterator[Node]:
    """The parts, levels that follow on each other taken together."""
    at = 0
    while at < len(node.parts):
        first = node.parts[at]
        vertebrae = span_of(first.text) if isinstance(first, Word) else None
        if not isinstance(first, Word) or vertebrae is None:
            yield in_every_writing(first)
            at += 1
            continue
        end = at + 1
        while end < len(node.parts) and (longer := _followed_by(vertebrae, first.field, node.parts[end])):
            vertebrae = longer
            end += 1
        yield _writings(node.parts[at:end], vertebrae, first.field)
        at = end


def _followed_by(vertebrae: tuple[Point, ...], field: str | None, part: Node) -> tuple[Point, ...] | None:
    """The span that both make, if `part` begins where `vertebrae` end, or ends where they begin."""
    following = span_of(part.text) if isinstance(part, Word) and part.field == field else None
    if following and following[0] == vertebrae[-1]:
        return vertebrae + following[1:]
    if following and following[-1] == vertebrae[0]:
        return following + vertebrae[1:]
    return None


def _writings(typed: tuple[Node, ...], vertebrae: tuple[Point, ...], field: str | None) -> Node:
    if len(vertebrae) < 3:
        return all_of(typed)
    pairs = list(pairwise(vertebrae))
    joints = [written(pair) for pair in pairs]
    full = "-".join(f"{region}{number}" for region, number in vertebrae)
    short = joints[0] + "".join(f"-{_lower(pair)}" for pair in pairs[1:])
    apart = tuple(Word(joint, field) for joint in joints)
    wordings: tuple[Node, ...] = (
        all_of(typed),
        *([all_of(apart)] if set(apart) != set(typed) else []),
        Word(written((vertebrae[0], vertebrae[-1])), field),
        Word(full, field),
        Word(short, field),
        Phrase((joints[0], *(f"{pair[0][1]}-{_lower(pair)}" for pair in pairs[1:])), 1, field),
    )
    return any_of(dict.fromkeys(wordings))


def _lower(pair: tuple[Point, Point]) -> str:
    """The lower vertebra as people write it behind the upper one: the 5 of "L4-5", the S1 of "L5-S1"."""
    (above, _), (region, number) = pair
    return str(number) if region == above else f"{region}{number}"
