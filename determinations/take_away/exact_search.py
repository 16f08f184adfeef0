"""A search that is run exactly as asked, or not at all.

On the search page a filter that cannot be used is left out, and a message beside it says so. A file or an
alert has no room for such a message: leaving a filter out would pass other results off as those asked for.
"""

from dataclasses import dataclass

from determinations.search.interface import SearchRequest
from determinations.search.query_tree import Node
from determinations.searching.faults import faults_of
from determinations.searching.filters import SearchFilters
from determinations.searching.question import read_question
from determinations.searching.search_address import SearchAddress
from determinations.searching.typed_parameters import TypedParameters


class SearchNotUnderstoodError(Exception):
    """`problems` says what is wrong with the search, a sentence or two each; never empty."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class ExactSearch:
    """`query` is what to look for, related words included where the address asks for them."""

    address: SearchAddress
    query: Node | None

    def page(self, offset: int, limit: int) -> SearchRequest:
        return SearchRequest(self.query, self.address.filters, self.address.order, offset, limit)


def exact_search(typed: TypedParameters) -> ExactSearch:
    """The search of these parameters, all its pages together. Raises SearchNotUnderstoodError."""
    filters = SearchFilters(typed.without("page"))
    question = read_question(filters.address)
    if faults := faults_of(filters, question):
        raise SearchNotUnderstoodError(tuple(fault.in_words for fault in faults))
    return ExactSearch(filters.address, question.node)
