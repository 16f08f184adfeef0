"""Log-odds with an informative Dirichlet prior, against worked examples and against the rationales."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from determinations.models import Decision
from determinations.search.engines import search_engine
from determinations.search.interface import FacetFilter, SearchRequest
from determinations.statistics.distinctive_terms import (
    LISTED_FROM_Z,
    Numbers,
    contrast,
    distinctive_terms,
)
from tests.views.library import Item, Letter, add, index


def test_a_worked_example() -> None:
    """Overturned 8 met and 2 denied, upheld 2 and 8, a prior of 5 each.

    met: (8 + 5) / (20 - 13) against (2 + 5) / (20 - 7): ln(13/7) - ln(7/13) = 1.2381;
    variance 1/13 + 1/7 = 0.2198, so z = 1.2381 / 0.4688 = 2.6410.
    """
    ratio, z = contrast(np.array([8.0, 2]), np.array([2.0, 8]), np.array([5.0, 5]))
    assert ratio == pytest.approx([1.2381, -1.2381], abs=1e-4)
    assert z == pytest.approx([2.6410, -2.6410], abs=1e-4)


def test_a_worked_example_of_unequal_sizes() -> None:
    """3 of 10 words against 6 of 90, a prior of 1 and 9.

    (3 + 1) / (20 - 4) = 0.25 against (6 + 1) / (100 - 7) = 0.075269: ln(0.25 / 0.075269) = 1.2004;
    variance 1/4 + 1/7 = 0.392857, so z = 1.2004 / 0.626783 = 1.9152.
    """
    ratio, z = contrast(np.array([3.0, 7]), np.array([6.0, 84]), np.array([1.0, 9]))
    assert (ratio[0], z[0]) == pytest.approx((1.2004, 1.9152), abs=1e-4)


COUNTS = st.lists(st.integers(0, 400), min_size=6, max_size=6).map(lambda counts: np.array(counts, float))


@given(COUNTS, COUNTS)
def test_the_measure_mirrors_and_equal_use_tells_nothing(won: Numbers, lost: Numbers) -> None:
    prior = np.full(6, 2.5)
    for one, other in zip(contrast(won, lost, prior), contrast(lost, won, prior), strict=True):
        assert one == pytest.approx(-other, abs=1e-9)
    for figures in contrast(won, won, prior):
        assert figures == pytest.approx(np.zeros(6), abs=1e-9)


@given(st.integers(5, 50))
def test_a_heavier_prior_holds_back(times: int) -> None:
    won, lost = np.array([times, 100.0]), np.array([0, 100.0 + times])
    (light, _), _ = contrast(won, lost, np.array([1.0, 10]))
    (heavy, _), _ = contrast(won, lost, np.array([10.0, 100]))
    assert 0 < heavy < light


@pytest.fixture
def rationales(tmp_path: Path, settings: Settings, db: None) -> None:
    """Sixteen items overturned for having met the criteria, 24 upheld for want of radiculopathy."""
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    settings.ORIGINAL_LETTERS_DIR = tmp_path / "letters"
    for n in range(16):
        decision = Decision.OVERTURNED if n % 2 else Decision.PARTIALLY_OVERTURNED
        add(Letter("", (Item(decision=decision, rationale="The criteria are met, 12 of the 12 at L4-L5."),)))
    for _ in range(24):
        rationale = "There is no radiculopathy of the leg; the criteria are not documented at L4-L5."
        add(Letter("", (Item(rationale=rationale),)))
    add(Letter("", (Item(decision=Decision.UNKNOWN, rationale="Radiculopathy radiculopathy unreadable."),)))
    add(Letter("", (Item(services=("opioids",), rationale="Opioids opioids opioids opioids opioids."),)))
    index()


BLOCKS = SearchRequest(filters=(FacetFilter("service", ("medial-branch-blocks",)),))


@pytest.mark.usefixtures("rationales")
class TestRationales:
    def test_counts_are_those_of_all_rationales_found(self) -> None:
        told = distinctive_terms(search_engine(), BLOCKS)
        counts = {one.term: (one.overturned, one.upheld) for one in told.words}
        assert counts[("met",)] == (16, 0)
        assert ("no",) not in counts
        assert counts[tuple(search_engine().terms("radiculopathy"))] == (0, 24)
        assert told.overturned_total == 16 * 10
        assert told.upheld_total == 24 * 14

    def test_each_outcome_has_its_words_and_its_phrases(self) -> None:
        told = distinctive_terms(search_engine(), BLOCKS)
        assert told.words[0].term == ("met",)
        assert told.words[0].z > LISTED_FROM_Z
        assert ("document",) in [one.term for one in told.words if one.z < -LISTED_FROM_Z]
        assert all(abs(one.z) >= LISTED_FROM_Z for one in (*told.words, *told.phrases))
        assert ("l4-l5",) not in {one.term for one in told.words}  # both outcomes have it alike
        phrases = {" ".join(one.term): (one.overturned, one.upheld) for one in told.phrases}
        assert "not document" not in phrases
        assert [one.z for one in told.words] == sorted((one.z for one in told.words), reverse=True)

    def test_function_words_and_numbers_are_left_out(self) -> None:
        terms = {part for one in distinctive_terms(search_engine(), BLOCKS).words for part in one.term}
        assert not {"the", "of", "ar", "are", "is", "12"} & terms

    def test_the_chosen_decision_and_the_page_have_no_say(self) -> None:
        narrowed = SearchRequest(filters=(*BLOCKS.filters, FacetFilter("decision", ("upheld",))), limit=1)
        assert distinctive_terms(search_engine(), narrowed) == distinctive_terms(search_engine(), BLOCKS)

    def test_a_changed_index_is_compared_anew(self) -> None:
        before = distinctive_terms(search_engine(), BLOCKS)
        for _ in range(5):
            add(Letter("", (Item(decision=Decision.OVERTURNED, rationale="Discography settled it."),)))
        index()
        after = distinctive_terms(search_engine(), BLOCKS)
        assert after.overturned_total == before.overturned_total + 15
        new = {one.term for one in after.words} - {one.term for one in before.words}
        assert new == {tuple(search_engine().terms("settled"))}  # discography is the name of a service

    def test_one_outcome_alone_compares_with_nothing(self) -> None:
        opioids = SearchRequest(filters=(FacetFilter("service", ("opioids",)),))
        told = distinctive_terms(search_engine(), opioids)
        assert not told.can_compare
        assert (told.words, told.phrases, told.overturned_total) == ((), (), 0)
