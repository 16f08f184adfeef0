"""What a question finds."""

import pytest

from determinations.search.interface import QuerySyntaxError, SearchEngine, SearchRequest
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


class MatchingContract:
    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            (Word("radiculopathy"), {1, 2}),
            (Word("INJECTIONS"), {2}),
            (Word("injection", "rationale"), {2}),
            (Word("injection", "guideline"), set()),
            (Word("norco"), {3, 4}),
            (Word("norco", "request"), {3}),
            (Word("and"), {2}),
            (Word("L4-L5"), {1, 2}),
            (Word("l4/5"), {1, 2}),
            (Word("L4–5"), {1, 2}),
            (Word("L-4 to L-5"), {1, 2}),
            (Word("c5/c6"), {3}),
            (Word("10/325"), {3}),
            (Word("325"), {3}),
            (Word("x-ray"), {3}),
            (Word("followup"), set()),
            (Word("follow-up"), {3}),
            (Word("patient's"), {2}),
            (Word("—"), set()),
            (Word(""), set()),
            (Word("nowhere"), set()),
            (Phrase(("medial", "branch", "block")), {1}),
            (Phrase(("medial", "branch")), {1}),
            (Phrase(("branch", "medial"), slop=2), {5}),
            (Phrase(("branch", "medial"), slop=3), {3, 5}),
            (Phrase(("epidural", "injection"), slop=2), {2}),
            (Phrase(("epidural", "injection")), set()),
            (Phrase(("block", "branch", "approach"), slop=3), {5}),
            (Phrase(("medial", "branch"), field="rationale"), {1}),
            (Phrase(("medial", "branch"), field="summary"), set()),
            (Phrase(("the", "the")), set()),
            (Phrase(("medial",)), {1, 3, 5}),
            (Phrase(()), set()),
            (Phrase(("low", "unheard")), set()),
            (Wildcard("radic*"), {1, 2}),
            (Wildcard("RADIC*"), {1, 2}),
            (Wildcard("radiculopathy*"), {1, 2}),
            (Wildcard("inject?d"), {2}),
            (Wildcard("inject*d"), {2}),
            (Wildcard("*pathy"), {1, 2}),
            (Wildcard("*aba*"), {2}),
            (Wildcard("ra?ic*", "rationale"), {2}),
            (Wildcard("block", "rationale"), {1, 5}),
            (Wildcard("blocked*"), {3}),
            (Wildcard("follow-u*"), {3}),
            (Wildcard("l4-*"), {1, 2}),
            (Wildcard("zzz*"), set()),
            (Fuzzy("gabapentn"), {2}),
            (Fuzzy("gabepentn"), set()),
            (Fuzzy("gabepentn", distance=2), {2}),
            (Fuzzy("habapentin"), set()),
            (Fuzzy("injecton"), {2}),
            (Fuzzy("norko", field="request"), {3}),
            (CaseNumber("CM14-0031877"), {1}),
            (CaseNumber("cm14-31877"), {1}),
            (CaseNumber("CM14-9999999"), set()),
            (Word("CM14-0031877", "case"), {1}),
            (Wildcard("cm14*", "case"), {1}),
            (All((Word("medial"), Word("rhizotomy"))), {1}),
            (All((Word("norco"), Word("pain"), Word("opioid"))), set()),
            (All((Word("pain"), Word("—"))), {1, 2, 3}),
            (All((Word("medial"), Not(Word("rhizotomy")))), {3, 5}),
            (All((Word("medial"), Not(Word("—")))), {1, 3, 5}),
            (All((Not(Word("pain")), Not(Word("urine")))), {5}),
            (All(()), set()),
            (Not(Word("pain")), {4, 5}),
            (Not(Not(Word("pain"))), {1, 2, 3}),
            (Not(AnyOf((Word("pain"), Word("norco")))), {5}),
            (AnyOf((Word("rhizotomy"), Word("urine"))), {1, 4}),
            (AnyOf((Word("rhizotomy"), Not(Word("pain")))), {1, 4, 5}),
            (AnyOf(()), set()),
            (
                All((AnyOf((Word("medial"), Word("urine"))), Not(Phrase(("medial", "branch", "block"))))),
                {3, 4, 5},
            ),
            (All((Word("block", "rationale"), Wildcard("acup*", "request"))), {5}),
            (None, {1, 2, 3, 4, 5}),
        ],
        ids=repr,
    )
    def test_matches(self, letters: SearchEngine, query: Node | None, expected: set[int]) -> None:
        results = letters.search(SearchRequest(query=query, summaries=True))
        assert {hit.key for hit in results.hits} == expected
        assert results.total == len(expected)

    @pytest.mark.parametrize("pattern", ["*", "?", "**", "*-?", ""])
    def test_a_wildcard_without_a_letter_is_explained(self, letters: SearchEngine, pattern: str) -> None:
        with pytest.raises(QuerySyntaxError, match="letter"):
            letters.search(SearchRequest(query=Wildcard(pattern)))
