"""The items most like a text."""

from determinations.search.interface import FacetFilter, Likeness, SearchEngine
from tests.search.engine_contract.letters import LETTERS, document


class SimilarityContract:
    def test_more_like_finds_the_closest_rationale(self, letters: SearchEngine) -> None:
        letters.update(
            [
                document(
                    20,
                    "Rhizotomy after a successful medial branch block is certified.",
                    decision="overturned",
                ),
                document(21, "A medial branch block and rhizotomy were tried before.", decision="upheld"),
            ]
        )
        texts = {"rationale": LETTERS[0].rationale, "request": LETTERS[0].request}
        found = [hit.key for hit in letters.more_like(Likeness(texts), (), (1,), 4)]
        assert {20, 21} <= set(found)
        assert 1 not in found
        overturned = letters.more_like(Likeness(texts), (FacetFilter("decision", ("overturned",)),), (1,), 1)
        assert [hit.key for hit in overturned] == [20]
        assert letters.more_like(Likeness({"rationale": ""}), (), (), 5) == ()

    def test_more_like_orders_by_score_then_key(self, engine: SearchEngine) -> None:
        engine.replace_all(
            [document(key, "facet joint pain") for key in (4, 2, 8)] + [document(1, "else")] * 1
        )
        hits = engine.more_like(Likeness({"rationale": "facet joint"}), (), (8,), 5)
        assert [hit.key for hit in hits] == [2, 4]
