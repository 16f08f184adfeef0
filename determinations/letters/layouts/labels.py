"""The labels inside a disputed item: claims administrator's guideline, reviewer's guideline, rationale.

Explicit labels end in a colon ("MAXIMUS guideline:"); spoken ones are the opening words of a paragraph of
2013 ("The Claims Administrator based its decision on ..."). Knows no item and no decision.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Set
from enum import IntEnum
from typing import NamedTuple

from determinations.letters.text.letter_text import LetterText


class Part(IntEnum):
    """The parts of an item, in the order in which letters print them."""

    CLAIMS_ADMINISTRATOR_GUIDELINE = 0
    REVIEWER_GUIDELINE = 1
    RATIONALE = 2


class Label(NamedTuple):
    """Where a label begins, and where the text that it labels begins.

    The opening words of a spoken label belong to its text: `text_start` is then `start`. `mistyped`: the
    label is all but spelled like one.
    """

    part: Part
    start: int
    text_start: int
    spoken: bool
    opens_line: bool
    mistyped: bool = False


def _pattern(source: str) -> re.Pattern[str]:
    """A label's regular expression, for lower-case text: spaces may be a line break or missing."""
    return re.compile(source.replace(" ", r"[ \n]?"))


_ROLE = r"(?:physician|expert|medical|professional|imr|maximus|independent|clinical)"
_REVIEWER = (
    r"(?:(?:physician |expert |medical |professional |imr |maximus )*reviewers?|maximus|imr|expert|physician)"
    r"(?:['’]s?|s)?"
)
_GUIDELINE = r"(?:guid[ea]?line?s?|criteria)(?: \(s\))?(?: used| relied upon| cited)?"
_CLAIMS_ADMINISTRATOR = (
    r"(?:claims? admin(?:i?st[ra]*t[oe]rs?|\.)?|adjusters?|utilization review|ur)(?:['’]?s?)?"
)

_EXPLICIT = _pattern(
    r"(?:the )?(?:"
    rf"(?P<claims>{_CLAIMS_ADMINISTRATOR} {_GUIDELINE})"
    rf"|(?P<reviewer>{_REVIEWER}(?: federal services)?(?: ,? inc\.?)?(?:['’]s)? {_GUIDELINE})"
    rf"|(?P<rationale>(?:{_REVIEWER} )?(?:decisions?(?:['’]s)? )?(?:and )?rat[ia]?onal[es]{{0,2}}"
    r"(?: for (?:the |this |its |his/her )?decision)?)"
    r") (?:(?P<colon>[:;])"
    r"|(?P<bare>(?=\n|\Z| decision based| the (?:claims|expert|physician|mtus|california)| mtus\b)))"
)
_SPOKEN = _pattern(
    r"the (?:"
    r"(?P<claims>claims? administrator(?: (?:also|has|had|only))?"
    r" (?:did not (?:base|cite|use|rely|provide|reference|specify|identify)"
    r"|based|cited|used|uses|relied|referenced|found|applied|utilized|quoted|failed to cite)"
    r"|claims? administrator['’]?s? (?:decision|denial|determination) (?:was|is) based)"
    rf"|(?P<reviewer>(?:{_ROLE} )*reviewer(?: (?:also|has|had))?"
    r" (?:did not (?:base|cite|use|rely|find)|based|cited|used|relied|referenced|found|applied|utilized"
    r"|determined"
    r"|considered|stated that (?:the mtus|no))"
    rf"|(?:{_ROLE} )*reviewer['’]?s? (?:decision|determination) (?:was|is) based)"
    r")(?!\w)"
)
_SPOKEN_START = re.compile(r"The[ \n](?:Claim|Physician|Expert|Medical|Professional|IMR|Reviewer)")
_SENTENCE_ENDS = frozenset('.!?)]”":')
_ENDS_SENTENCE = re.compile(r"[.!?)\]”\":][ \n]\Z")
_WHOLE_LINES = {
    "claims administrator guideline:": Part.CLAIMS_ADMINISTRATOR_GUIDELINE,
    "maximus guideline:": Part.REVIEWER_GUIDELINE,
    "decision rationale:": Part.RATIONALE,
}
"""The labels of nearly all letters. Each stands at the beginning of a line."""
_WHOLE_LINE_LABELS = tuple(_WHOLE_LINES)
_HEADING_ENDS = ("upheld", "overturned")
_ANCHORS = ("guideline", "guidelines", "guideline(s)", "criteria", "rationale", "rationales", "rational")
_LONGEST_ANCHOR = 14
_BLANK_BEFORE_WORD = re.compile(r"\s(?=\S)")
_LONGEST_LABEL = 60

