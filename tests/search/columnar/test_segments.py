"""Segments hold what plain Whoosh would have written, and merging them changes nothing."""

import errno
import os
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyroaring import BitMap
from whoosh.filedb.filestore import FileStorage
from whoosh.index import create_in
from whoosh.reading import IndexReader, SegmentReader

from determinations.search.analysis import is_mark, tokens
from determinations.search.columnar import address_blocks, merge, segments, writing
from determinations.search.columnar.address_blocks import FieldAddresses
from determinations.search.columnar.array_file import Array, ArrayFile, ArrayFileWriter, digest_of
from determinations.search.columnar.codec import ColumnarSegment
from determinations.search.columnar.columns import SegmentColumns
from determinations.search.columnar.commits import Segment
from determinations.search.columnar.engine import ColumnarEngine
from determinations.search.columnar.schema import index_schema
from determinations.search.columnar.writing import build, build_segment, merged
from determinations.search.index_errors import IndexDamagedError, IndexLimitError
from determinations.search.index_fields import CASE, DATE, FINGERPRINT, KEY, facet_field, words_field
from determinations.search.interface import IndexDocument
from determinations.search.query.nodes import SEARCHED_FIELDS
from tests.search.columnar.random_indexes import IndexPlan, documents, index_plans
from tests.search.engine_contract import document

