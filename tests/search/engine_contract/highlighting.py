"""Which words of a text are marked, and which passages of it are shown."""

import pytest

from determinations.search.interface import SearchEngine
from determinations.search.query.nodes import (
    All,
    AnyOf,
    CaseNumber,
    Fuzzy,
    Node,
    Not,
    Phrase,
    Wildcard,
    Word,
)
from tests.search.engine_contract.letters import lit, text_of


class HighlightContract:
    @pytest.mark.parametrize(
        ("query", "text", "expected"),
        [
            (Word("injection"), "Two injections were injected.", ["injections", "injected"]),
            (Word("L4-5"), "At L4/L5, L4–5 and L5-S1.", ["L4/L5", "L4–5"]),
            (Word("l4-l5"), "From L4 to L5.", ["L4 to L5"]),
            (Word("10/325"), "Norco 10/325mg or 325 mg.", ["10/325"]),
            (Phrase(("medial", "branch")), "A branch; the medial branches, medial.", ["medial branches"]),
            (Phrase(("medial", "block"), slop=3), "medial nerve block, then block", ["medial", "block"]),
            (
                All((Word("medial"), Phrase(("branch", "block")))),
                "medial branch block",
                ["medial", "branch block"],
            ),
            (Wildcard("radic*"), "Radiculopathy, radical; trad.", ["Radiculopathy", "radical"]),
            (Wildcard("*pathy"), "Radiculopathy and sympathy path", ["Radiculopathy", "sympathy"]),
            (Wildcard("l4-*"), "L4/5 and L5-S1", ["L4/5"]),
            (Fuzzy("gabapentn"), "Gabapentin, not pregabalin", ["Gabapentin"]),
            (All((Word("pain"), Not(Word("chronic")))), "chronic pain", ["pain"]),
            (Not(Word("pain")), "chronic pain", []),
            (AnyOf((Word("pain"), Word("chronic"))), "Chronic\n pain", ["Chronic", "pain"]),
            (Word("pain", "rationale"), "pain", ["pain"]),
            (Word("pain", "summary"), "pain", []),
            (CaseNumber("CM14-0031877"), "pain", []),
            (None, "chronic pain", []),
            (Word("pain"), "", []),
        ],
        ids=repr,
    )
    def test_lit_words(
        self, engine: SearchEngine, query: Node | None, text: str, expected: list[str]
    ) -> None:
        whole = engine.highlight_whole(query, "rationale", text)
        assert lit(whole) == expected
        assert text_of(whole) == text

    def test_the_best_passages_hold_the_most_different_words(self, engine: SearchEngine) -> None:
        filler = "The applicant was seen again and the chart was in order. " * 6
        best_of_all = f"Medial branch blocks relieve pain.\n\n{filler}"
        text = f"{filler}There is pain. {filler}{best_of_all}Pain and pain.{filler}"
        query = All((Word("pain"), Word("medial"), Word("block")))
        (best,) = engine.highlight(query, "rationale", text, 1)
        assert set(lit(best)) == {"Medial", "blocks", "pain"}
        assert text_of(best) in text
        assert len(text_of(best)) <= 320
        assert text_of(best).startswith(("Medial", "The"))
        assert text_of(best).endswith(".")
        two = engine.highlight(query, "rationale", text, 2)
        assert len(two) == 2
        assert text.index(text_of(two[0])) < text.index(text_of(two[1]))

    def test_without_a_match_the_opening_is_shown_unmarked(self, engine: SearchEngine) -> None:
        text = "First sentence. " + "Another sentence of some length follows here. " * 30
        for query in (None, Word("absent")):
            (opening,) = engine.highlight(query, "summary", text, 2)
            assert lit(opening) == []
            assert text.startswith(text_of(opening))
            assert 100 < len(text_of(opening)) <= 320
        assert engine.highlight(Word("absent"), "summary", "", 2) == ()

    def test_a_text_without_sentences_is_cut_between_words(self, engine: SearchEngine) -> None:
        text = "unbroken words " * 100 + "target " + "more words " * 100
        (passage,) = engine.highlight(Word("target"), "rationale", text, 1)
        assert lit(passage) == ["target"]
        assert text_of(passage) in text
        assert len(text_of(passage)) <= 320
        assert text_of(passage).strip() == text_of(passage)
