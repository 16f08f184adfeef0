"""The words of a decision: "Upheld", "Overturned in part", "is not medically necessary and appropriate".

Reads what a heading says, and whether a rationale concludes otherwise. Never takes a decision from a
rationale: when the two disagree the heading stands.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from determinations.letters.parsed_letter import Decision
from determinations.letters.text.characters import lowered
from determinations.letters.vocabulary.words import within_one_slip

_IN_PART = r"[,;:]?\ ?\(?\ ?in\ ?parts?\)?"
_DECISION_WORDS = re.compile(
    rf"""
    (?: (?P<mixed>partial(?:ly)?[-\ ]?(?:upheld|uphold|overturn(?:ed)?|overtuned)
          |(?P<modified>modif(?:ied|y|ication)(?:\ (?:to|from)\ [^:]{{1,60}})?)
          |(?:upheld|overturned)\ in\ parts?(?:[,;/]|\ and)\ ?(?:upheld|overturned)\ in\ parts?
          |overturn(?:ed)?,?\ as\ modified
          |(?:upheld|overturn(?:ed)?)\ ?{_IN_PART}
          |(?:upheld|overturned)\ (?:and|/)\ (?:upheld|overturned)(?:\ in\ part)?)
      | (?P<upheld>up(?:-\ ?|\ )?he[l1i|]d|uphold|up[-\ ]?hel|uphled|uphe;d|u\ p\ h\ e\ l\ d)
      | (?P<overturned>[o0]ver(?:-\ ?|\ )?tur?ne?r?e?d|overturn|overtruned|overturnned
          |[o0]ver[-\ ]?tu(?:m|r|ru)ed|[o0]\ v\ e\ r\ t\ u\ r\ n\ e\ d) )
    (?:\ ?\([^()]{{0,60}}\))?
    [\ .*;,'"”’\])]*\Z
    """,
    re.IGNORECASE | re.VERBOSE,
)
_BLANKS = " \t\n\f"
_MARKS = ":;.–—-"
_MOST_SEPARATING = 20
_GLUED = re.compile(r"(?<=[a-z0-9])(?=(?:Upheld|Overturned))")
_NEGATED = re.compile(r"\b(?:not|never|neither|nor)\Z", re.IGNORECASE)
_NEGATIONS = ("not", "never", "neither", "nor")
_LABELED = re.compile(
    r"(?:\A|[ :;,.–—-]+)(?:(?:final|imr|the|reviewer['’]?s?) )*(?:decision|determination|outcome)\Z",
    re.IGNORECASE,
)
_INSIDE = re.compile(
    r"[:–—-] ?(?:(?P<part>partially )?(?:(?P<upheld>upheld)|overturned)(?P<in_part> in part)?)"
    r"(?=[;,.]| and\b)",
    re.IGNORECASE,
)
_DECISION_LETTERS = frozenset("uUpPoOmM0")
# Looks for the letter first: few letters begin a decision, and every letter has one before it.
_WORD_START = re.compile(
    r"[uUpPoOmM0](?=[pPaAoOvV ])(?:(?<![A-Za-z0].)|(?<=[a-z0-9]U)(?=p[a-z])|(?<=[a-z0-9]O)(?=v[a-z]))"
)
_STRAY_VERBS = (" is", " are", " was", " were")
_LABELS = ("decision", "determination", "outcome")
_STRAY_VERB = re.compile(r"(?<=\S) (?:is|are|was|were)\Z", re.IGNORECASE)
"""What a heading says before its colon and is no part of the request: "the request for X is: Upheld"."""
_LONGEST_DECISION = 100


_MISREAD = {"m": "(?:m|rn)", "l": "[l1i|]", "i": "[i1l|]", "o": "[o0]"}


def _maybe_split(word: str) -> str:
    """A pattern for a word that a line's end or a stray blank may part, letters misread or not."""
    return r"(?:-?[ \n])?".join(_MISREAD.get(letter, letter) for letter in word)


_MEDICALLY, _NECESSARY, _APPROPRIATE = map(_maybe_split, ("medically", "necessary", "appropriate"))
_LIKE_NECESSARY = r"(?:ne|me|nc|ec)[a-z]{4,9}"
_LIKE_MEDICALLY = r"(?:me|ne|md)[a-z]{4,9}"
_NOT = r"(?:n[ \n]?[o0][ \n]?t|neither|never|no[ \n]longer|n['’]t)"
_SO = r"(?:(?:deemed|considered|found|found to be|therefore|thus|hereby)[ \n])?"
# Reads lower-case text. A verb may be glued to the word before it, but to no digit.
_STATEMENT = re.compile(
    r"(?:is(?<![^\Wa-z]is)|are(?<![^\Wa-z]are)|was(?<![^\Wa-z]was)|were(?<![^\Wa-z]were)|be(?<!\wbe)"
    r"|has been(?<!\whas been))"
    r"(?:\s?/\s?(?:is|are|was|were))?[ \n]?"
    rf"{_SO}(?P<not>{_NOT})?[ \n]?{_SO}(?P<part>partially|partly|in part)?[ \n]?(?P<not2>{_NOT})?[ \n-]?"
    rf"(?:{_MEDICALLY}[ \n]?(?P<un>un-?)?{_NECESSARY}"
    rf"|(?P<like_medically>{_LIKE_MEDICALLY})[ \n](?P<like_necessary>{_LIKE_NECESSARY})(?!\w))"
    rf"(?:,?[ \n]?(?:and|&|or|nor)?[ \n]?(?:{_MEDICALLY}[ \n]?)?(?:in)?"
    rf"(?:{_APPROPRIATE}|ap[a-z]{{8,11}}(?!\w)))?"
    r"(?P<after>,?[ \n](?:in part|as modified))?"
)
_STATEMENT_END = re.compile(r"[ \n.;:*]*\Z")
_LONGEST_STATEMENT = 120


class DecidedRequest(NamedTuple):
    """A heading taken apart: the request as the letter words it, and what was decided.

    A named tuple, since many are made, and a frozen dataclass takes four times as long to make.
    `says_both`: the heading states several decisions that differ; the item counts as partially overturned.
    """

    request: str
    decision: Decision
    says_both: bool = False


def decision_at_end(heading: str) -> DecidedRequest | None:
    """Reads "request: Upheld": the decision is what follows the last colon.

    A missing colon is forgiven, since a heading is known by the label that follows it.
    """
    base = max(0, len(heading) - _LONGEST_DECISION)
    match = _last_match(heading[base:])
    if match is None:
        return None
    before = heading[: base + match.start()]
    if _is_negated(before[-12:]):  # "Not overturned" is left to a person
        return None
    if not before.strip():
        return DecidedRequest("", _decision(match))
    separator = _separator(before[-_MOST_SEPARATING:])
    if not separator and before[-1] != ")" and not _GLUED.match(heading, len(before)):
        return None
    if match["modified"] and not separator.strip():  # "therapy, as modified" is a request
        return None
    request = before[: len(before) - len(separator)].strip()
    if request.lower().endswith(_LABELS):
        request = _LABELED.sub("", request) or request
    lower = request.lower()
    if lower.endswith(_STRAY_VERBS):
        request = _STRAY_VERB.sub("", request)
    if "upheld" not in lower and "overturned" not in lower:
        return DecidedRequest(request, _decision(match))
    others = {_decision_inside(found) for found in _INSIDE.finditer(request)}
    return _together(request, others, _decision(match))


def _is_negated(words: str) -> bool:
    words = words.rstrip(" -")
    return words.lower().endswith(_NEGATIONS) and _NEGATED.search(words) is not None


def _separator(before: str) -> str:
    """The blanks and marks, or the bracket, that part a request from its decision: the end of `before`."""
    if before.endswith(("(", "[")):
        return before[len(before[:-1].rstrip(_BLANKS)) :]
    return before[len(before.rstrip(_BLANKS + _MARKS)) :]


def may_begin_decision(letter: str) -> bool:
    """Whether a heading that begins with this letter may be a decision and nothing else."""
    return letter in _DECISION_LETTERS or letter in _BLANKS or letter in _MARKS or letter in "(["


def _decision_inside(found: re.Match[str]) -> Decision:
    if found["part"] or found["in_part"]:
        return Decision.PARTIALLY_OVERTURNED
    return Decision.UPHELD if found["upheld"] else Decision.OVERTURNED


def _together(request: str, others: set[Decision], last: Decision) -> DecidedRequest:
    if others - {last}:
        return DecidedRequest(request, Decision.PARTIALLY_OVERTURNED, says_both=True)
    return DecidedRequest(request, last)


def _may_hold_decision(lower: str) -> bool:
    """Whether a beginning of a decision word, rightly or wrongly spelled, is there: most text has none."""
    return (
        "uph" in lower
        or "overt" in lower
        or "partial" in lower
        or "modif" in lower
        or "0vert" in lower
        or ("u" in lower and ("up-h" in lower or "up h" in lower or "u p h" in lower))
        or "ver t" in lower
        or "ver-t" in lower
        or " v e " in lower
    )


def _last_match(tail: str) -> re.Match[str] | None:
    """The decision words that end the text: the longest wording, so that "partially" is part of it."""
    if not _may_hold_decision(tail.lower()):
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
    lower = lowered(heading)
    for match in _statements(lower, max(0, len(lower) - _LONGEST_STATEMENT), len(lower)):
        if _STATEMENT_END.match(heading, match.end()):
            request = heading[: match.start()].strip(" ,")
            others = {statement_decision(other) for other in _statements(lower, 0, match.start())}
            return _together(request, others, statement_decision(match))
    return None


def find_statement(lower: str, start: int, end: int) -> re.Match[str] | None:
    """The first "is [not] medically necessary" between two offsets of a text in lower case."""
    return next(_statements(lower, start, end), None)


def _statements(lower: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Every statement between two offsets, misspelled by one letter in a word or not."""
    for match in _STATEMENT.finditer(lower, start, end):
        medically, necessary = match["like_medically"], match["like_necessary"]
        if necessary is None or (
            within_one_slip(medically, "medically") and within_one_slip(necessary, "necessary")
        ):
            yield match


def statement_decision(match: re.Match[str]) -> Decision:
    if match["part"] and match["not"]:  # "is not partially medically necessary"
        return Decision.UNKNOWN
    if match["part"] or match["after"]:
        return Decision.PARTIALLY_OVERTURNED
    if (match["not"] or match["not2"]) and match["un"]:
        return Decision.UNKNOWN
    return Decision.UPHELD if match["not"] or match["not2"] or match["un"] else Decision.OVERTURNED
