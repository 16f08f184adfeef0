"""The words that an index holds: corrections of misspelled ones, completions of begun ones."""

import pytest

from determinations.search.interface import SearchEngine
from tests.search.engine_contract.letters import document


class VocabularyContract:
    @pytest.mark.parametrize(
        ("word", "field", "expected"),
        [
            ("radiculopaty", None, "radiculopathy"),
            ("gabapentinn", None, "gabapentin"),
            ("gabapentine", None, None),
            ("epidurla", None, "epidural"),
            ("nijections", None, "injections"),
            ("Rhizotmy", "rationale", "rhizotomy"),
            ("rhizotmy", "summary", None),
            ("radiculopathy", None, None),
            ("zzzzzzz", None, None),
            ("L4-5", None, None),
            ("", None, None),
            ("pian", None, "pain"),
        ],
    )
    def test_suggested_words(
        self, letters: SearchEngine, word: str, field: str | None, expected: str | None
    ) -> None:
        assert letters.suggest_word(word, field) == expected

    def test_the_commoner_of_equally_near_words_is_suggested(self, engine: SearchEngine) -> None:
        engine.replace_all([document(1, "lumber"), document(2, "lumbar"), document(3, "lumbar")])
        assert engine.suggest_word("lumbxr") == "lumbar"

    def test_of_a_words_forms_the_commonest_completes_a_prefix(self, engine: SearchEngine) -> None:
        engine.replace_all(
            [document(1, "shows shower"), document(2, "showed"), document(3, "shown"), document(4, "shown")]
        )
        assert engine.words_with_prefix("Sho", 10) == ("shown", "shower")
        assert engine.words_with_prefix("sho", 1) == ("shown",)
        assert engine.words_with_prefix("shows", 10) == ("shows",)

    def test_words_with_a_prefix_come_commonest_first_as_spelled(self, letters: SearchEngine) -> None:
        assert letters.words_with_prefix("radic", 10) == ("radiculopathy", "radicular")
        assert letters.words_with_prefix("radic", 1) == ("radiculopathy",)
        assert letters.words_with_prefix("zz", 10) == ()
        assert letters.words_with_prefix("", 10) == ()
