"""Text pasted from letters, word processors and web pages is read as what it says."""

import pytest

from determinations.search.query.language import parse_query
from determinations.search.query.nodes import All, Node, Not, Phrase, Word


def words(text: str) -> Node:
    parts = tuple(Word(word) for word in text.split())
    return parts[0] if len(parts) == 1 else All(parts)


A, B, C = Word("norco"), Word("flexeril"), Word("fusion")


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("worker’s", Word("worker's")),
        ("x‑ray", Word("x-ray")),
        ("ｎｏｒｃｏ", A),
        ("ﬂexeril", B),
        ("Norco®", Word("Norco")),
        ("Norco™ tablets", words("Norco tablets")),
        ("norco\u00adflexeril", Word("norcoflexeril")),
        ("norco\u00a0flexeril", All((A, B))),
        ("norco & flexeril", All((A, B))),
        ("norco + flexeril", All((A, B))),
        ("norco / flexeril", All((A, B))),
        ("norco - flexeril", All((A, B))),
        ("norco – flexeril", All((A, B))),
        ("norco—flexeril", All((A, B))),
        ("norco--flexeril", All((A, B))),
        ("norco...flexeril", All((A, B))),
        ("–norco", Not(A)),
        ("—norco", Not(A)),
        ("\u2212norco", Not(A)),
        ("+norco", A),
        ("norco, flexeril; fusion.", All((A, B, C))),
        ("[norco] {flexeril} <fusion>", All((A, B, C))),
        ("Norco 10/325mg #60: Upheld", words("Norco 10/325mg #60 Upheld")),
        ("Diagnosis: norco", words("Diagnosis norco")),
        ("Page(s): 300 and Table 12.8", words("Page 300 Table 12.8")),
        ("pre- and post-operative", words("pre post-operative")),
        ("anti-inflammatory(ies)", Word("anti-inflammatory")),
        ('a 6" foam pad and a 2" wedge', words("a 6 foam pad a 2 wedge")),
        ("5'10\" tall", words("5'10 tall")),
        ('6" foam "low back"', All((Word("6"), Word("foam"), Phrase(("low", "back"), exact=True)))),
        ("pain 7 /10", words("pain 7 10")),
        ("norco BUT NOT flexeril", All((A, Not(B)))),
        ("norco but flexeril", words("norco but flexeril")),
        ("Labor Code 4610.6(h)", words("Labor Code 4610.6 h")),
        ("<b>norco</b><br/>flexeril", All((A, B))),
        ('<a href="https://x.y">norco</a> &amp; flexeril', All((A, B))),
        ("norco&nbsp;flexeril", All((A, B))),
        ("norco &lt;b&gt;flexeril", All((A, B))),
        ("‹norco›", Word("norco", exact=True)),
        ("pain < 3 months > 1", words("pain 3 months 1")),
    ],
)
def test_pasted_text(text: str, meaning: Node) -> None:
    assert parse_query(text) == meaning
