"""The one grammar of spinal levels: how people write them, and the canonical values they mean.

The reader of letters, the parser of queries and the index analyzer all use this module, so that a level is
the same value in a letter, in a facet and in a question. It knows how a level is written, not whether what
it names is the level of a treatment: that is `spine`.

Canonical values. A level is a motion segment "L4-L5", upper vertebra first, or a single vertebra "L4".

* One segment: L4-5, L4/5, L4-L5, L4/L5, L4–L5, "L4 - L5", "L 4-5", "L-4 to L-5", L4L5, L45, "L4 to L5".
  Across a junction: L5-S1, L5S1, L5-1, "L5 S1", C7-T1, T12L1.
* A span is its segments: L3-S1 is L3-L4, L4-L5, L5-S1, and so are "L3 through S1" and the chain L3-L4-L5-S1.
* Written from below, a span means the same: S1-L5 is L5-S1, "T9 to T7" is T7-T8, T8-T9.
* A list has one member for each pair or vertebra: "L4-5/L5-S1", "C4-5, 5-6 and 6-7", "L2-3 3-4".
* Several loose vertebrae are single ones ("L3, L4, L5"), and with slashes or blanks between them a chain
  ("L3/L4/L5") unless nerves are spoken of.
* The eighth cervical root, C8, has no vertebra: it may stand alone and belongs to no segment.
* A sixth lumbar vertebra, L6, exists in some people (a transitional segment). It counts where it is written:
  L5-6 is L5-L6, L6-S1 is itself, L4-L6 is L4-L5, L5-L6. Where it is not written, nobody has one: L4-S1 is
  L4-L5, L5-S1. It lies between L5 and S1 in the anatomical order. L7, C9 and T13 are no levels.

`level_expressions` finds every member of every list in a text, with its place and what it means;
`levels_of_token` reads one token alone.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

REGIONS: Final = {"C": ("cervical", 7), "T": ("thoracic", 12), "L": ("lumbar", 5), "S": ("sacral", 5)}
VERTEBRAE: Final = tuple(f"{letter}{n}" for letter, (_, last) in REGIONS.items() for n in range(1, last + 1))
"""Everybody's, from the neck down; L6 is not among them."""
C8: Final = "C8"
L6: Final = "L6"
_WITH_L6: Final = (*VERTEBRAE[: VERTEBRAE.index("S1")], L6, *VERTEBRAE[VERTEBRAE.index("S1") :])
_PLACE: Final = {vertebra: place for place, vertebra in enumerate(_WITH_L6)}
_REGION_WORDS: Final = {
    "cervical": re.compile(r"\bcervic(?:al|o)|\bneck\b", re.IGNORECASE),
    "thoracic": re.compile(r"thorac(?:ic|o)", re.IGNORECASE),
    "lumbar": re.compile(r"lumb(?:ar|o)|\blow(?:er)? back\b", re.IGNORECASE),
    "sacral": re.compile(r"sacr(?:al|um|oiliac)", re.IGNORECASE),
}


def place_of(vertebra: str) -> int | None:
    """How far down the spine, in the order of the neck down; None where there is no such vertebra ("L7")."""
    return _PLACE.get(vertebra)


def segments_between(upper: str, lower: str) -> tuple[str, ...]:
    """The contiguous segments of a span: L3 and S1 give L3-L4, L4-L5, L5-S1; nothing unless in order.

    L6 is one of the vertebrae only where it is one of the two ends.
    """
    spine = _WITH_L6 if L6 in (upper, lower) else VERTEBRAE
    if upper not in spine or lower not in spine:
        return ()
    return tuple(
        f"{a}-{b}" for a, b in itertools.pairwise(spine[spine.index(upper) : spine.index(lower) + 1])
    )


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
            nerves = {VERTEBRAE[VERTEBRAE.index(upper) - 1], upper}
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
class SpineNode:
    """A vertebra, what joins it to the one before, and where it is written (text[start:end])."""

    vertebra: str
    joined_by: str = ""
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    nodes: tuple[SpineNode, ...]
    start: int
    end: int


def runs_in(text: str) -> Iterator[Run]:
    """The runs of a text whose white space is single blanks, from left to right."""
    at = 0
    while first := _FIRST.search(text, at):
        region = first["glued"] or first["dashed"] or first["apart"]
        nodes = _nodes(region.upper(), first["number"], "", first.start(), first.end())
        at = first.end()
        while (following := _next_nodes(text, at, nodes)) is not None:
            more, at = following
            nodes += more
        yield Run(tuple(nodes), first.start(), at)


