"""What every search engine must do, by capability. Subclass `EngineContract` and give it the two engines.

`engine` is an engine whose index does not exist yet; `other_engine` is a second one on the same index,
as another process would have it; `stored` is this index as it is stored.
"""

import pytest

from determinations.search.interface import SearchEngine
from tests.search.engine_contract.faceting import FacetContract
from tests.search.engine_contract.finding import FindingContract
from tests.search.engine_contract.highlighting import HighlightContract
from tests.search.engine_contract.index_state import IndexStateContract
from tests.search.engine_contract.letters import LETTERS, document, keys
from tests.search.engine_contract.matching import MatchingContract
from tests.search.engine_contract.ordering import OrderingContract
from tests.search.engine_contract.similarity import SimilarityContract
from tests.search.engine_contract.stored_index import StoredIndex
from tests.search.engine_contract.updating import UpdateContract
from tests.search.engine_contract.vocabulary import VocabularyContract
from tests.search.engine_contract.word_counts import WordCountContract

__all__ = ["LETTERS", "EngineContract", "StoredIndex", "document", "keys"]


class EngineContract(
    IndexStateContract,
    UpdateContract,
    MatchingContract,
    FindingContract,
    FacetContract,
    OrderingContract,
    HighlightContract,
    SimilarityContract,
    VocabularyContract,
    WordCountContract,
):
    @pytest.fixture
    def engine(self) -> SearchEngine:
        raise NotImplementedError

    @pytest.fixture
    def other_engine(self) -> SearchEngine:
        raise NotImplementedError

    @pytest.fixture
    def stored(self) -> StoredIndex:
        raise NotImplementedError

    @pytest.fixture
    def letters(self, engine: SearchEngine) -> SearchEngine:
        engine.replace_all(LETTERS)
        return engine
