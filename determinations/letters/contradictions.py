"""Rationales that conclude the opposite of their heading: attorneys look for exactly those.

Only what the reviewer concludes counts: a sentence that reports the claims administrator's denial, states a
condition or quotes a guideline is no conclusion. Where a rationale concludes both ways, nothing is said.
"""

import re

from determinations.letters.parsed_letter import Decision

_SENTENCE = re.compile(r"(?<=[a-z)\]0-9][.!?;])\s+(?=[A-Z(“\"])")
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
_NOT_AFFIRMED = re.compile(
    r"\b(?:if|unless|when|until|would|could|may|might|not|no|nor|never|cannot|fails?|failed|lacks?|lacking|without|insufficient|unclear)\b"
    r"|guidelines?\s+(?:state|indicate|note|recommend)|n't\b",
    re.IGNORECASE,
)
_CONCLUDING = 3
"""Sentences at a rationale's end that hold its conclusion."""


def contradicts(decision: Decision, rationale: str) -> bool:
    """Whether the rationale's conclusion is the opposite of the heading's decision."""
    if decision not in (Decision.UPHELD, Decision.OVERTURNED) or not rationale:
        return False
    denies = approves = False
    for sentence in _SENTENCE.split(rationale[-1500:])[-_CONCLUDING:]:
        if _REPORTED.search(sentence):
            continue
        if _DENIES.search(sentence):
            denies = True
        elif _APPROVES.search(sentence) and not _NOT_AFFIRMED.search(sentence):
            approves = True
    return denies != approves and denies == (decision is Decision.OVERTURNED)
