"""The standard layout: where items begin and end, what decides them, what belongs to which paragraph."""

import pytest

from determinations.letters.parse import parse_letter
from determinations.letters.parsed_letter import (
    Decision,
    Layout,
    ParsedLetter,
    UnreadableLetterError,
)
from tests.letters.invented import HOW_MADE, ISSUES, SUMMARY, item, standard_letter


def read(*items: str) -> ParsedLetter:
    return parse_letter(standard_letter(*items))


def codes(letter: ParsedLetter) -> list[tuple[str, str]]:
    return [(warning.code, warning.place) for warning in letter.warnings]


@pytest.mark.parametrize(
    ("heading", "request_", "decision"),
    [
        ("Norco 10/325mg #60: Upheld", "Norco 10/325mg #60", Decision.UPHELD),
        ("Norco 10/325mg #60:  Overturned", "Norco 10/325mg #60", Decision.OVERTURNED),
        ("Norco 10/325mg #60:\nUpheld", "Norco 10/325mg #60", Decision.UPHELD),
        ("Norco 10/325mg #60:Upheld", "Norco 10/325mg #60", Decision.UPHELD),
        ("Norco 10/325mg #60 : Upheld.", "Norco 10/325mg #60", Decision.UPHELD),
        ("NORCO 10/325MG #60: UPHELD", "NORCO 10/325MG #60", Decision.UPHELD),
        ("norco: overturned", "norco", Decision.OVERTURNED),
        ("Norco 10mg Upheld", "Norco 10mg", Decision.UPHELD),
        ("Norco – Upheld", "Norco", Decision.UPHELD),
        ("Norco #60: one tab: q6h: Overturned", "Norco #60: one tab: q6h", Decision.OVERTURNED),
        ("1. Norco: Upheld", "Norco", Decision.UPHELD),
        ("2) Norco: Upheld", "Norco", Decision.UPHELD),
        ("Issue #1: Norco: Upheld", "Norco", Decision.UPHELD),
        ("1 right L4-5 block: Upheld", "1 right L4-5 block", Decision.UPHELD),
        ("Norco: Overturned in part", "Norco", Decision.PARTIALLY_OVERTURNED),
        ("Norco: Overturned\nin part", "Norco", Decision.PARTIALLY_OVERTURNED),
        ("Norco: Partially Overturned", "Norco", Decision.PARTIALLY_OVERTURNED),
        ("Norco: Modified", "Norco", Decision.PARTIALLY_OVERTURNED),
        ("Therapy, as modified: Upheld", "Therapy, as modified", Decision.UPHELD),
        ("Appeal of upheld denial overturned: Upheld", "Appeal of upheld denial overturned", Decision.UPHELD),
        ("Soma “350mg” – one tab: Upheld", "Soma “350mg” – one tab", Decision.UPHELD),
        ("Soma\t350mg:\u00a0Upheld", "Soma 350mg", Decision.UPHELD),
    ],
)  # fmt: skip
def test_the_decision_is_what_follows_the_last_colon(heading: str, request_: str, decision: Decision) -> None:
    letter = read(item(heading), item("Soma: Upheld"))
    assert (letter.items[0].request, letter.items[0].decision) == (request_, decision)
    assert [i.request for i in letter.items[1:]] == ["Soma"]


def test_paragraphs_are_joined_without_their_labels() -> None:
    letter = read(
        item(
            "Norco: Upheld", claims="Decision based on\nMTUS.", reviewer="ODG,\nPain.", rationale="No\nneed."
        )
    )
    read_item = letter.items[0]
    assert read_item.claims_administrator_guideline == "Decision based on MTUS."
    assert read_item.reviewer_guideline == "ODG, Pain."
    assert read_item.rationale == "No need."
    assert letter.layout is Layout.STANDARD


@pytest.mark.parametrize(
    "heading",
    [
        "Bilateral lumbar facet\nnerve block L4, L5, S1\nlevels: Upheld",
        "BILATERAL LUMBAR FACET NERVE BLOCK L4, L5, S1 LEVELS,\nFLOUROSCOPIC GUIDANCE:\nUpheld",
        "Norco 10/325 mg q.i.d.\n#120 with two refills:\nOverturned",
    ],
)
def test_a_wrapped_heading_is_whole_and_the_rationale_before_it_too(heading: str) -> None:
    letter = read(item("Soma: Overturned", rationale="It helps. The request is certified."), item(heading))
    assert letter.items[0].rationale == "It helps. The request is certified."
    assert letter.items[1].request == " ".join(heading.split()).rpartition(":")[0]


