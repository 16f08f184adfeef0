"""Spinal levels as a person types them, read into one word each: "L4-5", "L4/5", "L4 - L5" are L4-L5.

The hyphen of a level must never become a minus sign. A span ("L3-S1") stays one word in full
writing, and so does one in words ("L4 to S1"); a list of pairs ("L4-5/L5-S1") is several; what else
chains ("L4-L5-S1") stays as typed, without its spaces, for the engine's own analysis.
"""

import re

_POINT = r"[CTLS]-?\d{1,2}"
_CHAIN = re.compile(
    # "L4 -L5", the hyphen touching the second only, leaves L5 out and is no level.
    rf"{_POINT}(?:(?:[-/] ?| [-/] | /|){_POINT}|(?:[-/]| [-/] )\d{{1,2}})+"
    r"(?![\w*?~%])(?![-/]\w)",
    re.IGNORECASE,
)
_SPAN_IN_WORDS = re.compile(rf"{_POINT} (?:to|through|thru) {_POINT}(?![\w*?~%])(?! ?[-/])", re.IGNORECASE)
_PIECE = re.compile(r"([CTLS])?-?(\d{1,2})", re.IGNORECASE)
_JOINT = re.compile(
    r"(?<=\d)(?: ?([-/]|to|through|thru) ?(?=[CTLS\d])|(?=[CTLS]))",
    re.IGNORECASE,
)
_VERTEBRAE = {"C": 8, "T": 12, "L": 6, "S": 5}
_ORDER = "CTLS"
_BELOW = {("C", 7): "T", ("T", 12): "L", ("L", 5): "S", ("L", 6): "S"}
"""Where the next vertebra is the first of another region: "L5-1" is L5-S1."""


def levels_at(text: str, start: int) -> tuple[tuple[str, ...], int] | None:
    """The words for the level or levels that stand at `start`, and where they end."""
    match = _SPAN_IN_WORDS.match(text, start) or _CHAIN.match(text, start)
    if match is None:
        return None
    points = _points(match.group())
    if points is None:
        return None
    joints = _JOINT.findall(match.group())
    inside, between = set(joints[::2]), set(joints[1::2])
    is_list = len(inside) == 1 and len(between) == (len(points) > 2) and inside.isdisjoint(between)
    pairs = tuple(zip(points[::2], points[1::2], strict=False))
    if len(points) % 2 == 0 and is_list and all(upper != lower for upper, lower in pairs):
        return tuple(
            "-".join(f"{region}{number}" for region, number in sorted(pair, key=_place)) for pair in pairs
        ), match.end()
    return (match.group().replace(" ", "").upper(),), match.end()


def _points(chain: str) -> list[tuple[str, int]] | None:
    """(region, number) of each vertebra, the region carried on; None if one does not exist."""
    points: list[tuple[str, int]] = []
    for piece in _JOINT.sub(" ", chain).split():
        match = _PIECE.fullmatch(piece)
        if match is None:
            return None
        number = int(match[2])
        above = points[-1] if points else ("", 0)
        region = (match[1] or (_BELOW.get(above, above[0]) if number == 1 else above[0])).upper()
        if not 1 <= number <= _VERTEBRAE[region]:
            return None
        points.append((region, number))
    return points


def _place(point: tuple[str, int]) -> tuple[int, int]:
    return _ORDER.index(point[0]), point[1]
