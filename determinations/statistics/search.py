"""The search that a page of figures is about: read from the search page's own parameters. No HTML."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from determinations.search.facets import DECISION
from determinations.search.interface import SearchRequest
from determinations.search_page.address import SearchAddress, TypedParameters
from determinations.search_page.facet_panel import Chip, chips
from determinations.search_page.form import SearchFilters
from determinations.search_page.pagination import search_title
from determinations.search_page.question import Question, read_question

AddressOf = Callable[[SearchAddress], str]
"""Where the page stands for another search."""


@dataclass(frozen=True, slots=True)
class AskedSearch:
    """`chips` lead to the same page without one filter; `clear_url` to the page without any.

    `mended_url` is the page of a question that can be run, where this one cannot and there is such a one.
    """

    filters: SearchFilters
    address: SearchAddress
    question: Question
    chips: tuple[Chip, ...]
    clear_url: str
    mended_url: str

    @property
    def is_unusable(self) -> bool:
        """Whether the question has a fault, so that there is nothing to count."""
        return self.filters.question_is_unusable

    @property
    def decision_is_chosen(self) -> bool:
        return bool(self.address.chosen(DECISION.name))

    @property
    def filter_errors(self) -> tuple[str, ...]:
        """What is wrong with the other parameters, each message with its label."""
        return tuple(
            f"{self.filters.form.fields[name].label}: {message}"
            for name, messages in self.filters.form.errors.items()
            if name != "q"
            for message in messages
        )

    @property
    def request(self) -> SearchRequest:
        """What to count: every match, whatever page or order the address asks for."""
        return SearchRequest(query=self.question.node, filters=self.address.filters, limit=0)

    @property
    def title(self) -> str:
        return search_title(self.address)


def asked_search(typed: TypedParameters, url_of: AddressOf) -> AskedSearch:
    """Reads the parameters; what cannot be used is told by `filters` and left out."""
    filters = SearchFilters(typed)
    address = replace(filters.address, sort=None, page=1)
    question = read_question(address)
    if question.fault:
        filters.form.add_error("q", question.fault)
    return AskedSearch(
        filters=filters,
        address=address,
        question=question,
        chips=tuple(
            replace(chip, remove_url=url_of(address.toggling(given.facet, value)))
            for chip, (given, value) in zip(
                chips(address),
                ((given, value) for given in address.filters for value in given.values),
                strict=True,
            )
        ),
        clear_url=url_of(address.without_filters()),
        mended_url=url_of(address.asking(question.mended.text)) if question.mended else "",
    )