def test_a_rationale_that_lacks_its_full_stop_still_ends_before_the_next_heading() -> None:
    letter = read(
        item("Soma: Upheld", rationale="It is of no use. The request is not certified"), item("Norco: Upheld")
    )
    assert letter.items[0].rationale == "It is of no use. The request is not certified"
    assert letter.items[1].request == "Norco"


@pytest.mark.parametrize(
    "prose",
    [
        "The earlier denial was: Upheld\nand so it stays. The request is not certified.",
        "The denial was upheld.\nThe appeal was overturned:\nUpheld\nThe request is not certified.",
        "The request is not certified. The denial was: Upheld",
    ],
)
def test_decision_words_in_prose_open_no_item(prose: str) -> None:
    letter = read(item("Norco: Upheld", rationale=prose))
    assert len(letter.items) == 1
    assert letter.items[0].rationale == " ".join(prose.split())


def test_two_items_with_the_same_request_stay_two() -> None:
    letter = read(
        item("Norco: Upheld"), item("Norco: Overturned", rationale="The request is medically necessary.")
    )
    assert [(i.position, i.request, i.decision) for i in letter.items] == [
        (1, "Norco", Decision.UPHELD),
        (2, "Norco", Decision.OVERTURNED),
    ]
    assert letter.outcome is Decision.PARTIALLY_OVERTURNED


def test_a_missing_guideline_paragraph_is_empty_and_warned_of() -> None:
    letter = read(item("Norco: Upheld", claims=""), item("Soma: Upheld", claims="", reviewer=""))
    assert [i.claims_administrator_guideline for i in letter.items] == ["", ""]
    assert letter.items[0].reviewer_guideline
    assert codes(letter) == [
        ("missing_claims_administrator_guideline", "item 1"),
        ("missing_claims_administrator_guideline", "item 2"),
        ("missing_reviewer_guideline", "item 2"),
    ]


def test_guidelines_in_the_other_order_belong_to_the_same_item() -> None:
    swapped = (
        "Norco: Upheld\n\nMAXIMUS guideline: A.\n\n"
        "Claims Administrator guideline: B.\n\nDecision rationale: C.\n"
    )
    letter = read(swapped, swapped)
    assert [(i.claims_administrator_guideline, i.reviewer_guideline) for i in letter.items] == [
        ("B.", "A.")
    ] * 2


def test_an_unreadable_decision_is_unknown_and_kept() -> None:
    letter = read(item("Norco 10/325mg #60:"), item("Soma: Upheld"))
    assert (letter.items[0].request, letter.items[0].decision) == ("Norco 10/325mg #60", Decision.UNKNOWN)
    assert codes(letter) == [("unknown_decision", "item 1")]
    assert letter.outcome is Decision.UNKNOWN


def test_an_item_after_others_without_a_decision_is_not_swallowed() -> None:
    letter = read(item("Soma: Upheld"), item("Norco 10/325mg #60"))
    assert [(i.request, i.decision) for i in letter.items] == [
        ("Soma", Decision.UPHELD),
        ("Norco 10/325mg #60", Decision.UNKNOWN),
    ]


def test_a_letter_of_unknown_decisions_has_an_unknown_outcome() -> None:
    assert read(item("Norco:")).outcome is Decision.UNKNOWN


@pytest.mark.parametrize(
    ("claims", "reviewer", "rationale"),
    [
        ("Claims Administrator's guideline:", "MAXIMUS' guideline:", "Decision Rational:"),
        ("Claim Administrator guidelines :", "Expert Reviewer guideline:", "Rationale:"),
        ("CLAIMS ADMINISTRATOR GUIDELINE:", "MAXIMUS GUIDELINE:", "DECISION RATIONALE:"),
        ("Claims Administrator guidline:", "IMR guideline:", "Rationale for the decision:"),
        ("Claims\nAdministrator guideline:", "MAXIMUS\nguideline:", "Decision\nrationale:"),
        ("UR guideline:", "Physician Reviewer’s guideline(s):", "The Expert Reviewer's decision rationale:"),
    ],
)  # fmt: skip
def test_labels_are_known_in_varied_form(claims: str, reviewer: str, rationale: str) -> None:
    body = f"Norco: Upheld\n\n{claims} A one.\n\n{reviewer} B two.\n\n{rationale} C three.\n"
    letter = read(body, body)
    for read_item in letter.items:
        assert read_item.claims_administrator_guideline == "A one."
        assert read_item.reviewer_guideline == "B two."
        assert read_item.rationale == "C three."
    assert len(letter.items) == 2


