"""The items of a benchmark, written once to one SQLite file, so that every peer gets the same ones.

The file also stands for the site's database, from which a page fetches the texts of its hits.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

from benchmarks.writing import LetterWriter
from determinations.search.interface import IndexDocument

SEED = 20_131_014
_COLUMNS = "key, letter_case, request, guideline, rationale, summary, facets, date, fingerprint"
_WRITTEN_BY = ("material.toml", "vocabulary.py", "writing.py")


class Corpus:
    """`items` documents in a folder of `work`, together with the indexes that are made of them.

    The folder's name tells which version of the program wrote them: no index of other items is ever asked.
    """

    def __init__(self, work: Path, items: int) -> None:
        self.items = items
        self.folder = work / f"{items}-{_version()}"
        self._path = self.folder / "items.sqlite3"

    def ensure(self) -> None:
        """Write the file unless an earlier run has."""
        if self._path.exists():
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        unfinished = self.folder / "items.unfinished"
        unfinished.unlink(missing_ok=True)
        with closing(sqlite3.connect(unfinished)) as database:
            database.execute("pragma synchronous = off")
            columns = _COLUMNS.replace("key,", "key integer primary key,")
            database.execute(f"create table items ({columns})")
            rows = map(_row, self._written())
            database.executemany(f"insert into items values ({', '.join('?' * 9)})", rows)
            database.commit()
        unfinished.rename(self._path)

    def _written(self) -> Iterator[IndexDocument]:
        return islice(LetterWriter(SEED).documents(), self.items)

    def connect(self) -> sqlite3.Connection:
        return sqlite3.connect(f"file:{self._path}?mode=ro", uri=True)

    def documents(self) -> Iterator[IndexDocument]:
        """From the file; written anew, and the same, where nobody has asked for the file."""
        if not self._path.exists():
            yield from self._written()
            return
        with closing(self.connect()) as database:
            rows = database.execute(f"select {_COLUMNS} from items")
            for key, case, request, guideline, rationale, summary, facets, date, fingerprint in rows:
                yield IndexDocument(
                    key, case, request, guideline, rationale, summary, _facets(facets), date, fingerprint
                )


class StoredTexts:
    """Rationale, summary and request by key, as the site reads them for a page of hits."""

    def __init__(self, corpus: Corpus) -> None:
        self._database = corpus.connect()

    def of(self, keys: Iterable[int]) -> dict[int, tuple[str, str, str]]:
        keys = tuple(keys)
        marks = ", ".join("?" * len(keys))
        rows = self._database.execute(
            f"select key, rationale, summary, request from items where key in ({marks})", keys
        )
        return {key: (rationale, summary, request) for key, rationale, summary, request in rows}


def _version() -> str:
    """Changes with anything that changes the letters."""
    sources = b"".join((Path(__file__).parent / name).read_bytes() for name in _WRITTEN_BY)
    return hashlib.sha256(f"{SEED} {_COLUMNS}".encode() + sources).hexdigest()[:8]


def _row(document: IndexDocument) -> tuple[object, ...]:
    return (
        document.key,
        document.case,
        document.request,
        document.guideline,
        document.rationale,
        document.summary,
        json.dumps(document.facets),
        document.date,
        document.fingerprint,
    )


def _facets(stored: str) -> dict[str, tuple[str, ...]]:
    return {name: tuple(values) for name, values in json.loads(stored).items()}
