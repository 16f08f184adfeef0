"""The engine contract, kept by Whoosh's own searcher."""

from pathlib import Path

import pytest

from determinations.search.interface import SearchEngine
from tests.oracle.whoosh_engine import WhooshEngine
from tests.search.columnar.index_files import IndexFiles
from tests.search.engine_contract import EngineContract, StoredIndex


class TestWhooshEngine(EngineContract):
    @pytest.fixture
    def index_path(self, tmp_path: Path) -> Path:
        return tmp_path / "index"

    @pytest.fixture
    def engine(self, index_path: Path) -> SearchEngine:
        return WhooshEngine(index_path)

    @pytest.fixture
    def other_engine(self, index_path: Path) -> SearchEngine:
        return WhooshEngine(index_path, lock_timeout=0)

    @pytest.fixture
    def stored(self, index_path: Path) -> StoredIndex:
        return IndexFiles(index_path)
