"""Documents added, replaced and deleted, and an index built anew: all of it or nothing."""

from collections.abc import Iterator

import pytest

from determinations.search.interface import IndexDocument, SearchEngine, SearchRequest
from determinations.search.query.nodes import Not, Word
from tests.search.engine_contract.letters import LETTERS, counts, document, keys


class UpdateContract:
    def test_added_documents_are_found_by_every_engine_on_the_index(
        self, letters: SearchEngine, other_engine: SearchEngine
    ) -> None:
        assert keys(other_engine, Word("cryotherapy")) == set()
        letters.update([document(9, "Cryotherapy is not supported.")])
        assert keys(letters, Word("cryotherapy")) == {9}
        assert keys(other_engine, Word("cryotherapy")) == {9}

    def test_a_document_with_a_known_key_replaces_the_old_one(self, letters: SearchEngine) -> None:
        letters.update([document(1, "Wholly rewritten.", decision="overturned", fingerprint=7)])
        assert keys(letters, Word("rhizotomy")) == set()
        assert keys(letters, Word("rewritten")) == {1}
        assert letters.status().documents == len(LETTERS)
        results = letters.search(SearchRequest(count=("decision",)))
        assert counts(results, "decision") == {"overturned": 3, "upheld": 2}
        assert dict(letters.fingerprints())[1] == 7

    def test_deleted_documents_are_gone_from_hits_totals_and_counts(self, letters: SearchEngine) -> None:
        letters.update([], delete=[2, 4, 77])
        results = letters.search(SearchRequest(count=("decision", "service")))
        assert results.total == letters.status().documents == 3
        assert counts(results, "decision") == {"upheld": 2, "overturned": 1}
        assert "opioids" in counts(results, "service")
        assert "epidural-steroid-injections" not in counts(results, "service")
        assert keys(letters, Not(Word("nothing"))) == {1, 3, 5}

    def test_a_key_both_deleted_and_given_is_replaced(self, letters: SearchEngine) -> None:
        letters.update([document(1, "Second thoughts."), document(1, "Third thoughts.")], delete=iter([1, 2]))
        assert keys(letters, Word("thoughts")) == {1}
        assert keys(letters, Word("third")) == {1}
        assert keys(letters) == {1, 3, 4, 5}

    def test_a_position_in_the_log_is_kept_with_the_documents(
        self, letters: SearchEngine, other_engine: SearchEngine
    ) -> None:
        assert letters.log_position() == ""
        letters.update([document(9)], log_position="12:345")
        assert other_engine.log_position() == "12:345"
        letters.update([document(10)])
        letters.forget_deleted()
        assert other_engine.log_position() == "12:345"
        letters.replace_all(LETTERS, log_position="13:7")
        assert other_engine.log_position() == "13:7"
        letters.replace_all(LETTERS)
        assert other_engine.log_position() == ""

    def test_many_small_commits_keep_every_document(self, engine: SearchEngine) -> None:
        engine.replace_all([])
        for key in range(1, 41):
            engine.update([document(key, f"pain number{key}", year=str(2000 + key % 3))], delete=[key - 7])
        assert keys(engine, Word("pain"), limit=50) == set(range(34, 41))
        assert keys(engine, Word("number36")) == {36}
        assert [key for key, _ in engine.fingerprints()] == list(range(34, 41))

    def test_a_failed_rebuild_leaves_the_old_index_serving(
        self, letters: SearchEngine, other_engine: SearchEngine
    ) -> None:
        def failing() -> Iterator[IndexDocument]:
            yield document(100, "never seen")
            raise RuntimeError("the database went away")

        before = letters.status()
        with pytest.raises(RuntimeError, match="went away"):
            letters.replace_all(failing())
        assert letters.status() == before
        assert keys(letters) == keys(other_engine) == {1, 2, 3, 4, 5}
        letters.replace_all([document(6, "new")])
        assert keys(letters) == keys(other_engine) == {6}

    def test_a_failed_update_changes_nothing(self, letters: SearchEngine) -> None:
        def failing() -> Iterator[IndexDocument]:
            yield document(1, "never seen")
            raise RuntimeError("the database went away")

        with pytest.raises(RuntimeError, match="went away"):
            letters.update(failing(), delete=[2])
        assert keys(letters) == {1, 2, 3, 4, 5}
        assert keys(letters, Word("rhizotomy")) == {1}

    def test_rebuilding_reports_each_document_once(self, engine: SearchEngine) -> None:
        told: list[int] = []
        engine.replace_all((document(key, "pain") for key in range(1, 1234)), told.append)
        assert sum(told) == engine.status().documents == 1233

    def test_the_same_key_twice_in_a_rebuild_is_one_document(self, engine: SearchEngine) -> None:
        engine.replace_all([document(1, "first"), document(2, "other"), document(1, "second")])
        assert engine.status().documents == 2
        assert keys(engine, Word("first")) == set()
        assert keys(engine, Word("second")) == {1}