Posting = tuple[int, float, tuple[int, ...]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("segments")


def columnar_reader(folder: Path, segment: Segment) -> IndexReader:
    return SegmentReader(FileStorage(str(folder)), index_schema(), ColumnarSegment.of(segment))


def whoosh_reader(folder: Path, documents: Iterable[IndexDocument]) -> IndexReader:
    """The same documents as Whoosh's own writer writes them."""
    index = create_in(folder, index_schema())
    writer = index.writer()
    for one in documents:
        values: dict[str, Any] = {name: getattr(one, name) for name in SEARCHED_FIELDS}
        values |= {words_field(name): getattr(one, name) for name in SEARCHED_FIELDS}
        values |= {facet_field(name): list(set(chosen)) for name, chosen in one.facets.items()}
        values |= {KEY: one.key, DATE: one.date, FINGERPRINT: one.fingerprint, CASE: one.case or None}
        writer.add_document(**values)
    writer.commit()
    return index.reader()


def contents(reader: IndexReader) -> dict[tuple[str, bytes], list[Posting]]:
    """Every posting of every term: document key, weight, positions."""
    keys = list(reader.column_reader(KEY))
    found: dict[tuple[str, bytes], list[Posting]] = {}
    for field, term in reader.all_terms():
        matcher = reader.postings(field, term)
        postings = []
        while matcher.is_active():
            places = matcher.value_as("positions") if matcher.supports("positions") else []
            postings.append((keys[matcher.id()], matcher.weight(), tuple(places)))
            matcher.next()
        found[field, term] = sorted(postings)
    return found


def rationales(folder: Path, segment: Segment) -> list[list[tuple[str, int]]]:
    """Each document's terms in the order of its rationale, with 1 where a position begins."""
    columns = SegmentColumns.opened(folder, segment.id, segment.digest).field("rationale")
    terms = [term.decode() for term in columns.terms()]
    offsets = columns.forward_offsets.tolist()
    words = columns.part("forward", range(offsets[-1])).tolist()
    return [[(terms[word >> 1], word & 1) for word in words[first:last]] for first, last in pairwise(offsets)]


def lengths(reader: IndexReader) -> dict[int, list[int]]:
    keys = list(reader.column_reader(KEY))
    return {
        keys[number]: [reader.doc_field_length(number, name) or 0 for name in SEARCHED_FIELDS]
        for number in reader.all_doc_ids()
    }


@settings(deadline=None, max_examples=15)
@given(plan=index_plans())
def test_a_segment_holds_what_whoosh_would_have_written(folder: Path, plan: IndexPlan) -> None:
    documents = [one for segment in plan.segments for one in segment]
    place = Path(mkdtemp(dir=folder))
    ours = columnar_reader(place, build_segment(documents, place))
    theirs = whoosh_reader(Path(mkdtemp(dir=folder)), documents)
    assert contents(ours) == contents(theirs)
    assert lengths(ours) == lengths(theirs)
    for name in SEARCHED_FIELDS:
        assert ours.field_length(name) == theirs.field_length(name)
    for field, term in ours.all_terms():
        mine, its = ours.term_info(field, term), theirs.term_info(field, term)
        assert (mine.doc_frequency(), mine.max_weight()) == (its.doc_frequency(), its.max_weight())
        assert (mine.min_id(), mine.max_id()) == (its.min_id(), its.max_id())
    theirs.close()


@settings(deadline=None, max_examples=25)
@given(plan=index_plans())
def test_merging_keeps_all_but_the_deleted_documents(folder: Path, plan: IndexPlan) -> None:
    place = Path(mkdtemp(dir=folder))
    directory = plan.make(place)
    written = list(directory.commit(directory.pointer()).segments)
    kept = [one for segment in plan.segments for one in segment if one.key not in plan.deleted]
    result = merged(written, place / "1")
    if not kept:
        assert result == []
        return
    at_once = build_segment(kept, place)
    assert contents(columnar_reader(place / "1", result[0])) == contents(columnar_reader(place, at_once))
    assert lengths(columnar_reader(place / "1", result[0])) == lengths(columnar_reader(place, at_once))
    assert rationales(place / "1", result[0]) == rationales(place, at_once)
    assert result[0].field_lengths == at_once.field_lengths


@settings(deadline=None, max_examples=25)
@given(written=st.lists(st.integers(1, 99).flatmap(documents), min_size=1, max_size=20))
def test_a_segment_says_about_how_many_documents_have_a_word(
    folder: Path, written: list[IndexDocument]
) -> None:
    """Of a word that is the only form of its stem exactly how many."""
    place = Path(mkdtemp(dir=folder))
    segment = build_segment(written, place)
    columns = SegmentColumns.opened(place, segment.id, segment.digest)
    for name in SEARCHED_FIELDS:
        stems, words = columns.field(name), columns.field(words_field(name))
        exactly = {word.decode(): len(words.doc_ids(number)) for number, word in enumerate(words.terms())}
        about = {word: words.document_frequency(number) for number, word in enumerate(exactly)}
        forms: dict[str, list[str]] = {}
        for word in exactly:
            forms.setdefault(tokens(word)[0].term, []).append(word)
        for stem, of_stem in forms.items():
            number = stems.find(stem.encode())
            assert number is not None
            most = stems.document_frequency(number)
            assert all(1 <= about[word] <= most for word in of_stem)
            if len(of_stem) == 1:
                assert about[of_stem[0]] == exactly[of_stem[0]] == most


def kept_addresses(folder: Path, segment: Segment) -> dict[tuple[str, str, int], BitMap]:
    """By field, term and block; each is what the positions say."""
    columns = SegmentColumns.opened(folder, segment.id, segment.digest)
    found: dict[tuple[str, str, int], BitMap] = {}
    for name in SEARCHED_FIELDS:
        field = columns.field(name)
        addresses = FieldAddresses(field, columns.lengths(name))
        for number, block in enumerate(addresses.blocks(lambda _, make: make())):
            for term in map(bytes.decode, field.terms()):
                if block.keeps(term):
                    found[name, term, number] = block.places(term)
                    with patch.object(addresses, "are_kept", False):
                        assert block.places(term) == found[name, term, number]
    return found


@settings(deadline=None, max_examples=25)
@given(plan=index_plans())
def test_merging_keeps_the_addresses_of_frequent_words(folder: Path, plan: IndexPlan) -> None:
    place = Path(mkdtemp(dir=folder))
    directory = plan.make(place)
    written = list(directory.commit(directory.pointer()).segments)
    kept = [one for segment in plan.segments for one in segment if one.key not in plan.deleted]
    with (
        patch.object(address_blocks, "MANY_PLACES", 2),
        patch.object(address_blocks, "BLOCK_ADDRESSES", 300),
    ):
        for segment in merged(written, place / "1"):
            assert kept_addresses(place / "1", segment) == kept_addresses(place, build_segment(kept, place))


def test_addresses_of_another_layout_are_not_used(tmp_path: Path) -> None:
    with (
        patch.object(address_blocks, "MANY_PLACES", 1),
        patch.object(address_blocks, "ROOM", address_blocks.ROOM + 1),
    ):
        segment = build_segment([document(1, "pain block"), document(2, "pain block")], tmp_path)
        assert len(kept_addresses(tmp_path, segment)) > 0
    assert kept_addresses(tmp_path, segment) == {}


@pytest.mark.parametrize("entries", [1, 7])
def test_merging_in_small_blocks_is_merging_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entries: int
) -> None:
    monkeypatch.setattr(merge, "ENTRIES_AT_A_TIME", entries)
    documents = [document(key, "pain " * key + f"number{key % 3} in pain") for key in range(12)]
    parts = [build_segment(documents[:5], tmp_path), build_segment(documents[5:], tmp_path)]
    (segment,) = merged([parts[0].without(BitMap([2])), parts[1]], tmp_path)
    at_once = build_segment([one for one in documents if one.key != 2], tmp_path)
    assert contents(columnar_reader(tmp_path, segment)) == contents(columnar_reader(tmp_path, at_once))
    assert rationales(tmp_path, segment) == rationales(tmp_path, at_once)


