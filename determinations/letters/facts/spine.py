"""The spinal levels an item is about: "L3-S1", "C4-5, 5-6", "L3, L4, L5 medial branch" -> canonical levels.

Rules (the project's taxonomy): a span is expanded into its segments, a list of single vertebrae names nerves
and is kept as stated, what is impossible or out of order is dropped and never guessed. What belongs to a
finding ("S1 radiculopathy", "C6 dermatome"), a code (S13.4, L0631), an image ("T2 signal") or a laboratory
test is no level. Levels come in anatomical order, from the neck down.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

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
from determinations.letters.text.characters import with_single_blanks

__all__ = [
    "NamedLevels",
    "joints_supplied",
    "levels_in",
    "may_name_levels",
    "named_levels",
    "region_of",
    "with_regions_as_letters",
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


def may_name_levels(text: str) -> bool:
    """A fast check, for text whose white space is single blanks: False means that it names no level."""
    return may_have_levels(text) or _HAS_NAMED.search(text) is not None


@dataclass(frozen=True, slots=True)
class NamedLevels:
    """The levels that one run of a text names ("L3-4, 4-5"), and where it stands in that text."""

    levels: tuple[str, ...]
    start: int
    end: int


def levels_in(text: str, *, roots_are_levels: bool = False) -> tuple[str, ...]:
    """Every spinal level that `text` names, in anatomical order, without repetition.

    `roots_are_levels`: "L5 nerve root" counts, as in the request for a block of that root.
    """
    text = with_regions_as_letters(text)
    found = named_levels(text, roots_are_levels=roots_are_levels)
    return _in_order(level for named in found for level in named.levels)


def with_regions_as_letters(text: str) -> str:
    """`text` with single blanks, and "lumbar 4-5" as "L4-5"."""
    text = with_single_blanks(text)
    return _NAMED.sub(_vertebra_of_words, text) if _HAS_NAMED.search(text) else text


def named_levels(text: str, *, roots_are_levels: bool = False) -> Iterator[NamedLevels]:
    """The levels of a text that `with_regions_as_letters` has prepared, run by run."""
    if not may_have_levels(text):
        return
    nerves = _NERVES.search(text) is not None
    for run in runs_in(text):
        if levels := _levels_of(run, text, nerves, roots_are_levels):
            yield NamedLevels(_in_order(levels), run.start, run.end)


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
