"""An index that is missing, broken, empty, of another version, built anew or being written."""

from collections.abc import Callable, Iterator

import pytest

from determinations.search.interface import (
    IndexDocument,
    IndexLockedError,
    Likeness,
    SearchEngine,
    SearchRequest,
    SearchUnavailableError,
)
from determinations.search.query.nodes import Word
from tests.search.engine_contract.letters import LETTERS, document, keys
from tests.search.engine_contract.stored_index import StoredIndex


class IndexStateContract:
    def test_before_the_first_build_everything_says_which_command_builds_it(
        self, engine: SearchEngine
    ) -> None:
        for attempt in (
            engine.status,
            lambda: engine.search(SearchRequest()),
            lambda: list(engine.fingerprints()),
            lambda: engine.more_like(Likeness({"rationale": "pain"}), (), (), 5),
            lambda: engine.suggest_word("pain"),
            lambda: engine.words_with_prefix("pa", 5),
            lambda: engine.update([LETTERS[0]]),
        ):
            with pytest.raises(SearchUnavailableError, match=r"manage.py rebuild_index"):
                attempt()

    def test_an_index_of_another_version_is_refused_and_kept(
        self, letters: SearchEngine, stored: StoredIndex
    ) -> None:
        stored.write_version("0.0")
        before = stored.content()
        for attempt in (letters.status, lambda: letters.search(SearchRequest()), lambda: letters.update([])):
            with pytest.raises(SearchUnavailableError, match=r"version 0\.0.*manage.py rebuild_index"):
                attempt()
        assert stored.content() == before
        letters.replace_all(LETTERS)
        assert letters.status().documents == len(LETTERS)

    def test_a_broken_index_is_refused_and_kept(self, letters: SearchEngine, stored: StoredIndex) -> None:
        stored.garble()
        before = stored.content()
        with pytest.raises(SearchUnavailableError, match=r"manage.py rebuild_index"):
            letters.search(SearchRequest())
        assert stored.content() == before

    def test_an_index_whose_files_are_lost_is_refused(
        self, letters: SearchEngine, other_engine: SearchEngine, stored: StoredIndex
    ) -> None:
        stored.lose_documents()
        with pytest.raises(SearchUnavailableError, match=r"manage.py rebuild_index"):
            other_engine.search(SearchRequest())

    def test_an_empty_index_is_an_index(self, engine: SearchEngine) -> None:
        engine.replace_all([])
        assert engine.status().documents == 0
        results = engine.search(SearchRequest(query=Word("pain"), count=("decision",)))
        assert (results.total, results.hits, results.counts["decision"]) == (0, (), ())
        assert engine.search(SearchRequest()).total == 0
        assert list(engine.fingerprints()) == []
        assert engine.words_with_prefix("pa", 5) == ()
        assert engine.suggest_word("pain") is None
        assert engine.more_like(Likeness({"rationale": "pain"}), (), (), 5) == ()

    def test_a_small_index_leaves_nothing_to_be_merged(self, letters: SearchEngine) -> None:
        assert not letters.needs_merging()
        assert not letters.merge()

    def test_an_index_deleted_and_built_anew_is_not_taken_for_the_old_one(
        self, engine: SearchEngine, stored: StoredIndex
    ) -> None:
        block = Word("block")
        engine.replace_all([document(1, request="block"), document(2, request="block")])
        assert keys(engine, block) == {1, 2}
        stored.delete()
        engine.replace_all([document(1, request="block"), document(2, request="cream")])
        assert keys(engine, block) == {1}

    def test_an_index_restored_from_a_copy_is_not_taken_for_the_one_that_it_replaces(
        self, engine: SearchEngine, other_engine: SearchEngine, stored: StoredIndex
    ) -> None:
        engine.replace_all([document(1), document(2)])
        stored.copy()
        engine.update([document(1, request="cream")])
        assert keys(engine, Word("cream")) == {1}
        before = engine.status()
        stored.restore()
        other_engine.update([document(2, request="block")])
        assert engine.status().generation == before.generation
        assert engine.status().commit != before.commit
        assert keys(engine, Word("cream")) == set()
        assert keys(engine, Word("block")) == {2}

    def test_every_commit_raises_the_generation(self, engine: SearchEngine) -> None:
        generations = []
        changes: tuple[Callable[[], None], ...] = (
            lambda: engine.replace_all(LETTERS),
            lambda: engine.update([document(8)]),
            lambda: engine.update([], delete=[8]),
            lambda: engine.replace_all(LETTERS),
            lambda: engine.update([document(8)]),
        )
        for change in changes:
            change()
            generations.append(engine.status().generation)
        assert generations == sorted(set(generations))

    def test_a_second_writer_is_told_what_to_do(
        self, letters: SearchEngine, other_engine: SearchEngine
    ) -> None:
        def meanwhile() -> Iterator[IndexDocument]:
            yield LETTERS[0]
            with pytest.raises(IndexLockedError, match=r"Another process .* try again"):
                other_engine.update([document(8)])
            assert keys(other_engine) == {1, 2, 3, 4, 5}

        letters.replace_all(meanwhile())
        other_engine.update([document(8)])
        assert keys(letters) == {1, 8}

    def test_fingerprints_come_by_key(self, engine: SearchEngine) -> None:
        engine.replace_all([document(3, fingerprint=2**62), document(1, fingerprint=5), document(2)])
        assert list(engine.fingerprints()) == [(1, 5), (2, 0), (3, 2**62)]

    def test_forgetting_deleted_documents_leaves_their_words_nowhere(
        self, letters: SearchEngine, stored: StoredIndex
    ) -> None:
        letters.replace_all([*LETTERS, document(901, rationale="Wxhernandez pain")])
        letters.update([], delete=[901])
        assert stored.holds_word("wxhernandez")
        before = keys(letters, Word("pain"))
        letters.forget_deleted()
        assert not stored.holds_word("wxhernandez")
        assert keys(letters, Word("pain")) == before
        assert letters.words_with_prefix("wxh", 5) == ()
        letters.verify()
        letters.update([], delete=[letter.key for letter in LETTERS])
        letters.forget_deleted()
        assert letters.status().documents == 0