def test_what_is_merged_at_once_makes_the_same_segment(tmp_path: Path) -> None:
    documents = [document(key, "pain " * key + f"number{key % 3} injections.") for key in range(12)]
    digests = set[str]()
    for to_be_merged in (False, True):
        parts = [
            build_segment(some, tmp_path, to_be_merged=to_be_merged)
            for some in (documents[:5], documents[5:])
        ]
        (segment,) = merged(parts, tmp_path)
        digests.add(segment.digest)
    assert len(digests) == 1


def test_a_commit_of_much_text_is_built_in_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[list[int]] = []

    def build_noted(documents: Iterable[IndexDocument], *others: Any, to_be_merged: bool) -> Segment:
        built.append([one.key for one in documents])
        return build_segment(documents, *others, to_be_merged=to_be_merged)

    monkeypatch.setattr(writing, "RUN_CHARACTERS", 1500)
    monkeypatch.setattr(writing, "build_segment", build_noted)
    engine = ColumnarEngine(tmp_path / "index")
    engine.replace_all(())
    engine.update([document(key, f"pain number{key} " * 60) for key in range(8)], delete=())
    assert built == [[0, 1], [2, 3], [4, 5], [6, 7]]
    assert engine.status().documents == 8


def test_rationales_are_kept_in_the_order_of_their_words(tmp_path: Path) -> None:
    texts = ["Pain at L4-L5. The pains went.", "", "Therapy of the pains."]
    segment = build_segment([document(key, text) for key, text in enumerate(texts)], tmp_path)
    first, empty, third = rationales(tmp_path, segment)
    assert [term for term, _ in first if not is_mark(term)] == [
        *["pain", "at", "l4-l5", "the", "pain", "went"],
    ]
    assert first[0] == ("pain", 1)
    assert empty == []
    assert [begins for _, begins in third] == [1, 1, 1, 1]


@pytest.mark.parametrize("processes", [1, 2])
def test_building_in_runs_is_building_at_once(tmp_path: Path, processes: int) -> None:
    documents = [document(key % 50, f"pain number{key} " * 20, decision="upheld") for key in range(60)]
    (segment,) = build(documents, tmp_path, processes=processes, run_characters=2000)
    latest = {one.key: one for one in documents}
    at_once = build_segment(latest.values(), tmp_path)
    assert contents(columnar_reader(tmp_path, segment)) == contents(columnar_reader(tmp_path, at_once))
    left = {file.name for file in tmp_path.iterdir()}
    assert f"{segment.id}.columns" in left


