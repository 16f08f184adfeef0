"""The index's fields, and the versions that an index is stamped with.

Each searched text is indexed twice: under its own name as stems with positions, scored (words and
phrases), and under `words_field(name)` as spelled, documents only (wildcards, fuzzy words, spelling). The
latter are written down as a dictionary alone: see `columns.WordColumns`.
"""

from collections.abc import Iterator
from typing import Any

from whoosh import analysis as whoosh_analysis
from whoosh import columns, fields, formats

from determinations.search.analysis import ANALYSIS_VERSION, case_term, tokens, words_at
from determinations.search.facets import INDEXED
from determinations.search.index_fields import (
    CASE,
    CASE_ORDER,
    DATE,
    FINGERPRINT,
    KEY,
    LEVEL_ORDER,
    date_field,
    facet_field,
    words_field,
)
from determinations.search.interface import LetterDate
from determinations.search.query.nodes import SEARCHED_FIELDS
from determinations.whoosh_index import restored

SCHEMA_VERSION = f"6.{ANALYSIS_VERSION}"
"""Stamped into the index: the layout, which grows with the fields below and the files' format, then the
analysis. An index of the same layout can be read by any version."""


class TextAnalyzer(whoosh_analysis.Tokenizer):  # type: ignore[misc]
    """This project's analysis as Whoosh asks for it; `spelled` gives words in place of stems."""

    def __init__(self, spelled: bool) -> None:
        self.spelled = spelled

    def __reduce__(self) -> tuple[Any, ...]:
        return restored, ("text", self.spelled)

    def __call__(self, value: str, start_pos: int = 0, start_char: int = 0, **_: Any) -> Iterator[Any]:
        token = whoosh_analysis.Token(positions=True, chars=True)
        for position, found in enumerate(tokens(value), start_pos):
            for text in words_at(found) if self.spelled else (found.term, *found.others):
                token.text = token.original = text
                token.pos, token.boost, token.stopped = position, 1.0, False
                token.startchar, token.endchar = start_char + found.start, start_char + found.end
                yield token


class CaseAnalyzer(whoosh_analysis.Tokenizer):  # type: ignore[misc]
    """The whole case number as one term, in its canonical writing."""

    def __reduce__(self) -> tuple[Any, ...]:
        return restored, ("case",)

    def __call__(self, value: str, **_: Any) -> Iterator[Any]:
        token = whoosh_analysis.Token()
        token.text, token.pos, token.boost = case_term(value), 0, 1.0
        yield token


def index_schema() -> fields.Schema:
    """A new schema; what is pickled into the table of contents of an index."""
    schema = fields.Schema()
    for name in SEARCHED_FIELDS:
        schema.add(name, fields.TEXT(analyzer=TextAnalyzer(spelled=False)))
        schema.add(
            words_field(name),
            fields.FieldType(formats.Existence(), TextAnalyzer(spelled=True), scorable=False),
        )
    schema.add(CASE, fields.ID(analyzer=CaseAnalyzer()))
    for facet in INDEXED:
        schema.add(facet_field(facet.name), fields.KEYWORD(scorable=False))
    schema.add(KEY, fields.COLUMN(columns.NumericColumn("q")))
    schema.add(FINGERPRINT, fields.COLUMN(columns.NumericColumn("q")))
    schema.add(CASE_ORDER, fields.COLUMN(columns.NumericColumn("q")))
    for name in (DATE, *map(date_field, LetterDate), LEVEL_ORDER):
        schema.add(name, fields.COLUMN(columns.NumericColumn("i")))
    return schema
