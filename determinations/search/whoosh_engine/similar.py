"""More like this: the words that make a text what it is, as one question."""

import math
from collections import Counter
from collections.abc import Mapping

from whoosh import query

from determinations.search.whoosh_engine.analysis import terms
from determinations.search.whoosh_engine.spelling import Vocabulary

_KEY_TERMS = 25
_COMMONEST, _ALWAYS_TELLING = 0.5, 10
"""A term that more than this share of the documents holds says nothing, unless it is in a handful."""


def similar_query(texts: Mapping[str, str], vocabulary: Vocabulary) -> query.Query | None:
    """Documents that hold the key terms of `texts` (by field name); None where there are none.

    Key terms have the highest tf-idf and stand in at least one other document; each counts by how
    often the text repeats it, beside the rarity that the score itself counts.
    """
    documents = vocabulary.document_count
    weighed: list[tuple[float, str, str, float]] = []
    for field, text in texts.items():
        for term, times in Counter(terms(text)).items():
            frequency = vocabulary.frequency(field, term)
            if 2 <= frequency <= max(_ALWAYS_TELLING, documents * _COMMONEST):
                emphasis = 1 + math.log(times)
                weighed.append((-emphasis * math.log(documents / frequency + 1), field, term, emphasis))
    parts = [
        query.Term(field, term, boost=emphasis) for _, field, term, emphasis in sorted(weighed)[:_KEY_TERMS]
    ]
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else query.Or(parts)
