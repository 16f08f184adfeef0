"""Spinal levels as people type them: one word each, lists and chains several."""

import pytest

from determinations.search.query.language import parse_query
from determinations.search.query.nodes import All, Near, Node, Not, Phrase, Word


def words(text: str, field: str | None = None) -> Node:
    parts = tuple(Word(word, field) for word in text.split())
    return parts[0] if len(parts) == 1 else All(parts)


def phrase(text: str, slop: int = 1, field: str | None = None) -> Node:
    """What is in quotes: words as they are written."""
    if slop > 1:
        return Near(
            tuple(Word(word, field, exact=any(map(str.isalpha, word))) for word in text.split()),
            slop,
            field=field,
        )
    return Phrase(tuple(text.split()), 1, field, exact=True)


C = Word("fusion")


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        *(
            (text, Word("L4-L5"))
            for text in ("L4-5", "l4-5", "L4/5", "L4-L5", "L4/L5", "L4–L5", "L4—L5", "L4‐5")
        ),
        *((text, Word("L4-L5")) for text in ("L4 - L5", "L4 – L5", "L4 / L5", "L4- L5", "L-4/L-5", "L4-5,")),
        ("C6-7", Word("C6-C7")),
        ("c5/6", Word("C5-C6")),
        ("T12-L1", Word("T12-L1")),
        ("C7-T1", Word("C7-T1")),
        ("L5-S1", Word("L5-S1")),
        ("L3-S1", Word("L3-S1")),
        ("L3-5", Word("L3-L5")),
        ("-L4-5", Not(Word("L4-L5"))),
        ("fusion -L4/5", All((C, Not(Word("L4-L5"))))),
        ("L4 -L5", All((Word("L4"), Not(Word("L5"))))),
        ("L4-5/L5-S1", words("L4-L5 L5-S1")),
        ("L4-5, L5-S1", words("L4-L5 L5-S1")),
        ("L4-5 and L5-S1", words("L4-L5 L5-S1")),
        ("L4-5 / L5-S1", words("L4-L5 L5-S1")),
        ("-L4-5/L5-S1", Not(words("L4-L5 L5-S1"))),
        ("rationale:L4-5/L5-S1", words("L4-L5 L5-S1", "rationale")),
        *(
            (text, words("L4-L5 L5-S1"))
            for text in ("L4-L5-S1", "L4 - L5 - S1", "L4-5-S1", "L4/5/S1", "L4/L5/S1", "L4L5S1", "L4-5-1")
        ),
        ("L4 to L5 to S1", words("L4-L5 L5-S1")),
        ("S1-L5-L4", words("L4-L5 L5-S1")),
        ("L3-4-5", words("L3-L4 L4-L5")),
        ("C5/6/7", words("C5-C6 C6-C7")),
        ("C5-6-7-T1", words("C5-C6 C6-C7 C7-T1")),
        ("L3-L5-S1", words("L3-L4 L4-L5 L5-S1")),
        ("-L4-L5-S1", Not(words("L4-L5 L5-S1"))),
        ("C4-5, 5-6", words("C4-C5 C5-C6")),
        ("C4-5, 5-6, and 6-7", words("C4-C5 C5-C6 C6-C7")),
        ("C4-5/6-7 fusion", words("C4-C5 C6-C7 fusion")),
        ("L3-4 and 4-5 and 5-S1", words("L3-L4 L4-L5 L5-S1")),
        ("L4-5, 5-1", words("L4-L5 L5-S1")),
        ("C4-5, 5-6 visits", words("C4-C5 5-6 visits")),
        ("C4-5, 6-8", words("C4-C5 6-8")),
        ("L4-5 5-6", words("L4-L5 L5-L6")),
        ("L4-5, 5-6", words("L4-L5 L5-L6")),
        ('"L4-L5-S1"', Word("L4-S1", exact=True)),
        ('"fusion L3-4-5"', phrase("fusion L3-L5")),
        ('"C4-5, 5-6"', phrase("C4-C5 C5-C6")),
        ("L5-L4-S1", Word("L5-L4-S1")),
        ("L4-L5-L4", Word("L4-L5-L4")),
        ("L4-to-L5", Word("L4-L5")),
        ("L5-4", Word("L4-L5")),
        ("S1-L5", Word("L5-S1")),
        ("L5-1", Word("L5-S1")),
        ("L5/1", Word("L5-S1")),
        ("C7-1", Word("C7-T1")),
        ("L4 to L5", Word("L4-L5")),
        ("L-4 to L-5", Word("L4-L5")),
        ("L3 through S1", Word("L3-S1")),
        ("fusion from L4 to S1", words("fusion from L4-S1")),
        ("L2-3 through L5-S1", words("L2-L3 L3-L4 L4-L5 L5-S1")),
        ("L4 to L5-S1", words("L4-L5 L5-S1")),
        ("L4 to the knee", words("L4 to the knee")),
        ("L4-L4", Word("L4-L4")),
        ("L4L5", Word("L4-L5")),
        ("L5S1", Word("L5-S1")),
        ("T12L1", Word("T12-L1")),
        ("L45", Word("L4-L5")),
        ("L 4-5", Word("L4-L5")),
        ("L5-L6", Word("L5-L6")),
        ("L3-4,4-5,5-S1", words("L3-L4 L4-L5 L5-S1")),
        ("c5c6", Word("C5-C6")),
        ("L4 - 5", Word("L4-L5")),
        ("T1-weighted", Word("T1-weighted")),
        ("L4-25", Word("L4-25")),
        ("M54.5", Word("M54.5")),
        ("L0631", Word("L0631")),
        ("1-2", Word("1-2")),
    ],
)
def test_spinal_levels_are_one_word(text: str, meaning: Node) -> None:
    assert parse_query(text) == meaning
