"""Tells what a rationale says of this case from what it repeats of a guideline.

Rationales open with the guideline's words, which are the same in hundreds of letters, and end with a
conclusion that repeats the decision. What a reader wants is between them: the sentences about the patient,
the records and the request.
"""

import re
from functools import lru_cache
from typing import Final, NamedTuple

from determinations.letters.facts.grounds.sentences import Span, only_requests, quotations_of, sentences_of

LONGEST: Final = 320
"""Characters of a stretch of sentences, as long as a passage of a search."""

# These three read small letters, because patterns that ignore case take three times as long.
_OF_THE_CASE = re.compile(
    r"""\b(?:
      (?:this|the|requesting|treating|attending|prescribing)\s+
        (?:patient|(?:injured\s+)?worker|applicant|claimant|employee|member|case|provider|physician|surgeon)
      | (?:patient|worker|applicant|claimant|employee|provider|physician)['’]s
      | (?:in|for)\s+this\s+(?:case|patient) | here,
      | (?:he|she|his|her|him|herself|himself)
      | (?:medical\s+|clinical\s+|submitted\s+|provided\s+|available\s+|recent\s+|progress\s+)+
        (?:records?|notes?|reports?|documentation|information)
      | (?:records?|documentation|notes|reports?)\s+(?:\w+\s+){0,2}?
        (?:submitted|provided|reviewed|available|indicates?|shows?|reveals?|does|do|did|fails?|failed|lacks?)
      | documented | submitted
      | no\s+(?:documentation|evidence|indication|mention|record)\s+(?:of|that|in|the)
      | lack\s+of\s+(?:\w+\s+){0,2}documentation
      | not\s+(?:provided|specified|identified|established|clear)
      | date\s+of\s+injury
      | (?:on\s+)?(?:physical\s+)?exam(?:ination)?\s+(?:was|revealed|showed|noted|findings)
      | (?:was|were|has\s+been|had|has)\s+(?:\w+\s+)?
        (?:noted|authorized|approved|certified|prescribed|diagnosed|treated|failed)
      | \d{1,2}/\d{1,2}/\d{2,4}
    )\b""",
    re.VERBOSE,
)
_OF_A_GUIDELINE = re.compile(
    r"""\b(?:guidelines?|mtus|odg|acoem|official\s+disability|treatment\s+utilization|criteria|literature|stud(?:y|ies)
      |patients\s+(?:with|who|in)|(?:is|are)\s+(?:not\s+)?(?:generally\s+)?(?:recommended|indicated)|recommends?
      |may\s+be|should\s+be|states?\s+that|per\s+the|page)\b""",
    re.VERBOSE,
)
_CONCLUSION = re.compile(
    r"(?:therefore|thus|as\s+such|hence|accordingly|consequently"
    r"|given\s+(?:the\s+above|this)|based\s+on\s+(?:the\s+above|this)"
    r"|for\s+(?:these|this)\s+reasons?|medical\s+necessity)\b|(?:the|this)\s+(?:\w+\s+){0,4}(?:request|treatment)\b"
    r".{0,120}\b(?:is|was|are|were)\s+(?:not\s+)?medically\s+necessary",
)
_REMEMBERED = 10_000
_MOST_SIGNS = 3
_OF_A_GUIDELINE_WEIGHS = 2


class _Rated(NamedTuple):
    """A sentence and how much it is about the case: above 0 where more is about it than not."""

    span: Span
    worth: int


def is_about_case(passage: str) -> bool:
    """Whether more of the passage is about the patient, the records and the request than a guideline."""
    return sum(rated.worth for rated in _rated(passage)) > 0


def case_passage(rationale: str) -> str:
    """The sentences that say most of the case, up to `LONGEST` characters; may be empty."""
    sentences = _rated(rationale)
    best = max(sentences, key=lambda rated: rated.worth, default=None)
    if best is None or best.worth <= 0:
        return ""
    start, end = best.span
    for following in sentences[sentences.index(best) + 1 :]:
        if following.worth <= 0 or following.span.end - start > LONGEST:
            break
        end = following.span.end
    return " ".join(rationale[start:end].split())


def _rated(text: str) -> list[_Rated]:
    sentences = sentences_of(text)
    quoted = quotations_of(text, sentences)
    return [_Rated(span, _worth(text, span, quoted)) for span in sentences]


def _worth(text: str, span: Span, quoted: list[Span]) -> int:
    worth = _worth_by_itself(text[span.start : span.end])
    if worth is None:
        return 0
    if quoted and any(span.start < other.end and other.start < span.end for other in quoted):
        return -1
    return worth


@lru_cache(maxsize=_REMEMBERED)
def _worth_by_itself(sentence: str) -> int | None:
    """What a sentence is worth that is not quoted.

    None for a conclusion, and for what only says that something was requested.
    Remembered, because rationales repeat sentences.
    """
    written = sentence.lower()
    if _CONCLUSION.match(written) or only_requests(sentence):
        return None
    of_the_case = len(set(_OF_THE_CASE.findall(written)))
    of_a_guideline = len(_OF_A_GUIDELINE.findall(written))
    return min(of_the_case, _MOST_SIGNS) - _OF_A_GUIDELINE_WEIGHS * of_a_guideline + (of_the_case > 0)
