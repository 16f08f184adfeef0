"""Which words of a segment's dictionary a prefix, a wildcard or a fuzzy word stands for.

Whoosh expands these over all segments at once, term by term; here each segment's dictionary is looked at by
itself, as one piece of text.
"""

import re
from fnmatch import translate

from whoosh import query

from determinations.search.columnar.columns import TermColumns
from determinations.search.columnar.suggest import terms_within
from determinations.search.interface import QuerySyntaxError

MOST_POSTINGS_OF_A_PATTERN = 20_000_000
"""Words of a prefix, wildcard or fuzzy word in a field, counted once for each item: about a second."""


def check_postings(postings: int, typed: str) -> None:
    """Raises QuerySyntaxError where a pattern stands for more than can be searched in a moment."""
    if postings > MOST_POSTINGS_OF_A_PATTERN:
        raise QuerySyntaxError(
            f"“{typed}” stands for words that are in too many letters to be searched. "
            "Write more of its letters."
        )


def numbers_of(columns: TermColumns, node: query.MultiTerm) -> range | list[int]:
    """The numbers of the terms that a prefix, wildcard or fuzzy word stands for in one segment."""
    match node:
        case query.Prefix():
            return columns.with_prefix(node.text.encode())
        case query.FuzzyTerm():
            return terms_within(columns, node.text, node.maxdist, node.prefixlength)
        case _:
            literals = re.split(r"\[.*\]|[*?]", node.text)
            near = columns.with_prefix(literals[0].encode())
            fits = re.compile(translate(node.text)).match
            holding = columns.containing(max(literals, key=len).encode(), near)
            return [number for number in holding if fits(columns.term(number).decode())]
