"""Spinal levels as a person types them, read into one word each: "L4-5", "L4/5", "L4 - L5", "L45" are L4-L5.

How levels are written is known to `letters.facts.spine_notation` alone, for letters, index and questions.
The hyphen of a level must never become a minus sign. A span ("L3-S1", "L4 to S1") stays one word in full
writing. A list of pairs ("L4-5/L5-S1", "C4-5, 5-6") and a chain ("L4-L5-S1") are several, all of which are
meant; in quotes a chain is one word.

A span and the joints that it is made of mean the same, as where levels are read from letters: see
`every_level`. A single joint is left alone: anyone who asks for L4-L5 gets letters that name it, and not
every longer span around it.
"""

import re
from collections.abc import Iterator

from determinations.letters.facts.spine_notation import (
    LevelExpression,
    level_expressions,
    levels_of_token,
)
from determinations.search.query.nodes import All, AnyOf, Node, Not, Word, all_of, any_of

_LONGEST = 100
"""Characters of the longest list of levels that is read as one."""
_LEFT_OUT = re.compile(r"\d -(?=\w)")
"""The hyphen of "L4 -L5" leaves L5 out, as it touches the second only."""
_TO_IN_HYPHENS = re.compile(r"(?<=\d)-(to|through|thru)-(?=[CTLS]?-?\d)", re.IGNORECASE)
_NO_LEVEL_BEHIND = "*?~%"
_FEWEST_OF_A_LEVEL = 2
_FEWEST_OF_A_CHAIN = 3


def levels_at(text: str, start: int, *, quoted: bool = False) -> tuple[tuple[str, ...], int] | None:
    """The words for the level or levels that stand at `start`, and where they end. `quoted`: in a phrase.

    None for a single vertebra, which is a word like others.
    """
    words: list[str] = []
    end = 0
    window = _TO_IN_HYPHENS.sub(r" \1 ", text[start : start + _LONGEST])
    for level in level_expressions(window):
        is_first = not words
        leans = window[level.start].isdigit() or window[end : level.start].strip() == "/"
        if (level.start if is_first else not leans) or not level.levels:
            break
        written = window[level.start : level.end]
        if is_first and len(level.vertebrae) < _FEWEST_OF_A_LEVEL:
            break
        if window[level.end : level.end + 1] in tuple(_NO_LEVEL_BEHIND):
            break
        if not quoted and _LEFT_OUT.search(written):
            break
        words += _words(level, quoted=quoted)
        end = level.end
    return (tuple(words), start + end) if words else None


def _words(level: LevelExpression, *, quoted: bool) -> list[str]:
    """A chain of three vertebrae or more names each of its joints."""
    is_span = len(level.levels) > 1 and all("-" in one for one in level.levels)
    if is_span and (quoted or len(level.vertebrae) < _FEWEST_OF_A_CHAIN):
        return [span_name(level.levels)]
    return list(level.levels)


def span_name(joints: tuple[str, ...]) -> str:
    """The ends of joints that follow on each other: L3-L4, L4-L5 are L3-L5."""
    return f"{joints[0].split('-')[0]}-{joints[-1].split('-')[1]}"


def joints_of(word: str) -> tuple[str, ...]:
    """The joints that a level or span is made of, from above; empty for other words and one vertebra."""
    joints = levels_of_token(word)
    return joints if joints and all("-" in joint for joint in joints) else ()


def every_level(node: Node) -> Node:
    """`node` with spans, and joints side by side that make one ("L4-5, L5-S1"), as "the span or its
    joints".
    """
    match node:
        case All():
            return all_of(_runs(node))
        case AnyOf(parts):
            return any_of(map(every_level, parts), is_one_thing=node.is_one_thing)
        case Not(part):
            return Not(every_level(part))
        case Word(text, field, exact=False) if joints := joints_of(text):
            return _writings((node,), joints, field)
        case _:
            return node


def _runs(node: All) -> Iterator[Node]:
    """The parts, levels that follow on each other taken together."""
    at = 0
    while at < len(node.parts):
        first = node.parts[at]
        joints = joints_of(first.text) if isinstance(first, Word) and not first.exact else ()
        if not isinstance(first, Word) or not joints:
            yield every_level(first)
            at += 1
            continue
        end = at + 1
        while end < len(node.parts) and (longer := _followed_by(joints, first.field, node.parts[end])):
            joints = longer
            end += 1
        yield _writings(node.parts[at:end], joints, first.field)
        at = end


def _followed_by(joints: tuple[str, ...], field: str | None, part: Node) -> tuple[str, ...]:
    """The joints of both, if `part` begins where `joints` end, or ends where they begin."""
    following = joints_of(part.text) if isinstance(part, Word) and part.field == field else ()
    if following and _upper(following[0]) == _lower(joints[-1]):
        return joints + following
    if following and _lower(following[-1]) == _upper(joints[0]):
        return following + joints
    return ()


def _upper(joint: str) -> str:
    return joint.split("-")[0]


def _lower(joint: str) -> str:
    return joint.split("-")[1]


def _writings(typed: tuple[Node, ...], joints: tuple[str, ...], field: str | None) -> Node:
    if len(joints) < _FEWEST_OF_A_LEVEL:
        return all_of(typed)
    apart = all_of(Word(joint, field) for joint in joints)
    names = dict.fromkeys((all_of(typed), apart, Word(span_name(joints), field)))
    return any_of(names, is_one_thing=True)
