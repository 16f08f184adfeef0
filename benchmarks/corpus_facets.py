"""The facets that the items of the benchmarks have, and that the site and its peers count."""

from determinations.search.facets import FACETS

_NOT_IN_THE_CORPUS = {"body_part", "side", "reason", "agreement", "contradiction"}
"""What is read out of real letters, and what generated items do not state."""

CORPUS_FACETS = tuple(facet for facet in FACETS if facet.name not in _NOT_IN_THE_CORPUS)
