"""Matches that are found by reading every word, or by the letters that they must contain: the same."""

import re
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from determinations.search import analysis
from determinations.search.expressions import pattern_pieces
from determinations.search.highlighting import passages
from determinations.search.highlighting.matches import (
    Highlighter,
    MatchSpan,
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


class EveryChunkAnalyzed:
    """The engine's analysis, which takes no chunk for a plain word."""

    SENTENCE_END = analysis.SENTENCE_END
    bridged = staticmethod(analysis.bridged)
    written_term = staticmethod(analysis.written_term)
    letters_of = staticmethod(analysis.letters_of)
    tokens_of_chunk = staticmethod(analysis.tokens_of_chunk)

    def plain_word(self, chunk: str) -> None:
        return None


def word_by_word(query: Node | None, text: str) -> list[MatchSpan]:
    highlighter = Highlighter(query, "rationale", EveryChunkAnalyzed())
    highlighter._literals = None
    return highlighter.spans(text)


@given(nodes, texts)
def test_literals_find_what_reading_every_word_finds(query: Node, text: str) -> None:
    assert Highlighter(query, "rationale", analysis).spans(text) == word_by_word(query, text)


@given(st.text("aeiouybcdglnrstz", min_size=1, max_size=12))
def test_a_word_contains_the_literal_of_its_stem(word: str) -> None:
    assert Highlighter(Word(word), "rationale", analysis).spans(f"so, {word}.") == word_by_word(
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
    assert len(Highlighter(Word(word), "rationale", analysis).spans(f"A {word.title()}!")) == 1


@given(nodes, texts, st.integers(1, 3))
def test_passages_are_stretches_of_the_text_in_order(query: Node, text: str, count: int) -> None:
    found = passages.best_passages(Highlighter(query, "rationale", analysis), text, count)
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
    whole = passages.whole(Highlighter(query, "rationale", analysis), text)
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


def test_a_phrase_is_marked_across_an_apostrophe() -> None:
    found = Highlighter(Phrase(("o'brien", "test")), "rationale", analysis).spans(
        "The O’Brien test is positive."
    )
    assert found == [MatchSpan(4, 16, 0)]


def test_words_of_a_phrase_are_not_marked_alone() -> None:
    query = AnyOf((Phrase(("medial", "branch")), All((Word("pain"), Wildcard("blo*")))))
    text = "Medial pain. A branch block of the medial branch."
    found = [text[place.start : place.end] for place in Highlighter(query, "rationale", analysis).spans(text)]
    assert found == ["pain", "block", "medial branch"]


@given(
    st.lists(st.sampled_from(("pain", "block", "the")), min_size=2, max_size=4),
    st.lists(st.sampled_from(("pain", "block", "the", "a")), max_size=10),
    st.integers(1, 4),
)
def test_marked_phrases_are_those_of_every_chain(words: list[str], text: list[str], slop: int) -> None:
    spans = [(match.start(), match.end()) for match in re.finditer(r"\w+", " ".join(text))]
    matches = [
        chain
        for chain in product(*([at for at, word in enumerate(text) if word == wanted] for wanted in words))
        if all(1 <= after - before <= slop for before, after in pairwise(chain))
    ]
    if slop == 1:
        expected = {(spans[chain[0]][0], spans[chain[-1]][1]) for chain in matches}
    else:
        expected = {spans[at] for chain in matches for at in chain}
    found = Highlighter(Phrase(tuple(words), slop), "rationale", analysis).spans(" ".join(text))
    assert [span[:2] for span in found] == sorted(expected)


def test_a_phrase_of_one_repeated_word_is_marked_at_each_of_its_places() -> None:
    text = "the one and " * 400
    found = Highlighter(Phrase(("the",) * 9, 100), "rationale", analysis).spans(text)
    assert [text[place.start : place.end] for place in found] == ["the"] * 400
