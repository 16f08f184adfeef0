"""Joining lines: split words are made whole, true compounds and ranges keep their hyphens."""

import textwrap

import pytest

from determinations.letters.text.paragraphs import ParagraphJoiner


def joined(text: str, elsewhere: str = "") -> str:
    return ParagraphJoiner(text + "\n" + elsewhere).join_text(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the records are\npoor", "the records are poor"),
        ("not medically neces-\nsary", "not medically necessary"),
        ("a radicu-\nlopathy of", "a radiculopathy of"),
        ("the medi-\ncation", "the medication"),
        ("was pre-\nscribed", "was prescribed"),
        ("re-\nvealed a bulge", "revealed a bulge"),
        ("seen for follow-\nup", "seen for follow-up"),
        ("a 52 year-\nold male", "a 52 year-old male"),
        ("evidence-\nbased", "evidence-based"),
        ("post-\noperative", "post-operative"),
        ("non-\ncertified", "non-certified"),
        ("MTUS-\nadopted", "MTUS-adopted"),
        ("L4-\n5", "L4-5"),
        ("L4-\nL5", "L4-L5"),
        ("pages 31-\n32", "pages 31-32"),
        ("Table 12-\n8", "Table 12-8"),
        ("Non-\nMTUS", "Non-MTUS"),
        ("x-\nray", "x-ray"),
        ("from 4-\nto 4+", "from 4- to 4+"),
        ("2-\nto 3-level", "2- to 3-level"),
        ("pre-\nand post-operative", "pre- and post-operative"),
        ("side-\nto-side", "side-to-side"),
        ("side-to-\nside", "side-to-side"),
        ("range-of-\nmotion", "range-of-motion"),
        ("state-of-the-\nart", "state-of-the-art"),
        ("one-on-\none", "one-on-one"),
        ("day-to-\nday", "day-to-day"),
        ("strain-\nsprain", "strain-sprain"),
        ("wrist-\nhand", "wrist-hand"),
        ("flexion-\nextension", "flexion-extension"),
        ("medial-\nlateral", "medial-lateral"),
        ("true-\nnegative", "true-negative"),
        ("opioid-\ninduced", "opioid-induced"),
        ("a non-steroi-\ndal", "a non-steroidal"),
        ("self-manage-\nment", "self-management"),
        ("guide-\nlines", "guidelines"),
        ("head-\naches", "headaches"),
        ("break-\nthrough", "breakthrough"),
        ("thous-\nand", "thousand"),
        ("weak - \nsteroid", "weak - steroid"),
        ("treatment/\nservice", "treatment/service"),
        ("L4-5/\nL5-S1", "L4-5/L5-S1"),
        ("medi\u00ad\ncation", "medication"),
        ("31\u00ad\n32", "31-32"),
        ("one-\ntwo-\nthree", "one-two-three"),
        ("-\n-\n", "- -"),
        ("", ""),
    ],
)
def test_hyphens_at_line_ends(text: str, expected: str) -> None:
    assert joined(text) == expected


def test_the_letters_own_words_decide_first() -> None:
    assert joined("a zyg-\nomatic sign", "another zygomatic sign") == "a zygomatic sign"
    assert joined("a zyg-\nomatic sign", "another zyg-omatic sign") == "a zyg-omatic sign"
    assert joined("a treat-\nment plan", "treat it") == "a treatment plan"
    assert joined("with consider-\nable pain", "consider it") == "with considerable pain"
    assert joined("with-\nin a year", "in a year with pain") == "within a year"


@pytest.mark.parametrize("width", range(20, 60))
def test_compounds_survive_any_wrapping(width: int) -> None:
    text = (
        "A 52 year-old, right-hand dominant man had a follow-up with an evidence-based, multi-level, "
        "non-surgical, facet-mediated and long-term plan at L4-5 and L5-S1, pages 300-301, on a bi-weekly, "
        "well-documented basis of post-operative, opioid-sparing, anti-inflammatory, low-dose and "
        "weight-bearing care."
    )
    assert joined("\n".join(textwrap.wrap(text, width))) == text
