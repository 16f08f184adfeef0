"""What people know from legal databases and other search engines, and is written otherwise here.

Passed over as punctuation, such a sign would silently find something else, or nothing; so each is a
fault whose mending says the same in this language.
"""

import re

from determinations.search.query_faults import QueryFaultError, shown, without

_BEFORE_WORD = re.compile(r'!+(?=[\w"(])')
_BARS = re.compile(r"\|+")
_PER_CENT = re.compile(r"%(?= )")
_WEIGHT = re.compile(r"\^\d[\d.]*")
_NEAR = re.compile(r"(?P<how>w|pre|near|adj)?/(?P<distance>\d{1,2}|[sp])(?= )", re.IGNORECASE)
_SENTENCE_AND_PARAGRAPH = {"s": 15, "p": 50}
"""Words that a sentence or a paragraph may have between two of its words."""
_OPERAND = re.compile(r'"[^"]+"|[^\s()"]+')


def check_foreign_sign(text: str, at: int) -> None:
    """Raise QueryFaultError if a sign of another search service begins at `at`, the beginning of a part."""
    if sign := _BEFORE_WORD.match(text, at):
        raise QueryFaultError(
            "An exclamation mark before a word has no meaning here. A minus sign leaves the word out.",
            without(text, *sign.span(), "-"),
        )
    if sign := _BARS.match(text, at):
        raise QueryFaultError(
            f"The sign {shown(sign.group())} has no meaning here. For one or the other write OR.",
            without(text, *sign.span(), " OR "),
        )
    if (sign := _PER_CENT.match(text, at)) and not text[:at].rstrip()[-1:].isdecimal():
        raise QueryFaultError(
            "The sign % has no meaning by itself. To leave the next word out, write a minus sign.",
            without(text, at, sign.end() + 1, "-"),
        )
    if sign := _WEIGHT.match(text, at):
        check_weight(text, at, sign.end())
    if sign := _NEAR.match(text, at):
        _check_nearness(text, sign)


def check_weight(text: str, start: int, end: int) -> None:
    """Raise QueryFaultError if the part from `start` to `end` is given a weight: "norco^4"."""
    if weight := _WEIGHT.search(text, start, end):
        raise QueryFaultError(
            f"Words cannot be given a weight: {shown(text[start:end])}. Leave {shown(weight.group())} out.",
            without(text, *weight.span()),
        )


def _check_nearness(text: str, sign: re.Match[str]) -> None:
    """Two operands must stand about the sign; "7 /10" is a score."""
    before = list(_OPERAND.finditer(text, 0, sign.start()))[-1:]
    after = _OPERAND.match(text, sign.end() + 1)
    if not before or after is None or (sign["how"] is None and before[0].group().isdecimal()):
        return
    distance = int(_SENTENCE_AND_PARAGRAPH.get(sign["distance"].lower(), 0) or sign["distance"])
    words = f"{before[0].group()} {after.group()}".replace('"', "")
    near = f'"{words}"~{distance}'
    raise QueryFaultError(
        f"{shown(sign.group())} has no meaning here. For words near each other, in this order, write "
        f"{shown(near)}. To search the sign itself, put it in quotes.",
        without(text, before[0].start(), after.end(), near),
    )
