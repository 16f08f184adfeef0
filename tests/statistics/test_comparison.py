"""What a comparison may name, what its menus offer, and which addresses lead to it."""

from hypothesis import given
from hypothesis import strategies as st

from determinations.search_page.address import SearchAddress
from determinations.statistics.comparison import (
    COMPARED_FACETS,
    ChosenValues,
    ComparisonForm,
    comparison_of_filters,
    comparison_url,
    option_groups,
    siblings,
)
from determinations.statistics.rates import OutcomeRate

SERVICE, LEVEL = COMPARED_FACETS["service"], COMPARED_FACETS["level"]
DECIDED = {
    "injections": OutcomeRate(2, 30),
    "medial-branch-blocks": OutcomeRate(1, 20),
    "epidural-steroid-injections": OutcomeRate(1, 12),
    "pharmaceuticals": OutcomeRate(1, 9),
    "opioids": OutcomeRate(0, 8),
    "nsaids": OutcomeRate(0, 1),
}


def test_values_keep_their_order_and_come_once() -> None:
    chosen = ChosenValues.read(SERVICE, ["opioids", "", "Medial Branch Blocks", "opioids"], DECIDED)
    assert chosen == ChosenValues(("opioids", "medial-branch-blocks"))
    assert chosen.can_compare


def test_a_fourth_value_is_left_out_and_named() -> None:
    chosen = ChosenValues.read(SERVICE, ["opioids", "nsaids", "injections", "pharmaceuticals"], DECIDED)
    assert chosen.values == ("opioids", "nsaids", "injections")
    (fault,) = chosen.faults
    assert "at most 3 services" in fault and "Pharmaceuticals" in fault


def test_an_unknown_value_and_one_that_the_search_does_not_have_are_named() -> None:
    chosen = ChosenValues.read(SERVICE, ["opioid", "mri", "opioids"], DECIDED)
    assert chosen.values == ("opioids",)
    assert not chosen.can_compare
    unknown, missing = chosen.faults
    assert unknown == "There is no service “opioid”. Did you mean “opioids”?"
    assert "MRI" in missing


def test_a_span_of_levels_is_its_levels() -> None:
    decided = dict.fromkeys(("L3-L4", "L4-L5", "L5-S1"), OutcomeRate(0, 5))
    assert ChosenValues.read(LEVEL, ["L3-S1"], decided).values == ("L3-L4", "L4-L5", "L5-S1")


@given(st.lists(st.one_of(st.sampled_from(sorted(DECIDED)), st.text(max_size=12)), max_size=8))
def test_whatever_is_typed_only_known_values_are_compared(typed: list[str]) -> None:
    chosen = ChosenValues.read(SERVICE, typed, DECIDED)
    assert len(chosen.values) <= 3
    assert set(chosen.values) <= set(DECIDED)
    assert len(set(chosen.values)) == len(chosen.values)


def test_a_menu_has_every_value_once_under_its_parent() -> None:
    groups = option_groups(SERVICE, DECIDED)
    assert [group.label for group in groups] == ["Injections", "Pharmaceuticals"]
    assert [(option.value, option.decided) for option in groups[0].options] == [
        ("injections", 30),
        ("medial-branch-blocks", 20),
        ("epidural-steroid-injections", 12),
    ]
    offered = [option.value for group in groups for option in group.options]
    assert sorted(offered) == sorted(DECIDED)


def test_a_form_carries_its_search_and_has_three_menus() -> None:
    address = SearchAddress(text="pain", page=3).choosing("level", ("L4-L5",))
    form = ComparisonForm.of(SERVICE, address, DECIDED, ("opioids",))
    assert form.carried == (("q", "pain"), ("level", "L4-L5"))
    assert form.choices == ("opioids", "", "")
    assert form.url == "/statistics/compare/service/"
    assert form.has_enough
    assert not ComparisonForm.of(SERVICE, address, {"mri": OutcomeRate(0, 9)}).has_enough


def test_a_search_for_two_or_three_values_leads_to_their_comparison() -> None:
    two = SearchAddress(text="pain").choosing("service", ("opioids", "nsaids"))
    (link,) = comparison_of_filters(two)
    assert link.url == "/statistics/compare/service/?q=pain&service=nsaids&service=opioids"
    assert link.label == "NSAIDs and Opioids"
    assert not comparison_of_filters(SearchAddress().choosing("service", ("opioids",)))
    assert not comparison_of_filters(SearchAddress().choosing("year", ("2014", "2015")))
    assert comparison_url("level", SearchAddress(), ("L4-L5", "L5-S1")).endswith("?value=L4-L5&value=L5-S1")


def test_a_value_is_offered_beside_the_commonest_of_its_kind() -> None:
    assert [link.url.partition("?")[2] for link in siblings("service", "medial-branch-blocks", DECIDED)] == [
        "value=medial-branch-blocks&value=epidural-steroid-injections"
    ]
    assert [link.label for link in siblings("service", "injections", DECIDED)] == ["Pharmaceuticals"]
