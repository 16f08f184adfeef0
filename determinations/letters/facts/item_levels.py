"""Which spinal levels are an item's: those that its request states, or its rationale states of the treatment.

A rationale is full of levels that are not asked for: findings, imaging, earlier surgery, other regions. So a
level of a rationale counts only where the words around it say that it is the treatment's: "the request for
injections at L4-5", "an L4-5 fusion is medically necessary". Nothing is guessed where they do not, and a
request without anything of the spine in it has no level at all.

Source: the project's taxonomy, section on spinal levels.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from determinations.letters.facts.spine import (
    levels_in,
    may_name_levels,
    named_levels,
    with_regions_as_letters,
)
from determinations.letters.facts.spine_notation import anatomical_order, region_of, regions_named
from determinations.letters.parsed_letter import LevelsFrom
from determinations.letters.text.characters import with_single_blanks


@dataclass(frozen=True, slots=True)
class ItemLevels:
    """Levels in anatomical order, and whether the item's own words or its rationale named them."""

    levels: tuple[str, ...] = ()
    read_from: LevelsFrom | None = None


_NO_LEVELS: Final = ItemLevels()
_DIGIT: Final = re.compile(r"\d")
_ROOT_TREATED = re.compile(
    r"block|inject|snrb|epidural|esi\b|ablation|rhizotom|neurotom|decompress|stimulat|ganglion"
)
_EARLIER_IN_REQUEST = re.compile(
    r"\b(?:status[ -]post|s/p|history of|prior|previous|earlier)\b(?: [^,;:()]*)?(?:[,;:)]|\Z)", re.IGNORECASE
)
_EARLIER_SIGNS: Final = ("post", "s/p", "history", "prior", "previous", "earlier")

_INJECTION: Final = (
    r"inject\w*|blocks?|epidurals?|(?:tf|il|l|c|t)?esis?|snrbs?|mbbs?|(?:facet|medial branch|nerve|branch)\w*"
    r"|ablations?|neurotom\w+|rhizotom\w+|rfas?|radio ?frequency|neurolysis|denervation|discogra\w+|catheter"
)
_SURGERY: Final = (
    r"fusions?|arthrodesis|decompressions?|lamin\w+tom\w+|(?:hemi)?laminectom\w+|foraminotom\w+"
    r"|(?:micro)?dis[ck]ectom\w+|corpectom\w+|acdf|plif|tlif|alif|xlif|arthroplast\w+|replacements?"
    r"|kyphoplast\w+|vertebroplast\w+|stimulators?|leads?|surger(?:y|ies)|operations?|instrumentation|hardware"
)
_IMAGING: Final = (
    r"mris?|magnetic resonance|ct|computed tomography|cts?can|x-?rays?|radiographs?|imaging|scans?"
    r"|myelogra\w+|emg|ncs|ncv|electrodiagnostics?|tests?|testing|stud(?:y|ies)|evaluation"
)
_OTHER: Final = r"therapy|treatments?|traction|acupuncture|manipulation|brace"
_ANY: Final = r"treatments?|procedures?|interventions?|services?|requests?|repeats?"
_FAMILIES: Final = tuple(
    re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for words in (_INJECTION, _SURGERY, _IMAGING, _OTHER)
)
# Read behind a blank, in lower case: words begin behind what is no letter, which is found faster than a word.
_SPINE: Final = re.compile(
    r"\W(?:cervic|thorac|lumb|sacr|coccyx|caudal|spin(?:e|al)|vertebra|intervertebral|(?:inter|intra)?dis[ck]s?\b"
    r"|dis[ck](?:ectom|ogra)|facet|epidural|(?:tf|il|l|c|t)?esis?\b|medial branch|mbbs?\b|dorsal ram|neck\b"
    r"|back\b|acdf|plif|tlif|alif|xlif|laminectom|laminotom|foraminotom|microdis[ck]|kyphoplast|vertebroplast"
    r"|myelogra|si joint|[clt]-spine|snrb|nerve root|rhizotom|hemilamin)"
)

