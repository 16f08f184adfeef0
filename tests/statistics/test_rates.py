"""A rate says what its letters say: counts, a percentage from five items on, and how sure one may be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from determinations.statistics.rates import OutcomeRate


@pytest.mark.parametrize(
    ("overturned", "decided", "words"),
    [
        (312, 1946, "312 of 1,946 overturned (16%)"),
        (0, 5, "0 of 5 overturned (0%)"),
        (5, 5, "5 of 5 overturned (100%)"),
        (1, 4, "1 of 4 overturned"),
        (0, 0, "0 of 0 overturned"),
        (1, 1000, "1 of 1,000 overturned (under 1%)"),
        (999, 1000, "999 of 1,000 overturned (over 99%)"),
    ],
)
def test_in_words(overturned: int, decided: int, words: str) -> None:
    assert OutcomeRate(overturned, decided).in_words == words


@pytest.mark.parametrize(
    ("overturned", "decided", "low", "high"),
    # Worked by hand from Wilson's formula with z = 1.96.
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (15, 100, 0.0931, 0.2328), (10, 10, 0.7225, 1.0)],
)
def test_wilson_interval(overturned: int, decided: int, low: float, high: float) -> None:
    assert OutcomeRate(overturned, decided).interval == pytest.approx((low, high), abs=5e-4)


@given(st.integers(0, 5000), st.integers(0, 5000))
def test_the_interval_holds_the_share_and_mirrors(overturned: int, upheld: int) -> None:
    rate = OutcomeRate(overturned, overturned + upheld)
    low, high = rate.interval
    assert 0 <= low <= high <= 1
    if rate.decided:
        assert low - 1e-9 <= rate.share <= high + 1e-9
    mirrored = OutcomeRate(upheld, overturned + upheld).interval
    assert mirrored == pytest.approx((1 - high, 1 - low))


@given(st.integers(5, 100_000), st.floats(0, 1))
def test_percentages_are_rounded_as_figures_are_formatted(decided: int, share: float) -> None:
    rate = OutcomeRate(int(decided * share), decided)
    low, high = rate.interval
    assert rate.bounds == f"{low * 100:.0f}% to {high * 100:.0f}%"
    assert rate.percentage in (f"{rate.share * 100:.0f}%", "under 1%", "over 99%")


def test_more_overturned_than_decided_is_no_rate() -> None:
    with pytest.raises(ValueError, match="6 of 5"):
        OutcomeRate(6, 5)
