"""Which side a request is about: left, right, or both.

A word counts only as a side: "right-hand dominant", "right away" and "left over" are none. The letters L
and R count in brackets or before a part of the body ("R shoulder", "L L4-5").

The spinal levels an item is about: "L3-S1", "C4-5, 5-6", "L3, L4, L5 medial branch" -> canonical levels.

Rules (the project's taxonomy): a span is expanded into its segments, a list of single vertebrae names nerves
and is kept as stated, what is impossible or out of order is dropped and never guessed. What belongs to a
finding ("S1 radiculopathy", "C6 dermatome"), a code (S13.4, L0631), an image ("T2 signal") or a laboratory
test is no level. Levels come in anatomical order, from the neck down.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from determinations.letters.facts.spine_notation import (
    C8,
    Run,
    anatomical_order,
    groups_of,
    joints_supplied,
    levels_of_group,
    may_have_levels,
    region_of,
    runs_in,
)
from determinations.letters.parsed_letter import Laterality, LevelsFrom

_PART: Final = (
    r"(?:shoulder|knee|hip|ankle|wrist|elbow|hand|foot|feet|thumb|finger|arm|leg|forearm|calf|thigh|heel|toe|"
    r"sij?\b|sacroiliac|ue\b|le\b|upper|lower|carpal|cubital|facet|l[1-5]\b|c[1-8]\b|t\d|s[1-3]\b|eye|ear|"
    r"rotator|lumbar|cervical|stellate|trapez|tk[ar]\b|th[ar]\b|ctr\b|gtb\b|great|middle|index|ring)"
)
_LEFT_NOT_A_SIDE: Final = (
    r"(?![- ]?(?:over|out\b|off\b|alone|untreated|without|unchanged|behind|handed|hand(?:ed)?[- ]?domin|"
    r"to\b|with\b|work|job|his\b|her\b))"
)
_RIGHT_NOT_A_SIDE: Final = (
    r"(?![- ]?(?:away|now\b|handed|hand(?:ed)?[- ]?domin|to (?!left)|of (?:way|refusal))|s|ward)"
)
_LEFT, _RIGHT = r"(?:left|lt?)\b\.?", r"(?:right|rt?)\b\.?"
_TOGETHER: Final = r" ?(?:/|and|&|\+) ?"
_SIDE = re.compile(
    r"\b(?:(?P<both>bi-?ll?at(?:eral(?:ly)?)?s?\b|bil\b|b/l\b|b[/ ]?[ul]/?es?\b|"
    rf"both (?=(?:the |his |her )?(?:sides|{_PART}))|{_LEFT}{_TOGETHER}{_RIGHT}|{_RIGHT}{_TOGETHER}{_LEFT})"
    rf"|(?P<left>left{_LEFT_NOT_A_SIDE}|lt\b|l[lu]e\b|l(?=\.? {_PART})|(?-i:(?<=[,-] )L(?=[ .]*\Z)))"
    rf"|(?P<right>right{_RIGHT_NOT_A_SIDE}|rt\b|r[lu]e\b|r(?=\.? {_PART})|(?-i:(?<=[,-] )R(?=[ .]*\Z)))"
    r")|\((?:(?P<both_in_brackets>b|b/l)|(?P<left_in_brackets>lt?)|(?P<right_in_brackets>rt?))\)",
    re.IGNORECASE,
)


def laterality_in(request: str) -> Laterality | None:
    """The side a request names. Left and right together are bilateral; None where it names no side."""
    sides = {(found.lastgroup or "").partition("_")[0] for found in _SIDE.finditer(request)}
    if not sides:
        return None
    if "both" in sides or len(sides) > 1:
        return Laterality.BILATERAL
    return Laterality(sides.pop())


__all__ = [
    "ItemLevels",
    "joints_supplied",
    "laterality_in",
    "levels_in",
    "region_of",
    "spinal_levels_of",
]

_HAS_NAMED = re.compile(r"[1-9](?:(?<=[aA][rRlL][ -].)|(?<=[iI][cC][ -].))")
_NAMED = re.compile(
    r"\b(?P<region>lumbar|cervical|thoracic|sacral)[ -](?P<number>[1-9]\d?)(?!\d|[./]\d+/)"
    r"(?P<rest> ?(?:[-–—−/]|to |through |thru )? ?(?P<second>[1-9]\d?)?(?!\d))",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r" ?(?:[x×%]|mg\b|times?\b|visits?\b|sessions?\b|treatments?\b|units?\b|weeks?\b|months?\b|days?\b|per\b|"
    r"a (?:week|month|day)\b|hours?\b|injections?\b|views?\b)",
    re.IGNORECASE,
)
_FINDING_AFTER = re.compile(
    r"[ -]{0,2}"
    r"(?:(?:sensory|motor|nerves?|spinal|left|right|bilateral|and|or|skin|levels?|sided|root)[ /-]){0,4}"
    r"(?:dermatom|myotom|(?:poly)?radicul|distribution|innervat|weighted|signal|hyperintens|hypointens|"
    r"sequence|reflex|weakness|sensation|hypo?esthesia|hypesthesia|numbness|tetrapleg|quadripleg|parapleg|"
    r"complement|relaxation|images)",
    re.IGNORECASE,
)
_ROOT_AFTER = re.compile(
    r" (?:and |or )?(?:spinal |exiting |traversing |bilateral |left |right ){0,3}(?:nerve )?roots?\b"
    r"(?! (?:sleeve )?(?:block|inject))",
    re.IGNORECASE,
)
_COUNT_AFTER = re.compile(r" (?:(?:visits?|sessions?|tablets?|tabs|capsules?)\b|#\d)", re.IGNORECASE)
_JOINT_AFTER = re.compile(r" joints?\b", re.IGNORECASE)
_NO_LEVEL_BEFORE = re.compile(
    r"(?:vitamin|tylenol|codeine|free|hepatitis|schedule|class|stage|grade|type|tsh|complement|icd|icd-?(?:9|10)|codes?|cpt|"
    r"hcpcs|thyroid|apoe?)[ ,:#/-]{0,3}\Z",
    re.IGNORECASE,
)
_BEFORE = 24
_THYROID = re.compile(r"thyro|\b(?:tsh|cbc|cmp|labs?|panel)\b", re.IGNORECASE)
_BETWEEN = re.compile(r"\bbetween (?:the )?\Z", re.IGNORECASE)
_NERVES = re.compile(
    r"medial|mbb|dorsal ram|nerve|rhizotom|ablation|neurotom|\brfa|radio ?frequency|\broots?\b", re.IGNORECASE
)
_ROOT_TREATED = re.compile(
    r"block|inject|snrb|epidural|esi\b|ablation|rhizotom|neurotom|decompress|stimulat|ganglion", re.IGNORECASE
)

_SENTENCE = re.compile(r" (?<=[.;?!] )(?=[A-Z(])")
_ABOUT_REQUEST = re.compile(
    r"\brequest|\bproposed|\bmedically (?:necessary|appropriate)|\bcertif", re.IGNORECASE
)
_HISTORY = re.compile(
    r"status[ -]post|\bs/p\b|\bprior\b|\bprevious|\bhistory of|\bunderwent|\bundergone|\bpast\b",
    re.IGNORECASE,
)
_FINDING = re.compile(
    r"\bMRI|imaging|\bCT\b|x-?ray|radiograph|\bEMG|electrodiagnos|nerve conduction|discogra|\bon exam",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ItemLevels:
    """Levels in anatomical order, and whether the item's own words or its rationale named them."""

    levels: tuple[str, ...] = ()
    read_from: LevelsFrom | None = None