_SENTENCE = re.compile(r" (?<=[.;?!] )(?=[A-Z(])")
_ASKED_FOR = re.compile(
    r"\brequest|\bpropos|\bplan(?:s|ned)?\b|\brecommend(?:s|ed|ing)?\b|\bseek(?:s|ing)?\b|\bprescribed?\b|\bcertif"
    r"|\bauthoriz|\bmedically (?:necessary|appropriate|indicated|warranted)|\bmedical necessity"
    r"|\bproceed(?:ing)? with\b|\b(?:is|are|be) (?:(?:not|therefore|thus) ){0,2}(?:appropriate|warranted"
    r"|indicated|supported|approved|reasonable|necessary|justified|(?:being )?considered"
    r"|to be (?:done|performed))",
    re.IGNORECASE,
)
_CLAUSE_ENDS = re.compile(
    r"[;:]|, (?!(?:and |or )?[CTLS]-?\d)|\b(?:but|while|because|since|although|though|whereas|which|who|where"
    r"|when|given|based on|as (?:there|the|an?|he|she|it|his|her|evidenced|documented)|despite|due to|if"
    r"|until|after|with (?:an? )?(?:mri|ct|emg|evidence|findings?))\b",
    re.IGNORECASE,
)
_EARLIER = re.compile(
    r"status[ -]post|\bs/p\b|\bprior\b|\bprevious|\bhistory of|\bunderwent|\bundergone|\bpast\b|\bearlier\b"
    r"|\breceived\b|\bhad (?:an?|had|two|three|the)\b|\bpost[- ]?operative|\bcompleted\b|\bhas had\b"
    r"|\b(?:the|an?|her|his) (?:first|initial|last|most recent)\b|\bwas (?:done|performed|given|administered)"
    r"|\bin (?:19|20)\d\d\b|\bon \d{1,2}[-/]\d|\bgave\b|\bprovided\b|\bresulted\b|\balready\b|\bexisting\b",
    re.IGNORECASE,
)
_FINDING: Final = (
    r"stenosis|protrusions?|herniat\w+|bulg\w+|extrusions?|degenerat\w+|spondyl\w+|listhesis|retrolisthesis"
    r"|anterolisthesis|narrowing|fractures?|radiculo\w+|radiculitis|radicular|dermatom\w+|myotom\w+"
    r"|distributions?|tender\w*|spasms?|pain|sensation|weakness|numbness|hypertrophy|arthropathy|arthrosis"
    r"|desiccation|tears?|fissures?|impingement|compression|compress\w+|abnormal\w+|findings?|changes|patholog\w+"
    r"|instability|neuropathy|denervated|irritation|deficits?|syndrome|disease|collapse|scoliosis|edema|contact\w*"
    r"|abut\w*|efface\w*|encroach\w+|corroborat\w+|shows?|showed|shown|reveal\w*|demonstrat\w+|noted"
    r"|document\w+|evidence\w*|consistent"
)
_FINDING_AFTER = re.compile(
    r"[ ,)]*(?:(?:levels?|disc|disk|facet|foraminal|central|canal|lateral|recess|neural|nerve|roots?|moderate"
    r"|severe|mild|left|right|bilateral|and|joints?|broad[- ]based|posterior|is|are|was|on|the|an?|of|mm"
    rf"|\d+(?:mm)?|compression|vertebral|endplate|[a-z]+(?:al|ic|ive))[ -]+){{0,5}}(?:{_FINDING})\b",
    re.IGNORECASE,
)
_LINK: Final = (
    r"(?:[ ,(]+(?:at|of|for|from|to|on|over|in|into|involving|targeting|through|the|an?|one|two|three|both"
    r"|levels?|and|or|left|right|bilateral(?:ly)?|[rl]t|lumbar|cervical|thoracic|sacral|spine|under|is|are|be|was|were"
    r"|not|planned|proposed|requested|performed|limited|steroid|facet|joints?|dis[ck]s?|medial|branch(?:es)?|nerves?"
    r"|roots?|regions?|side|single|further|full|approach|transforaminal|interlaminar|evaluation|evaluate|assess"
    r"|assessment|visualize|block|series|guidance|fluoroscop\w+|injections?|vertebra\w*)){0,9}[ ,(:]*\Z"
)
_LINK_AFTER: Final = (
    r"(?:[ ,)-]+(?:levels?|left|right|bilateral(?:ly)?|lumbar|cervical|thoracic|sacral|transforaminal"
    r"|interlaminar|translaminar|caudal|epidural|steroid|facet|joints?|medial|branch|nerve|roots?|selective|anterior|posterior"
    r"|lateral|interbody|dis[ck]|intradiscal|diagnostic|therapeutic|repeat|second|third|and|or|the"
    r"|spinal|radiofrequency|revision|minimally|invasive|decompressive|micro|total|artificial|instrumented|on|side"
    r"|dorsal|rami?|ray|corticosteroid)){0,7}[ -]+"
)


