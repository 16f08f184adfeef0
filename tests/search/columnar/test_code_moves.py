"""An index outlives a move of the code that wrote it: its files name no module but the one that stays."""

import pickle
import pickletools
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from whoosh.index import TOC, open_dir
from whoosh.qparser import QueryParser

from determinations import whoosh_index
from determinations.search.columnar import codec, schema
from determinations.search.columnar.engine import ColumnarEngine
from determinations.search.columnar.index_directory import WHOOSH_NAME
from determinations.search.interface import SearchRequest, SearchUnavailableError
from determinations.search.query.nodes import Word
from tests.search.engine_contract import document, keys


@pytest.fixture
def path(tmp_path: Path) -> Path:
    engine = ColumnarEngine(tmp_path / "index")
    engine.replace_all(document(key, f"pain number{key}") for key in range(1, 40))
    engine.update([document(50, "pain")], delete=[3])
    return tmp_path / "index"


def folder_of(path: Path) -> Path:
    (folder,) = (entry for entry in path.iterdir() if entry.is_dir())
    return folder


def whoosh_finds(path: Path, word: str) -> int:
    """How many documents plain Whoosh finds, by its own parser of queries."""
    with open_dir(str(folder_of(path)), WHOOSH_NAME).searcher() as searcher:
        return len(searcher.search(QueryParser("rationale", searcher.schema).parse(word), limit=None))


def pickled_modules(path: Path) -> Iterator[str]:
    """The modules that pickles in Whoosh's table of contents name."""
    (file,) = path.rglob("*.toc")
    content = file.read_bytes()
    at = content.find(b"\x80")
    while at >= 0:
        try:
            for operation, argument, _ in pickletools.genops(content[at:]):
                if operation.name == "GLOBAL":
                    assert isinstance(argument, str)
                    yield argument.split(" ")[0]
        except ValueError:  # this \x80 begins no pickle
            pass
        at = content.find(b"\x80", at + 1)


def test_the_table_of_contents_names_only_the_module_that_stays(path: Path) -> None:
    named = set(pickled_modules(path))
    assert {name for name in named if name.startswith("determinations")} == {"determinations.whoosh_index"}


@pytest.mark.parametrize("moved", [codec, schema])
def test_code_that_moved_leaves_the_index_as_it_is(
    path: Path, moved: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = moved.__name__  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, name, None)  # an import of the old name fails now
    monkeypatch.setitem(sys.modules, "determinations.elsewhere", moved)
    with pytest.raises(ImportError):
        whoosh_index.restored("segment" if moved is codec else "case")
    for word, place in whoosh_index._CLASSES.items():
        monkeypatch.setitem(
            whoosh_index._CLASSES, word, place.replace(f"{name}:", "determinations.elsewhere:")
        )
    assert whoosh_finds(path, "pain") == 39
    assert ColumnarEngine(path).search(SearchRequest(Word("pain"))).total == 39


class Moved:
    """Stands for a class whose module was renamed since it was pickled."""

    def __reduce__(self) -> tuple[object, ...]:
        return Moved, ()


def as_old_code_left_it(path: Path) -> None:
    """The index of a version that named its own modules, which are gone, in pickles that it read itself."""
    folder = folder_of(path)
    for file in folder.glob("*.commit"):
        file.unlink()
    old = pickle.dumps(Moved(), 2).replace(
        f"{Moved.__module__}\nMoved".encode(),
        b"determinations.search.whoosh_engine.codec\nColumnarSegment",
    )
    with pytest.raises(ModuleNotFoundError):
        pickle.loads(old)  # noqa: S301 - made three lines above
    (contents,) = folder.glob("*.toc")
    contents.write_bytes(contents.read_bytes()[:40] + old)
    generation = int(contents.stem.rpartition("_")[2])
    (path / "current").write_text(
        f'{{"generation": {generation}, "directory": "{folder.name}", "schema_version": "2.2"}}'
    )


def test_an_index_that_names_modules_of_old_is_of_another_version_and_is_not_unpickled(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_old_code_left_it(path)
    before = {file: file.read_bytes() for file in path.rglob("*") if file.is_file()}
    attempts: tuple[Callable[[ColumnarEngine], object], ...] = (
        lambda engine: engine.status(),
        lambda engine: engine.search(SearchRequest(Word("pain"))),
        lambda engine: engine.update([document(8)]),
        lambda engine: engine.verify(),
    )
    versions = rf"version 2\.2; .* {schema.SCHEMA_VERSION}\..*manage.py rebuild"
    for attempt in attempts:
        with monkeypatch.context() as patch, pytest.raises(SearchUnavailableError, match=versions):
            patch.setattr(TOC, "read", None)
            attempt(ColumnarEngine(path))
    for file, content in before.items():
        assert file.name == "writer.lock" or file.read_bytes() == content
    ColumnarEngine(path).replace_all([document(1, "pain")])
    assert keys(ColumnarEngine(path), Word("pain")) == {1}
    assert whoosh_finds(path, "pain") == 1
