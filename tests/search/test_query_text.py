"""What a typed question means: one table per part of the language."""

import pytest

from determinations.search.query_text import parse_query
from determinations.search.query_tree import (
    All,
    AnyOf,
    CaseNumber,
    Fuzzy,
    Node,
    Not,
    Phrase,
    Wildcard,
    Word,
)


def words(text: str, field: str | None = None) -> Node:
    parts = tuple(Word(word, field) for word in text.split())
    return parts[0] if len(parts) == 1 else All(parts)


def phrase(text: str, slop: int = 1, field: str | None = None) -> Phrase:
    return Phrase(tuple(text.split()), slop, field)


A, B, C = Word("norco"), Word("flexeril"), Word("fusion")
CM16 = Wildcard("CM16-*", "case")
MBB = phrase("medial branch block")


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
        ('"AND"', Word("AND")),
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
        ('"norco"', A),
        ('"norco."', A),
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
        ('what is "MBB"?', words("what is MBB")),
        ("is norco necessary?", words("is norco necessary")),
        ("is norco necessary ???", words("is norco necessary")),
        ("radiculopaty~", Fuzzy("radiculopaty", 1)),
        ("radiculopaty~1", Fuzzy("radiculopaty", 1)),
        ("radiculopaty~2", Fuzzy("radiculopaty", 2)),
        ("radiculopaty～2", Fuzzy("radiculopaty", 2)),
        ("pian~", Fuzzy("pian", 1)),
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
        "CM14-0031877",
        "cm14-31877",
        "cm14-0031877",
        "CM 14-0031877",
        "CM 14-31877",
        "CM-14-0031877",
        "CM14 - 0031877",
        "CM14 0031877",
        "CM2014-0031877",
        "cm140031877",
        '"cm140031877"',
        '"CM 14-0031877"',
        "CM14‑0031877",
        "ＣＭ１４－００３１８７７",
        "14-0031877",
        "(CM14-31877)",
        "CM14-31877.",
        "Case Number: CM14-0031877",
        "IMR Case Number: CM14-0031877",
        "MAXIMUS case number CM14-31877",
        "IMR No. CM14-0031877",
        "IMR CM14-0031877",
        "IMR #CM14-0031877",
        "CM14-0031877?",
        "14-0031877?",
        "CM14-0031877's",
        "CM14/0031877",
        "CM14.0031877",
        "2014-0031877",
        "CM#14-0031877",
        "CM14_0031877",
        "case no. CM14-31877",
        "case #CM14-31877",
        "case:CM14-0031877",
        "case: cm14-31877",
        "case:14-31877",
        "case:cm140031877",
        'case:"CM 14-0031877"',
    ],
)
def test_case_numbers_in_any_writing(text: str) -> None:
    assert parse_query(text) == CaseNumber("CM14-0031877")


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("is CM14-31877 final?", All((Word("is"), CaseNumber("CM14-0031877"), Word("final")))),
        ("see IMR CM14-31877, p 3", All((Word("see"), CaseNumber("CM14-0031877"), *map(Word, "p3")))),
        ("CM14-5", CaseNumber("CM14-0000005")),
        ("CM20-0012345", CaseNumber("CM20-0012345")),
        ("CM2020-0012345", CaseNumber("CM20-0012345")),
        ("IMR 13-000004", CaseNumber("CM13-0000004")),
        ("case:CM14", Wildcard("CM14-*", "case")),
        ("case:CM14-", Wildcard("CM14-*", "case")),
        ("case:14", Wildcard("CM14-*", "case")),
        ("case:CM14-003", Wildcard("CM14-003*", "case")),
        ("case:cm14-003*", Wildcard("CM14-003*", "case")),
        ("CM14-003*", Wildcard("CM14-003*", "case")),
        ("CM14*", Wildcard("CM14-*", "case")),
        ("CM14-003", Wildcard("CM14-003*", "case")),
        ("-CM14-31877", Not(CaseNumber("CM14-0031877"))),
        ("CM14-1 OR CM15-2", AnyOf((CaseNumber("CM14-0000001"), CaseNumber("CM15-0000002")))),
        ("case:(CM14-1 OR CM15-2)", AnyOf((CaseNumber("CM14-0000001"), CaseNumber("CM15-0000002")))),
        ("CM14-1 CM15-2", AnyOf((CaseNumber("CM14-0000001"), CaseNumber("CM15-0000002")))),
        ("CM14-1, CM15-2 and CM16*", AnyOf((CaseNumber("CM14-0000001"), CaseNumber("CM15-0000002"), CM16))),
        ("norco CM14-1 CM15-2", All((A, AnyOf((CaseNumber("CM14-0000001"), CaseNumber("CM15-0000002")))))),
        ("case:CM14-1, CM16*", AnyOf((CaseNumber("CM14-0000001"), CM16))),
        ("CM14-1 case:CM16", AnyOf((CaseNumber("CM14-0000001"), CM16))),
        ("CM14-1 -CM15-2", All((CaseNumber("CM14-0000001"), Not(CaseNumber("CM15-0000002"))))),
        ("CM14-31877 norco", All((CaseNumber("CM14-0031877"), A))),
        ("CM14", Word("CM14")),
        ("10 cm 12-24 weeks", words("10 cm 12-24 weeks")),
        ('"letter CM14-31877"', phrase("letter CM14-31877")),
    ],
)
def test_case_numbers_beside_other_things(text: str, meaning: Node) -> None:
    assert parse_query(text) == meaning


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
        ("S1-L5-L4", words("L5-S1 L4-L5")),
        ("L3-4-5", words("L3-L4 L4-L5")),
        ("C5/6/7", words("C5-C6 C6-C7")),
        ("C5-6-7-T1", words("C5-C6 C6-C7 C7-T1")),
        ("L3-L5-S1", words("L3-L5 L5-S1")),
        ("-L4-L5-S1", Not(words("L4-L5 L5-S1"))),
        ("C4-5, 5-6", words("C4-C5 C5-C6")),
        ("C4-5, 5-6, and 6-7", words("C4-C5 C5-C6 C6-C7")),
        ("C4-5/6-7 fusion", words("C4-C5 C6-C7 fusion")),
        ("L3-4 and 4-5 and 5-S1", words("L3-L4 L4-L5 L5-S1")),
        ("L4-5, 5-1", words("L4-L5 L5-S1")),
        ("C4-5, 5-6 visits", words("C4-C5 5-6 visits")),
        ("C4-5, 6-8", words("C4-C5 6-8")),
        ("L4-5 5-6", words("L4-L5 5-6")),
        ("L4-5, 5-6", words("L4-L5 5-6")),
        ('"L4-L5-S1"', Word("L4-L5-S1")),
        ('"fusion L3-4-5"', phrase("fusion L3-4-5")),
        ('"C4-5, 5-6"', phrase("C4-C5 5-6")),
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
        ("L2-3 through L5-S1", words("L2-L3 through L5-S1")),
        ("L4 to L5-S1", words("L4 to L5-S1")),
        ("L4 to the knee", words("L4 to the knee")),
        ("L4-L4", Word("L4-L4")),
        ("L4L5", Word("L4-L5")),
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
        ('6" foam "low back"', All((Word("6"), Word("foam"), phrase("low back")))),
        ("pain 7 /10", words("pain 7 10")),
        ("norco BUT NOT flexeril", All((A, Not(B)))),
        ("norco but flexeril", words("norco but flexeril")),
        ("Labor Code 4610.6(h)", words("Labor Code 4610.6 h")),
        ("<b>norco</b><br/>flexeril", All((A, B))),
        ('<a href="https://x.y">norco</a> &amp; flexeril', All((A, B))),
        ("norco&nbsp;flexeril", All((A, B))),
        ("norco &lt;b&gt;flexeril", All((A, B))),
        ("‹norco›", A),
        ("pain < 3 months > 1", words("pain 3 months 1")),
    ],
)
def test_pasted_text(text: str, meaning: Node) -> None:
    assert parse_query(text) == meaning
