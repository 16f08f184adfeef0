"""The work of a search grows with the postings that it reads, and with nothing else.

What is counted is the entries read from the index's files: never time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from determinations.search.analysis import terms
from determinations.search.columnar import columns, patterns, positional, snapshot
from determinations.search.columnar.array_file import Array, ArrayFile
from determinations.search.columnar.columns import TermColumns
from determinations.search.columnar.engine import ColumnarEngine
from determinations.search.interface import WHATEVER_IS_FOUND, MostOf, QuerySyntaxError, SearchRequest
from determinations.search.query.language import MAX_PHRASE_WORDS, parse_query
from determinations.search.query.nodes import (
    ITEM_FIELDS,
    All,
    AnyOf,
    Fuzzy,
    Near,
    Node,
    Phrase,
    Wildcard,
    Word,
)
from tests.search.engine_contract.letters import document

WORDS = ("pain", "block", "branch", "rare", "nerve")
READINGS = 8
"""How often one search may read a posting: to find, to score by stem and by word, for nearness."""


@contextmanager
def entries_read() -> Iterator[list[int]]:
    """How many entries of postings each reading takes."""
    read: list[int] = []
    whole = TermColumns._postings

    def counted(self: TermColumns, *arguments: object) -> object:
        found = whole(self, *arguments)  # type: ignore[arg-type]
        read.append(len(found))
        return found

    with patch.object(TermColumns, "_postings", counted):
        yield read


@contextmanager
def file_parts_read() -> Iterator[list[tuple[str, int, int, int]]]:
    """Which parts of which files are read: an array's name, a file, and the entries."""
    read: list[tuple[str, int, int, int]] = []
    whole = ArrayFile.part

    def counted(self: ArrayFile, name: str, start: int, stop: int) -> Array:
        read.append((name, id(self), int(start), int(stop)))
        return whole(self, name, start, stop)

    with patch.object(ArrayFile, "part", counted):
        yield read


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two segments; `pain` in every document many times, `rare` in a few."""
    folder = tmp_path_factory.mktemp("work") / "index"
    engine = ColumnarEngine(folder)

    def documents(first: int) -> Iterator[object]:
        for key in range(first, first + 200):
            more = " rare" if key % 50 == 0 else " nerve branch"
            yield document(key, "pain block pain branch pain " * 10 + more, request="pain block")

    engine.replace_all(documents(1))  # type: ignore[arg-type]
    engine.update(documents(1000))  # type: ignore[arg-type]
    return folder


def postings_of(engine: ColumnarEngine, words: set[str]) -> int:
    """Documents, times and positions of the words in the item's fields, stems and words as spelled."""
    total = 0
    for segment in engine._current().segments:
        for field in ITEM_FIELDS:
            held = segment.columns.field(field)
            for word in {term for typed in words for term in terms(typed)}:
                if (number := held.find(word.encode())) is not None:
                    total += 2 * held.document_frequency(number) + len(held.positions(number))
    return total


def words_in(node: Node) -> set[str]:
    match node:
        case All(parts) | AnyOf(parts):
            return set().union(*map(words_in, parts))
        case Phrase(words):
            return set(words)
        case Word(text):
            return {text}
    return set()


leaves = st.one_of(
    st.builds(Word, st.sampled_from(WORDS)),
    st.builds(
        Phrase, st.lists(st.sampled_from(WORDS), min_size=2, max_size=40).map(tuple), st.integers(1, 60)
    ),
)
questions = st.one_of(
    leaves,
    st.builds(All, st.lists(leaves, min_size=2, max_size=5).map(tuple)),
    st.builds(AnyOf, st.lists(leaves, min_size=2, max_size=5).map(tuple), st.booleans()),
)


@settings(max_examples=40)
@given(node=questions)
def test_what_is_read_is_linear_in_the_postings_of_the_distinct_words(path: Path, node: Node) -> None:
    engine = ColumnarEngine(path)
    allowed = postings_of(engine, words_in(node))
    parts = node.parts if isinstance(node, All) else (node,)
    with entries_read() as read:
        engine.search(SearchRequest(node))
    # Each part of a question may read its words anew; what follows reads them once more.
    assert sum(read) <= READINGS * len(parts) * allowed
    with entries_read() as read:
        engine.search(SearchRequest(node, most_of=MostOf(parts)))
    assert sum(read) <= READINGS * (len(parts) + 1) * allowed


@pytest.mark.parametrize("slop", [1, 3, 100])
@pytest.mark.parametrize("word", ["pain", "nerve"])
def test_a_phrase_reads_a_repeated_word_once(path: Path, word: str, slop: int) -> None:
    read_by_length = []
    for length in (2, MAX_PHRASE_WORDS):
        engine = ColumnarEngine(path)
        with entries_read() as read:
            engine.search(SearchRequest(Phrase((word,) * length, slop)))
        read_by_length.append(sum(read))
    assert read_by_length[0] == read_by_length[1]


def test_an_answer_is_remembered_so_that_the_next_page_reads_no_postings(path: Path) -> None:
    engine = ColumnarEngine(path)
    question = All((Word("pain"), Phrase(("block", "pain"))))
    engine.search(SearchRequest(question))
    with entries_read() as read:
        engine.search(SearchRequest(question, offset=20))
    assert sum(read) <= postings_of(engine, {"pain", "block"})  # nearness alone


