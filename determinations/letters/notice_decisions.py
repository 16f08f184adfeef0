"""The decisions that a notice of 2013 states, each in a sentence of its own, the whole list printed twice.

"1) MAXIMUS Federal Services, Inc. has determined the request for X is not medically necessary and
appropriate." Knows nothing of the bodies that give the reasons.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from determinations.letters.decisions import DecidedRequest, find_statement, statement_decision
from determinations.letters.layouts import NOTICE_STATEMENT
from determinations.letters.paragraphs import ParagraphJoiner
from determinations.letters.parsed_letter import Decision, ReadingWarning

_NUMBER_BEFORE = re.compile(r"(\d{1,2})[ ]?[).:]?[ \n]?\Z")
_REQUEST_FOR = re.compile(
    r"(?:that )?(?:the )?(?:(?P<kept>(?:retrospective|prospective|retroactive)[a-z/ ]* requests?(?:ed)? for )"
    r"|requests?(?:ed)? (?:for )?)?",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"\.(?=[ \n])|\Z")
_LONGEST_STATEMENT = 3000


@dataclass(frozen=True, slots=True)
class StatedDecision:
    """One sentence of the list: where it begins, its number where it has one, what it decides."""

    start: int
    number: int | None
    request: str
    decision: Decision
    says_both: bool = False


def stated_decisions(text: str, joiner: ParagraphJoiner, end: int) -> list[StatedDecision]:
    """Every decision that the notice states before offset `end`, both times where it states them twice."""
    found: list[StatedDecision] = []
    openings = list(NOTICE_STATEMENT.finditer(text, 0, end))
    for index, opening in enumerate(openings):
        limit = openings[index + 1].start() if index + 1 < len(openings) else end
        limit = min(limit, opening.end() + _LONGEST_STATEMENT)
        number = _NUMBER_BEFORE.search(text, max(0, opening.start() - 6), opening.start())
        start = number.start() if number else opening.start()
        decided = _decided(text, joiner, opening.end(), limit)
        found.append(
            StatedDecision(
                start,
                int(number[1]) if number else None,
                plain_request(decided.request),
                decided.decision,
                decided.says_both,
            )
        )
    return found


def _decided(text: str, joiner: ParagraphJoiner, start: int, limit: int) -> DecidedRequest:
    """The request that begins at `start`, with what its sentence decides."""
    statement = find_statement(text, start, limit)
    if statement is None:
        return DecidedRequest(joiner.join(start, _line_end(text, start, limit)), Decision.UNKNOWN)
    decision = statement_decision(statement)
    sentence = _SENTENCE_END.search(text, statement.end(), limit)
    other = find_statement(text, statement.end(), sentence.start() if sentence else limit)
    if other is not None and statement_decision(other) is not decision:
        request = joiner.join(start, other.start())
        return DecidedRequest(request, Decision.PARTIALLY_OVERTURNED, says_both=True)
    return DecidedRequest(joiner.join(start, statement.start()), decision)


def _line_end(text: str, start: int, limit: int) -> int:
    end = text.find("\n", start, limit)
    return limit if end == -1 else end


def plain_request(text: str) -> str:
    """What was asked for, without "the request for"; "retrospective request for" says more and stays."""
    found = _REQUEST_FOR.match(text)
    if found is None:
        return text
    return text[found.start("kept") if found["kept"] else found.end() :].strip(" :;,")


def two_lists(
    printed: list[StatedDecision], repeat_at: int | None
) -> tuple[list[StatedDecision], list[StatedDecision]]:
    """The list that counts, the longer one, and the other; no heading between them, a number starts over."""
    if repeat_at is None:
        repeat_at = _starts_over(printed)
    first = [d for d in printed if d.start < repeat_at]
    second = [d for d in printed if d.start >= repeat_at]
    known = [sum(d.decision is not Decision.UNKNOWN for d in part) for part in (first, second)]
    if (len(second), known[1]) >= (len(first), known[0]):
        return second, first
    return first, second


def printed_differently(
    determinations: list[StatedDecision], other_list: list[StatedDecision]
) -> list[ReadingWarning]:
    """The notice prints its decisions twice: where the two lists disagree, a person has to look."""
    if len(determinations) != len(other_list):
        return []
    return [
        ReadingWarning(
            "conflicting_decisions",
            f"The notice prints this decision twice and differently: “{one.decision.value}”, which counts, "
            f"and “{other.decision.value}”.",
            f"item {position}",
        )
        for position, (one, other) in enumerate(zip(determinations, other_list, strict=True), start=1)
        if one.number == other.number
        and one.decision is not other.decision
        and Decision.UNKNOWN not in (one.decision, other.decision)
    ]


def _starts_over(printed: list[StatedDecision]) -> int:
    for before, after in pairwise(printed):
        if before.number is not None and after.number is not None and after.number <= before.number:
            return after.start
    half = len(printed) // 2
    requests = [d.request for d in printed]
    if half and len(printed) % 2 == 0 and requests[:half] == requests[half:]:
        return printed[half].start
    return printed[-1].start + 1 if printed else 0