def _nodes(region: str, number: str, joined_by: str, start: int, end: int) -> list[SpineNode]:
    """One vertebra, or two where "L45" has lost the hyphen of "L4-5"."""
    if len(number) == 2 and region in "CL" and int(number[1]) == int(number[0]) + 1:
        return [
            SpineNode(region + number[0], joined_by, start, end - 1),
            SpineNode(region + number[1], SPAN, end - 1, end),
        ]
    return [SpineNode(region + number, joined_by, start, end)]


def _next_nodes(text: str, at: int, nodes: list[SpineNode]) -> tuple[list[SpineNode], int] | None:
    sacrum = _SACRUM.match(text, at)
    if sacrum is not None:
        return [SpineNode("S1", SPAN, sacrum.start(), sacrum.end())], sacrum.end()
    found = _NEXT.match(text, at)
    if found is None:
        return None
    joined_by = next((name for name in (SPAN, SLASH, LIST) if found[name]), None)
    joined_by = joined_by or (SPACE if found.group().startswith(" ") else GLUE)
    region = found["region"] or found["lower_l"]
    if region:
        start = found.start("region") if found["region"] else found.start("lower_l")
        return _nodes(region.upper(), found["number"], joined_by, start, found.end()), found.end()
    if joined_by == SPACE:
        joined_by = _unwritten(text, found, nodes)
    vertebra = _bare_vertebra(text, found, joined_by, nodes)
    if vertebra is None:
        return None
    return [SpineNode(vertebra, joined_by, found.start("number"), found.end())], found.end()


def _unwritten(text: str, found: re.Match[str], nodes: list[SpineNode]) -> str:
    """What a blank stands for: "L2-3 3-4" is a list, "L4 5 fusion" has lost its hyphen."""
    last, value = nodes[-1].vertebra, int(found["number"])
    number = int(last[1:])
    if value == number and last[0] != "S" and len(nodes) > 1 and _PAIR.match(text, found.end()):
        return LIST
    if value == number + 1 and len(nodes) == 1 and _LEVEL_ENDS.match(text, found.end()):
        return SPAN
    return SPACE


def _bare_vertebra(text: str, found: re.Match[str], joined_by: str, nodes: list[SpineNode]) -> str | None:
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


def groups_of(run: Run, *, between: bool = False) -> tuple[tuple[SpineNode, ...], ...]:
    """The run cut at its commas and "and"s. `between`: the run follows "between", so "L4 and L5" is one."""
    groups: list[list[SpineNode]] = []
    for node in run.nodes:
        if groups and (node.joined_by != LIST or (between and len(run.nodes) == 2)):
            groups[-1].append(replace(node, joined_by=SPAN) if node.joined_by == LIST else node)
        else:
            groups.append([node])
    return tuple(tuple(group) for group in groups)


def levels_of_group(group: tuple[SpineNode, ...], *, nerves: bool) -> tuple[str, ...]:
    """The levels of one group. `nerves`: three or more in a row ("L3 L4 L5") name nerves, not segments."""
    chains = _chains(group)
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


def _chains(group: tuple[SpineNode, ...]) -> list[list[SpineNode]]:
    """The group cut where no dash or "to" joins. "L4/5-L5/S1" is one chain: its pairs have the slashes."""
    joints = [node.joined_by for node in group[1:]]
    if len(joints) > 2 and set(joints[::2]) == {SLASH} and set(joints[1::2]) == {SPAN} and len(joints) % 2:
        return [list(group)]
    chains: list[list[SpineNode]] = []
    for node in group:
        if chains and node.joined_by == SPAN:
            chains[-1].append(node)
        else:
            chains.append([node])
    return chains


def _span(vertebrae: Sequence[str]) -> tuple[str, ...]:
    """L4-L5-S1 and "L4-L5 to L5-S1" are L4-L5, L5-S1, and S1-L5-L4 is, too.

    What is in order neither down nor up all the way is dropped whole.
    """
    places = [place_of(vertebra) for vertebra in vertebrae]
    if all(place is not None for place in places) and (places[0] or 0) > (places[-1] or 0):
        vertebrae = vertebrae[::-1]
    levels: list[str] = []
    for upper, lower in itertools.pairwise(vertebrae):
        segments = segments_between(upper, lower)
        if not segments and upper != lower:
            return ()
        levels += segments
    return tuple(levels)


