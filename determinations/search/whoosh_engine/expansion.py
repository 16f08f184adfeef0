"""The words that a prefix, a wildcard or a fuzzy word stands for, in one segment.

Whoosh expands them over all segments at once, term by term; here each segment's dictionary is looked
at by itself, as one piece of text.
"""

import re
from fnmatch import translate

from whoosh import query

from determinations.search.whoosh_engine.columns import TermColumns
from determinations.search.whoosh_engine.edits import numbers_within


def expanded(columns: TermColumns, node: query.MultiTerm) -> list[str]:
    return [columns.term(number).decode() for number in numbers_of(columns, node)]


def numbers_of(columns: TermColumns, node: query.MultiTerm) -> range | list[int]:
    """The numbers of the terms that a prefix, wildcard or fuzzy word stands for in one segment."""
    match node:
        case query.Prefix():
            return columns.beginning(node.text.encode())
        case query.FuzzyTerm():
            return numbers_within(columns, node.text, node.maxdist, node.prefixlength)
        case _:
            literals = re.split(r"\[.*\]|[*?]", node.text)
            near = columns.beginning(literals[0].encode())
            fits = re.compile(translate(node.text)).match
            holding = columns.holding(max(literals, key=len).encode(), near)
            return [number for number in holding if fits(columns.term(number).decode())]
