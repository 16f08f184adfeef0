"""What every search engine must do, by capability. Subclass `EngineContract` and give it the two engines.

`engine` is an engine whose index does not exist yet; `other_engine` is a second one on the same index,
as another process would have it.
"""

from pathlib import Path

import pytest

from determinations.search.interface import SearchEngine

from .faceting import FacetContract
from .highlighting import HighlightContract
from .index_state import IndexStateContract
from .letters import LETTERS, document, keys
from .matching import MatchingContract
from .ordering import OrderingContract
from .similarity import SimilarityContract
from .updating import UpdateContract
from .vocabulary import VocabularyContract
from .word_counts import WordCountContract

__all__ = ["LETTERS", "EngineContract", "document", "keys"]


class EngineContract(
    IndexStateContract,
    UpdateContract,
    MatchingContract,
    FacetContract,
    OrderingContract,
    HighlightContract,
    SimilarityContract,
    VocabularyContract,
    WordCountContract,
):
    @pytest.fixture
    def index_path(self, tmp_path: Path) -> Path:
        return tmp_path / "index"

    @pytest.fixture
    def engine(self, index_path: Path) -> SearchEngine:
        raise NotImplementedError

    @pytest.fixture
    def other_engine(self, index_path: Path) -> SearchEngine:
        raise NotImplementedError

    @pytest.fixture
    def letters(self, engine: SearchEngine) -> SearchEngine:
        engine.replace_all(LETTERS)
        return engine
