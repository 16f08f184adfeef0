"""Spinal levels as a person types them, read into one word each: "L4-5", "L4/5", "L4 - L5" are L4-L5.

The hyphen of a level must never become a minus sign. A span ("L3-S1", "L4 to S1") stays one word in full
writing. A list of pairs ("L4-5/L5-S1", "C4-5, 5-6") and a chain ("L4-L5-S1", "C5/6/7") are several, all of
which are meant; in quotes a chain stays one word, for who wants this writing and no other. What is no level
after all ("L4-25", "L5-L4-S1") stays as typed, without its spaces, for the engine's own analysis.

Spans of spinal levels in every writing of a letter: L4-S1 is also "L4-5 and L5-S1", and "L4-L5-S1".

A span and the joints that it is made of mean the same, as where levels are read from letters. So this is done
to every question, whether or not it is expanded by equivalent terms. A single joint is left alone: who asks
for L4-L5 gets letters that name it, and not every longer span around it.

The engine's own analysis reads a pair as one term and leaves the rest of a chain ("-S1", "-5") as it stands;
the chains here are read by it in the same way, and so meet those of the letters.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from determinations.search.query.nodes import All, AnyOf, Node, Not, Phrase, Word, all_of, any_of

Point = tuple[str, int]
"""Region and number of a vertebra: ("L", 4)."""

VERTEBRAE: tuple[Point, ...] = tuple(
    (region, number)
    for region, count in (("C", 7), ("T", 12), ("L", 5), ("S", 5))
    for number in range(1, count + 1)
)
"""From the neck down."""

_POINT = r"[CTLS]-?\d{1,2}"
_TO = r"(?: (?:to|through|thru) |-(?:to|through|thru)-)"
_CHAIN = re.compile(
    # "L4 -L5", the hyphen touching the second only, leaves L5 out and is no level.
    rf"{_POINT}(?:(?:[-/] ?| [-/] | /|){_POINT}|(?:[-/]| [-/] )\d{{1,2}})+"
    r"(?![\w*?~%])(?![-/]\w)",
    re.IGNORECASE,
)
_SPAN_IN_WORDS = re.compile(rf"{_POINT}(?:{_TO}{_POINT})+(?![\w*?~%])(?! ?[-/])", re.IGNORECASE)
_NEXT_PAIR = re.compile(
    r"(?:, ?(?:and )?| and | & |/)(?P<upper>\d{1,2})[-/](?P<region>[TLS]?)(?P<lower>\d{1,2})"
    r"(?![\w*?~%])(?![-/.]\w)"
    r"(?! ?(?:x|mg|times?|visits?|sessions?|days?|weeks?|wks?|months?|years?|hours?|units?|tabs?)\b)",
    re.IGNORECASE,
)
_PIECE = re.compile(r"([CTLS])?-?(\d{1,2})", re.IGNORECASE)
_JOINT = re.compile(
    r"(?<=\d)(?:-(to|through|thru)-| ?([-/]|to|through|thru) ?(?=[CTLS\d])|(?=[CTLS]))",
    re.IGNORECASE,
)
# A reviewer may name a sixth lumbar vertebra, and the eighth cervical root has no vertebra.
_NUMBERS = {"C": 8, "T": 12, "L": 6, "S": 5}
_ORDER = "CTLS"
_BELOW = {("C", 7): "T", ("T", 12): "L", ("L", 5): "S", ("L", 6): "S"}
"""Where the next vertebra is the first of another region: "L5-1" is L5-S1."""


def levels_at(text: str, start: int, *, quoted: bool = False) -> tuple[tuple[str, ...], int] | None:
    """The words for the level or levels that stand at `start`, and where they end. `quoted`: in a phrase."""
    match = _SPAN_IN_WORDS.match(text, start) or _CHAIN.match(text, start)
    if match is None:
        return None
    points = _points(match.group())
    if points is None:
        return None
    pairs = _pairs(match.group(), points)
    if pairs is None and not quoted:
        pairs = _links(points)
    if pairs is None:
        return (match.group().replace(" ", "").upper(),), match.end()
    end = match.end()
    while not quoted and (following := _next_pair(text, end, pairs[-1])):
        pair, end = following
        pairs.append(pair)
    return tuple(map(written, pairs)), end


def written(pair: tuple[Point, Point]) -> str:
    """ "L4-L5", the upper vertebra first."""
    return "-".join(f"{region}{number}" for region, number in sorted(pair, key=_place))


def span_of(word: str) -> tuple[Point, ...] | None:
    """The vertebrae from the first to the last of a span in full writing, or None for another word."""
    ends = [_PIECE.fullmatch(end) for end in word.split("-")]
    points = [(end[1].upper(), int(end[2])) for end in ends if end and end[1]]
    if len(ends) != 2 or len(points) != 2 or not set(points) <= set(VERTEBRAE):
        return None
    first, last = map(VERTEBRAE.index, points)
    return VERTEBRAE[first : last + 1] if first < last else None


def _points(chain: str) -> list[Point] | None:
    """The vertebrae of a chain, the region carried on; None if one does not exist."""
    points: list[Point] = []
    for piece in _JOINT.sub(" ", chain).split():
        match = _PIECE.fullmatch(piece)
        if match is None:
            return None
        number = int(match[2])
        above = points[-1] if points else ("", 0)
        region = (match[1] or (_BELOW.get(above, above[0]) if number == 1 else above[0])).upper()
        if not 1 <= number <= _NUMBERS[region]:
            return None
        points.append((region, number))
    return points


def _pairs(chain: str, points: list[Point]) -> list[tuple[Point, Point]] | None:
    """One pair, or a list whose pairs are joined otherwise than their two ends: "L4-5/L5-S1"."""
    signs = ["".join(found).lower() for found in _JOINT.findall(chain)]
    inside, between = set(signs[::2]), set(signs[1::2])
    pairs = list(zip(points[::2], points[1::2], strict=False))
    is_list = len(inside) == 1 and len(between) == (len(points) > 2) and inside.isdisjoint(between)
    if len(points) % 2 or not is_list or any(upper == lower for upper, lower in pairs):
        return None
    return pairs


def _links(points: list[Point]) -> list[tuple[Point, Point]] | None:
    """The links of a chain that goes down, or up, all the way: L4-L5-S1 is L4-L5 and L5-S1."""
    places = list(map(_place, points))
    if len(points) < 3 or not (_goes_down(places) or _goes_down(places[::-1])):
        return None
    return list(pairwise(points))


def _goes_down(places: list[tuple[int, int]]) -> bool:
    return all(upper < lower for upper, lower in pairwise(places))


def _next_pair(text: str, at: int, before: tuple[Point, Point]) -> tuple[tuple[Point, Point], int] | None:
    """A pair of the list that leaves its region out: the "5-6" of "C4-5, 5-6"."""
    match = _NEXT_PAIR.match(text, at)
    region, number = max(before, key=_place)
    if match is None or int(match["upper"]) not in (number, number + 1):
        return None
    upper = (region, int(match["upper"]))
    if upper not in VERTEBRAE or upper == VERTEBRAE[-1]:
        return None
    below = VERTEBRAE[VERTEBRAE.index(upper) + 1]
    named = (match["region"].upper() or below[0], int(match["lower"]))
    return ((upper, below), match.end()) if named == below else None


def _place(point: Point) -> tuple[int, int]:
    return _ORDER.index(point[0]), point[1]


def in_every_writing(node: Node) -> Node:
    """`node` with spans, and joints side by side that make one ("L4-5, L5-S1"), as "this or that writing"."""
    match node:
        case All():
            return all_of(_runs(node))
        case AnyOf(parts):
            return any_of(map(in_every_writing, parts), is_one_thing=node.is_one_thing)
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
    return any_of(dict.fromkeys(wordings), is_one_thing=True)


def _lower(pair: tuple[Point, Point]) -> str:
    """The lower vertebra as people write it behind the upper one: the 5 of "L4-5", the S1 of "L5-S1"."""
    (above, _), (region, number) = pair
    return str(number) if region == above else f"{region}{number}"
