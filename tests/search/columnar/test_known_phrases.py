"""Names whose places a large segment knows are found as any other phrase is."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from determinations.search.columnar import known_phrases
from determinations.search.columnar.columns import SegmentColumns
from determinations.search.columnar.commits import Segment
from determinations.search.columnar.engine import ColumnarEngine
from determinations.search.columnar.index_directory import IndexDirectory
from determinations.search.columnar.queries import whoosh_query
from determinations.search.columnar.writing import build_segment, merged
from determinations.search.interface import SearchRequest
from determinations.search.positions import Expression, phrase_text
from determinations.search.query.language import parse_query
from determinations.search.query.nodes import ITEM_FIELDS, SEARCHED_FIELDS, Phrase
from determinations.search.query.synonyms import expand, synonyms
from tests.search.columnar.random_indexes import IndexPlan, fields, index_plans, words
from tests.search.engine_contract import document

phrases = st.builds(
    Phrase,
    st.lists(words, min_size=2, max_size=3).map(tuple),
    st.just(1),
    st.one_of(st.none(), fields),
    st.just(1.0),
    st.booleans(),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("indexes")


@contextmanager
def known(*nodes: Phrase, fewest_documents: int = 1) -> Iterator[None]:
    """Segments of so many documents know these phrases, and no others."""
    found = {
        text: expression
        for node in nodes
        for expression in known_phrases.phrases_of(whoosh_query(node, ITEM_FIELDS))
        if (text := phrase_text(expression)) is not None
    }
    with (
        patch.object(known_phrases, "FEWEST_DOCUMENTS", fewest_documents),
        patch.object(known_phrases, "known_phrases", lambda: found),
    ):
        yield


def kept(folder: Path, segment: Segment, text: str) -> dict[str, tuple[list[int], list[int]] | None]:
    """By field the documents that have a known phrase, and how often."""
    columns = SegmentColumns.opened(folder, segment.id, segment.digest)
    found = {name: columns.field(name).known_phrase(text) for name in SEARCHED_FIELDS}
    return {name: one and (list(one[0]), one[1].tolist()) for name, one in found.items()}


@settings(deadline=None, max_examples=80)
@given(plan=index_plans(), phrase=phrases, large=st.integers(1, 12), summaries=st.booleans())
def test_a_known_phrase_is_found_and_scored_as_any_other(
    folder: Path, plan: IndexPlan, phrase: Phrase, large: int, summaries: bool
) -> None:
    """Some segments have it, and smaller ones do not."""
    usual, knowing = Path(mkdtemp(dir=folder)), Path(mkdtemp(dir=folder))
    request = SearchRequest(phrase, limit=100, count=("decision",), summaries=summaries)
    plan.make(usual)
    with known(phrase, fewest_documents=large):
        plan.make(knowing)
    assert ColumnarEngine(knowing).search(request) == ColumnarEngine(usual).search(request)


def test_a_large_segment_says_where_a_name_occurs(tmp_path: Path) -> None:
    written = [document(1, "nerve block, nerve blocks"), document(2, "nerve"), document(3, "a nerve block")]
    with known(Phrase(("nerve", "block"), 1)):
        large = build_segment(written, tmp_path)
    small = build_segment(written, tmp_path)
    everywhere = kept(tmp_path, large, "(nerve block)")
    assert everywhere.pop("rationale") == ([0, 2], [2, 1])
    assert list(everywhere.values()) == [([], [])] * 3
    assert kept(tmp_path, small, "(nerve block)") == dict.fromkeys(SEARCHED_FIELDS)


def test_names_of_documents_that_stay_are_kept_by_merging(tmp_path: Path) -> None:
    written = [document(key, "nerve block " * (300 * key)) for key in range(1, 5)]
    parts = [build_segment(written[:2], tmp_path), build_segment(written[2:], tmp_path)]
    with known(Phrase(("nerve", "block"), 1)):
        (segment,) = merged([parts[0], parts[1].without(BitMap([0]))], tmp_path)
    assert kept(tmp_path, segment, "(nerve block)")["rationale"] == ([0, 1, 2], [300, 600, 1200])


def test_a_name_that_is_new_since_the_index_was_written_is_found(tmp_path: Path) -> None:
    with known(Phrase(("nerve", "block"), 1)):
        ColumnarEngine(tmp_path).replace_all([document(1, "a nerve block"), document(2, "a nerve root")])
    found = ColumnarEngine(tmp_path).search(SearchRequest(Phrase(("nerve", "root"), 1)))
    assert [hit.key for hit in found.hits] == [2]


def test_what_a_segment_knows_is_read_and_not_searched(tmp_path: Path) -> None:
    """Known under another name, so that a wrong answer shows where it was read."""
    root = next(known_phrases.phrases_of(whoosh_query(Phrase(("nerve", "root"), 1), ITEM_FIELDS)))
    names: dict[str, Expression] = {"(nerve block)": root}
    with (
        patch.object(known_phrases, "FEWEST_DOCUMENTS", 1),
        patch.object(known_phrases, "known_phrases", lambda: names),
    ):
        ColumnarEngine(tmp_path).replace_all([document(1, "a nerve block"), document(2, "a nerve root")])
    found = ColumnarEngine(tmp_path).search(SearchRequest(Phrase(("nerve", "block"), 1)))
    assert [hit.key for hit in found.hits] == [2]
    IndexDirectory(tmp_path).verify()


@given(st.sampled_from(sorted(synonyms())), st.booleans(), st.sampled_from((ITEM_FIELDS, SEARCHED_FIELDS)))
def test_every_phrase_of_a_question_for_a_name_is_known(
    name: str, quoted: bool, searched: tuple[str, ...]
) -> None:
    node = parse_query(f'"{name}"' if quoted else name)
    assert node is not None
    question = whoosh_query(expand(node).node, searched)
    asked = {phrase_text(expression) for expression in known_phrases.phrases_of(question)}
    assert asked - {None} <= set(known_phrases.known_phrases())
