"""What a typed question means: one table per part of the language."""

import pytest

from determinations.search.query.language import parse_query
from determinations.search.query.nodes import All, AnyOf, Fuzzy, Near, Node, Not, Phrase, Wildcard, Word


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


A, B, C = Word("norco"), Word("flexeril"), Word("fusion")
MBB = phrase("medial branch block")
QUOTED = tuple(Word(word, exact=True) for word in ("medial", "branch", "block"))


@pytest.mark.parametrize("text", ["", " ", "\t\n", "\u200b", "\u00a0\u3000", "\ufeff"])
def test_a_blank_question_is_no_question(text: str) -> None:
    assert parse_query(text) is None


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("norco", A),
        ("  norco  ", A),
        ("norco flexeril", All((A, B))),
        ("norco AND flexeril", All((A, B))),
        ("norco and flexeril", All((A, B))),
        ("norco And flexeril", All((A, B))),
        ("norco and -flexeril", All((A, Not(B)))),
        ("norco OR flexeril", AnyOf((A, B))),
        ("norco flexeril OR fusion", AnyOf((All((A, B)), C))),
        ("norco AND flexeril OR fusion", AnyOf((All((A, B)), C))),
        ("norco OR flexeril fusion", AnyOf((A, All((B, C))))),
        ("norco (flexeril OR fusion)", All((A, AnyOf((B, C))))),
        ("norco(flexeril OR fusion)", All((A, AnyOf((B, C))))),
        ("norco AND NOT flexeril", All((A, Not(B)))),
        ("norco NOT flexeril", All((A, Not(B)))),
        ("norco -flexeril", All((A, Not(B)))),
        ("norco,-flexeril", All((A, Not(B)))),
        ("norco OR NOT flexeril", AnyOf((A, Not(B)))),
        ("NOT norco flexeril", All((Not(A), B))),
        ("-norco", Not(A)),
        ("NOT norco", Not(A)),
        ("-norco -flexeril", All((Not(A), Not(B)))),
        ("NOT NOT norco", A),
        ("NOT -norco", A),
        ("-(-norco)", A),
        ("-(norco OR flexeril)", Not(AnyOf((A, B)))),
        ("NOT (norco flexeril)", Not(All((A, B)))),
        ('-"medial branch block"', Not(MBB)),
        ("((norco))", A),
        ("(norco flexeril) fusion", All((A, B, C))),
        ("norco OR (flexeril OR fusion)", AnyOf((A, B, C))),
        ('norco"medial branch block"', All((A, MBB))),
    ],
)
def test_operators(text: str, meaning: Node) -> None:
    assert parse_query(text) == meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("and norco", words("and norco")),
        ("norco and", words("norco and")),
        ("norco or flexeril", words("norco or flexeril")),
        ("not medically necessary", words("not medically necessary")),
        ("Not medically necessary", words("Not medically necessary")),
        ("with or without contrast", words("with or without contrast")),
        ('"pain and suffering"', phrase("pain and suffering")),
        ('"AND"', Word("AND", exact=True)),
        ('"norco OR flexeril"', phrase("norco OR flexeril")),
        ("and/or", Word("and/or")),
        ("ORTHOPEDIC ANDROGEN NOTE", words("ORTHOPEDIC ANDROGEN NOTE")),
    ],
)
def test_operators_are_in_capitals_and_outside_quotes(text: str, meaning: Node) -> None:
    assert parse_query(text) == meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ('"medial branch block"', MBB),
        ('"medial  branch\nblock"', MBB),
        ('"medial branch block"~5', phrase("medial branch block", 5)),
        ('"medial branch block"~1', MBB),
        ('"medial branch block"~5.', phrase("medial branch block", 5)),
        ('"medial branch block, right"', phrase("medial branch block right")),
        ('"block - right"', phrase("block right")),
        ('"block (right)"', phrase("block right")),
        ('"block at L4-5"', phrase("block at L4-L5")),
        ('"L4 -L5 fusion"~3', phrase("L4-L5 fusion", 3)),
        ('"L4 - L5 fusion"~3', phrase("L4-L5 fusion", 3)),
        ('"L4-5/L5-S1 fusion"', phrase("L4-L5 L5-S1 fusion")),
        ('"x-ray of the worker\'s knee"', phrase("x-ray of the worker's knee")),
        ('"norco"', Word("norco", exact=True)),
        ('"norco."', Word("norco", exact=True)),
        ('"60"', Word("60")),
        ('"medial br* block"', Near((QUOTED[0], Wildcard("br*"), QUOTED[2]), 1, ordered=True)),
        ('"medial * block"', Near((QUOTED[0], QUOTED[2]), 2, ordered=True)),
        ('"T-score of -2.5"', phrase("T-score of -2.5")),
        ('"is it necessary?"', phrase("is it necessary")),
        ('"rationale: norco"', phrase("rationale norco")),
        ("'medial branch block'", MBB),
        ("'medial branch block' norco", All((MBB, A))),
        ("workers' comp", words("workers comp")),
        ("“medial branch block”", MBB),
        ("„medial branch block“", MBB),
        ("«medial branch block»", MBB),
        ("‘medial branch block’", MBB),
        ("＂medial branch block＂", MBB),
    ],
)
def test_phrases(text: str, meaning: Node) -> None:
    assert parse_query(text) == meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("radic*", Wildcard("radic*")),
        ("radic**", Wildcard("radic*")),
        ("wil*card", Wildcard("wil*card")),
        ("w?ldcard", Wildcard("w?ldcard")),
        ("*itis", Wildcard("*itis")),
        ("mr*", Wildcard("mr*")),
        ("L4*", Wildcard("L4*")),
        ("-radic*", Not(Wildcard("radic*"))),
        ("radic*,", Wildcard("radic*")),
        ("inject?", Wildcard("inject?")),
        ("(inject?) lumbar", All((Wildcard("inject?"), Word("lumbar")))),
        ("inject? lumbar", words("inject lumbar")),
        ("Is PT covered? How many visits?", words("Is PT covered How many visits")),
        ("lumbar ? pain", words("lumbar pain")),
        ('what is "MBB"?', All((Word("what"), Word("is"), Word("MBB", exact=True)))),
        ("is norco necessary?", words("is norco necessary")),
        ("is norco necessary ???", words("is norco necessary")),
        ("radiculopaty~", Fuzzy("radiculopaty", 1)),
        ("radiculopaty~1", Fuzzy("radiculopaty", 1)),
        ("radiculopaty~2", Fuzzy("radiculopaty", 2)),
        ("radiculopaty～2", Fuzzy("radiculopaty", 2)),
        ("pian~", Fuzzy("pian", 1)),
        ("inject!", Wildcard("inject*")),
        ("inject! surg!", All((Wildcard("inject*"), Wildcard("surg*")))),
        ("please approve it!", words("please approve it")),
    ],
)
def test_wildcards_and_fuzzy_words(text: str, meaning: Node) -> None:
    assert parse_query(text) == meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("rationale:norco", Word("norco", "rationale")),
        ("Rationale:norco", Word("norco", "rationale")),
        ("RATIONALE: norco", Word("norco", "rationale")),
        ("rationale : norco", Word("norco", "rationale")),
        ("rationale:norco flexeril", All((Word("norco", "rationale"), B))),
        ("summary:norco", Word("norco", "summary")),
        ("request:norco", Word("norco", "request")),
        ("guideline:odg", Word("odg", "guideline")),
        ('rationale:"low back"', phrase("low back", field="rationale")),
        ('rationale:"low back"~4', phrase("low back", 4, "rationale")),
        ("rationale:radic*", Wildcard("radic*", "rationale")),
        ("rationale:radiculopaty~2", Fuzzy("radiculopaty", 2, "rationale")),
        ("rationale:(a OR b)", AnyOf((Word("a", "rationale"), Word("b", "rationale")))),
        ("rationale:(a -b)", All((Word("a", "rationale"), Not(Word("b", "rationale"))))),
        ("rationale:(a OR request:b)", AnyOf((Word("a", "rationale"), Word("b", "request")))),
        ("-rationale:norco", Not(Word("norco", "rationale"))),
        ("rationale:-norco", Not(Word("norco", "rationale"))),
        ("rationale:L4/5", Word("L4-L5", "rationale")),
        ("rationale:CM14-31877", Word("CM14-0031877", "rationale")),
        ("rationale: norco request: 60", All((Word("norco", "rationale"), Word("60", "request")))),
    ],
)
def test_fields(text: str, meaning: Node) -> None:
    assert parse_query(text) == meaning


@pytest.mark.parametrize(
    "text",
    [
        "x-ray",
        "follow-up",
        "10/325",
        "10/325mg",
        "#60",
        "50%",
        "worker's",
        "12/27/13",
        "10:30",
        "1:2",
        "1,000",
        ".5",
        "P&S",
        "b12",
        "4610.6",
        "§4610",
        "http://www.dir.ca.gov/imr?x=1&y=*",
        "www.dir.ca.gov",
        "café",
    ],
)
def test_words_kept_as_typed(text: str) -> None:
    assert parse_query(text) == Word(text)
    assert parse_query(f"{text}, norco") == All((Word(text), A))