def spinal_levels_of(request: str, rationale: str) -> ItemLevels:
    """The item's levels: from its own words, else from its rationale.

    Of a rationale, sentences about the request come first, then those that tell neither history nor findings,
    then findings. An earlier operation's level is never the item's.
    """
    levels = levels_in(request, roots_are_levels=_ROOT_TREATED.search(request) is not None)
    if levels:
        return ItemLevels(levels, LevelsFrom.REQUEST)
    levels = _levels_of_rationale(rationale)
    return ItemLevels(levels, LevelsFrom.RATIONALE) if levels else ItemLevels()


def _levels_of_rationale(rationale: str) -> tuple[str, ...]:
    text = " ".join(rationale.split())
    if not _may_have_levels(text):
        return ()
    told = [sentence for sentence in _SENTENCE.split(text) if _may_have_levels(sentence)]
    return (
        _levels_of_all(sentence for sentence in told if _ABOUT_REQUEST.search(sentence))
        or _levels_of_all(
            sentence for sentence in told if not _HISTORY.search(sentence) and not _FINDING.search(sentence)
        )
        or _levels_of_all(sentence for sentence in told if not _HISTORY.search(sentence))
    )


def _levels_of_all(sentences: Iterable[str]) -> tuple[str, ...]:
    return _in_order(level for sentence in sentences for level in levels_in(sentence))


