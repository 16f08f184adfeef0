"""What every engine must tell of the words of what it finds: a part of the engine contract."""

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from random import Random
from typing import TypeVar

import pytest

from determinations.search.interface import (
    FacetFilter,
    IndexDocument,
    SearchEngine,
    SearchRequest,
    SearchUnavailableError,
)
from determinations.search.query.nodes import Word

T = TypeVar("T")

TEXTS = (
    "No pain. Pain relief was documented, and pain relief lasted.",
    "Relief was not documented.",
    "The pain remains; no relief.",
)


def _document(key: int, rationale: str, decision: str = "upheld") -> IndexDocument:
    return IndexDocument(key, "", "pain pain", "", rationale, "", {"decision": (decision,)})


def _counted(several: Iterable[T]) -> dict[T, tuple[int]]:
    return {one: (count,) for one, count in Counter(several).items()}


class WordCountContract:
    @pytest.fixture
    def rationales(self, engine: SearchEngine) -> SearchEngine:
        engine.replace_all([_document(1, TEXTS[0], "overturned"), _document(2, TEXTS[1])])
        engine.update([_document(3, TEXTS[2]), _document(4, "pain to be removed")])
        engine.update([], delete=[4])
        return engine

    def test_words_are_counted_over_all_that_is_found(self, rationales: SearchEngine) -> None:
        counts = rationales.word_counts([SearchRequest()])
        assert [counts[term] for term in ("pain", "relief", "document", "no")] == [(4,), (4,), (2,), (2,)]
        assert "remov" not in counts
        assert (0,) not in counts.values()

    def test_question_and_filters_bound_the_count_and_the_page_does_not(
        self, rationales: SearchEngine
    ) -> None:
        upheld = SearchRequest(filters=(FacetFilter("decision", ("upheld",)),))
        lasted = SearchRequest(query=Word("lasted"), limit=0, offset=50)
        assert rationales.word_counts([upheld])["pain"] == (1,)
        assert rationales.word_counts([lasted])["pain"] == (3,)
        assert rationales.word_counts([SearchRequest(query=Word("absent"))]) == {}

    def test_several_requests_are_counted_side_by_side(self, rationales: SearchEngine) -> None:
        upheld = SearchRequest(filters=(FacetFilter("decision", ("upheld",)),))
        lasted = SearchRequest(query=Word("lasted"))
        counts = rationales.word_counts([upheld, lasted, SearchRequest()])
        assert counts["pain"] == (1, 3, 4)
        assert counts["remain"] == (1, 0, 1)
        pairs = rationales.pair_counts([lasted, SearchRequest()], {"pain", "relief", "no"})
        assert pairs["pain", "relief"] == (2, 2)
        assert pairs["no", "relief"] == (0, 1)

    def test_pairs_stand_right_behind_one_another_in_one_text(self, rationales: SearchEngine) -> None:
        among = {"pain", "relief", "no", "absent"}
        assert rationales.pair_counts([SearchRequest()], among) == {
            ("no", "pain"): (1,),
            ("pain", "pain"): (1,),
            ("pain", "relief"): (2,),
            ("no", "relief"): (1,),
        }
        assert rationales.pair_counts([SearchRequest(query=Word("lasted"))], {"pain"}) == {
            ("pain", "pain"): (1,)
        }
        assert rationales.pair_counts([SearchRequest()], ()) == {}
        assert rationales.pair_counts([SearchRequest(query=Word("absent"))], among) == {}

    def test_rare_pairs_are_left_out_where_all_requests_together_have_too_few(
        self, rationales: SearchEngine
    ) -> None:
        among = {"pain", "relief", "no"}
        assert rationales.pair_counts([SearchRequest()], among, 2) == {("pain", "relief"): (2,)}
        twice = rationales.pair_counts([SearchRequest(), SearchRequest()], among, 2)
        assert twice["no", "pain"] == (1, 1)

    def test_terms_are_words_as_the_index_holds_them(self, rationales: SearchEngine) -> None:
        terms = rationales.terms(" ".join(TEXTS))
        counts = rationales.word_counts([SearchRequest()])
        assert {term: (count,) for term, count in Counter(terms).items()} == counts
        assert rationales.terms("") == ()

    def test_a_term_is_spelled_as_most_texts_spell_it(self, engine: SearchEngine) -> None:
        texts = ["Therapies help.", "Therapy again.", "Physical therapy; L4-5.", "used", "dies"]
        engine.replace_all(_document(key, text) for key, text in enumerate(texts, 1))
        terms = {word: engine.terms(word)[0] for word in ("therapy", "L4-L5", "used", "dies")}
        spelled = engine.spellings([*terms.values(), "nowher"], "rationale")
        assert spelled[terms["therapy"]] == "therapy"
        assert spelled[terms["L4-L5"]] == "l4-l5"
        assert spelled[terms["used"]] == "used"
        assert spelled[terms["dies"]] == "dies"
        assert spelled["nowher"] == "nowher"
        assert all(engine.terms(spelled[term]) == (term,) for term in terms.values())

    @pytest.mark.parametrize("seed", range(12))
    def test_counts_are_those_of_the_texts(self, engine: SearchEngine, seed: int) -> None:
        chance = Random(seed)
        words = ["aaq", "bbq", "ccq", "ddq"]
        documents = [
            _document(
                key,
                " ".join(chance.choices(words, k=chance.randrange(12))),
                chance.choice(["upheld", "unknown"]),
            )
            for key in range(chance.randrange(1, 12))
        ]
        engine.replace_all(documents[::2])
        engine.update(documents[1::2])
        request = SearchRequest(filters=(FacetFilter("decision", ("upheld",)),))
        written = [one.rationale.split() for one in documents if "upheld" in one.facets["decision"]]
        assert engine.word_counts([request]) == _counted(word for text in written for word in text)
        among = set(chance.sample(words, chance.randrange(5)))
        assert engine.pair_counts([request], among) == _counted(
            pair for text in written for pair in pairwise(text) if set(pair) <= among
        )

    def test_without_an_index_counting_says_which_command_builds_it(self, engine: SearchEngine) -> None:
        for attempt in (
            lambda: engine.word_counts([SearchRequest()]),
            lambda: engine.pair_counts([SearchRequest()], {"pain"}),
            lambda: engine.spellings(["pain"], "rationale"),
        ):
            with pytest.raises(SearchUnavailableError, match=r"manage.py rebuild_index"):
                attempt()