def test_a_word_is_read_once_to_find_score_and_bring_near(path: Path) -> None:
    engine = ColumnarEngine(path)
    with file_parts_read() as read:
        engine.search(SearchRequest(All((Word("pain"), Word("block")))))
    postings = [part for part in read if part[0].endswith((".doc_ids", ".term_frequencies"))]
    assert len(postings) == len(set(postings)) > 0


def test_a_prefix_of_all_forms_of_a_word_reads_the_documents_of_its_stem_alone(tmp_path: Path) -> None:
    engine = ColumnarEngine(tmp_path / "index")
    forms = ("inject", "injection", "injections", "injected", "injecting")
    engine.replace_all(document(key, forms[key % len(forms)]) for key in range(1, 101))
    with entries_read() as read:
        assert engine.search(SearchRequest(Wildcard("inject*", "rationale"), limit=0)).total == 100
    assert sum(read) == 100
    with entries_read() as read:
        assert engine.search(SearchRequest(Wildcard("injectio*", "rationale"), limit=0)).total == 40
    assert sum(read) == 40


@pytest.mark.parametrize("words", [100, 10_000])
def test_a_word_is_found_by_looking_at_a_few_stretches_of_the_dictionary(tmp_path: Path, words: int) -> None:
    engine = ColumnarEngine(tmp_path / "index")
    text = " ".join(f"w{number:05}" for number in range(words))
    engine.replace_all([document(1, text)])
    dictionary = engine._current().segments[0].columns.field("rationale")
    assert dictionary.find(b"w00000") is not None  # the signposts are made once
    read: list[int] = []
    whole = TermColumns._text

    def counted(self: TermColumns, first: int, last: int) -> bytes:
        read.append(last - first)
        return whole(self, first, last)

    with patch.object(TermColumns, "_text", counted):
        for number in range(0, words, 7):
            assert dictionary.find(f"w{number:05}".encode()) is not None
        assert dictionary.find(b"v") is None
        assert dictionary.find(b"w99999") is None
    searches = len(range(0, words, 7)) + 2
    assert sum(read) <= searches * 65


def test_postings_that_were_read_last_stay_within_their_bytes(path: Path) -> None:
    with patch.object(columns, "RECENT_BYTES", 5000):
        engine = ColumnarEngine(path)
        for word in (*WORDS, "none"):
            engine.search(SearchRequest(Word(word)))
        for segment in engine._current().segments:
            assert 0 < segment.columns._recent.size <= 5000


@pytest.mark.parametrize("node", [Wildcard("*a*"), Wildcard("pai*"), Fuzzy("pain", 1)], ids=repr)
def test_a_pattern_of_too_many_postings_is_refused_with_its_name(path: Path, node: Node) -> None:
    engine = ColumnarEngine(path)
    assert engine.search(SearchRequest(node)).total == 400
    engine = ColumnarEngine(path)
    with (
        patch.object(patterns, "MOST_POSTINGS_OF_A_PATTERN", 100),
        entries_read() as read,
        pytest.raises(QuerySyntaxError, match="more of its letters"),
    ):
        engine.search(SearchRequest(node))
    assert sum(read) <= 100


@pytest.mark.parametrize("typed", ["(pain OR nerve) /s (block OR branch)", "pain /p block", "pain w/5 block"])
def test_a_connector_of_too_many_places_is_refused(path: Path, typed: str) -> None:
    request = SearchRequest(parse_query(typed))
    assert ColumnarEngine(path).search(request).total
    with (
        patch.object(positional, "MOST_PLACES", 100),
        pytest.raises(QuerySyntaxError, match="rarer words"),
    ):
        ColumnarEngine(path).search(request)


def test_a_frequent_word_without_kept_addresses_is_read_only_where_the_others_are(path: Path) -> None:
    """As in an index of an earlier version."""
    request = SearchRequest(parse_query("rationale:(rare w/50 pain)"))
    with patch.object(snapshot, "MANY_PLACES", 2), patch.object(positional, "MOST_PLACES", 1000):
        assert ColumnarEngine(path).search(request).total == 8
    with patch.object(positional, "MOST_PLACES", 1000), pytest.raises(QuerySyntaxError, match="rarer words"):
        ColumnarEngine(path).search(request)


def test_a_search_is_not_refused_for_the_offer_to_search_summaries(tmp_path: Path) -> None:
    engine = ColumnarEngine(tmp_path)
    summary = "pain near the block " * 20
    engine.replace_all([replace(document(key, "pain of the block"), summary=summary) for key in range(1, 21)])
    request = SearchRequest(parse_query("pain w/5 block"), count_summaries_below=WHATEVER_IS_FOUND)
    with patch.object(positional, "MOST_PLACES", 100):
        found = engine.search(request)
        assert (found.total, found.in_summaries) == (20, None)
        with pytest.raises(QuerySyntaxError, match="rarer words"):
            engine.search(replace(request, summaries=True))


def test_a_phrase_of_too_many_words_is_refused_and_a_shorter_one_offered() -> None:
    phrase = " ".join(["pain"] * (MAX_PHRASE_WORDS + 1))
    with pytest.raises(QuerySyntaxError, match=str(MAX_PHRASE_WORDS)) as refused:
        parse_query(f'norco "{phrase}"~5')
    assert refused.value.suggestion is not None
    mended = parse_query(refused.value.suggestion)
    assert mended == All((Word("norco"), Near((Word("pain", exact=True),) * MAX_PHRASE_WORDS, 5)))
