"""Reader against generator: what was invented is read, and reading what was rendered changes nothing."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from determinations.letters.parse import parse_letter
from determinations.letters.parsed_letter import Decision, Layout, ParsedItem, ParsedLetter, letter_to_json
from sample_letters.generator import InventedLetter, Manner, invented_letters, render_letter
from sample_letters.generator.__main__ import COLLECTION, SEED
from sample_letters.generator.disturb import DISTURBANCES
from tests.letters.one_letter import read_letter

COLLECTED = list(invented_letters(160, SEED))

manners = st.builds(
    Manner,
    width=st.integers(60, 130),
    reviewer=st.sampled_from(["expert", "physician"]),
    credentials_block=st.booleans(),
    subspecialty=st.booleans(),
    decision_after=st.sampled_from(["  ", " ", "\n", "\n\n"]),
    early_tense=st.sampled_from(["WAS", "IS"]),
    marked=st.booleans(),
    closing=st.booleans(),
)


def one_letter(seed: int) -> InventedLetter:
    *_, last = invented_letters(1 + seed % 7, seed)
    return last


def without_warnings(letter: ParsedLetter) -> ParsedLetter:
    return replace(letter, warnings=())


def sorted_services(letter: ParsedLetter) -> ParsedLetter:
    """The order of an item's services means nothing; its body parts and grounds are not invented."""
    items = tuple(
        replace(item, services=tuple(sorted(item.services)), body_parts=(), grounds=())
        for item in letter.items
    )
    return replace(letter, items=items)


@pytest.mark.parametrize("invented", COLLECTED, ids=lambda invented: invented.name)
def test_what_was_invented_is_what_is_read(invented: InventedLetter) -> None:
    read = parse_letter(invented.text)
    assert letter_to_json(sorted_services(without_warnings(read))) == letter_to_json(
        sorted_services(invented.letter)
    )


@given(seed=st.integers(0, 2**32), manner=manners)
def test_reading_what_was_rendered_from_a_reading_is_a_fixed_point(seed: int, manner: Manner) -> None:
    first = parse_letter(one_letter(seed).text)
    again = parse_letter(render_letter(first, manner))
    assert letter_to_json(again) == letter_to_json(first)


@pytest.mark.parametrize("name", list(DISTURBANCES))
@given(seed=st.integers(0, 2**32))
def test_a_disturbance_does_not_change_what_is_read(name: str, seed: int) -> None:
    letter = one_letter(seed).letter
    text = render_letter(letter)
    disturbed = DISTURBANCES[name](text, Random(seed), letter.case_number or "")
    assert letter_to_json(parse_letter(disturbed)) == letter_to_json(parse_letter(text))


@pytest.mark.parametrize("invented", COLLECTED, ids=lambda invented: invented.name)
def test_a_warning_is_given_where_a_letter_contradicts_itself_and_nowhere_else(
    invented: InventedLetter,
) -> None:
    found = [(warning.code, warning.place) for warning in parse_letter(invented.text).warnings]
    expected = [("rationale_contradicts_decision", "item 1")]
    assert found == (expected if "contradiction" in invented.peculiarities else [])


def test_a_pdf_reads_like_the_text_it_was_made_from() -> None:
    by_name = {invented.name: invented for invented in COLLECTED}
    paths = sorted(COLLECTION.glob("20*/*.pdf"))
    assert len(paths) == 6
    for path in paths:
        _, read = read_letter(path.read_bytes())
        assert letter_to_json(read) == letter_to_json(parse_letter(by_name[path.stem].text)), path.name


def test_a_decision_split_by_a_hyphen_still_opens_its_item() -> None:
    items = (
        ParsedItem(
            1, "MRI of the left wrist", Decision.UPHELD, rationale="The MRI is not medically necessary."
        ),
        ParsedItem(2, "A wrist splint", Decision.UPHELD, rationale="The splint is not medically necessary."),
    )
    text = render_letter(ParsedLetter(Layout.LATE_2013, items=items))
    whole = "2. A wrist splint is not medically necessary"
    assert whole in text
    split = text.replace(whole, "2. A wrist splint is not medic-\nally necessary")
    assert [item.request for item in parse_letter(split).items] == [item.request for item in items]


def test_a_label_at_the_end_of_two_pages_is_no_footer() -> None:
    items = (
        ParsedItem(
            1, "MRI of the left wrist", Decision.UPHELD, rationale="The MRI is not medically necessary."
        ),
        ParsedItem(2, "A wrist splint", Decision.UPHELD, rationale="The splint is not medically necessary."),
    )
    text = render_letter(ParsedLetter(Layout.NOTICE_2013, items=items))
    label = "Rationale for the Decision:\n"
    assert text.count(label) == 2
    paged = text.replace(label, f"{label}\n\n\f")
    assert [item.rationale for item in parse_letter(paged).items] == [item.rationale for item in items]