def test_spoken_labels_stay_part_of_their_text() -> None:
    body = (
        "Norco: Upheld\n\nThe Claims Administrator based its decision on ODG.\n\n"
        "The Expert Reviewer based his/her decision on the MTUS.\n\nDecision rationale: C.\n"
    )
    letter = read(body, body)
    assert len(letter.items) == 2
    assert (
        letter.items[1].claims_administrator_guideline
        == "The Claims Administrator based its decision on ODG."
    )
    assert letter.items[1].reviewer_guideline == "The Expert Reviewer based his/her decision on the MTUS."


def test_spoken_words_inside_a_rationale_open_nothing() -> None:
    rationale = (
        "It is plain.\nThe Claims Administrator based its denial on it.\nThe Expert Reviewer found no use."
    )
    letter = read(item("Norco: Upheld", rationale=rationale))
    assert len(letter.items) == 1
    assert letter.items[0].rationale == " ".join(rationale.split())


@pytest.mark.parametrize(
    "closing",
    [
        "Sincerely,\n\nPaul Example, MD, MPH\nMedical Director\n\ncc: Department of Industrial Relations",
        "Disclaimer: MAXIMUS is providing an independent review service under contract with the State.",
        "Electronically signed by the reviewer",
        "/JR\n\nDisclaimer: MAXIMUS is not engaged in the practice of law.",
        "cc: the parties",
        "Dear Ms. Example:\nThis is a copy.",
        "Effect of the Decision:\nThe determination of MAXIMUS Federal Services is final.",
    ],
)
def test_what_follows_the_last_rationale_is_no_part_of_it(closing: str) -> None:
    letter = read(item("Norco: Upheld", rationale="It is of no use."), closing)
    assert letter.items[0].rationale == "It is of no use."


@pytest.mark.parametrize(
    ("heading", "rationale", "contradicts"),
    [
        ("Norco: Overturned", "It helps little. Therefore, the request is not medically necessary.", True),
        ("Norco: Overturned", "As such, Norco is non-certified.", True),
        ("Norco: Overturned", "The request is notmedically necessary.", True),
        ("Norco: Upheld", "Given this, the request is medically necessary.", True),
        ("Norco: Upheld", "The criteria are met. The request for the IF unit is certified.", True),
        ("Norco: Upheld", "The request is not medically necessary.", False),
        ("Norco: Overturned", "The request is medically necessary and appropriate.", False),
        ("Norco: Overturned", "The claims administrator says it is not medically necessary. It is.", False),
        ("Norco: Upheld", "It would be medically necessary if he had tried exercise.", False),
        ("Norco: Overturned in part", "Six visits are medically necessary. Twelve are not.", False),
        ("Norco: Upheld", "Opioids are not recommended. The lowest dose should be prescribed.", False),
    ],
)  # fmt: skip
def test_a_contradiction_keeps_the_heading_and_warns(heading: str, rationale: str, contradicts: bool) -> None:
    letter = read(item(heading, rationale=rationale))
    assert letter.items[0].decision is not Decision.UNKNOWN
    assert (("rationale_contradicts_decision", "item 1") in codes(letter)) is contradicts


def test_labels_and_headings_that_extraction_glued_to_one_line_are_parted() -> None:
    letter = parse_letter(
        " ".join(standard_letter(item("Norco: Upheld"), item("Soma 350 mg: Overturned")).split())
    )
    assert [(i.request, i.decision) for i in letter.items] == [
        ("Norco", Decision.UPHELD),
        ("Soma 350 mg", Decision.OVERTURNED),
    ]
    assert letter.clinical_summary.startswith("The injured worker is a 52 year old female")
    assert letter.clinical_summary.endswith("low back pain.")


