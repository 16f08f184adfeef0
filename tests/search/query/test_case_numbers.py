"""Case numbers in the writings people use, alone and beside other things."""

import pytest

from determinations.search.query.case_numbers import cited_item, numbers_one_slip_away
from determinations.search.query.language import parse_query
from determinations.search.query.nodes import (
    All,
    AnyOf,
    CaseNumber,
    Near,
    Node,
    Not,
    Phrase,
    Wildcard,
    Word,
)


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


A = Word("norco")
CM16 = Wildcard("CM16-*", "case")


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
        "IMR Case No. CM14-0031877, item 2 (April 4, 2015)",
        "IMR Case No. CM14-0031877, item 2 (Aug. 13, 2014)",
        "IMR Case No. CM14-0031877 (assigned May 3, 2014)",
        "IMR Case No. CM14-0031877, item 1 (undated) (superseded version)",
        "IMR Case No. CM14-0031877, item 1 (May 3, 2014) – invented sample, not a real determination",
        "CM14-0031877 item 1",
        "CM14-0031877.2",
        "case:CM14-0031877.2",
        '"CM14-0031877, item 2"',
    ],
)
def test_case_numbers_in_any_writing(text: str) -> None:
    assert parse_query(text) == CaseNumber("CM14-0031877")


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("is CM14-31877 final?", All((Word("is"), CaseNumber("CM14-0031877"), Word("final")))),
        ("see IMR CM14-31877, p 3", All((Word("see"), CaseNumber("CM14-0031877"), *map(Word, "p3")))),
        ("CM14-31877, items", All((CaseNumber("CM14-0031877"), Word("items")))),
        ("CM14-31877 item 25*", All((CaseNumber("CM14-0031877"), Word("item"), Wildcard("25*")))),
        ("CM14-31877 (lumbar)", All((CaseNumber("CM14-0031877"), Word("lumbar")))),
        ("CM14-1, item 2, CM15-2.1", AnyOf((CaseNumber("CM14-0000001"), CaseNumber("CM15-0000002")))),
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
    ("text", "item"),
    [
        ("IMR Case No. CM14-0031877, item 2 (April 4, 2015)", ("CM14-0031877", 2)),
        ("CM14-31877 item 12", ("CM14-0031877", 12)),
        ("CM14-0031877.2", ("CM14-0031877", 2)),
        ("CM14-0031877", None),
        ("CM14-0031877, item 0", None),
        ("norco CM14-0031877.2", None),
        ("CM14-0031877.2 norco", None),
    ],
)
def test_the_item_that_a_citation_names(text: str, item: tuple[str, int] | None) -> None:
    assert cited_item(text) == item


@pytest.mark.parametrize(
    "typed",
    [
        "CM14-003187",
        "CM14-00318777",
        "CM14-0031878",
        "CM14-0031787",
        "CM41-0031877",
        "CM1-0031877",
        "cm 14 0031871",
        "CM2014-0031879",
        "IMR case number CM14-0031870?",
        "CM14-O031877",
        "CMl4-003I877",
    ],
)
def test_a_number_with_one_slip_may_be_the_one_meant(typed: str) -> None:
    assert "CM14-0031877" in numbers_one_slip_away(typed.rstrip("?"))


def test_letters_for_digits_leave_one_number_that_may_be_meant() -> None:
    assert numbers_one_slip_away("CM14-O03I877") == {"CM14-0031877"}


@pytest.mark.parametrize("typed", ["norco", "CM14", "CM14-31", "10 cm 12-24 weeks", "see CM14-0031878", ""])
def test_what_is_no_full_number_is_like_none(typed: str) -> None:
    assert not numbers_one_slip_away(typed)


@pytest.mark.parametrize("typed", ["CM14-003187", "CM14-0031877", "CM14-00318770"])
def test_numbers_that_may_be_meant_are_full_ones(typed: str) -> None:
    assert all(parse_query(number) == CaseNumber(number) for number in numbers_one_slip_away(typed))
