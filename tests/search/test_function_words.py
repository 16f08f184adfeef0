"""Which words say something of a letter's subject."""

import pytest

from determinations.search.analysis import terms
from determinations.search.function_words import FUNCTION_WORDS, says_something


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("pain", True),
        ("l4-l5", True),
        ("2nd", True),
        ("no", False),
        ("the", False),
        ("12", False),
        ("325", False),
        ("b", False),
        ("½", False),
        ("=pain=pains", False),
        (".pain", False),
    ],
)
def test_function_words_numbers_letters_and_marks_say_nothing(term: str, expected: bool) -> None:
    assert says_something(term) is expected


def test_negations_are_function_words() -> None:
    assert {"no", "not", "without", "never", "should", "may", "must"} <= set(FUNCTION_WORDS.split())


def test_function_words_say_nothing_in_whatever_form_the_index_has_them() -> None:
    assert not any(map(says_something, terms(FUNCTION_WORDS)))
