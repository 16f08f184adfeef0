"""A sentence is left out by its words only where no pattern would find the grounds in it."""

import pytest

from determinations.letters.facts.grounds.needed_words import NeededWords
from determinations.letters.facts.grounds.reading import grounds_in_narrative
from determinations.letters.facts.grounds.vocabulary import vocabulary

SLUGS = sorted(ground.slug for ground in vocabulary().grounds)


@pytest.mark.parametrize("slug", SLUGS)
def test_no_example_of_a_pattern_is_left_out_that_states_the_ground(slug: str) -> None:
    words = NeededWords(vocabulary(), {slug})
    sentences = [example.sentence for example in vocabulary().examples]
    stating = [one for one in sentences if any(ground.slug == slug for ground in grounds_in_narrative(one))]
    assert stating
    assert [one for one in stating if not words.may_be_in(one)] == []
    assert sum(map(words.may_be_in, sentences)) < len(sentences) / 2


def test_words_that_a_quotation_parts_may_belong_together() -> None:
    words = NeededWords(vocabulary(), {"monitoring-in-place"})
    assert not words.may_be_in("He walks.")
    assert words.may_be_in("He “walks”.")


def test_a_sentence_that_is_cut_before_it_is_read_is_not_left_out() -> None:
    assert NeededWords(vocabulary(), {"monitoring-in-place"}).may_be_in("walks" * 1000)
