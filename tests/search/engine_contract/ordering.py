"""In which order hits come, and that pages of them add up."""

from dataclasses import replace

import pytest

from determinations.search.interface import NamedValue, Raised, SearchEngine, SearchRequest, Sort
from determinations.search.query.nodes import All, AnyOf, Phrase, Word
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

    def test_a_name_of_less_weight_scores_less_than_the_typed_one(self, engine: SearchEngine) -> None:
        engine.replace_all([document(1, "dorsal ramus block"), document(2, "medial branch block")])
        for related in (Word("dorsal", None, 0.8), Phrase(("dorsal", "ramus"), weight=0.8)):
            group = AnyOf((Word("medial"), related), is_one_thing=True)
            assert ordered_keys(engine, group) == [2, 1]

    def test_names_of_one_thing_score_as_the_strongest_and_are_as_rare_as_all_together(
        self, engine: SearchEngine
    ) -> None:
        engine.replace_all(
            [document(1, "norco"), document(2, "vicodin"), document(3, "norco vicodin")]
            + [document(key, "norco pain") for key in range(4, 9)]
            + [document(key, "cream") for key in range(9, 20)]
        )
        apart = AnyOf((Word("norco"), Word("vicodin")))
        sums = {hit.key: hit.score for hit in engine.search(SearchRequest(query=apart)).hits}
        assert sums[1] != pytest.approx(sums[2])
        group = AnyOf((Word("norco"), Word("vicodin")), is_one_thing=True)
        scores = {hit.key: hit.score for hit in engine.search(SearchRequest(query=group)).hits}
        assert scores[1] == pytest.approx(scores[2])
        assert scores[3] < scores[1]  # in a text twice as long, and named twice it is one thing
        alone = {hit.key: hit.score for hit in engine.search(SearchRequest(query=Word("vicodin"))).hits}
        assert alone[2] > scores[2]

    def test_the_request_says_more_than_the_rationale_and_that_more_than_the_guideline(
        self, engine: SearchEngine
    ) -> None:
        engine.replace_all(
            [
                document(1, request="other", guideline="norco", summary="none", rationale="other"),
                document(2, request="other", guideline="other", summary="none", rationale="norco"),
                document(3, request="norco", guideline="other", summary="none", rationale="other"),
                document(4, request="other", guideline="other", summary="norco", rationale="other"),
            ]
        )
        assert ordered_keys(engine, Word("norco")) == [3, 2, 1]
        assert ordered_keys(engine, Word("norco"), summaries=True) == [3, 2, 1, 4]

    def test_the_word_as_typed_comes_before_its_other_forms(self, engine: SearchEngine) -> None:
        engine.replace_all([document(1, "injections here"), document(2, "injection here")])
        assert ordered_keys(engine, Word("injection")) == [2, 1]
        assert ordered_keys(engine, Word("injections")) == [1, 2]

    def test_words_that_were_typed_side_by_side_come_first_where_they_stand_so(
        self, engine: SearchEngine
    ) -> None:
        engine.replace_all(
            [
                document(1, "block of the nerve that is a branch, and medial"),
                document(2, "medial or lateral, some branch, then a block"),
                document(3, "nerve of that is and a medial branch block"),
            ]
        )
        words = All((Word("medial"), Word("branch"), Word("block")))
        assert ordered_keys(engine, words) == [3, 2, 1]

    def test_a_name_of_several_words_counts_more_where_they_stand_side_by_side(
        self, engine: SearchEngine
    ) -> None:
        engine.replace_all([document(1, "steroid then epidural"), document(2, "then epidural steroid")])
        name = All((Word("epidural"), Word("steroid")))
        group = AnyOf((name, Word("ESI", None, 0.8)), is_one_thing=True)
        assert ordered_keys(engine, group) == [2, 1]

    def test_raised_values_and_what_the_question_is_about_come_first(self, engine: SearchEngine) -> None:
        engine.replace_all(
            [
                document(1, "pain and pain", decision="upheld", service="mri"),
                document(2, "pain and more", decision="overturned", service="opioids"),
            ]
        )
        assert ordered_keys(engine, Word("pain")) == [1, 2]
        overturned = Raised(NamedValue("decision", "overturned"), 0.5)
        assert ordered_keys(engine, Word("pain"), raised=(overturned,)) == [2, 1]
        assert ordered_keys(engine, Word("pain"), about=(NamedValue("service", "opioids"),)) == [2, 1]

    def test_ranked_by_says_how_to_score_what_the_query_finds(self, engine: SearchEngine) -> None:
        engine.replace_all([document(1, "pain pain"), document(2, "pain norco")])
        ranked_by = All((Word("pain"), Word("norco")))
        assert ordered_keys(engine, Word("pain"), ranked_by=ranked_by) == [2, 1]

    def test_by_level_and_case_number_items_without_come_last(self, engine: SearchEngine) -> None:
        engine.replace_all(
            replace(document(key), level_order=level, case_order=case)
            for key, level, case in ((1, 0, 5), (2, 9, 0), (3, 4, 2), (4, 9, 9))
        )
        assert ordered_keys(engine, sort=Sort.LEVEL) == [3, 2, 4, 1]
        assert ordered_keys(engine, sort=Sort.CASE) == [3, 1, 4, 2]

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

    @pytest.mark.parametrize("sort", list(Sort))
    def test_all_pages_are_the_whole_list(self, engine: SearchEngine, sort: Sort) -> None:
        engine.replace_all(
            document(key, "pain and block " * (key % 4 + 1), date=20140101 + key % 3 if key % 5 else 0)
            for key in range(1, 460)
        )
        request = SearchRequest(All((Word("pain"), Word("block"))), sort=sort, limit=1000)
        whole = engine.search(request)
        pages = list(engine.all_pages(replace(request, offset=7, limit=3), 200))
        assert [len(page.hits) for page in pages] == [200, 200, 59]
        assert [hit for page in pages for hit in page.hits] == list(whole.hits)
        assert {page.total for page in pages} == {459}
        (nothing,) = engine.all_pages(SearchRequest(Word("nowhere")), 200)
        assert (nothing.total, nothing.hits) == (0, ())

    def test_a_page_beyond_the_end_is_empty_and_knows_the_total(self, letters: SearchEngine) -> None:
        results = letters.search(SearchRequest(query=Word("medial"), offset=40))
        assert (results.hits, results.total) == ((), 3)
        nothing = letters.search(SearchRequest(query=Word("medial"), limit=0, count=("decision",)))
        assert (nothing.hits, nothing.total) == ((), 3)
        assert counts(nothing, "decision") == {"upheld": 2, "overturned": 1}
