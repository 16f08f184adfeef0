"""Invented letters, read and stored as an import does, in folders of the test's own."""

from pathlib import Path

import pytest
from pytest_django import Settings

from determinations.importing import originals
from determinations.importing.letter_reading import LetterRead, read_stored_letter
from determinations.importing.letter_storage import IncomingLetter, store_letters
from determinations.models import Determination
from determinations.search.engines import search_engine
from determinations.search.indexing import write_changes
from sample_letters.generator import invented_letters


@pytest.fixture(autouse=True)
def data_folders(tmp_path: Path, settings: Settings) -> None:
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    settings.ORIGINAL_LETTERS_DIR = tmp_path / "letters"


@pytest.fixture
def letters(db: None) -> list[Determination]:
    """Twelve letters, stored and searchable."""
    incoming = []
    for letter in invented_letters(12, seed=7):
        content_hash = originals.keep(letter.text.encode())
        read = read_stored_letter(originals.path_of(content_hash))
        assert isinstance(read, LetterRead), read
        incoming.append(IncomingLetter(content_hash, letter.name, read))
    stored = [answer.determination for answer in store_letters(incoming)]
    write_changes(search_engine())
    return stored