def spinal_levels_of(request: str, rationale: str) -> ItemLevels:
    """The item's levels: from its own words, else from what its rationale states of the treatment."""
    asked = request
    lower = request.lower()
    if any(sign in lower for sign in _EARLIER_SIGNS):
        asked = _EARLIER_IN_REQUEST.sub(" ", request)
    if _DIGIT.search(asked):
        levels = levels_in(asked, roots_are_levels=_ROOT_TREATED.search(asked.lower()) is not None)
        if levels:
            return ItemLevels(levels, LevelsFrom.REQUEST)
    if not rationale or _SPINE.search(f" {lower}") is None:
        return _NO_LEVELS
    levels = levels_of_rationale(request, rationale)
    return ItemLevels(levels, LevelsFrom.RATIONALE) if levels else _NO_LEVELS


def levels_of_rationale(request: str, rationale: str) -> tuple[str, ...]:
    """The levels that the rationale states of the treatment, whether or not the request names any."""
    text = with_single_blanks(rationale)
    if not may_name_levels(text):
        return ()
    asked_for = _treatment_of(request)
    levels: dict[str, None] = {}
    for sentence in _SENTENCE.split(text):
        if may_name_levels(sentence) and _ASKED_FOR.search(sentence):
            levels.update(dict.fromkeys(asked_for.levels_stated_in(sentence)))
    return tuple(sorted(levels, key=anatomical_order))


@lru_cache(maxsize=64)
def _treatment_of(request: str) -> "_Treatment":
    """The sentences of a rationale are read one after the other for the same request."""
    return _Treatment(request)


class _Treatment:
    """The treatment of one request: the words by which a rationale names it, and its regions."""

    def __init__(self, request: str) -> None:
        named = [words for words in _FAMILIES if words.search(request)] or list(_FAMILIES[:2])
        words = "|".join((*(pattern.pattern for pattern in named), rf"\b(?:{_ANY})\b"))
        self._before = re.compile(rf"(?:{words})(?: \([^()]{{0,30}}\))?{_LINK}", re.IGNORECASE)
        self._after = re.compile(rf"{_LINK_AFTER}(?:{words})", re.IGNORECASE)
        self._finding_before = re.compile(
            rf"\b(?:{_FINDING})\b(?:[ ,/-]+(?!{words})[\w'’-]+){{0,5}}[ ,(]*\Z", re.IGNORECASE
        )
        self._regions = set(regions_named(request))

    def levels_stated_in(self, sentence: str) -> tuple[str, ...]:
        """The levels of those runs of a sentence that are the treatment's."""
        text = with_regions_as_letters(sentence)
        return tuple(
            level
            for named in named_levels(text)
            if self._is_of_treatment(text, named.start, named.end)
            for level in named.levels
            if self._is_of_region(level)
        )

    def _is_of_treatment(self, text: str, start: int, end: int) -> bool:
        before, after = text[max(0, start - 160) : start], text[end : end + 100]
        ends = [found.end() for found in _CLAUSE_ENDS.finditer(before)]
        clause = before[ends[-1] :] if ends else before
        following = _CLAUSE_ENDS.search(after)
        rest = after[: following.start()] if following else after
        if _EARLIER.search(clause) or _EARLIER.search(rest):
            return False
        if self._finding_before.search(clause) or _FINDING_AFTER.match(after):
            return False
        return self._before.search(clause) is not None or self._after.match(after) is not None

    def _is_of_region(self, level: str) -> bool:
        """A junction belongs to both its regions: T12-L1 may be meant by "lumbar", and S1 is by most."""
        if not self._regions:
            return True
        regions = {region_of(vertebra) for vertebra in level.split("-")}
        if "sacral" in regions:
            regions.add("lumbar")
        return not regions.isdisjoint(self._regions)
