"""The engine contract, kept by the vectorised executor."""

from pathlib import Path

import pytest

from determinations.search.columnar.engine import ColumnarEngine
from determinations.search.interface import SearchEngine
from tests.search.engine_contract import EngineContract


class TestColumnarEngine(EngineContract):
    @pytest.fixture
    def engine(self, index_path: Path) -> SearchEngine:
        return ColumnarEngine(index_path)

    @pytest.fixture
    def other_engine(self, index_path: Path) -> SearchEngine:
        return ColumnarEngine(index_path, lock_timeout=0)
