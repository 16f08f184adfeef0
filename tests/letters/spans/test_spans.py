"""Where facts were read: every fact has a span, and the text of each span states the fact by itself."""

from pathlib import Path
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from determinations.letters.parse import parse_letter, parse_letters, read_letters
from determinations.letters.parsed_letter import LevelsFrom, ParsedLetter
from determinations.letters.spans.places import narrowest
from determinations.letters.spans.reading import Certainty, FactSpan, spans_of
from determinations.letters.text.characters import normalized
from determinations.letters.text.headers_and_footers import without_furniture
from determinations.letters.text.letter_text import pages_of
from sample_letters.generator import InventedLetter, invented_letters
from sample_letters.generator.__main__ import SEED
from sample_letters.generator.disturb import DISTURBANCES
from tests.letters.invented import item, standard_letter
from tests.letters.spans.reading_alone import paths_of, states
from tests.letters.tables import shared

COLLECTED = list(invented_letters(160, SEED))
REAL = sorted(shared("letters", "pdf").glob("*.pdf"))
COVER = "Case Number: CM15-0001234 Date Assigned: 06/20/2015\n\n"


def check(text: str, letter: ParsedLetter) -> dict[str, FactSpan]:
    """Every fact has a span, whose text states it. Body parts may follow from levels of a rationale."""
    spans = {span.fact_path: span for span in spans_of(text, letter)}
    furniture = without_furniture(pages_of(text)).furniture
    wrong = {
        path: text[span.start : span.end]
        for path, span in spans.items()
        if not states(path, text[span.start : span.end], letter, furniture)
    }
    assert wrong == {}
    from_rationale = {
        f"items[{n}].body_parts" for n, one in enumerate(letter.items) if one.levels_from == "rationale"
    }
    missing = [
        path for path in paths_of(letter) if path not in spans and path.partition("[0]")[0] not in spans
    ]
    assert [path for path in missing if path.rpartition("[")[0] not in from_rationale] == []
    return spans


@pytest.mark.parametrize("invented", COLLECTED, ids=lambda invented: invented.name)
def test_every_fact_of_a_sample_letter_is_stated_by_its_span(invented: InventedLetter) -> None:
    text = normalized(invented.text)
    check(text, parse_letter(text))


@pytest.mark.skipif(not REAL, reason="no real letters as PDF beside the repository")
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem)
def test_every_fact_of_a_real_letter_is_stated_by_its_span(path: Path) -> None:
    extracted, letters = read_letters(path.read_bytes())
    for letter in letters:
        check(extracted.text, letter)


@pytest.mark.parametrize("name", list(DISTURBANCES))
@given(seed=st.integers(0, 2**32))
@example(seed=1946)  # a citation runs over a page, whose footer has lost its case number
def test_disturbed_letters_have_spans_for_the_same_facts(name: str, seed: int) -> None:
    *_, invented = invented_letters(1 + seed % 7, seed)
    number = invented.letter.case_number or "CM15-0001234"
    text = normalized(DISTURBANCES[name](invented.text, Random(seed), number))
    check(text, parse_letter(text))


@given(text=st.text("L45-/ leftrighknMRIof, ", max_size=60), fact=st.sampled_from(["left", "MRI", "L4"]))
def test_the_narrowest_piece_states_what_the_whole_states(text: str, fact: str) -> None:
    found = narrowest(text, lambda piece: fact in piece)
    assert (found is None) is (fact not in text)
    if found:
        assert fact in text[slice(*found)]


def test_a_page_header_inside_a_request_is_left_out_of_its_letters() -> None:
    header = "Final Determination Letter for IMR Case Number CM15-0001234 3"
    text = standard_letter(item(f"MRI of the\n{header}\nleft knee: Upheld"), cover=COVER)
    letter = parse_letter(text)
    spans = {span.fact_path: text[span.start : span.end] for span in spans_of(text, letter)}
    assert spans["items[0].laterality"] == "left"
    assert spans["items[0].request"] == f"MRI of the\n{header}\nleft knee"
    inside = text.replace(f"\n{header}\n", f" {header} ")
    spans = {span.fact_path: inside[span.start : span.end] for span in spans_of(inside, letter)}
    assert spans["items[0].laterality"] == "left"
    assert spans["items[0].body_parts[0]"] == "knee"


def test_items_that_ask_for_the_same_have_places_of_their_own() -> None:
    text = standard_letter(item("Norco #60: Overturned"), item("Norco #60: Upheld"))
    spans = {span.fact_path: span for span in spans_of(text, parse_letter(text))}
    first, second = text.index("Norco #60"), text.rindex("Norco #60")
    assert [spans[f"items[{n}].request"].start for n in (0, 1)] == [first, second]
    for name in ("claims_administrator_guideline", "reviewer_guideline", "rationale"):
        assert first < spans[f"items[0].{name}"].start < second < spans[f"items[1].{name}"].start


def test_sides_that_cite_the_same_have_places_of_their_own() -> None:
    same = "Decision based on MTUS Chronic Pain Medical Treatment 2009."
    text = standard_letter(item("Norco #60: Upheld", claims=same, reviewer=same))
    spans = {span.fact_path: span for span in spans_of(text, parse_letter(text))}
    claims, reviewer = text.index(same), text.rindex(same)
    assert spans["items[0].claims_administrator_guideline"].start == claims
    assert spans["items[0].reviewer_guideline"].start == reviewer


def test_what_is_less_than_sure_says_so() -> None:
    rationale = "The request for an epidural injection at L4-5 is not medically necessary."
    text = standard_letter(item("Epidural injection: Overturned", rationale=rationale), cover=COVER)
    letter = parse_letter(text)
    assert letter.items[0].levels_from is LevelsFrom.RATIONALE
    low = {span.fact_path for span in spans_of(text, letter) if span.certainty is Certainty.LOW}
    assert low == {"items[0].spinal_levels[0]", "items[0].decision"}


def test_of_several_letters_in_one_text_each_has_its_places() -> None:
    one = standard_letter(item("Norco #60: Upheld"), cover=COVER)
    other = standard_letter(item("MRI of the left knee: Upheld"), cover=COVER.replace("1234", "9999"))
    text = f"{one}\f{other}"
    first, second = parse_letters(text)
    assert all(span.end <= len(one) for span in spans_of(text, first))
    assert all(span.start > len(one) for span in spans_of(text, second))


def test_a_letter_of_another_text_is_an_error() -> None:
    text = standard_letter(item("Norco #60: Upheld"))
    with pytest.raises(ValueError, match="not read from this text"):
        spans_of(text, parse_letter(text.replace("#60", "#90")))
