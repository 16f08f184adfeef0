"""What a question in plain words asks for: which words must stand in the text, and which only say more.

"Was Norco denied after 2015?" is about Norco. Function words and politeness are dropped, words that frame
every dispute ("request", "patient") need not stand there, and a decision raises items of that decision
instead of being looked for. What is in quotes, in a field, in a bracket or left out is taken as written.
The words are data: `plain_words.toml`. Knows no engine and no HTML.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from determinations.letters.facts.services import services_in
from determinations.letters.parsed_letter import Decision
from determinations.letters.vocabulary.names import UNCLASSIFIED
from determinations.search.facets import DECISION, SERVICE
from determinations.search.interface import MostOf, NamedValue, Raised
from determinations.search.query.nodes import All, AnyOf, Node, Not, Phrase, Word, all_of

PATH = Path(__file__).with_name("plain_words.toml")
FRAME_WEIGHT = 0.25
DECISION_RAISED_BY = 0.5
_YEAR = re.compile(r"(?:19|20)\d\d")
_BEFORE_A_YEAR = {
    "since",
    "after",
    "before",
    "until",
    "in",
    "from",
    "during",
    "through",
    "to",
    "between",
    "year",
}


@dataclass(frozen=True, slots=True)
class PlainWords:
    """Lower case. `decisions`: a word -> the decision that it says."""

    dropped: frozenset[str]
    frame: frozenset[str]
    decisions: Mapping[str, Decision]
    no_decision_behind: frozenset[str]


@cache
def plain_words() -> PlainWords:
    file = tomllib.loads(PATH.read_text(encoding="utf-8"))
    return PlainWords(
        dropped=frozenset((*file["stop"], *file["polite"])),
        frame=frozenset(file["frame"]),
        decisions={word: Decision(value) for value, words in file["decision"].items() for word in words},
        no_decision_behind=frozenset(file["decision_context"]["before"]),
    )


@dataclass(frozen=True, slots=True)
class PlainQuestion:
    """`node` must match, `ranked_by` gives the scores; `most_of` is None where a single part is asked for.

    `parts` are the words of `most_of.parts` as they were typed, `words` all of them in a row. `decisions`
    are those that the question names, `dropped` the words that need not stand in the text.
    """

    node: Node | None
    ranked_by: Node | None
    about: tuple[NamedValue, ...] = ()
    raised: tuple[Raised, ...] = ()
    most_of: MostOf | None = None
    parts: tuple[str, ...] = ()
    words: str = ""
    decisions: tuple[Decision, ...] = ()
    dropped: tuple[str, ...] = ()


def plain_question(expanded: Node) -> PlainQuestion:
    """Reads a parsed question, related words added."""
    parts = expanded.parts if isinstance(expanded, All) else (expanded,)
    words = plain_words()
    has_brackets = any(isinstance(part, AnyOf) and not _is_group(part) for part in parts)
    wanted: list[Node] = []
    required: list[Node] = []
    frame: list[Node] = []
    dropped: list[str] = []
    decisions: list[Decision] = []
    for place, part in enumerate(parts):
        word = _plain_word(part)
        if word is None:
            (wanted if _is_group(part) and not has_brackets else required).append(part)
        elif decision := _decision(parts, place):
            decisions.append(decision)
            dropped.append(word)
        elif _is_dropped(parts, place):
            dropped.append(word)
        elif word in words.frame:
            frame.append(replace(part, weight=FRAME_WEIGHT) if isinstance(part, Word) else part)
            dropped.append(word)
        else:
            wanted.append(part)
    if not wanted and not any(not isinstance(part, Not) for part in required):
        # Nothing else is asked for, so that the words are looked for as they stand.
        return PlainQuestion(expanded, expanded, decisions=tuple(dict.fromkeys(decisions)))
    node = all_of((*wanted, *required))
    asked = " ".join(_typed_form(part) for part in wanted)
    services = [slug for slug in services_in(asked) if slug != UNCLASSIFIED] if asked else []
    return PlainQuestion(
        node=node,
        ranked_by=all_of((*wanted, *required, *frame)),
        about=tuple(NamedValue(SERVICE.name, slug) for slug in services),
        raised=tuple(
            Raised(NamedValue(DECISION.name, decision.value), DECISION_RAISED_BY)
            for decision in dict.fromkeys(decisions)
        ),
        most_of=MostOf(tuple(wanted), all_of(required) if required else None) if wanted else None,
        parts=tuple(map(_typed_form, wanted)),
        words=asked,
        decisions=tuple(dict.fromkeys(decisions)),
        dropped=tuple(dropped),
    )


def _plain_word(part: Node) -> str | None:
    """The word as it is judged here; None for a part that is no plain word."""
    if isinstance(part, Word) and part.field is None and part.weight == 1.0 and not part.exact:
        return part.text.casefold().replace("’", "'")
    return None


def _is_group(part: Node) -> bool:
    """Whether the part is a plain word or term with its related names."""
    return isinstance(part, AnyOf) and part.is_one_thing


def _typed_form(part: Node) -> str:
    """A wanted part as it was typed: of a term with related names the first."""
    if isinstance(part, AnyOf):
        return _typed_form(part.parts[0])
    if isinstance(part, All):
        return " ".join(map(_typed_form, part.parts))
    return part.text if isinstance(part, Word) else " ".join(part.words) if isinstance(part, Phrase) else ""


def _decision(parts: Sequence[Node], place: int) -> Decision | None:
    words = plain_words()
    said = words.decisions.get(_plain_word(parts[place]) or "")
    before = _plain_word(parts[place - 1]) if place else None
    if said is None or before in words.no_decision_behind:
        return None
    if before == "not":
        return Decision.UPHELD if said is Decision.OVERTURNED else Decision.OVERTURNED
    return said


def _is_dropped(parts: Sequence[Node], place: int) -> bool:
    """Function words, politeness, the "not" of "not approved" and the year of "since 2019"."""
    word = _plain_word(parts[place]) or ""
    before = (_plain_word(parts[place - 1]) or "") if place else ""
    if word in plain_words().dropped:
        return True
    if word == "not" and place + 1 < len(parts):
        return _decision(parts, place + 1) is not None
    if not _YEAR.fullmatch(word):
        return False
    # "between 2014 and 2016": an "and" between two words is no part of a question.
    return before in _BEFORE_A_YEAR or (bool(_YEAR.fullmatch(before)) and _is_dropped(parts, place - 1))
