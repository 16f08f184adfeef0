"""In which order hits come, and that pages of them add up."""

import pytest

from determinations.search.interface import SearchEngine, SearchRequest, Sort
from determinations.search.query.nodes import AnyOf, Phrase, Word
from tests.search.engine_contract.letters import counts, document, ordered_keys


class OrderingContract:
    def test_relevance_prefers_documents_that_say_more_of_it_in_fewer_words(
        self, engine: SearchEngine
    ) -> None:
        engine.replace_all(
            [
                document(1, "pain " + "and other matters of little concern here " * 5),
                document(2, "pain, pain and again pain"),
                document(3, "nothing of the kind"),
                document(4, "pain in a short note"),
            ]
        )
        assert ordered_keys(engine, Word("pain")) == [2, 4, 1]

    def test_rare_words_weigh_more(self, engine: SearchEngine) -> None:
        engine.replace_all(
            [document(1, "pain here"), document(2, "discogram here")]
            + [document(key, "pain again") for key in range(3, 30)]
        )
        assert ordered_keys(engine, AnyOf((Word("pain"), Word("discogram"))))[0] == 2

    def test_a_word_of_half_the_weight_gives_half_the_score(self, engine: SearchEngine) -> None:
        engine.replace_all([document(1, "dorsal ramus block"), document(2, "medial branch block")])
        for word, phrase in (("medial", ("medial", "branch")), ("dorsal", ("dorsal", "ramus"))):
            for whole, half in (
                (Word(word), Word(word, None, 0.5)),
                (Phrase(phrase), Phrase(phrase, weight=0.5)),
            ):
                (one,) = engine.search(SearchRequest(query=whole)).hits
                (other,) = engine.search(SearchRequest(query=half)).hits
                assert other.score == pytest.approx(one.score / 2)
        typed_and_related = AnyOf((Word("medial"), Phrase(("dorsal", "ramus"), weight=0.5)))
        assert ordered_keys(engine, AnyOf((Word("medial"), Word("dorsal", None, 0.5)))) == [2, 1]
        assert set(ordered_keys(engine, typed_and_related)) == {1, 2}

    def test_equal_scores_come_by_key(self, engine: SearchEngine) -> None:
        engine.replace_all([document(key, "pain") for key in (5, 3, 9, 1, 7)])
        assert ordered_keys(engine, Word("pain")) == [1, 3, 5, 7, 9]
        assert ordered_keys(engine) == [1, 3, 5, 7, 9]
        assert ordered_keys(engine, Word("pain"), limit=2) == [1, 3]
        scores = {hit.score for hit in engine.search(SearchRequest(query=Word("pain"))).hits}
        assert len(scores) == 1

    def test_by_date_undated_items_come_last_and_ties_by_key(self, letters: SearchEngine) -> None:
        assert ordered_keys(letters, sort=Sort.NEWEST) == [3, 1, 5, 2, 4]
        assert ordered_keys(letters, sort=Sort.OLDEST) == [2, 1, 5, 3, 4]
        assert ordered_keys(letters, Word("medial"), sort=Sort.OLDEST) == [1, 5, 3]
        assert ordered_keys(letters, sort=Sort.NEWEST, limit=2, offset=3) == [2, 4]

    @pytest.mark.parametrize("sort", list(Sort))
    def test_pages_add_up_to_the_whole_list(self, engine: SearchEngine, sort: Sort) -> None:
        engine.replace_all(
            document(key, "pain " * (key % 4 + 1), date=20140101 + key % 3 if key % 5 else 0)
            for key in range(1, 60)
        )
        whole = ordered_keys(engine, Word("pain"), sort=sort, limit=100)
        paged = [
            key
            for offset in range(0, 63, 7)
            for key in ordered_keys(engine, Word("pain"), sort=sort, offset=offset, limit=7)
        ]
        assert paged == whole
        assert sorted(whole) == list(range(1, 60))

    def test_a_page_beyond_the_end_is_empty_and_knows_the_total(self, letters: SearchEngine) -> None:
        results = letters.search(SearchRequest(query=Word("medial"), offset=40))
        assert (results.hits, results.total) == ((), 3)
        nothing = letters.search(SearchRequest(query=Word("medial"), limit=0, count=("decision",)))
        assert (nothing.hits, nothing.total) == ((), 3)
        assert counts(nothing, "decision") == {"upheld": 2, "overturned": 1}
