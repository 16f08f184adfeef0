"""The terms near a word are those that comparing it with every term finds."""

from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from determinations.search.columnar.array_file import ArrayFile, ArrayFileWriter
from determinations.search.columnar.cache import Cache
from determinations.search.columnar.columns import TermColumns
from determinations.search.columnar.segments import write_dictionary
from determinations.search.columnar.suggest import terms_within

words = st.text(alphabet="abcdz1é膝=", min_size=1, max_size=7)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("terms")


def columns_of(folder: Path, terms: list[str]) -> TermColumns:
    path = Path(mkdtemp(dir=folder)) / "terms.columns"
    with ArrayFileWriter(path) as out:
        write_dictionary(out, "field", sorted(term.encode() for term in terms))
        out.write("field.offsets", np.zeros(len(terms) + 1, np.uint32))
    return TermColumns(ArrayFile(path, out.digest), "field", Cache(0))


@settings(deadline=None)
@given(st.sets(words, max_size=30), words, st.integers(1, 3), st.integers(0, 2))
def test_terms_near_a_word(folder: Path, terms: set[str], word: str, distance: int, prefix: int) -> None:
    columns = columns_of(folder, sorted(terms))
    near = {columns.term(number).decode() for number in terms_within(columns, word, distance, prefix)}
    assert near == {
        term
        for term in terms
        if term.startswith(word[:prefix]) and Levenshtein.distance(word, term) <= distance
    }