def _may_have_levels(text: str) -> bool:
    return may_have_levels(text) or _HAS_NAMED.search(text) is not None


def levels_in(text: str, *, roots_are_levels: bool = False) -> tuple[str, ...]:
    """Every spinal level that `text` names, in anatomical order, without repetition.

    `roots_are_levels`: "L5 nerve root" counts, as in the request for a block of that root.
    """
    text = " ".join(text.split())
    if _HAS_NAMED.search(text):
        text = _NAMED.sub(_vertebra_of_words, text)
    if not may_have_levels(text):
        return ()
    nerves = _NERVES.search(text) is not None
    return _in_order(
        level for run in runs_in(text) for level in _levels_of(run, text, nerves, roots_are_levels)
    )


def _in_order(levels: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(levels), key=anatomical_order))


def _vertebra_of_words(found: re.Match[str]) -> str:
    """ "lumbar 4-5" as "L4-5"; "lumbar 2-3 times a week" stays."""
    counts = _COUNT.match(found.string, found.end()) is not None
    paired = found["second"] is not None and found["rest"].strip() != found["second"]
    before = found.string[max(0, found.start() - 8) : found.start()]
    after_span = before.endswith(("-", "–", "/", "to ", "through "))
    if counts or not (paired or after_span or found["rest"].strip()):
        return found.group()
    return f"{found['region'][0].upper()}{found['number']}{found['rest']}"


def _levels_of(run: Run, text: str, nerves: bool, roots_are_levels: bool) -> list[str]:
    before = text[max(0, run.start - _BEFORE) : run.start]
    if _NO_LEVEL_BEFORE.search(before) or _is_laboratory(run, text):
        return []
    groups = list(groups_of(run, between=_BETWEEN.search(before) is not None))
    if _is_finding(text, run.end, roots_are_levels):
        of_last = len(groups[-1]) > 1
        while groups and (len(groups[-1]) > 1) == of_last:
            groups.pop()
    if len(run.nodes) == 1 and _COUNT_AFTER.match(text, run.end):
        return []
    if _is_sacroiliac(run, text):
        return []
    levels = [level for group in groups for level in levels_of_group(group, nerves=nerves)]
    return [level for level in levels if level != C8 or nerves]


def _is_finding(text: str, end: int, roots_are_levels: bool) -> bool:
    return _FINDING_AFTER.match(text, end) is not None or (
        not roots_are_levels and _ROOT_AFTER.match(text, end) is not None
    )


def _is_sacroiliac(run: Run, text: str) -> bool:
    """ "S1 joint", as letters often misspell the SI joint: no joint belongs to S1 alone."""
    return [node.vertebra for node in run.nodes] == ["S1"] and _JOINT_AFTER.match(text, run.end) is not None


def _is_laboratory(run: Run, text: str) -> bool:
    """T3 and T4 are thyroid hormones where the thyroid or blood tests are spoken of."""
    hormones = all(node.vertebra in ("T3", "T4") for node in run.nodes)
    return hormones and _THYROID.search(text, max(0, run.start - 60), run.end + 60) is not None
