"""Filters, and the counts of every facet without its own."""

from dataclasses import replace

from determinations.search.facets import FACETS
from determinations.search.interface import (
    DateFilter,
    FacetFilter,
    LetterDate,
    SearchEngine,
    SearchRequest,
)
from determinations.search.query.nodes import Word
from tests.search.engine_contract.letters import counts, document, keys


class FacetContract:
    def test_counts_of_every_facet_over_all_documents(self, letters: SearchEngine) -> None:
        results = letters.search(SearchRequest(count=tuple(facet.name for facet in FACETS)))
        assert counts(results, "decision") == {"upheld": 3, "overturned": 2}
        assert counts(results, "level") == {
            "lumbar": 2,
            "L4-L5": 2,
            "L5-S1": 1,
            "cervical": 1,
            "C5-C6": 1,
        }
        assert counts(results, "specialty") == {}
        assert set(results.counts) == {facet.name for facet in FACETS}

    def test_counts_come_commonest_first_then_by_value(self, letters: SearchEngine) -> None:
        results = letters.search(SearchRequest(count=("level",)))
        values = [one.value for one in results.counts["level"]]
        assert values == ["L4-L5", "lumbar", "C5-C6", "L5-S1", "cervical"]

    def test_only_facets_asked_for_are_counted(self, letters: SearchEngine) -> None:
        assert letters.search(SearchRequest()).counts == {}

    def test_values_of_a_facet_are_or_and_facets_are_and(self, letters: SearchEngine) -> None:
        injections = FacetFilter("service", ("injections",))
        either = FacetFilter("service", ("injections", "opioids"))
        upheld = FacetFilter("decision", ("upheld",))
        assert keys(letters, filters=(injections,)) == {1, 2}
        assert keys(letters, filters=(either,)) == {1, 2, 3}
        assert keys(letters, filters=(either, upheld)) == {1, 3}
        assert keys(letters, Word("medial"), filters=(either, upheld)) == {1, 3}
        assert keys(letters, Word("radiculopathy"), filters=(upheld,), summaries=True) == {1}
        assert keys(letters, filters=(FacetFilter("decision", ("unheard-of",)),)) == set()

    def test_each_facet_is_counted_without_its_own_filter(self, letters: SearchEngine) -> None:
        results = letters.search(
            SearchRequest(
                filters=(FacetFilter("decision", ("upheld",)), FacetFilter("level", ("lumbar", "cervical"))),
                count=("decision", "level", "service"),
            )
        )
        assert results.total == 2
        assert counts(results, "decision") == {"upheld": 2, "overturned": 1}
        assert counts(results, "level") == {"lumbar": 1, "L4-L5": 1, "cervical": 1, "C5-C6": 1}
        assert counts(results, "service") == {
            "injections": 1,
            "medial-branch-blocks": 1,
            "pharmaceuticals": 1,
            "opioids": 1,
        }

    def test_splits_have_a_filter_in_the_place_of_that_of_its_facet(self, letters: SearchEngine) -> None:
        either = FacetFilter("service", ("injections", "opioids"))
        upheld, overturned = (FacetFilter("decision", (one,)) for one in ("upheld", "overturned"))
        asked = SearchRequest(
            filters=(overturned, either),
            limit=0,
            split=(upheld, overturned),
            split_count=("service", "decision"),
        )
        results = letters.search(asked)
        assert results.total == 1
        for one, split in zip(asked.split, results.splits, strict=True):
            alone = letters.search(SearchRequest(filters=(one, either), count=asked.split_count))
            assert (split.total, split.counts) == (alone.total, alone.counts)
        assert [split.total for split in results.splits] == [2, 1]
        assert letters.search(SearchRequest()).splits == ()

    def test_a_facet_may_go_by_another_column_of_values(self, engine: SearchEngine) -> None:
        engine.replace_all(
            [
                document(1, level=("lumbar", "L4-L5"), request_level=("lumbar",)),
                document(2, level=("lumbar", "L4-L5"), request_level=("lumbar", "L4-L5")),
                document(3, level=("cervical", "C5-C6"), request_level=("cervical", "C5-C6")),
            ]
        )
        stated = FacetFilter("level", ("L4-L5",), column="request_level")
        assert keys(engine, filters=(FacetFilter("level", ("L4-L5",)),)) == {1, 2}
        assert keys(engine, filters=(stated,)) == {2}
        assert keys(engine, filters=(replace(stated, values=(), unwanted=("L4-L5",)),)) == {1, 3}
        by_request = {"lumbar": 2, "L4-L5": 1, "cervical": 1, "C5-C6": 1}
        for values in ((), ("L4-L5",), ("cervical",)):
            given = replace(stated, values=values)
            results = engine.search(SearchRequest(filters=(given,), count=("level",)))
            assert counts(results, "level") == by_request
            for value, count in by_request.items():
                assert len(keys(engine, filters=(replace(stated, values=(value,)),))) == count

    def test_counts_follow_the_query(self, letters: SearchEngine) -> None:
        results = letters.search(SearchRequest(query=Word("medial"), count=("decision",)))
        assert counts(results, "decision") == {"upheld": 2, "overturned": 1}

    def test_every_value_may_be_asked_for_and_some_left_out(self, letters: SearchEngine) -> None:
        both = FacetFilter("level", ("L4-L5", "L5-S1"))
        assert keys(letters, filters=(both,)) == {1, 2}
        assert keys(letters, filters=(FacetFilter("level", both.values, every=True),)) == {2}
        assert keys(letters, filters=(FacetFilter("level", ("L4-L5", "C1"), every=True),)) == set()
        assert keys(letters, filters=(FacetFilter("level", unwanted=("L4-L5", "C5-C6")),)) == {4, 5}
        but = FacetFilter("level", ("lumbar",), unwanted=("L5-S1",))
        assert keys(letters, filters=(but,)) == {1}
        results = letters.search(SearchRequest(filters=(but,), count=("level",)))
        assert counts(results, "level") == counts(letters.search(SearchRequest(count=("level",))), "level")

    def test_dates_narrow_to_a_span_with_both_ends(self, engine: SearchEngine) -> None:
        days = {1: 20140101, 2: 20140630, 3: 20150101}
        engine.replace_all(
            [replace(document(key), dates={LetterDate.DECIDED: day}) for key, day in days.items()]
            + [document(4, decision="upheld")]
        )
        year = DateFilter(LetterDate.DECIDED, 20140101, 20141231)
        assert keys(engine, dates=(year,)) == {1, 2}
        assert keys(engine, dates=(DateFilter(LetterDate.DECIDED, first=20140630),)) == {2, 3}
        assert keys(engine, dates=(DateFilter(LetterDate.DECIDED, last=20140101),)) == {1}
        assert keys(engine, dates=(DateFilter(LetterDate.INJURED),)) == set()
        results = engine.search(SearchRequest(dates=(year,), count=("decision",)))
        assert (results.total, counts(results, "decision")) == (2, {})
