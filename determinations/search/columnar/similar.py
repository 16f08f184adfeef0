"""The items most like another: those that share its facts and say what it says.

Of each text the words that make it what it is are looked for; what a document scores for them is set
against the best score of any document, so that a long rationale outweighs no short request.
"""

from collections.abc import Iterable, Mapping

import numpy as np
from pyroaring import BitMap
from whoosh import query

from determinations.search.columnar.array_file import Array
from determinations.search.columnar.bitmaps import from_mask, to_array
from determinations.search.columnar.filters import Filters
from determinations.search.columnar.ranking import page
from determinations.search.columnar.scoring import scores_of_term
from determinations.search.columnar.snapshot import Snapshot
from determinations.search.index_fields import facet_field
from determinations.search.interface import FacetFilter, Hit, Likeness
from determinations.search.vocabulary import key_terms


def closest(
    snapshot: Snapshot, likeness: Likeness, filters: Filters, exclude: Iterable[int], limit: int
) -> tuple[Hit, ...]:
    """The `limit` best; items that neither share a fact nor have a key term are none of them."""
    terms_of = {field: key_terms(text, field, snapshot) for field, text in likeness.texts.items()}
    sharing = [(_holding(snapshot, one), weight) for one, weight in likeness.shared]
    saying = [_said(snapshot, field, found) for field, found in terms_of.items() if found]
    candidates = filters.of(
        BitMap.union(
            BitMap(), *(documents for documents, _ in sharing), *(from_mask(said > 0) for said in saying)
        )
        - snapshot.deleted
    )
    ids = to_array(candidates)
    ids = ids[~np.isin(snapshot.keys[ids], list(exclude))]
    if not len(ids):
        return ()
    scores = np.zeros(len(ids), np.float32)
    for documents, weight in sharing:
        holds = np.zeros(snapshot.document_count, bool)
        holds[to_array(documents)] = True
        scores += holds.take(ids) * np.float32(weight)
    for said in saying:
        of_candidates = said.take(ids)
        scores += of_candidates / np.float32((of_candidates.max(initial=0) or 1) * len(terms_of))
    places = page(ids, lambda run: -scores[run], snapshot.keys, 0, limit)
    keys = snapshot.keys[ids[places]].tolist()
    return tuple(Hit(key, score) for key, score in zip(keys, scores[places].tolist(), strict=True))


def _holding(snapshot: Snapshot, one: FacetFilter) -> BitMap:
    """The documents that have one of the values."""
    values = snapshot.facet(facet_field(one.held_in))
    return BitMap.union(BitMap(), *(values[value] for value in one.values if value in values))


def _said(snapshot: Snapshot, field: str, emphases: Mapping[str, float]) -> Array:
    """What each document scores for the key terms in the field; remembered, for either outcome is asked for.

    The work is linear in the postings of the terms.
    """

    def made() -> tuple[Array]:
        said = np.zeros(snapshot.document_count, np.float32)
        for term, emphasis in emphases.items():
            for documents, scores in scores_of_term(snapshot, query.Term(field, term)):
                said[documents] += scores * np.float32(emphasis)
        return (said,)

    found: Array = snapshot.cached(("said", field, tuple(emphases.items())), made)[0]
    return found
