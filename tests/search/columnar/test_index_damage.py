"""A damaged index gives the answers of a whole one, or says that it is damaged: never another answer.

Every kind of damage meets an engine that opens the index after it, and one that serves it already.
"""

import json
import os
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import pytest

from determinations.search.columnar import merge
from determinations.search.columnar.engine import ColumnarEngine
from determinations.search.interface import (
    FacetFilter,
    IndexDocument,
    Likeness,
    SearchRequest,
    SearchUnavailableError,
    Sort,
)
from determinations.search.query.nodes import All, AnyOf, CaseNumber, Fuzzy, Not, Phrase, Wildcard, Word
from tests.search.engine_contract import document

WORDS = [
    f"{begin}{end}" for begin in ("pain", "block", "lumb", "cerv", "medi", "inj") for end in "abcdefghijkl"
]
DAMAGED = "said to be damaged"


def anywhere(size: int, seed: int) -> int:
    return random.Random(seed).randrange(size)


def _documents(keys: range) -> list[IndexDocument]:
    draw = random.Random(keys.start)
    return [
        IndexDocument(
            key=key,
            case=f"CM14-{key:07d}",
            request=" ".join(draw.choices(WORDS, k=6)),
            guideline=" ".join(draw.choices(WORDS, k=10)),
            rationale=" ".join(draw.choices(WORDS, k=60)),
            summary=" ".join(draw.choices(WORDS, k=60)),
            facets={"decision": (draw.choice(("upheld", "overturned")),), "year": (str(2013 + key % 4),)},
            date=20140101 + key % 28,
            fingerprint=key * 7,
        )
        for key in keys
    ]


LARGE, SMALL = _documents(range(1, 401)), _documents(range(401, 421))

QUESTIONS: tuple[Callable[[ColumnarEngine], object], ...] = (
    lambda engine: engine.search(SearchRequest(Word("paina"), limit=500, count=("decision", "year"))),
    lambda engine: engine.search(SearchRequest(Phrase(("lumba", "blockb"), 3), sort=Sort.NEWEST, limit=500)),
    lambda engine: engine.search(SearchRequest(Wildcard("med*"), limit=500)),
    lambda engine: engine.search(SearchRequest(Fuzzy("cerva", 1), limit=500)),
    lambda engine: engine.search(SearchRequest(CaseNumber("CM14-0000410"))),
    lambda engine: engine.search(
        SearchRequest(All((Word("inja"), Not(AnyOf((Word("injb"), Word("injc")))))))
    ),
    lambda engine: engine.search(
        SearchRequest(filters=(FacetFilter("year", ("2014",)),), sort=Sort.OLDEST, limit=500)
    ),
    lambda engine: dict(engine.word_counts([SearchRequest()])),
    lambda engine: dict(engine.pair_counts([SearchRequest()], {"paina", "painb", "lumba"})),
    lambda engine: list(engine.fingerprints()),
    lambda engine: engine.words_with_prefix("bl", 50),
    lambda engine: engine.suggest_word("painz"),
    lambda engine: engine.more_like(Likeness({"rationale": "paina blockb lumbc"}), (), (), 50),
)


def answers(engine: ColumnarEngine) -> list[object]:
    """What each question gives, or that the index is said to be damaged."""
    found: list[object] = []
    for question in QUESTIONS:
        try:
            found.append(question(engine))
        except SearchUnavailableError as error:
            assert "manage.py rebuild_index" in str(error)
            found.append(DAMAGED)
    return found


def is_noticed(engine: ColumnarEngine) -> bool:
    try:
        engine.verify()
    except SearchUnavailableError as error:
        assert "manage.py rebuild_index" in str(error)
        return True
    return False


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("whole") / "index"
    engine = ColumnarEngine(path)
    with patch.object(merge, "MANY_WORDS", 1):  # so that the merged segment has pairs, too
        engine.replace_all(LARGE[:200])
        engine.update(LARGE[200:])
    engine.update(SMALL, delete=[5, 17])
    return path


@pytest.fixture(scope="module")
def right(whole: Path) -> list[object]:
    found = answers(ColumnarEngine(whole))
    assert DAMAGED not in found
    return found


@dataclass(frozen=True)
class Files:
    """The files of an index of two segments."""

    index: Path

    @property
    def current(self) -> Path:
        return self.index / "current"

    @property
    def folder(self) -> Path:
        (folder,) = (entry for entry in self.index.iterdir() if entry.is_dir())
        return folder

    @property
    def large(self) -> Path:
        return max(self.folder.glob("*.columns"), key=_size)

    @property
    def small(self) -> Path:
        return min(self.folder.glob("*.columns"), key=_size)

    @property
    def commit(self) -> Path:
        (file,) = self.folder.glob("*.commit")
        return file

    @property
    def toc(self) -> Path:
        (file,) = self.folder.glob("*.toc")
        return file