def test_arrays_come_back_as_written(tmp_path: Path) -> None:
    path = tmp_path / "arrays"
    with ArrayFileWriter(path) as out:
        out.write("one", np.array([1, 2, 3], np.uint8))
        reserved = out.reserve("two", np.float32, 4)
        reserved[:] = 0.5
        out.write("none", np.empty(0, np.int64))
        out.write_parts("parts", (bytes([number, 0]) for number in range(3)), np.uint16)
        assert len(out.reserve("nothing", np.uint16, 0)) == 0
    arrays = ArrayFile(path, out.digest)
    assert arrays["one"].tolist() == [1, 2, 3]
    assert arrays["two"].tolist() == [0.5] * 4
    assert arrays["parts"].tolist() == [0, 1, 2]
    assert arrays["none"].tolist() == arrays["nothing"].tolist() == []
    assert "one" in arrays
    assert "three" not in arrays
    with pytest.raises(ValueError, match="read-only"):
        arrays["one"][0] = 9


def test_a_file_that_fails_half_way_is_not_left_behind(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), ArrayFileWriter(tmp_path / "arrays"):
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


@given(st.binary(max_size=60))
def test_a_file_that_is_not_whole_is_refused(folder: Path, content: bytes) -> None:
    path = folder / "broken"
    for written in (content, b"IMRCOLS2" + content, content + b"IMRCOLS2"):
        path.write_bytes(written)
        with pytest.raises(IndexDamagedError):
            ArrayFile(path, digest_of(written))


@pytest.mark.skipif(not hasattr(os, "posix_fallocate"), reason="the system cannot reserve room")
def test_a_full_disk_is_noticed_before_a_map_is_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    with pytest.raises(OSError, match="No space left"), ArrayFileWriter(tmp_path / "arrays") as out:
        out.reserve("one", np.uint8, 10)
    assert list(tmp_path.iterdir()) == []


arrays = st.lists(st.integers(0, 5000).map(lambda length: np.arange(length, dtype=np.uint16)), max_size=3)


@given(arrays, st.data())
def test_any_byte_changed_is_noticed(
    tmp_path_factory: pytest.TempPathFactory, written: list[Array], data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("arrays") / "arrays"
    with ArrayFileWriter(path) as out:
        for number, array in enumerate(written):
            out.write(str(number), array)
    ArrayFile(path, out.digest).verify()
    content = bytearray(path.read_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= 1 << data.draw(st.integers(0, 7))
    path.write_bytes(content)
    with pytest.raises(IndexDamagedError):
        ArrayFile(path, out.digest).verify()


@given(st.integers(1, 9000), st.data())
def test_a_part_is_a_slice(
    tmp_path_factory: pytest.TempPathFactory, length: int, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("arrays") / "arrays"
    array = np.arange(length, dtype=np.uint32)
    with ArrayFileWriter(path) as out:
        out.write("before", np.arange(7, dtype=np.uint8))
        out.write("array", array)
    start = data.draw(st.integers(0, length))
    stop = data.draw(st.integers(start, length))
    assert ArrayFile(path, out.digest).part("array", start, stop).tolist() == array[start:stop].tolist()


def test_a_part_is_read_without_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "arrays"
    with ArrayFileWriter(path) as out:
        out.write("array", np.arange(100_000, dtype=np.uint32))
    content = bytearray(path.read_bytes())
    content[300_000] ^= 1
    path.write_bytes(content)
    arrays = ArrayFile(path, out.digest)
    assert arrays.part("array", 5, 10).tolist() == [5, 6, 7, 8, 9]
    with pytest.raises(IndexDamagedError):
        arrays.part("array", 0, 100_000)


def test_a_text_of_too_many_words_is_refused_with_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segments, "MOST_WORDS", 6)  # terms count, too, that are beside a word's own
    build_segment([document(1, "four words of text")], tmp_path)
    with pytest.raises(IndexLimitError, match=r"rationale of item 2 has \d+ words; .* fewer than \d"):
        build_segment([document(1, "pain"), document(2, "these are six words by now")], tmp_path)
