"""The engine contract, kept by the vectorised executor."""

import json
import shutil
from pathlib import Path

import pytest

from determinations.search.columnar.engine import ColumnarEngine
from determinations.search.interface import SearchEngine
from tests.search.engine_contract import EngineContract, StoredIndex


class IndexFiles:
    """An index in a folder."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._pointer = path / "current"
        self._copy = path.with_name("copy")

    def write_version(self, version: str) -> None:
        pointer = json.loads(self._pointer.read_text())
        self._pointer.write_text(json.dumps(pointer | {"schema_version": version}))

    def garble(self) -> None:
        self._pointer.write_text("not what was written")

    def lose_documents(self) -> None:
        for file in self._path.glob("[0-9]*/*"):
            file.unlink()

    def delete(self) -> None:
        shutil.rmtree(self._path)

    def copy(self) -> None:
        shutil.copytree(self._path, self._copy)

    def restore(self) -> None:
        self.delete()
        shutil.copytree(self._copy, self._path)

    def content(self) -> object:
        files = (file for file in self._path.rglob("*") if file.is_file())
        return {file.relative_to(self._path): file.read_bytes() for file in files}

    def holds_word(self, word: str) -> bool:
        return any(word.encode() in file.read_bytes() for file in self._path.rglob("*") if file.is_file())


class TestColumnarEngine(EngineContract):
    @pytest.fixture
    def index_path(self, tmp_path: Path) -> Path:
        return tmp_path / "index"

    @pytest.fixture
    def engine(self, index_path: Path) -> SearchEngine:
        return ColumnarEngine(index_path)

    @pytest.fixture
    def other_engine(self, index_path: Path) -> SearchEngine:
        return ColumnarEngine(index_path, lock_timeout=0)

    @pytest.fixture
    def stored(self, index_path: Path) -> StoredIndex:
        return IndexFiles(index_path)