def _size(path: Path) -> int:
    return path.stat().st_size


def overwrite(path: Path, at: int, content: bytes) -> None:
    """In place: a process that has the file open sees it."""
    with path.open("r+b") as file:
        file.seek(at)
        file.write(content)


def flip(path: Path, at: int) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        (byte,) = file.read(1)
        file.seek(at)
        file.write(bytes([byte ^ 1 << at % 8]))


def swap(one: Path, other: Path) -> None:
    aside = one.with_name("aside")
    one.rename(aside)
    other.rename(one)
    aside.rename(other)


def become_a_directory(path: Path) -> None:
    path.unlink()
    path.mkdir()


def edit_pointer(**changes: object) -> Callable[[Files], object]:
    return lambda files: files.current.write_text(json.dumps(json.loads(files.current.read_text()) | changes))


COLUMNS: dict[str, Callable[[Files], object]] = {
    "small over large, in place": lambda files: overwrite(files.large, 0, files.small.read_bytes()),
    "small in place of large": lambda files: files.large.write_bytes(files.small.read_bytes()),
    "swapped": lambda files: swap(files.large, files.small),
    "all zero, in place": lambda files: overwrite(files.large, 0, bytes(_size(files.large))),
    "cut to nothing": lambda files: os.truncate(files.large, 0),
    "cut in half": lambda files: os.truncate(files.large, _size(files.large) // 2),
    "cut by a byte": lambda files: os.truncate(files.large, _size(files.large) - 1),
    "cut by a block": lambda files: os.truncate(files.large, _size(files.large) - 4096),
    "junk behind": lambda files: overwrite(files.large, _size(files.large), b"junk" * 30),
    "gone": lambda files: files.large.unlink(),
    "a directory": lambda files: become_a_directory(files.large),
    "trailer": lambda files: flip(files.large, _size(files.large) - 20),
    "directory": lambda files: flip(files.large, files.large.read_bytes().index(b"guideline_words.sources")),
} | {
    f"4,096 zeros, {number}": lambda files, number=number: overwrite(
        files.large, anywhere(_size(files.large) - 4096, number), bytes(4096)
    )
    for number in range(8)
}
COMMIT: dict[str, Callable[[Files], object]] = {
    "gone": lambda files: files.commit.unlink(),
    "empty": lambda files: files.commit.write_bytes(b""),
    "cut": lambda files: os.truncate(files.commit, 100),
    "a directory": lambda files: become_a_directory(files.commit),
    "columns": lambda files: files.commit.write_bytes(files.small.read_bytes()),
    "a document less": lambda files: files.commit.write_text(
        files.commit.read_text().replace('"document_count": 400', '"document_count": 399')
    ),
    "folder": lambda files: shutil.rmtree(files.folder),
} | {
    f"bit, {number}": lambda files, number=number: flip(files.commit, anywhere(_size(files.commit), number))
    for number in range(8)
}
POINTER: dict[str, Callable[[Files], object]] = {
    "gone": lambda files: files.current.unlink(),
    "a directory": lambda files: become_a_directory(files.current),
    "empty": lambda files: files.current.write_bytes(b""),
    "half": lambda files: os.truncate(files.current, _size(files.current) // 2),
    "garbage": lambda files: files.current.write_bytes(b"\x08\x08\x04\xff" * 40),
    "a list": lambda files: files.current.write_text("[]"),
    "null": lambda files: files.current.write_text("null"),
    "short nesting": lambda files: files.current.write_text("[" * 3000),
    "long nesting": lambda files: files.current.write_text("[" * 200_000),
    "generation is another": edit_pointer(generation=7),
    "generation is text": edit_pointer(generation="seven"),
    "directory is null": edit_pointer(directory=None),
    "directory is a number": edit_pointer(directory=1),
    "directory is another": edit_pointer(directory="5"),
    "commit is another": edit_pointer(commit="0" * 32),
} | {
    f"bit, {number}": lambda files, number=number: flip(files.current, anywhere(_size(files.current), number))
    for number in range(8)
}
HARMLESS: dict[str, Callable[[Files], object]] = {
    "toc, gone": lambda files: files.toc.unlink(),
    "toc, a directory": lambda files: become_a_directory(files.toc),
    "toc, cut": lambda files: os.truncate(files.toc, 100),
    "toc, zeros": lambda files: overwrite(files.toc, 0, bytes(_size(files.toc))),
    "toc, columns": lambda files: files.toc.write_bytes(files.small.read_bytes()),
    "toc, bit": lambda files: flip(files.toc, anywhere(_size(files.toc), 1)),
}
"""Damage to what only plain Whoosh reads: this site answers as before, and a check finds it."""


@pytest.fixture
def files(whole: Path, tmp_path: Path) -> Files:
    shutil.copytree(whole, tmp_path / "index")
    return Files(tmp_path / "index")


def assert_never_wrong(files: Files, right: list[object], damage: Callable[[Files], object]) -> None:
    """Also: nothing is erased, a check finds the damage, and a rebuild mends it for the serving engine."""
    serving = ColumnarEngine(files.index)
    assert serving.search(SearchRequest(Word("paina"), limit=500, count=("decision", "year"))) == right[0]
    damage(files)
    left = sorted(files.index.rglob("*"))
    starting = ColumnarEngine(files.index)
    for engine in (starting, serving):
        found = answers(engine)
        assert all(one in (expected, DAMAGED) for one, expected in zip(found, right, strict=True))
        assert is_noticed(engine)
    assert sorted(files.index.rglob("*")) == left
    serving.replace_all(LARGE)
    serving.update(SMALL, delete=[5, 17])
    for engine in (serving, starting, ColumnarEngine(files.index)):
        assert answers(engine) == right
        assert not is_noticed(engine)


@pytest.mark.parametrize("damage", COLUMNS)
def test_damaged_columns(files: Files, right: list[object], damage: str) -> None:
    assert_never_wrong(files, right, COLUMNS[damage])


@pytest.mark.parametrize("damage", COMMIT)
def test_a_damaged_commit(files: Files, right: list[object], damage: str) -> None:
    assert_never_wrong(files, right, COMMIT[damage])


@pytest.mark.parametrize("damage", POINTER)
def test_a_damaged_pointer(files: Files, right: list[object], damage: str) -> None:
    assert_never_wrong(files, right, POINTER[damage])


@pytest.mark.parametrize("damage", HARMLESS)
def test_a_damaged_table_of_contents_of_whoosh(files: Files, right: list[object], damage: str) -> None:
    HARMLESS[damage](files)
    engine = ColumnarEngine(files.index)
    assert answers(engine) == right
    assert is_noticed(engine)


@pytest.mark.parametrize("damage", [COMMIT, POINTER])
def test_without_commit_or_pointer_no_question_is_answered_after_a_start(
    files: Files, damage: dict[str, Callable[[Files], object]]
) -> None:
    for name, harm in damage.items():
        copy = Files(files.index.with_name(name.replace(" ", "-")))
        shutil.copytree(files.index, copy.index)
        harm(copy)
        assert answers(ColumnarEngine(copy.index)) == [DAMAGED] * len(QUESTIONS), name


def test_one_bit_changed_anywhere_in_the_columns(files: Files, right: list[object]) -> None:
    content = files.large.read_bytes()
    serving = ColumnarEngine(files.index)
    for number in range(40):
        flip(files.large, anywhere(len(content), number))
        for engine in (serving, ColumnarEngine(files.index)):
            found = answers(engine)
            assert all(one in (expected, DAMAGED) for one, expected in zip(found, right, strict=True))
        assert is_noticed(serving)
        overwrite(files.large, 0, content)
    assert answers(serving) == right


def test_a_copy_put_back_in_place_of_a_damaged_index_is_served_at_once(
    files: Files, right: list[object], whole: Path
) -> None:
    serving = ColumnarEngine(files.index)
    assert answers(serving) == right
    overwrite(files.large, 0, bytes(_size(files.large)))
    assert DAMAGED in answers(serving)
    shutil.rmtree(files.index)
    shutil.copytree(whole, files.index)
    assert answers(serving) == right


def test_a_lost_lock_file_is_no_damage(files: Files, right: list[object]) -> None:
    (files.index / "writer.lock").unlink()
    engine = ColumnarEngine(files.index)
    assert answers(engine) == right
    assert not is_noticed(engine)


def test_an_update_of_a_damaged_index_changes_nothing(files: Files) -> None:
    overwrite(files.large, 0, bytes(_size(files.large)))
    before = {path: path.read_bytes() for path in files.index.rglob("*") if path.is_file()}
    del before[files.index / "writer.lock"]
    with pytest.raises(SearchUnavailableError, match=r"manage.py rebuild_index"):
        ColumnarEngine(files.index).update([document(9000, "pain")])
    for path, content in before.items():
        assert path.read_bytes() == content


def test_damage_is_never_merged_into_a_whole_segment(files: Files, right: list[object]) -> None:
    """Merging reads every block, so that it cannot give damaged postings new checksums."""
    at = files.small.read_bytes().index(b"blockk\n")
    flip(files.small, at)
    engine = ColumnarEngine(files.index)
    with pytest.raises(SearchUnavailableError, match=r"manage.py rebuild_index"):
        engine.update(_documents(range(500, 520)))
