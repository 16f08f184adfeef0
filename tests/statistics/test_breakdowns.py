"""A breakdown holds every value once, in the order that a reader expects."""

import pytest

from determinations.statistics.breakdowns import BREAKDOWNS, BREAKDOWNS_BY_NAME, rows_of
from determinations.statistics.rates import OutcomeRate

RATE = OutcomeRate(1, 8)
BY_FACET = {
    "year": {"2016": RATE, "2013": OutcomeRate(2, 3), "2014": RATE},
    "service": {
        "injections": OutcomeRate(3, 12),
        "medial-branch-blocks": RATE,
        "epidural-steroid-injections": OutcomeRate(2, 4),
        "pharmaceuticals": OutcomeRate(0, 20),
        "opioids": OutcomeRate(0, 20),
    },
    "level": {"L5-S1": RATE, "C5-C6": RATE, "lumbar": RATE, "L4-L5": RATE, "cervical": RATE},
    "guideline": {"odg": RATE, "odg.low-back": RATE},
}


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("year", ["2013", "2014", "2016"]),
        ("category", ["pharmaceuticals", "injections"]),
        ("service", ["opioids", "medial-branch-blocks", "epidural-steroid-injections"]),
        ("region", ["cervical", "lumbar"]),
        ("level", ["C5-C6", "L4-L5", "L5-S1"]),
        ("guideline", ["odg"]),
        ("chapter", ["odg.low-back"]),
        ("specialty", []),
    ],
)
def test_rows(name: str, values: list[str]) -> None:
    rows = rows_of(BREAKDOWNS_BY_NAME[name], BY_FACET)
    assert [row.value for row in rows] == values
    assert all(row.rate is BY_FACET[BREAKDOWNS_BY_NAME[name].facet.name][row.value] for row in rows)


def test_every_value_stands_in_one_breakdown_of_its_facet() -> None:
    for facet, rates in BY_FACET.items():
        shown = [
            row.value
            for breakdown in BREAKDOWNS
            if breakdown.facet.name == facet
            for row in rows_of(breakdown, BY_FACET)
        ]
        assert sorted(shown) == sorted(rates)


def test_a_child_names_its_parent() -> None:
    (chapter,) = rows_of(BREAKDOWNS_BY_NAME["chapter"], BY_FACET)
    assert (chapter.label, chapter.parent) == ("Low Back", "Official Disability Guidelines")
    assert chapter.full_label == "Official Disability Guidelines: Low Back"


def test_where_a_parent_is_chosen_only_its_children_have_rows() -> None:
    services = BREAKDOWNS_BY_NAME["service"]
    assert [row.value for row in rows_of(services, BY_FACET, ("pharmaceuticals",))] == ["opioids"]
    assert len(rows_of(services, BY_FACET, ("opioids",))) == 3
    both = rows_of(services, BY_FACET, ("medial-branch-blocks", "pharmaceuticals"))
    assert [row.value for row in both] == ["opioids", "medial-branch-blocks"]
    assert len(rows_of(BREAKDOWNS_BY_NAME["category"], BY_FACET, ("pharmaceuticals",))) == 2
