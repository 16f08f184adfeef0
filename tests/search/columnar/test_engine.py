"""The engine contract, kept by the vectorized executor."""

from pathlib import Path

import pytest

from determinations.search.columnar.engine import ColumnarEngine
from determinations.search.interface import SearchEngine
from tests.search.columnar.index_files import IndexFiles
from tests.search.engine_contract import EngineContract, StoredIndex


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
