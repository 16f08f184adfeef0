"""What counts as found, what stands only in the letter's summary, and what follows when little is found."""

from dataclasses import replace

from determinations.search.interface import (
    FEW,
    FacetFilter,
    MostOf,
    NamedValue,
    SearchEngine,
    SearchRequest,
)
from determinations.search.query.nodes import All, CaseNumber, Not, Word
from tests.search.engine_contract.letters import document, keys

OTHERS = tuple(document(key, "pain and more", summary="none") for key in range(500, 540))
"""Items that make the words of a few others rare."""


def all_words(text: str) -> SearchRequest:
    """All words must stand; items with enough of them follow."""
    words = tuple(map(Word, text.split()))
    return SearchRequest(All(words) if len(words) > 1 else words[0], most_of=MostOf(words))


class FindingContract:
    def test_words_are_looked_for_in_the_item_and_in_the_summary_on_request(
        self, letters: SearchEngine
    ) -> None:
        assert keys(letters, Word("radiculopathy")) == set()
        assert keys(letters, Word("radiculopathy"), summaries=True) == {1, 2}
        assert keys(letters, Word("radiculopathy", "summary")) == {1, 2}
        assert keys(letters, Word("MTUS")) == {1, 3}
        assert keys(letters, All((Word("medial"), Not(Word("radiculopathy"))))) == {1, 3, 5}

    def test_items_that_only_the_summary_would_add_are_counted_apart(self, letters: SearchEngine) -> None:
        request = SearchRequest(Word("pain"), count=("decision",), count_summaries_below=3)
        results = letters.search(request)
        assert {hit.key for hit in results.hits} == {2, 3}
        assert (results.total, results.in_summaries) == (2, 1)
        upheld = SearchRequest(
            Word("norco"), filters=(FacetFilter("decision", ("overturned",)),), count_summaries_below=3
        )
        assert letters.search(upheld).in_summaries == 0
        assert letters.search(replace(request, count_summaries_below=2)).in_summaries is None
        assert letters.search(replace(request, summaries=True)).in_summaries is None
        assert letters.search(replace(request, query=None)).in_summaries is None

    def test_items_with_enough_of_the_words_follow_and_say_what_they_lack(self, engine: SearchEngine) -> None:
        engine.replace_all(
            [
                document(1, "gym membership denied", summary="shoulder"),
                document(2, "gym membership for the shoulder", summary="none"),
                document(3, "membership of a union", summary="none"),
                document(4, "nothing of it", summary="gym membership of the shoulder"),
                *OTHERS,
            ]
        )
        results = engine.search(all_words("gym membership shoulder"))
        assert results.total == 1
        assert results.following == 3
        assert [hit.key for hit in results.hits] == [2, 1, 3, 4]
        assert [hit.lacks for hit in results.hits] == [(), (), (0, 2), ()]
        assert [hit.in_summary for hit in results.hits] == [(), (2,), (), (0, 1, 2)]
        lacking = engine.search(all_words("gym knee"))
        assert lacking.total == 0
        assert {hit.key: hit.lacks for hit in lacking.hits} == {1: (1,), 2: (1,), 4: (1,)}

    def test_what_is_required_stays_so_and_filters_hold(self, engine: SearchEngine) -> None:
        engine.replace_all(
            [
                document(1, "gym", case="CM14-0000001", decision="upheld"),
                document(2, "gym", case="CM14-0000002", decision="upheld"),
                document(3, "gym", case="CM14-0000001", decision="overturned"),
            ]
        )
        case = CaseNumber("CM14-0000001")
        parts = (Word("gym"), Word("pool"))
        request = SearchRequest(All((*parts, case)), most_of=MostOf(parts, case))
        assert [hit.key for hit in engine.search(request).hits] == [1, 3]
        upheld = FacetFilter("decision", ("upheld",))
        narrowed = SearchRequest(All((*parts, case)), filters=(upheld,), most_of=request.most_of)
        results = engine.search(narrowed)
        assert ([hit.key for hit in results.hits], results.total, results.following) == ([1], 0, 1)

    def test_nothing_follows_where_enough_is_found(self, engine: SearchEngine) -> None:
        engine.replace_all(
            [*(document(key, "gym pool") for key in range(1, FEW + 1)), document(99, "gym alone"), *OTHERS]
        )
        assert engine.search(all_words("gym pool")).following == 0
        engine.update([], delete=[1])
        results = engine.search(all_words("gym pool"))
        assert (results.total, results.following) == (FEW - 1, 1)

    def test_pages_run_through_what_is_found_and_what_follows(self, engine: SearchEngine) -> None:
        engine.replace_all(
            [
                *(document(key, "gym pool") for key in range(1, 6)),
                *(document(key, "gym") for key in range(6, 20)),
                *OTHERS,
            ]
        )
        words = all_words("gym pool")
        whole = [hit.key for hit in engine.search(words).hits]
        paged = [
            hit.key
            for offset in range(0, 28, 3)
            for hit in engine.search(
                SearchRequest(words.query, most_of=words.most_of, offset=offset, limit=3)
            ).hits
        ]
        assert paged == whole
        assert sorted(whole) == list(range(1, 20))
        assert whole[:5] == [1, 2, 3, 4, 5]

    def test_an_item_that_the_question_is_about_follows_with_a_single_word(
        self, engine: SearchEngine
    ) -> None:
        engine.replace_all(
            [
                document(1, "pain and more", service="gym-membership"),
                document(2, "pain and more", service="mri"),
                document(3, "gym", service="mri"),
                *OTHERS,
            ]
        )
        words = all_words("gym pain")
        about = (NamedValue("service", "gym-membership"),)
        request = SearchRequest(words.query, most_of=words.most_of, about=about)
        assert [hit.key for hit in engine.search(request).hits] == [1, 3]
