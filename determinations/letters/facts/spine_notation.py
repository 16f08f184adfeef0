"""The vertebrae in their order from the neck down, and the motion segments between them.

A level is a segment "L4-L5" or a single vertebra "L4". C8 is a nerve root without a vertebra of its own: it
may stand alone and belongs to no segment.

Runs of vertebrae as people write them: "L3-4, 4-5 & L5-S1", "C4 through C7", "L4L5" -> levels.

A run is everything from a first vertebra on that only joining words hold together. Knows how a level is
written, not whether what it names is the treatment's level: that is `spine`.
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

REGIONS: Final = {"C": ("cervical", 7), "T": ("thoracic", 12), "L": ("lumbar", 5), "S": ("sacral", 5)}
VERTEBRAE: Final = tuple(f"{letter}{n}" for letter, (_, last) in REGIONS.items() for n in range(1, last + 1))
_PLACE: Final = {vertebra: place for place, vertebra in enumerate(VERTEBRAE)}
C8: Final = "C8"
_REGION_WORDS: Final = {
    "cervical": re.compile(r"\bcervic(?:al|o)|\bneck\b", re.IGNORECASE),
    "thoracic": re.compile(r"thorac(?:ic|o)", re.IGNORECASE),
    "lumbar": re.compile(r"lumb(?:ar|o)|\blow(?:er)? back\b", re.IGNORECASE),
    "sacral": re.compile(r"sacr(?:al|um|oiliac)", re.IGNORECASE),
}


def place_of(vertebra: str) -> int | None:
    """How far down the spine, counted from C1 = 0; None where there is no such vertebra ("L7")."""
    return _PLACE.get(vertebra)


def segments_between(upper: str, lower: str) -> tuple[str, ...]:
    """The contiguous segments of a span: L3 and S1 give L3-L4, L4-L5, L5-S1; nothing unless in order."""
    first, last = _PLACE.get(upper), _PLACE.get(lower)
    if first is None or last is None or first >= last:
        return ()
    return tuple(f"{VERTEBRAE[place]}-{VERTEBRAE[place + 1]}" for place in range(first, last))


def region_of(level: str) -> str:
    """cervical, thoracic, lumbar or sacral; a segment is its upper vertebra's ("L5-S1" is lumbar).

    Raises ValueError for what is no level.
    """
    upper, _, lower = level.partition("-")
    known = _PLACE.get(upper) is not None or (upper == C8 and not lower)
    if not known or (lower and lower not in _PLACE):
        raise ValueError(f"{level!r} is no spinal level; write a segment like L4-L5 or a vertebra like L4")
    return REGIONS[upper[0]][0]


def regions_named(request: str) -> tuple[str, ...]:
    """The regions that a request names in words, from the neck down: "lumbar facet injections" is lumbar."""
    return tuple(region for region, words in _REGION_WORDS.items() if words.search(request))


def anatomical_order(level: str) -> tuple[int, int]:
    """Sort key: from the neck down, a single vertebra before the segment that begins with it."""
    upper, _, lower = level.partition("-")
    if upper == C8:
        return _PLACE["C7"], 2
    return _PLACE[upper], 1 if lower else 0


def joints_supplied(levels: tuple[str, ...]) -> tuple[str, ...]:
    """Facet joints that the medial branches named by single vertebrae supply: an inference, to be marked so.

    A thoracic or lumbar joint has the branches of the vertebra above it and of its own upper vertebra (L3
    and L4 for L4-L5; L4 and the L5 dorsal ramus for L5-S1), a cervical joint those of its two vertebrae (C4
    and C5 for C4-C5, C7 and C8 for C7-T1). A joint counts only when both its nerves are named. Source:
    Bogduk's dissections of the cervical (1982) and lumbar (1982) medial branches.
    """
    named = {level for level in levels if "-" not in level}
    joints = []
    for upper, lower in itertools.pairwise(VERTEBRAE):
        if upper.startswith("C"):
            nerves = {upper, C8 if upper == "C7" else lower}
        elif _PLACE[upper] == _PLACE["T1"]:
            nerves = {C8, upper}
        else:
            nerves = {VERTEBRAE[_PLACE[upper] - 1], upper}
        if nerves <= named and not upper.startswith("S"):
            joints.append(f"{upper}-{lower}")
    return tuple(joints)


SPAN, SLASH, LIST, SPACE, GLUE = "span", "slash", "list", "space", "glue"
_LAST_OF_REGION: Final = {"L5": "S1", "C7": "T1", "T12": "L1"}

_DASH = "[-‐‑–—−]"
_WORD_TO = r"(?:to|through|thru)(?: the)?\b"
_NUMBER = r"(?P<number>[1-9]\d?)(?!\d|\.\d|[A-Za-z](?!\d))"
_FIRST = re.compile(
    rf"(?<![\w.#'’])(?:(?P<glued>[CTLSctls])(?=\d)|(?P<dashed>[CTLS]){_DASH}(?=\d)"
    rf"|(?P<apart>[CTLS]) ?{_DASH}? ?(?=[1-9]\d? ?(?:{_DASH}|/|{_WORD_TO})))" + _NUMBER
)
_NEXT = re.compile(
    rf" ?(?:(?P<span>{_DASH}{{1,2}}|{_WORD_TO})|(?P<slash>/)|(?P<list>[,;]? ?(?:&|\+|(?:and|or)\b)|[,;]))? ?"
    rf"(?:(?P<region>[CTLScts])(?: (?=[1-9]\d? ?{_DASH})|{_DASH})?|(?P<lower_l>l)(?=\d))?" + _NUMBER
)
_SACRUM = re.compile(rf" ?(?:{_DASH}|{_WORD_TO}) ?sacrum\b", re.IGNORECASE)
_PAIR = re.compile(rf" ?(?:{_DASH}|/) ?(?:[Ss]-?|[Tt]-?)?(?P<second>[1-9]\d?)(?!\d|/\d)")
_LEVEL_ENDS = re.compile(r" ?(?:\Z|[,;:/&+).]|(?:and|level|levels|fusion|disc|facet|on|with|under)\b)")
_COUNTED = re.compile(
    r" ?(?:[x×%]|/\d{1,2}/\d|tab|cap|refill|box|bottle|patch|additional|a (?:week|month|day)\b|"
    r"(?:mg|mcg|ml|cc|st|nd|rd|th|times?|visits?|sessions?|treatments?|units?|weeks?|wks?|months?|days?|years?|hours?|"
    r"per|injections?|more)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Node:
    """A vertebra, and what joins it to the one before."""

    vertebra: str
    joined_by: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    nodes: tuple[Node, ...]
    start: int
    end: int


def runs_in(text: str) -> Iterator[Run]:
    """The runs of a text whose white space is single blanks, from left to right."""
    at = 0
    while first := _FIRST.search(text, at):
        region = first["glued"] or first["dashed"] or first["apart"]
        nodes = _nodes(region.upper(), first["number"], "")
        at = first.end()
        while (following := _next_nodes(text, at, nodes)) is not None:
            more, at = following
            nodes += more
        yield Run(tuple(nodes), first.start(), at)


def _nodes(region: str, number: str, joined_by: str) -> list[Node]:
    """One vertebra, or two where "L45" has lost the hyphen of "L4-5"."""
    if len(number) == 2 and region in "CL" and int(number[1]) == int(number[0]) + 1:
        return [Node(region + number[0], joined_by), Node(region + number[1], SPAN)]
    return [Node(region + number, joined_by)]


def _next_nodes(text: str, at: int, nodes: list[Node]) -> tuple[list[Node], int] | None:
    sacrum = _SACRUM.match(text, at)
    if sacrum is not None:
        return [Node("S1", SPAN)], sacrum.end()
    found = _NEXT.match(text, at)
    if found is None:
        return None
    joined_by = next((name for name in (SPAN, SLASH, LIST) if found[name]), None)
    joined_by = joined_by or (SPACE if found.group().startswith(" ") else GLUE)
    region = found["region"] or found["lower_l"]
    if region:
        return _nodes(region.upper(), found["number"], joined_by), found.end()
    if joined_by == SPACE:
        joined_by = _unwritten(text, found, nodes)
    vertebra = _bare_vertebra(text, found, joined_by, nodes)
    return ([Node(vertebra, joined_by)], found.end()) if vertebra else None


def _unwritten(text: str, found: re.Match[str], nodes: list[Node]) -> str:
    """What a blank stands for: "L2-3 3-4" is a list, "L4 5 fusion" has lost its hyphen."""
    last, value = nodes[-1].vertebra, int(found["number"])
    number = int(last[1:])
    if value == number and last[0] != "S" and len(nodes) > 1 and _PAIR.match(text, found.end()):
        return LIST
    if value == number + 1 and len(nodes) == 1 and _LEVEL_ENDS.match(text, found.end()):
        return SPAN
    return SPACE


def _bare_vertebra(text: str, found: re.Match[str], joined_by: str, nodes: list[Node]) -> str | None:
    """The vertebra that a bare number means after `nodes`; None where it counts something else."""
    last = nodes[-1].vertebra
    region, number, value = last[0], int(last[1:]), int(found["number"])
    spaced_or_words = " " in found.group() or joined_by == LIST
    if joined_by in (SPACE, GLUE) or (spaced_or_words and _COUNTED.match(text, found.end())):
        return None
    if joined_by != LIST:
        if last in _LAST_OF_REGION and value == 1 and not spaced_or_words:
            return _LAST_OF_REGION[last]
        return f"{region}{value}"
    pair = _PAIR.match(text, found.end())
    if pair is not None:
        in_order = number - 1 <= value <= number + 1 and value != 0
        adjacent = int(pair["second"]) in (value + 1, 1) or not pair["second"]
        counted = _COUNTED.match(text, pair.end()) is not None
        return f"{region}{value}" if in_order and adjacent and not counted else None
    in_list = len(nodes) == 1 or nodes[-1].joined_by == LIST
    return (
        f"{region}{value}"
        if in_list and value > number and place_of(f"{region}{value}") is not None
        else None
    )


def groups_of(run: Run, *, between: bool = False) -> tuple[tuple[Node, ...], ...]:
    """The run cut at its commas and "and"s. `between`: the run follows "between", so "L4 and L5" is one."""
    groups: list[list[Node]] = []
    for node in run.nodes:
        if groups and (node.joined_by != LIST or (between and len(run.nodes) == 2)):
            groups[-1].append(Node(node.vertebra, SPAN if node.joined_by == LIST else node.joined_by))
        else:
            groups.append([node])
    return tuple(tuple(group) for group in groups)


def levels_of_group(group: tuple[Node, ...], *, nerves: bool) -> tuple[str, ...]:
    """The levels of one group. `nerves`: three or more in a row ("L3 L4 L5") name nerves, not segments."""
    chains: list[list[Node]] = []
    for node in group:
        if chains and node.joined_by == SPAN:
            chains[-1].append(node)
        else:
            chains.append([node])
    if all(len(chain) == 1 for chain in chains):
        return _loose(tuple(node.vertebra for node in group), nerves)
    levels: list[str] = []
    for place, chain in enumerate(chains):
        if len(chain) > 1:
            levels += _span(tuple(node.vertebra for node in chain))
            continue
        before = chains[place - 1][-1].vertebra if place and chain[0].joined_by in (SLASH, GLUE) else ""
        levels += segments_between(before, chain[0].vertebra)[:1] if before else _single(chain[0].vertebra)
    return tuple(levels)


def _span(vertebrae: tuple[str, ...]) -> tuple[str, ...]:
    """L4-L5-S1 and "L4-L5 to L5-S1" are L4-L5, L5-S1; what is not in order all the way is dropped whole."""
    levels: list[str] = []
    for upper, lower in itertools.pairwise(vertebrae):
        segments = segments_between(upper, lower)
        if not segments and upper != lower:
            return ()
        levels += segments
    return tuple(levels)


def _loose(vertebrae: tuple[str, ...], nerves: bool) -> tuple[str, ...]:
    """Vertebrae joined by slashes, blanks or nothing: one, a neighbouring pair, or several."""
    places = [place_of(vertebra) for vertebra in vertebrae]
    known = [place for place in places if place is not None]
    follow_on = len(known) == len(places) and all(b - a == 1 for a, b in itertools.pairwise(known))
    if len(vertebrae) > 1 and follow_on and not (nerves and len(vertebrae) > 2):
        return _span(vertebrae)
    if len(vertebrae) == 2 and len(known) == 2 and known[0] > known[1]:
        return ()
    return tuple(level for vertebra in vertebrae for level in _single(vertebra))


def _single(vertebra: str) -> tuple[str, ...]:
    return (vertebra,) if place_of(vertebra) is not None or vertebra == C8 else ()
