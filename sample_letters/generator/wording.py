"""Templates of the material: `[one|other]` draws a wording, `{slot}` takes a word of the case.

Knows nothing of letters. A template is taken apart once, when the material is loaded, so that filling
it thousands of times is cheap.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Template:
    """`parts` alternate between fixed text (one wording) and choices (several)."""

    parts: tuple[tuple[str, ...], ...]
    slots: frozenset[str]

    @classmethod
    def of(cls, text: str) -> "Template":
        """Take a template apart; white space counts as one blank."""
        pieces = _CHOICE.split(" ".join(text.split()))
        parts = tuple(
            tuple(piece.split("|")) if at % 2 else (piece,) for at, piece in enumerate(pieces) if piece
        )
        return cls(parts, frozenset(_SLOT.findall(text)))

    def fill(self, rng: Random, slots: Mapping[str, str]) -> str:
        """The text with one wording of each choice and every slot filled; `KeyError` names a missing slot."""
        chosen = "".join([part[0] if len(part) == 1 else rng.choice(part) for part in self.parts])
        return chosen.format_map(slots) if self.slots else chosen


def capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]


def listed(words: list[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]


_UNCOUNTED = (
    "therapy", "acupuncture", "care", "treatment", "transportation", "discography", "tomography",
    "manipulation", "monitoring", "biofeedback", "polysomnography", "massage", "viscosupplementation",
    "hardware", "conditioning", "nursing", "equipment", "testing", "clearance",
)  # fmt: skip
_SPELLED_WITH_A_VOWEL = re.compile(r"[aeioAEIO]|u(?!rine)|[EFHLMNRSX](?=[A-Z-])")


def is_plural(name: str) -> bool:
    return name.endswith("s") and not name.endswith("ss")


def with_article(name: str) -> str:
    """What was asked for, at its first mention: "the MRI" becomes "an MRI", "the x-rays" "x-rays"."""
    if not name.startswith("the "):
        return name
    bare = name.removeprefix("the ")
    if is_plural(bare) or bare.endswith(_UNCOUNTED):
        return bare
    return f"{'an' if _SPELLED_WITH_A_VOWEL.match(bare) else 'a'} {bare}"


def wrapped(paragraph: str, width: int) -> list[str]:
    """The paragraph's lines, filled greedily and never breaking a word. (`textwrap` is ten times slower.)"""
    lines: list[str] = []
    line: list[str] = []
    length = -1
    for word in paragraph.split():
        if line and length + 1 + len(word) > width:
            lines.append(" ".join(line))
            line, length = [word], len(word)
        else:
            line.append(word)
            length += 1 + len(word)
    if line:
        lines.append(" ".join(line))
    return lines
