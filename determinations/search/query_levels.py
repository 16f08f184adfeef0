"""Spinal levels as a person types them, read into one word each: "L4-5", "L4/5", "L4 - L5" are L4-L5.

The hyphen of a level must never become a minus sign. A span ("L3-S1") stays one word in full
writing; a list of pairs ("L4-5/L5-S1") is several; what else chains ("L4-L5-S1") stays as typed,
without its spaces, for the engine's own analysis.
"""

import re

_POINT = r"[CTLS]-?\d{1,2}"
_CHAIN = re.compile(
    # "L4 -L5", the hyphen touching the second only, leaves L5 out and is no level.
    rf"{_POINT}(?:(?:[-/] ?| [-/] | /){_POINT}|[-/]\d{{1,2}})+(?![\w*?~%])(?![-/]\w)",
    re.IGNORECASE,
)
_PIECE = re.compile(r"([CTLS])?-?(\d{1,2})", re.IGNORECASE)
_JOINT = re.compile(r"(?<=\d) ?([-/]) ?(?=[CTLS\d])", re.IGNORECASE)
_VERTEBRAE = {"C": 8, "T": 12, "L": 6, "S": 5}
_ORDER = "CTLS"


def levels_at(text: str, start: int) -> tuple[tuple[str, ...], int] | None:
    """The words for the level or levels that stand at `start`, and where they end."""
    match = _CHAIN.match(text, start)
    if match is None:
        return None
    points = _points(match.group())
    if points is None:
        return None
    joints = "".join(_JOINT.findall(match.group()))
    pairs = tuple(zip(points[::2], points[1::2], strict=False))
    alternating = len(set(joints[::2])) == 1 and len(set(joints[1::2]) - {joints[0]}) == (len(joints) > 1)
    if len(points) % 2 == 0 and alternating and all(_ascending(*pair) for pair in pairs):
        return tuple(f"{_name(upper)}-{_name(lower)}" for upper, lower in pairs), match.end()
    return (match.group().replace(" ", "").upper(),), match.end()


def _points(chain: str) -> list[tuple[str, int]] | None:
    """(region, number) of each vertebra, the region carried on; None if one does not exist."""
    points: list[tuple[str, int]] = []
    region = ""
    for piece in _JOINT.sub(" ", chain).split():
        match = _PIECE.fullmatch(piece)
        if match is None:
            return None
        region = (match[1] or region).upper()
        number = int(match[2])
        if not 1 <= number <= _VERTEBRAE[region]:
            return None
        points.append((region, number))
    return points


def _ascending(upper: tuple[str, int], lower: tuple[str, int]) -> bool:
    return (_ORDER.index(upper[0]), upper[1]) < (_ORDER.index(lower[0]), lower[1])


def _name(point: tuple[str, int]) -> str:
    return f"{point[0]}{point[1]}"