def _loose(vertebrae: tuple[str, ...], nerves: bool) -> tuple[str, ...]:
    """Vertebrae joined by slashes, blanks or nothing: one, a neighboring pair, or several."""
    follow_on = len(vertebrae) > 1 and (_follow_on(vertebrae) or _follow_on(vertebrae[::-1]))
    if follow_on and not (nerves and len(vertebrae) > 2):
        return _span(vertebrae)
    return tuple(level for vertebra in vertebrae for level in _single(vertebra))


def _follow_on(vertebrae: Sequence[str]) -> bool:
    """Whether each vertebra is the next below the one before."""
    return all(len(segments_between(upper, lower)) == 1 for upper, lower in itertools.pairwise(vertebrae))


def _single(vertebra: str) -> tuple[str, ...]:
    return (vertebra,) if place_of(vertebra) is not None or vertebra == C8 else ()


@dataclass(frozen=True, slots=True)
class LevelExpression:
    """One written level or span, text[start:end], and what it means.

    `vertebrae` are those written, in the order written and with their regions ("L5", "S1" for "L5-1");
    `levels` the canonical levels they mean, from the neck down; () for an impossible one ("L4-25", "L7").
    """

    start: int
    end: int
    vertebrae: tuple[str, ...]
    levels: tuple[str, ...]


# Looks for the digit first: digits are rare, and the letters before them are not.
_HAS_LEVEL = re.compile(
    r"[1-9](?:(?<=[CTLSctls].)|(?<=[CTLS][ ‐‑–—−-].)|(?<=[CTLS] [ ‐‑–—−-].)|(?<=[CTLS][‐‑–—−-] .))"
)
_UNEVEN_SPACE = re.compile(r"\s\s|[^\S ]")
_WORDS = re.compile(r"\S+")


def may_have_levels(text: str) -> bool:
    """A fast check: False means that no level is written in `text`. White space must be single blanks."""
    return _HAS_LEVEL.search(text) is not None


def level_expressions(text: str, *, nerves: bool = False) -> Iterator[LevelExpression]:
    """Every level expression of a text, from left to right; each member of a list is one of its own.

    "C4-5, 5-6" yields two, the second with C5 and C6 for its "5-6". White space of any kind and length may
    stand where a blank may; places are those of `text` as given. `nerves`: three or more vertebrae in a row
    ("L3/L4/L5") name nerves, which are single levels. Takes time linear in the length of the text.
    """
    given = text
    uneven = _UNEVEN_SPACE.search(text) is not None
    if uneven:
        text = " ".join(text.split())
    if not may_have_levels(text):
        return
    place = _place_in(given, text) if uneven else None
    for run in runs_in(text):
        for group in _members_of(run):
            levels = tuple(sorted(dict.fromkeys(levels_of_group(group, nerves=nerves)), key=anatomical_order))
            start, end = group[0].start, group[-1].end
            if place is not None:
                start, end = place[start], place[end - 1] + 1
            yield LevelExpression(start, end, tuple(node.vertebra for node in group), levels)


def _members_of(run: Run) -> Iterator[tuple[SpineNode, ...]]:
    """The run's groups, and each of the pairs of "L4-5/L5-S1" for itself."""
    for group in groups_of(run):
        member: list[SpineNode] = []
        for chain in _chains(group):
            if member and len(chain) > 1:
                yield tuple(member)
                member = []
            member += chain
        yield tuple(member)


def _place_in(given: str, text: str) -> list[int]:
    """For each letter of `text`, whose white space is single blanks, its place in the text as given."""
    places: list[int] = []
    for word in _WORDS.finditer(given):
        if places:
            places.append(word.start() - 1)
        places += range(word.start(), word.end())
    return places


def levels_of_token(token: str) -> tuple[str, ...]:
    """The levels of a token that is nothing but one expression or a list of them: "L5S1" gives L5-S1.

    () for any other text, for an impossible level, and for a list with an impossible member.
    """
    token = " ".join(token.split())
    found = list(level_expressions(token))
    if not found or found[0].start or found[-1].end != len(token):
        return ()
    if any(not expression.levels for expression in found) or len(list(runs_in(token))) > 1:
        return ()
    levels = dict.fromkeys(level for expression in found for level in expression.levels)
    return tuple(sorted(levels, key=anatomical_order))
