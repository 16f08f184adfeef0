"""What lights up in a text, word by word or found by the letters that it must hold: the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from determinations.search.columnar import analysis
from determinations.search.highlighting import passages
from determinations.search.highlighting.matches import (
    Lighting,
    LitPlace,
    pattern_pieces,
    within_edits,
)
from determinations.search.query.nodes import All, AnyOf, Node, Phrase, Wildcard, Word
from tests.search.columnar.random_indexes import nodes

WRITTEN = (
    "Pain",
    "pains,",
    "painful.",
    "“Block”",
    "blocks'",
    "L4/5",
    "L-4 to L-5",
    "x-ray",
    "DÉJÀ",
    "O'Brien",
    "d’Aco",
    "İx",
)
texts = st.one_of(
    st.lists(
        st.one_of(st.sampled_from(WRITTEN), st.sampled_from((".", "\n\n", "and", "The"))), max_size=40
    ).map(" ".join),
    st.text(),
)


class EveryChunkAnalysed:
    """The engine's analysis, which tells no chunk for a plain word."""

    bridged = staticmethod(analysis.bridged)
    tokens_of_chunk = staticmethod(analysis.tokens_of_chunk)

    def plain_word(self, chunk: str) -> None:
        return None


def word_by_word(query: Node | None, text: str) -> list[LitPlace]:
    lighting = Lighting(query, "rationale", EveryChunkAnalysed())
    lighting._seeds = None
    return lighting.places(text)


@given(nodes, texts)
def test_seeds_find_what_reading_every_word_finds(query: Node, text: str) -> None:
    assert Lighting(query, "rationale", analysis).places(text) == word_by_word(query, text)


@given(st.text("aeiouybcdglnrstz", min_size=1, max_size=12))
def test_a_word_holds_the_seed_of_its_stem(word: str) -> None:
    assert Lighting(Word(word), "rationale", analysis).places(f"so, {word}.") == word_by_word(
        Word(word), f"so, {word}."
    )


@pytest.mark.parametrize(
    "word",
    [
        "sensibility",
        "relational",
        "hopping",
        "sized",
        "flies",
        "conflated",
        "analogical",
        "electricity",
        "o'brien",
    ],
)
def test_stems_that_differ_from_their_words(word: str) -> None:
    assert len(Lighting(Word(word), "rationale", analysis).places(f"A {word.title()}!")) == 1


@given(nodes, texts, st.integers(1, 3))
def test_passages_are_stretches_of_the_text_in_order(query: Node, text: str, count: int) -> None:
    found = passages.best_passages(Lighting(query, "rationale", analysis), text, count)
    assert len(found) <= count
    at = 0
    for passage in found:
        written = "".join(fragment.text for fragment in passage)
        assert written.strip() == written != ""
        assert len(written) <= 320
        at = text.index(written, at) + len(written)
        assert all(fragment.text for fragment in passage)


@given(nodes, texts)
def test_marking_a_whole_text_keeps_every_letter(query: Node, text: str) -> None:
    whole = passages.whole(Lighting(query, "rationale", analysis), text)
    assert "".join(fragment.text for fragment in whole) == text


@pytest.mark.parametrize(
    ("pattern", "pieces"),
    [
        ("Follow-u*", ["follow", "u*"]),
        ("L4-*", ["l4-*"]),
        ("L4/*", ["l4-*"]),
        ("cm14-00*", ["cm14-00*"]),
        ("*-?", []),
    ],
)
def test_patterns_of_several_words(pattern: str, pieces: list[str]) -> None:
    assert pattern_pieces(pattern) == pieces


@given(st.text("abc", max_size=6), st.text("abc", max_size=6), st.integers(0, 3))
def test_edits_are_symmetric_and_bounded_by_the_longer_word(one: str, other: str, distance: int) -> None:
    assert within_edits(one, other, distance) == within_edits(other, one, distance)
    assert within_edits(one, other, max(len(one), len(other)))
    assert within_edits(one, other, 0) == (one == other)


def test_a_phrase_is_lit_across_an_apostrophe() -> None:
    lit = Lighting(Phrase(("o'brien", "test")), "rationale", analysis).places("The O’Brien test is positive.")
    assert lit == [LitPlace(4, 16, 0)]


def test_words_of_a_phrase_do_not_light_up_alone() -> None:
    query = AnyOf((Phrase(("medial", "branch")), All((Word("pain"), Wildcard("blo*")))))
    text = "Medial pain. A branch block of the medial branch."
    lit = [text[place.start : place.end] for place in Lighting(query, "rationale", analysis).places(text)]
    assert lit == ["pain", "block", "medial branch"]
