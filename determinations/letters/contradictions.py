"""Rationales that conclude the opposite of their heading: attorneys look for exactly those.

Only what the reviewer concludes counts: a sentence that reports the claims administrator's denial, states a
condition or quotes a guideline is no conclusion. The last conclusion is the one that counts.
"""

import re

from determinations.letters.parsed_letter import Decision

_SENTENCE_END = re.compile(r"[.!?;]\s+(?=[A-Z(“\"])")
_DENIES = re.compile(
    r"\bnot[ -]*(?:[a-z]+[ -]+){0,3}?"
    r"(?:medically[ -]?(?:necessary|appropriate|indicated|warranted)|certif(?:y|ied))"
    r"|\bnon[- ]?certif|\bnotmedically|\bisnot\b"
    r"|\bnecessity\b[^.]{0,80}?\b(?:not|cannot|never)\b[^.]{0,30}?\b(?:established|supported|demonstrated|substantiated|met)"
    r"|\bnot\s+(?:established|supported|demonstrated|substantiated)\b[^.]{0,40}?\bmedical(?:ly)?\s+necess"
    r"|\b(?:request|treatment|service|medication|procedure)\b[^.]{0,80}?"
    r"\b(?:is|are|was|were|be|cannot be)\s+(?:therefore\s+)?"
    r"(?:denied|not\s+(?:approved|authorized|supported|warranted|indicated|justified|appropriate|reasonable|necessary|substantiated))"
    r"|\b(?:denial|determination|decision|review)\b[^.]{0,40}?\b(?:is|are|was|be)\s+upheld",
    re.IGNORECASE,
)
_APPROVES = re.compile(
    r"\b(?:is|are|was|were|be)\s+(?:(?:therefore|thus|hereby|deemed|considered|found|to\s+be|both|reasonable|appropriate|and|both|indeed)\s*,?\s+){0,4}"
    r"(?:medically[ -]?(?:necessary|appropriate|indicated|warranted)|certified)"
    r"|\bnecessity\b[^.]{0,60}?\b(?:is|has\s+been|was|have\s+been)\s+(?:clearly\s+)?(?:established|supported|demonstrated|met)"
    r"|\b(?:request|treatment|service|medication|procedure)\b[^.]{0,80}?\b(?:is|are|was|were|be)\s+(?:therefore\s+)?"
    r"(?:approved|authorized|supported|warranted|indicated|justified|appropriate|reasonable|necessary)\b"
    r"|\b(?:denial|determination|decision|review)\b[^.]{0,40}?\b(?:is|are|was|be)\s+overturned",
    re.IGNORECASE,
)
_REPORTED = re.compile(
    r"\b(?:claims?\s+administrator|utilization\s+review|UR\s+(?:physician|reviewer|denied|denial|decision|non)"
    r"|(?:was|were|been)\s+(?:previously|initially|originally)|previous\s+request|adjuster|insurer)\b",
    re.IGNORECASE,
)
# Without IGNORECASE: an "IF unit" is an interferential stimulator and no condition.
_NOT_AFFIRMED = re.compile(
    r"\b(?:[Ii]f|[Uu]nless|[Ww]hen|[Uu]ntil|would|could|may|might|[Nn]ot?|nor|never|cannot|fails?|failed"
    r"|lacks?|lacking|[Ww]ithout|insufficient|unclear)\b"
    r"|guidelines?\s+(?:state|indicate|note|recommend)|n't\b"
)
_PARTLY = re.compile(
    r"\b(?:is|are)\s+(?:therefore\s+|thus\s+)?(?:partially\s+(?:certified|approved|medically|overturned)"
    r"|(?:certified|approved|medically\s+necessary|overturned)\s+in\s+part)",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"\b(?:[Ii]f|[Uu]nless|[Ww]hen|[Uu]ntil)\b")
_OF_THE_DENIAL = re.compile(
    r"\b(?:denial|determination|decision|non-?certification|UR)\b[^.]{0,60}?"
    r"\b(?:is|are|remains?|(?:should|must|will|shall)\s+be)\s+(?:therefore\s+|thus\s+|hereby\s+)?"
    r"(?:(?P<stands>upheld|sustained|affirmed)|overturned|reversed)\b",
    re.IGNORECASE,
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
    for sentence in reversed(_SENTENCE_END.split(rationale[-_LONGEST_CONCLUSION:])[-_CONCLUDING:]):
        lower = sentence.lower()
        if not any(word in lower for word in _TELLING):
            continue
        of_denial = _OF_THE_DENIAL.search(sentence) if any(word in lower for word in _FATES) else None
        if of_denial is not None and not _CONDITION.search(sentence):
            return decision is (Decision.OVERTURNED if of_denial["stands"] else Decision.UPHELD)
        if _REPORTED.search(sentence):
            continue
        if ("partially" in lower or "in part" in lower) and _PARTLY.search(sentence):
            return True
        if _DENIES.search(sentence):
            return decision is Decision.OVERTURNED
        if _APPROVES.search(sentence) and not _NOT_AFFIRMED.search(sentence):
            return decision is Decision.UPHELD
    return False
