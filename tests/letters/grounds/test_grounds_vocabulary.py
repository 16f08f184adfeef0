"""The vocabulary of grounds: it is checked, and a fault names file and entry."""

import copy
from typing import Any

import pytest

from determinations.letters.facts.grounds import vocabulary as vocabulary_module
from determinations.letters.facts.grounds.vocabulary import (
    CONCLUSIONS,
    GROUNDS,
    WORDS,
    GroundsVocabularyError,
    build,
    vocabulary,
)
from determinations.letters.vocabulary.checks import check_grounds

AGAINST = 22
FOR = 11


def files() -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    words, grounds, conclusions = (
        copy.deepcopy(dict(vocabulary_module.read_file(file))) for file in (WORDS, GROUNDS, CONCLUSIONS)
    )
    return words, grounds, conclusions


def first_pattern(grounds: dict[str, Any]) -> dict[str, Any]:
    pattern: dict[str, Any] = grounds["ground"][0]["pattern"][0]
    return pattern


def test_every_example_is_found_and_no_counter_example_is() -> None:
    check_grounds()


def test_all_grounds_of_the_taxonomy_are_there() -> None:
    sides = [ground.side for ground in vocabulary().grounds]
    assert (sides.count("against"), sides.count("for")) == (AGAINST, FOR)
    assert all(ground.label and ground.meaning for ground in vocabulary().grounds)


def test_an_unknown_class_is_named_with_its_pattern() -> None:
    words, grounds, conclusions = files()
    first_pattern(grounds)["words"] = "{no} .. {gadgets}"
    with pytest.raises(GroundsVocabularyError, match="gadgets") as fault:
        build(words, grounds, conclusions)
    assert (fault.value.file, fault.value.entry) == (GROUNDS, "not-recommended: {no} .. {gadgets}")


@pytest.mark.parametrize("bad", ["", "..", "{no} ..", ".. {no}", "{no} .. ... x", "Not (this)"])
def test_a_pattern_that_is_none_is_named(bad: str) -> None:
    words, grounds, conclusions = files()
    first_pattern(grounds)["words"] = bad
    with pytest.raises(GroundsVocabularyError) as fault:
        build(words, grounds, conclusions)
    assert fault.value.entry == f"not-recommended: {bad}"


@pytest.mark.parametrize("key", ["example", "counter"])
def test_a_pattern_needs_an_example_and_a_counter_example(key: str) -> None:
    words, grounds, conclusions = files()
    del first_pattern(grounds)[key]
    with pytest.raises(GroundsVocabularyError, match=f"add {key}"):
        build(words, grounds, conclusions)


def test_an_example_that_is_not_found_is_named() -> None:
    words, grounds, conclusions = files()
    first_pattern(grounds)["example"] = "The sky is blue."
    with pytest.raises(GroundsVocabularyError, match="The sky is blue") as fault:
        check_grounds(build(words, grounds, conclusions))
    assert fault.value.file == GROUNDS


def test_a_counter_example_that_is_found_is_named() -> None:
    words, grounds, conclusions = files()
    first_pattern(grounds)["counter"] = "ODG does not recommend magnets."
    with pytest.raises(GroundsVocabularyError, match="magnets"):
        check_grounds(build(words, grounds, conclusions))


def test_a_class_that_the_reader_needs_is_missed() -> None:
    words, grounds, conclusions = files()
    del words["utilization review"]
    with pytest.raises(GroundsVocabularyError) as fault:
        build(words, grounds, conclusions)
    assert (fault.value.file, fault.value.entry) == (WORDS, "utilization review")


@pytest.mark.parametrize("bad", [["(x)"], ["Large"], [], "word", ["{no such class}"]])
def test_a_class_that_is_none_is_named(bad: Any) -> None:
    words, grounds, conclusions = files()
    words["gadgets"] = bad
    with pytest.raises(GroundsVocabularyError) as fault:
        build(words, grounds, conclusions)
    assert (fault.value.file, fault.value.entry) == (WORDS, "gadgets")


def test_a_ground_that_is_there_twice_is_named() -> None:
    words, grounds, conclusions = files()
    grounds["ground"].append(copy.deepcopy(grounds["ground"][3]))
    with pytest.raises(GroundsVocabularyError) as fault:
        build(words, grounds, conclusions)
    assert fault.value.entry == grounds["ground"][3]["slug"]


@pytest.mark.parametrize(("key", "value"), [("side", "neither"), ("label", ""), ("colour", "red")])
def test_a_ground_with_a_wrong_key_is_named(key: str, value: str) -> None:
    words, grounds, conclusions = files()
    grounds["ground"][2][key] = value
    with pytest.raises(GroundsVocabularyError) as fault:
        build(words, grounds, conclusions)
    assert fault.value.entry == grounds["ground"][2]["slug"]


def test_a_conclusion_without_a_side_is_named() -> None:
    words, grounds, conclusions = files()
    conclusions["conclusion"][0]["side"] = "perhaps"
    with pytest.raises(GroundsVocabularyError) as fault:
        build(words, grounds, conclusions)
    assert fault.value.file == CONCLUSIONS