@pytest.mark.parametrize(
    ("summary", "issues"),
    [
        ("Clinical Case Summary:", "IMR Issues, Decisions and Rationales"),
        ("CLINICAL CASE SUMARY", "IMR ISSUES, DECISONS AND RATIONALES"),
        ("CLINICAL\nCASE SUMMARY", "IMR ISSUES, DECISIONS\nAND RATIONALES"),
        ("CLINICAL SUMMARY", "IMR ISSUE, DECISION AND RATIONALE:"),
        ("CASE SUMMARY", "ISSUES, DECISIONS & RATIONALES"),
        ("CLINlCAL CASE SUMMARY", "lMR ISSUES, DECISI0NS AND RATIONALES"),
    ],
)
def test_headings_are_known_in_varied_form(summary: str, issues: str) -> None:
    text = standard_letter(item("Norco: Upheld"))
    text = text.replace("CLINICAL CASE SUMMARY", summary).replace(
        "IMR ISSUES, DECISIONS AND RATIONALES", issues
    )
    assert parse_letter(text) == parse_letter(standard_letter(item("Norco: Upheld")))


def test_the_reviewers_section_is_read() -> None:
    letter = read(item("Norco: Upheld"))
    assert letter.reviewer.specialties == ("Pain Medicine",)
    assert letter.reviewer.licensed_in == ("Oregon",)


def test_a_letter_that_ends_before_its_items_is_kept_with_a_warning() -> None:
    letter = parse_letter(HOW_MADE + SUMMARY)
    assert letter.items == ()
    assert letter.outcome is Decision.UNKNOWN
    assert ("no_items", "items") in codes(letter)


def test_a_letter_cut_within_a_rationale_is_kept_with_a_warning() -> None:
    letter = read(item("Norco: Upheld", rationale="The records do not support the use of"))
    assert codes(letter) == [("text_breaks_off", "item 1")]


def test_a_letter_cut_after_a_heading_keeps_that_item() -> None:
    letter = read(item("Norco: Upheld"), "Soma 350mg: Overturned")
    assert [(i.request, i.decision, i.rationale[:11]) for i in letter.items] == [
        ("Norco", Decision.UPHELD, "The records"),
        ("Soma 350mg", Decision.OVERTURNED, ""),
    ]
    assert ("missing_rationale", "item 2") in codes(letter)


def test_a_letter_that_starts_in_the_middle_is_read_from_there() -> None:
    letter = parse_letter(
        "laws and regulations, including the strength of evidence.\n\n"
        + SUMMARY
        + ISSUES
        + item("Soma: Upheld")
    )
    assert letter.clinical_summary.startswith("The injured worker")
    assert [i.request for i in letter.items] == ["Soma"]
    assert ("missing_section", "How the IMR final determination was made") in codes(letter)


def test_items_without_the_headings_above_them_are_read() -> None:
    letter = parse_letter(
        "in severe pain.\n\n" + item("Soma: Upheld") + "\n" + item("Norco: Overturned", rationale="Good.")
    )
    assert [(i.request, i.decision) for i in letter.items] == [
        ("Soma", Decision.UPHELD),
        ("Norco", Decision.OVERTURNED),
    ]
    assert letter.layout is Layout.STANDARD


def test_items_without_any_label_are_read_with_warnings() -> None:
    letter = read("Norco: Upheld\n\nThe records do not support it.\n", "Soma: Overturned\n\nIt is of use.\n")
    assert [(i.request, i.rationale) for i in letter.items] == [
        ("Norco", "The records do not support it."),
        ("Soma", "It is of use."),
    ]
    assert ("missing_reviewer_guideline", "item 2") in codes(letter)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The quick brown fox. Decision rationale: none.",
        "An article on HOW THE IMR FINAL DETERMINATION WAS MADE in California.",
        "Dear Sir,\nyour request was denied: Upheld\nYours",
        "CASE SUMMARY:\nA novel in three parts.",
    ],
)
def test_a_text_that_is_no_determination_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(UnreadableLetterError) as caught:
        parse_letter(text)
    assert caught.value.code == "not_a_determination"
    assert "check that it is the right file" in caught.value.message
