"""What an index of items and one of words are made of, and how a document becomes lines of a bulk request.

An item's words come made from this program (`texts`), so that no analyzer of the server has a say. The
server's similarity gives the strength of a word in a field alone (`relevance.Weights`); `scoring` does the
rest.
"""

from collections.abc import Mapping
from typing import Any

from determinations.search.analysis import ANALYSIS_VERSION, case_term
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
)
from determinations.search.interface import IndexDocument, LetterDate
from determinations.search.opensearch.texts import written
from determinations.search.query.nodes import SEARCHED_FIELDS
from determinations.search.relevance import WEIGHTS

SCHEMA_VERSION = f"opensearch 1.{ANALYSIS_VERSION}"
"""The layout, then the analysis. An index of the same layout can be read by any version."""

USUAL_LENGTHS: Mapping[str, float] = {
    "request": 10.0,
    "rationale": 120.0,
    "summary": 150.0,
    "guideline": 20.0,
}
"""Words of a field, where no documents are there to be measured."""

STORED, ASKED = "as_sent", "as_asked"
_LONGEST_WORD = 1_000_000
_DEEPEST = 10_000_000
_REGEX = 100_000

Body = dict[str, Any]


def items_index(shards: int, replicas: int, lengths: Mapping[str, float]) -> Body:
    """`lengths`: how many words each field has on the average, to compare others with."""
    keyword = {"type": "keyword"}
    number = {"type": "integer"}
    properties: Body = {
        KEY: {"type": "long"},
        FINGERPRINT: {"type": "long", "index": False},
        CASE: keyword,
        DATE: number,
        LEVEL_ORDER: {"type": "long"},
        CASE_ORDER: {"type": "long"},
    }
    for date in LetterDate:
        properties[date_field(date)] = number
    for facet in INDEXED:
        properties[facet_field(facet.name)] = {"type": "keyword", "eager_global_ordinals": True}
    for name in SEARCHED_FIELDS:
        properties[name] = {
            "type": "text",
            "analyzer": STORED,
            "search_analyzer": ASKED,
            "similarity": f"strength_in_{name}",
        }
    spaces = {"type": "whitespace", "max_token_length": _LONGEST_WORD}
    bars = {"type": "pattern_capture", "preserve_original": False, "patterns": ["([^|]+)"]}
    settings: Body = {
        **_settings(shards, replicas),
        "max_result_window": _DEEPEST,
        "max_regex_length": _REGEX,
        "codec": "best_compression",
        "merge.policy.expunge_deletes_allowed": 0,
        "analysis": {
            "tokenizer": {"spaces": spaces},
            "filter": {"bars": bars},
            "analyzer": {
                STORED: {"type": "custom", "tokenizer": "spaces", "filter": ["bars"]},
                ASKED: {"type": "custom", "tokenizer": "spaces"},
            },
        },
        "similarity": {f"strength_in_{name}": _strength(name, lengths[name]) for name in SEARCHED_FIELDS},
    }
    # Of the source only the texts are asked for: to count words, and to measure distances.
    mappings = {"dynamic": "strict", "_source": {"enabled": True}, "properties": properties}
    return {"settings": settings, "mappings": mappings}


def _strength(field: str, length: float) -> Body:
    weight, share = WEIGHTS.fields[field], WEIGHTS.length
    norm = f"{1 - share} + {share} * (doc.length / {length})"
    return {
        "type": "scripted",
        "script": {"source": f"return query.boost * {weight} * doc.freq / ({norm});"},
    }


def words_index(shards: int, replicas: int) -> Body:
    """One document for each word as it is spelled and each term of a field, with the number of items."""
    keyword = {"type": "keyword"}
    properties = {"field": keyword, "word": keyword, "stems": keyword, "documents": {"type": "long"}}
    return {
        "settings": _settings(shards, replicas),
        "mappings": {"dynamic": "strict", "properties": properties},
    }


def control_index(replicas: int) -> Body:
    return {
        "settings": {"number_of_shards": 1, "number_of_replicas": replicas},
        "mappings": {"dynamic": False, "properties": {}},
    }


def _settings(shards: int, replicas: int) -> Body:
    # What is written is seen when its writer says so, all of it at once.
    return {"number_of_shards": shards, "number_of_replicas": replicas, "refresh_interval": "-1"}


def source_of(document: IndexDocument) -> Body:
    """The document as it is sent. What it has not is left out, and comes last in every order."""
    source: Body = {KEY: document.key, FINGERPRINT: document.fingerprint, CASE: case_term(document.case)}
    numbers = {
        DATE: document.date,
        LEVEL_ORDER: document.level_order,
        CASE_ORDER: document.case_order,
        **{date_field(date): day for date, day in document.dates.items()},
    }
    source |= {name: number for name, number in numbers.items() if number}
    source |= {facet_field(facet): list(values) for facet, values in document.facets.items() if values}
    for name in SEARCHED_FIELDS:
        if sent := written(getattr(document, name)):
            source[name] = sent
    return source
