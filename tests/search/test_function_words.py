"""Which terms are content words."""

import pytest

from determinations.search.analysis import terms
from determinations.search.function_words import FUNCTION_WORDS, is_content_word


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
def test_function_words_numbers_letters_and_marks_are_no_content_words(term: str, expected: bool) -> None:
    assert is_content_word(term) is expected


def test_negations_are_function_words() -> None:
    assert {"no", "not", "without", "never", "should", "may", "must"} <= set(FUNCTION_WORDS.split())


def test_function_words_are_no_content_words_in_whatever_form_the_index_has_them() -> None:
    assert not any(map(is_content_word, terms(FUNCTION_WORDS)))
