"""What a rationale concludes, where it is the opposite of its heading: attorneys look for exactly those.

Only what the reviewer concludes counts: a sentence that reports the claims administrator's denial, states a
condition or quotes a guideline is no conclusion. The last conclusion is the one that counts.
"""

import re
from collections.abc import Iterator

from determinations.letters.parsed_letter import Decision

_SENTENCE_END = re.compile(r"[.!?;]\s+(?=[A-Z(“\"])")
# What a sentence concludes. All three are read in lower case and behind a blank: that a word begins is seen
# by what stands before it, which is found faster than a word.
_DENIES = re.compile(
    r"\W(?:not[ -]*(?:[a-z]+[ -]+){0,3}?"
    r"(?:medically[ -]?(?:necessary|appropriate|indicated|warranted)|certif(?:y|ied))"
    r"|non[- ]?certif|notmedically|isnot\b"
    r"|necessity\b[^.]{0,80}?\b(?:not|cannot|never)\b[^.]{0,30}?\b(?:established|supported|demonstrated|substantiated|met)"
    r"|not\s+(?:established|supported|demonstrated|substantiated)\b[^.]{0,40}?\bmedical(?:ly)?\s+necess"
    r"|(?:request|treatment|service|medication|procedure)\b[^.]{0,80}?"
    r"\b(?:is|are|was|were|be|cannot be)\s+(?:therefore\s+)?"
    r"(?:denied|not\s+(?:approved|authorized|supported|warranted|indicated|justified|appropriate|reasonable|necessary|substantiated))"
    r"|(?:denial|determination|decision|review)\b[^.]{0,40}?\b(?:is|are|was|be)\s+upheld)"
)
_APPROVES = re.compile(
    r"\W(?:(?:is|are|was|were|be)\s+(?:(?:therefore|thus|hereby|deemed|considered|found|to\s+be|both|reasonable|appropriate|and|both|indeed)\s*,?\s+){0,4}"
    r"(?:medically[ -]?(?:necessary|appropriate|indicated|warranted)|certified)"
    r"|necessity\b[^.]{0,60}?\b(?:is|has\s+been|was|have\s+been)\s+(?:clearly\s+)?(?:established|supported|demonstrated|met)"
    r"|(?:request|treatment|service|medication|procedure)\b[^.]{0,80}?\b(?:is|are|was|were|be)\s+(?:therefore\s+)?"
    r"(?:approved|authorized|supported|warranted|indicated|justified|appropriate|reasonable|necessary)\b"
    r"|(?:denial|determination|decision|review)\b[^.]{0,40}?\b(?:is|are|was|be)\s+overturned)"
)
_REPORTED = re.compile(
    r"\W(?:claims?\s+administrator|utilization\s+review|ur\s+(?:physician|reviewer|denied|denial|decision|non)"
    r"|(?:was|were|been)\s+(?:previously|initially|originally)|previous\s+request|adjuster|insurer)\b"
)
# Without IGNORECASE: an "IF unit" is an interferential stimulator and no condition.
_NOT_AFFIRMED = re.compile(
    r"\b(?:[Ii]f|[Uu]nless|[Ww]hen|[Uu]ntil|would|could|may|might|[Nn]ot?|nor|never|cannot|fails?|failed"
    r"|lacks?|lacking|[Ww]ithout|insufficient|unclear)\b"
    r"|guidelines?\s+(?:state|indicate|note|recommend)|n't\b"
)
_PARTLY = re.compile(
    r"\b(?:is|are)\s+(?:therefore\s+|thus\s+)?(?:partially\s+(?:certified|approved|medically|overturned)"
    r"|(?:certified|approved|medically\s+necessary|overturned)\s+in\s+part)"
)
_CONDITION = re.compile(r"\b(?:[Ii]f|[Uu]nless|[Ww]hen|[Uu]ntil)\b")
_OF_THE_DENIAL = re.compile(
    r"\b(?:denial|determination|decision|non-?certification|ur)\b[^.]{0,60}?"
    r"\b(?:is|are|remains?|(?:should|must|will|shall)\s+be)\s+(?:therefore\s+|thus\s+|hereby\s+)?"
    r"(?:(?P<stands>upheld|sustained|affirmed)|overturned|reversed)\b"
)
"""What becomes of the denial: a conclusion even where the claims administrator is named."""
_FATES = ("upheld", "sustained", "affirmed", "overturned", "reversed")

_TELLING = (
    "necess",
    "certif",
    "approv",
    "authoriz",
    "warrant",
    "support",
    "indicat",
    "justif",
    "appropriate",
    "reasonable",
    "upheld",
    "sustained",
    "affirmed",
    "reversed",
    "overturn",
    "denied",
    "establish",
    "demonstrat",
    "substantiat",
    "medically",
)
"""Stems without one of which a sentence concludes nothing: most sentences are left at that."""

_CONCLUDING = 3
_LONGEST_CONCLUSION = 1000
"""Sentences at a rationale's end that hold its conclusion."""


def contradicts(decision: Decision, rationale: str) -> bool:
    """Whether the rationale concludes otherwise than the heading decides, wholly or in part."""
    if decision not in (Decision.UPHELD, Decision.OVERTURNED) or not rationale:
        return False
    for sentence in _last_sentences(rationale):
        lower = f" {sentence.lower()}"
        if not any(word in lower for word in _TELLING):
            continue
        of_denial = _OF_THE_DENIAL.search(lower) if any(word in lower for word in _FATES) else None
        if of_denial is not None and not _CONDITION.search(sentence):
            return decision is (Decision.OVERTURNED if of_denial["stands"] else Decision.UPHELD)
        if _REPORTED.search(lower):
            continue
        if ("partially" in lower or "in part" in lower) and _PARTLY.search(lower):
            return True
        if _DENIES.search(lower):
            return decision is Decision.OVERTURNED
        if _APPROVES.search(lower) and not _NOT_AFFIRMED.search(sentence):
            return decision is Decision.UPHELD
    return False


def _last_sentences(rationale: str) -> Iterator[str]:
    """The sentences of the conclusion, the last one first: nearly always it is the one that concludes."""
    given = 0
    for reach in (_LONGEST_CONCLUSION // 5, _LONGEST_CONCLUSION // 2, _LONGEST_CONCLUSION):
        sentences = _SENTENCE_END.split(rationale[-reach:])
        if reach < min(_LONGEST_CONCLUSION, len(rationale)):
            del sentences[0]  # it may begin before
        yield from sentences[-1 - given : -1 - _CONCLUDING : -1]
        given = len(sentences)
        if given >= _CONCLUDING:
            return
