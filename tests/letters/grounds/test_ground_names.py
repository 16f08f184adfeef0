"""Names of grounds, their opposites, and which of several says most."""

import pytest

from determinations.letters.facts.grounds import names
from determinations.letters.facts.grounds.names import grounds_by_slug, main_ground, opposed_grounds
from determinations.letters.facts.grounds.vocabulary import GroundsVocabularyError, Side, vocabulary


def test_the_names_are_those_of_the_vocabulary() -> None:
    assert tuple(grounds_by_slug().values()) == vocabulary().grounds


def test_opposites_are_of_opposite_sides_and_each_ground_is_in_one_pair() -> None:
    sides = {slug: entry.side for slug, entry in grounds_by_slug().items()}
    assert {sides[pair.lacking] for pair in opposed_grounds()} == {"against"}
    assert {sides[slug] for pair in opposed_grounds() for slug in pair.shown} == {"for"}
    slugs = [slug for pair in opposed_grounds() for slug in (pair.lacking, *pair.shown)]
    assert len(slugs) == len(set(slugs))


@pytest.mark.parametrize(
    ("slugs", "side", "main"),
    [
        (["documentation-lacking", "findings-absent"], "against", "findings-absent"),
        (["not-recommended", "no-functional-benefit"], "against", "no-functional-benefit"),
        (["documentation-lacking", "not-recommended"], "against", "not-recommended"),
        (["findings-present", "documentation-lacking"], "against", "documentation-lacking"),
        (["findings-present", "documentation-lacking"], "for", "findings-present"),
        (["findings-absent", "no-change"], None, "findings-absent"),
        (["a-ground-of-an-older-vocabulary"], "for", None),
        ([], "for", None),
    ],
)
def test_the_main_ground(slugs: list[str], side: Side | None, main: str | None) -> None:
    assert main_ground(slugs, side) == main


@pytest.mark.parametrize(
    "row",
    [
        {"topic": "A", "lacking": "functional-benefit", "shown": ["functional-benefit"]},
        {"topic": "A", "lacking": "findings-absent", "shown": ["unknown-ground"]},
        {"topic": "A", "lacking": "findings-absent", "shown": []},
        {"lacking": "findings-absent", "shown": ["findings-present"]},
    ],
)
def test_a_pair_with_a_fault_is_named(monkeypatch: pytest.MonkeyPatch, row: dict[str, object]) -> None:
    monkeypatch.setattr(names, "read_file", lambda file: {"pair": [row]})
    grounds_by_slug()
    with pytest.raises(GroundsVocabularyError) as caught:
        opposed_grounds.__wrapped__()
    assert caught.value.file == "opposites.toml"
