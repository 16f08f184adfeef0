"""The words of a decision: "Upheld", "Overturned in part", "is not medically necessary and appropriate".

Reads what a heading says, and whether a rationale concludes the opposite. Never takes a decision from a
rationale: when the two disagree the heading stands.
"""

import re
from dataclasses import dataclass

from determinations.letters.parsed_letter import Decision

_IN_PART = r"[,;:]?\ ?\(?\ ?in\ ?parts?\)?"
_DECISION_WORDS = re.compile(
    rf"""
    (?: (?P<mixed>partial(?:ly)?[-\ ]?(?:upheld|uphold|overturn(?:ed)?|overtuned)
          |(?P<modified>modif(?:ied|y|ication))
          |(?:upheld|overturn(?:ed)?)\ ?{_IN_PART}
          |(?:upheld|overturned)\ (?:and|/)\ (?:upheld|overturned)(?:\ in\ part)?)
      | (?P<upheld>up(?:-\ ?|\ )?he[l1i]d|uphold|up[-\ ]?hel|uphled|uphe;d)
      | (?P<overturned>over(?:-\ ?|\ )?tur?ne?r?e?d|overturn|overtruned|overturnned) )
    (?:\ ?\([^()]{{0,60}}\))?
    [\ .*;,'"”’\]]*\Z
    """,
    re.IGNORECASE | re.VERBOSE,
)
_SEPARATOR = re.compile(r"(?:\s*[:;.–—-]+)+\s*\Z|\s+\Z|(?<=\))\Z")
_WORD_START = re.compile(r"(?<![A-Za-z])(?=[A-Za-z])")
_STEMS = ("uph", "up-h", "up h", "overt", "over-t", "over t", "partial", "modif")
"""Beginnings of decision words, rightly or wrongly spelled: most text has none and is left at that."""
_LONGEST_DECISION = 100


def _maybe_split(word: str) -> str:
    """A pattern for a word that a line's end may part after any letter."""
    return r"(?:-[ \n])?".join(word)


_MEDICALLY, _NECESSARY, _APPROPRIATE = map(_maybe_split, ("medically", "necessary", "appropriate"))
_STATEMENT = re.compile(
    r"(?:\b(?:is|are|was|were|be|has been)|(?<=[a-z)])(?:is|are|was|were))"
    r"(?:\s?/\s?(?:is|are|was|were))?[ \n]?"
    r"(?:(?:deemed|considered|found|found to be|therefore)[ \n])?"
    r"(?P<not>not)?[ \n]?(?P<part>partially|partly|in part)?[ \n]?(?P<not2>not)?[ \n]?"
    rf"{_MEDICALLY}[ \n]?{_NECESSARY}"
    rf"(?:,?[ \n]?(?:and|&|or|nor)?[ \n]?(?:{_MEDICALLY}[ \n]?)?{_APPROPRIATE})?"
    r"(?P<after>,?[ \n](?:in part|as modified))?",
    re.IGNORECASE,
)
_STATEMENT_END = re.compile(r"[ \n.;:*]*\Z")
_LONGEST_STATEMENT = 120


@dataclass(frozen=True, slots=True)
class DecidedRequest:
    """A heading taken apart: the request as the letter words it, and what was decided."""

    request: str
    decision: Decision


def decision_at_end(heading: str) -> DecidedRequest | None:
    """Reads "request: Upheld": the decision is what follows the last colon.

    A missing colon is forgiven, since a heading is known by the label that follows it.
    """
    base = max(0, len(heading) - _LONGEST_DECISION)
    match = _last_match(heading[base:])
    if match is None:
        return None
    before = heading[: base + match.start()]
    if not before.strip():
        return DecidedRequest("", _decision(match))
    separator = _SEPARATOR.search(before[-20:])
    if separator is None:
        return None
    if match["modified"] and not separator[0].strip():  # "therapy, as modified" is a request
        return None
    return DecidedRequest(before[: len(before) - len(separator[0])].strip(), _decision(match))


def _last_match(tail: str) -> re.Match[str] | None:
    """The decision words that end the text: the longest wording, so that "partially" is part of it."""
    lower = tail.lower()
    if not any(stem in lower for stem in _STEMS):
        return None
    for found in _WORD_START.finditer(tail):
        match = _DECISION_WORDS.match(tail, found.start())
        if match is not None:
            return match
    return None


def _decision(match: re.Match[str]) -> Decision:
    if match["mixed"]:
        return Decision.PARTIALLY_OVERTURNED
    return Decision.UPHELD if match["upheld"] else Decision.OVERTURNED


def ends_with_colon_and_decision(text: str) -> bool:
    """Whether a text ends like a heading, "...: Upheld", or is a decision alone."""
    found = decision_at_end(text)
    if found is None:
        return False
    return not found.request or text[len(found.request) :].lstrip()[:1] in tuple(":;-–—")


def statement_at_end(heading: str) -> DecidedRequest | None:
    """Reads "request is [not] medically necessary and appropriate." where it ends the text."""
    base = max(0, len(heading) - _LONGEST_STATEMENT)
    for match in _STATEMENT.finditer(heading, base):
        if _STATEMENT_END.match(heading, match.end()):
            return DecidedRequest(heading[: match.start()].strip(" ,"), statement_decision(match))
    return None


def find_statement(text: str, start: int, end: int) -> re.Match[str] | None:
    """The first "is [not] medically necessary" between two offsets."""
    return _STATEMENT.search(text, start, end)


def statement_decision(match: re.Match[str]) -> Decision:
    if match["part"] or match["after"]:
        return Decision.PARTIALLY_OVERTURNED
    return Decision.UPHELD if match["not"] or match["not2"] else Decision.OVERTURNED