_LOOKS_LIKE = str.maketrans({"1": "i", "l": "i", "|": "i", "!": "i", "0": "o", "5": "s"})
_NO_LETTER = re.compile(r"[^a-z]+")
_MARK = re.compile(r"[:;.,](?=[ \n]|\Z)")
_SLIPS = 2
_SHORTEST_LABEL, _LONGEST_MISTYPED, _MOST_WORDS = 12, 36, 3
_FIRST_LETTERS_OF_SPELLED = frozenset({"Cl", "CL", "Ma", "MA", "Ex", "EX", "Ph", "PH", "De", "DE"})
_BEGINNINGS = (
    *("claim", "adjuster", "utilization", "ur", "physician", "expert", "medical", "professional", "imr"),
    *("maximus", "independent", "clinical", "reviewer", "decision", "and", "rat"),
)
"""The beginnings of what labels begin with, "the" aside."""
_FIRST_LETTERS = frozenset(
    {"th", "cl", "ad", "ut", "ur", "ph", "ex", "me", "pr", "im", "ma", "re", "de", "ra", "an"}
)
"""How the first word of any label begins: most lines are told from labels by their first two letters."""


def labels_in(letter: LetterText, start: int, end: int) -> list[Label]:
    """All labels between two offsets, in order, no two overlapping.

    A label opens a line; an explicit one with its colon may stand anywhere, since extraction joins lines.
    """
    text, lower = letter.text, letter.lowered
    lines = letter.starts[bisect_right(letter.starts, start) : bisect_left(letter.starts, end)]
    lines = [at for at in (start, *lines) if lower[at : at + 2] in _FIRST_LETTERS]
    usual = _usual_labels(lower, lines, start, end)
    found: list[Label] = []
    taken_to = start
    for candidate, opens_line, before_anchor in _candidates(letter, lines, start, end, usual):
        if candidate < taken_to:
            continue
        label = usual.get(candidate) or _label_at(lower, candidate, end, opens_line=opens_line)
        if label is None and (before_anchor or text[candidate : candidate + 2] in _FIRST_LETTERS_OF_SPELLED):
            label = _mistyped_label(text, candidate, end, opens_line=opens_line)
        if label is not None:
            found.append(label)
            taken_to = max(label.text_start, candidate + 1)
    return found


def _usual_labels(lower: str, lines: Iterable[int], start: int, end: int) -> dict[int, Label]:
    """The labels of nearly all letters, where a line begins with one and the line above ends there.

    Most labels are these: looking for them first saves trying every word around them.
    """
    found: dict[int, Label] = {}
    for at in [at for at in lines if lower.startswith(_WHOLE_LINE_LABELS, at, end)]:
        if at == start or lower[at - 2] in _SENTENCE_ENDS or lower.endswith(_HEADING_ENDS, start, at - 1):
            words = next(words for words in _WHOLE_LINES if lower.startswith(words, at, end))
            found[at] = Label(_WHOLE_LINES[words], at, at + len(words), spoken=False, opens_line=True)
    return found


def _candidates(
    letter: LetterText, lines: Iterable[int], start: int, end: int, usual: Mapping[int, Label]
) -> list[tuple[int, bool, bool]]:
    """Offsets at which a label may begin, whether a line begins there, and whether an anchor follows.

    `lines` are the offsets of the lines that begin like a label.
    """
    ends = {label.text_start - 1 for label in usual.values()}
    spoken = set(_sentence_starts(letter.text, start, end))
    before_anchors = set(_words_before_anchors(letter.lowered, start, end, ends))
    at_lines = set(lines)
    for at in spoken | before_anchors:
        if at == start or letter.lowered[at - 1] == "\n":
            at_lines.add(at)
    return sorted([(at, at in at_lines, at in before_anchors) for at in at_lines | spoken | before_anchors])


def _sentence_starts(text: str, start: int, end: int) -> Iterator[int]:
    for match in _SPOKEN_START.finditer(text, start, end):
        at = match.start()
        if at >= 2 and _ENDS_SENTENCE.match(text, at - 2, at):
            yield at


def _words_before_anchors(lower: str, start: int, end: int, ends: Set[int]) -> Iterator[int]:
    """Starts of words before "guideline:" and "rationale:", wherever they stand, that may begin a label.

    `ends` are the colons of labels that were found already.
    """
    colon = lower.find(":", start, end)
    while colon != -1:
        if colon not in ends and _is_anchor(lower[max(start, colon - _LONGEST_ANCHOR) : colon].rstrip()):
            low = max(start, colon - _LONGEST_LABEL)
            blanks = _BLANK_BEFORE_WORD.finditer(lower, low, colon)
            for at in (low, *[blank.end() for blank in blanks]):
                if lower[at : at + 2] in _FIRST_LETTERS or _follows_sentence(lower, at):
                    yield at
        colon = lower.find(":", colon + 1, end)


def _is_anchor(end_of_label: str) -> bool:
    """Whether words before a colon end in "guideline" or the like, letters misread or not."""
    if end_of_label.endswith(_ANCHORS):
        return True
    if "uid" in end_of_label or "ine" in end_of_label or "ation" in end_of_label or "nal" in end_of_label:
        return _spelled(end_of_label).endswith(_SPELLED_ANCHORS)
    return False


