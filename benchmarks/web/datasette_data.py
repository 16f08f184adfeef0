"""The items as Datasette is given them: facets as columns and JSON arrays, texts searched by FTS5.

Datasette counts an array facet over whole rows, so that texts stand in a table of their own: with
them beside the facets it takes several times as long.
"""

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from benchmarks.corpus_facets import CORPUS_FACETS as FACETS
from determinations.search.interface import IndexDocument
from determinations.search.query.nodes import SEARCHED_FIELDS

DATABASE = "items.db"
METADATA = "metadata.json"
_TEXTS = ", ".join(SEARCHED_FIELDS)


def write(documents: Iterable[IndexDocument], folder: Path) -> None:
    """`items` is searched and faceted, `texts` holds what its pages show of a single item."""
    facets = ", ".join(facet.name for facet in FACETS)
    with closing(sqlite3.connect(folder / DATABASE)) as database:
        database.executescript(
            f"""pragma journal_mode = off; pragma synchronous = off;
            create table items (id integer primary key, case_number, decided_on, asked_for, {facets});
            create table texts (id integer primary key, {_TEXTS});
            create virtual table texts_fts using fts5
                ({_TEXTS}, content="texts", content_rowid="id", tokenize='porter unicode61');"""
        )
        for document in documents:
            database.execute(f"insert into items values (?{', ?' * (3 + len(FACETS))})", _facts(document))
            texts = (getattr(document, field) for field in SEARCHED_FIELDS)
            database.execute(
                f"insert into texts values (?{', ?' * len(SEARCHED_FIELDS)})", (document.key, *texts)
            )
        for facet in FACETS:
            if not facet.multiple:
                database.execute(f"create index items_{facet.name} on items ({facet.name})")
        database.execute("insert into texts_fts (texts_fts) values ('rebuild')")
        database.execute("insert into texts_fts (texts_fts) values ('optimize')")
        database.execute("analyze")
        database.commit()
    searched = {"items": {"fts_table": "texts_fts", "fts_pk": "id"}}
    metadata = {"databases": {Path(DATABASE).stem: {"tables": searched}}}
    (folder / METADATA).write_text(json.dumps(metadata), encoding="utf-8")


def _facts(document: IndexDocument) -> tuple[object, ...]:
    day = str(document.date)
    values = ((facet, document.facets[facet.name]) for facet in FACETS)
    return (
        document.key,
        document.case,
        f"{day[:4]}-{day[4:6]}-{day[6:]}",
        document.request,
        *(json.dumps(held) if facet.multiple else next(iter(held), None) for facet, held in values),
    )