def _may_begin_label(lower: str, at: int) -> bool:
    """Whether the first word, "the" aside, is any label's: most candidates are told from labels by it."""
    if lower.startswith("the", at):
        at += 4 if lower.startswith((" ", "\n"), at + 3) else 3
    return lower.startswith(_BEGINNINGS, at)


def _label_at(lower: str, at: int, end: int, *, opens_line: bool) -> Label | None:
    if not _may_begin_label(lower, at):
        return None
    match = _EXPLICIT.match(lower, at, end)
    if match is not None and (opens_line or match["colon"]):
        part = _part(match)
        inside_prose = not opens_line and part is Part.RATIONALE and "decision" not in match[0]
        return None if inside_prose else Label(part, at, match.end(), spoken=False, opens_line=opens_line)
    match = _SPOKEN.match(lower, at, end)
    if match is not None:
        return Label(_part(match), at, at, spoken=True, opens_line=opens_line)
    return None


def _follows_sentence(text: str, at: int) -> bool:
    """Whether a line begins at an offset, or a sentence ends just before."""
    return not at or text[at - 1] == "\n" or (at > 1 and text[at - 2] in _SENTENCE_ENDS)


def _mistyped_label(text: str, at: int, end: int, *, opens_line: bool) -> Label | None:
    """A label with a wrong letter or two ("Clairns Administrator guideline:"), or without its colon.

    It opens a line or follows a sentence. Letters that optical recognition takes for each other count as the
    same. Where neither a colon nor a full stop ends it, it has to open a line and a capital to follow.
    """
    if not opens_line and not _follows_sentence(text, at):
        return None
    near = text[at : min(at + _LONGEST_LABEL, end)]
    marked = _MARK.search(near, _SHORTEST_LABEL, _LONGEST_MISTYPED)
    if marked is not None and (opens_line or marked[0] in ":;"):
        label = near[: marked.start()]
        count = label.count(" ") + label.count("\n") + 1
        letters = _spelled(label) if count <= _MOST_WORDS else ""
        for spelled, words, part in _SPELLED_LABELS if letters else ():
            if count <= words and _all_but(letters, spelled):
                return Label(part, at, at + marked.end(), spoken=False, opens_line=opens_line, mistyped=True)
    if opens_line and text[at : at + 2] in _FIRST_LETTERS_OF_SPELLED:
        unmarked = {count: before.match(near) for count, before in _BEFORE_CAPITAL.items()}
        first = {count: _spelled(found[0]) for count, found in unmarked.items() if found is not None}
        for spelled, count, part in _SPELLED_LABELS if first else ():
            found = unmarked[count]
            if found is not None and _all_but(first[count], spelled, slips=1):
                return Label(part, at, at + found.end(), spoken=False, opens_line=True, mistyped=True)
    return None


def _spelled(words: str) -> str:
    """The letters of words, those that look alike made the same."""
    return _NO_LETTER.sub("", words.lower().translate(_LOOKS_LIKE)).replace("rn", "m").replace("vv", "w")


def _all_but(letters: str, spelled: str, slips: int = _SLIPS) -> bool:
    """Whether no more than `slips` letters are missing, extra or changed, not at both ends."""
    if letters == spelled:
        return True
    if abs(len(letters) - len(spelled)) > slips:
        return False
    if letters[:3] != spelled[:3] and letters[-4:] != spelled[-4:]:
        return False
    row = list(range(len(spelled) + 1))
    for i, letter in enumerate(letters, start=1):
        above, row[0] = row[0], i
        for j, other in enumerate(spelled, start=1):
            above, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, above + (letter != other))
        if min(row) > slips:
            return False
    return row[-1] <= slips


def _part(match: re.Match[str]) -> Part:
    if match["claims"]:
        return Part.CLAIMS_ADMINISTRATOR_GUIDELINE
    return Part.REVIEWER_GUIDELINE if match["reviewer"] else Part.RATIONALE


def _words_before_capital(count: int) -> re.Pattern[str]:
    return re.compile(r"[ \n]".join([r"\S{2,20}"] * count) + r"(?=[ \n]+[A-Z])")


_SPELLED_LABELS = tuple(
    (_spelled(label), len(label.split()), part)
    for label, part in (
        ("claims administrator guideline", Part.CLAIMS_ADMINISTRATOR_GUIDELINE),
        ("maximus guideline", Part.REVIEWER_GUIDELINE),
        ("expert reviewer guideline", Part.REVIEWER_GUIDELINE),
        ("physician reviewer guideline", Part.REVIEWER_GUIDELINE),
        ("decision rationale", Part.RATIONALE),
    )
)
"""What a mistyped label is compared with: its letters and the number of its words."""
_BEFORE_CAPITAL = {
    count: _words_before_capital(count) for count in sorted({count for _, count, _ in _SPELLED_LABELS})
}
_SPELLED_ANCHORS = tuple(map(_spelled, _ANCHORS))
