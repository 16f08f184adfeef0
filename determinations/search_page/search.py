"""One way to read a search from an address, for the page, statistics, exports, saved searches and the API.

The search page and the statistics ignore what they cannot use, and say so in messages. A file, an alert or a
program has no room for such a message, and without a filter it would contain other results than those
requested: it reads strictly.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Self

from django.forms import BoundField, Form

from determinations.search.facets import DECISION, FACETS_BY_NAME
from determinations.search.interface import LetterDate, SearchRequest
from determinations.search.query.repair import nearest, quoted
from determinations.search_page.address import (
    EVERY,
    EVERY_FACET,
    FROM,
    LEVELS_FROM,
    TO,
    QueryParams,
    SearchAddress,
    date_parameter,
)
from determinations.search_page.form import LAST_PAGE, MULTIPLE, FacetChoices, SearchFilters
from determinations.search_page.pagination import search_title
from determinations.search_page.plain_question import PlainQuestion
from determinations.search_page.question import Question, read_question

UrlOf = Callable[[SearchAddress], str]
"""The address of a page that is about a search."""


SUMMARIES_COUNTED_BELOW = 10_000
"""With fewer items than this a page says how many more the summaries would add. People who have found more
do not look for others, and the count takes as long as the search."""


@dataclass(frozen=True, slots=True)
class InvalidParameter:
    """`suggestion` is what to write in the value's place; of an unknown parameter, its right name."""

    name: str
    message: str
    suggestion: str = ""

    def __str__(self) -> str:
        return f"{self.message} Did you mean “{self.suggestion}”?" if self.suggestion else self.message


@dataclass(frozen=True, slots=True)
class FilterError:
    """What is wrong with a parameter other than the question; `label` is what pages call it."""

    name: str
    label: str
    message: str

    def __str__(self) -> str:
        return f"{self.label}: {self.message}"

    @property
    def anchor(self) -> str:
        """The id of the filter among the facets; "" for what is no filter."""
        if self.name in FACETS_BY_NAME:
            return f"facet-{self.name}"
        is_date = any(self.name == date_parameter(date, end) for date in LetterDate for end in (FROM, TO))
        return "facet-dates" if is_date else ""


class InvalidSearchError(Exception):
    """A search that cannot be run exactly as its address asks. `errors` is never empty."""

    def __init__(self, errors: tuple[InvalidParameter, ...]) -> None:
        super().__init__(" ".join(map(str, errors)))
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Search:
    """`address` holds what can be used of the parameters; `form` has the messages of a page.

    `errors` is every error of the parameters and of their question. None: it can be run exactly as asked.
    """

    filters: SearchFilters
    address: SearchAddress
    question: Question
    errors: tuple[InvalidParameter, ...] = ()

    @property
    def form(self) -> Form:
        return self.filters.form

    @property
    def carried_fields(self) -> list[BoundField]:
        """The hidden fields that carry the chosen values along with another question."""
        chosen = [given.facet for given in self.address.filters]
        every = [EVERY] if any(given.every for given in self.address.filters) else []
        levels = [LEVELS_FROM] if self.address.goes_by_request_levels else []
        return [self.form[name] for name in (*chosen, *every, *levels)]

    @property
    def date_fields(self) -> list[BoundField]:
        """The fields of the letter's dates, from and to."""
        return [self.form[date_parameter(date, end)] for date in LetterDate for end in (FROM, TO)]

    @property
    def is_unusable(self) -> bool:
        """Whether the question has an error, so that there is nothing to run."""
        return "q" in self.form.errors

    @property
    def filter_errors(self) -> tuple[FilterError, ...]:
        """What is wrong with the parameters other than the question."""
        return tuple(
            FilterError(name, str(self.form.fields[name].label), str(message))
            for name, messages in self.form.errors.items()
            if name != "q"
            for message in messages
        )

    @property
    def decision_is_chosen(self) -> bool:
        return bool(self.address.chosen(DECISION.name))

    @property
    def title(self) -> str:
        return search_title(self.address)

    def unpaged(self) -> Self:
        """The search without its page and order, which say nothing about a count."""
        return replace(self, address=replace(self.address, sort=None, page=1))

    def request(self, *, offset: int = 0, limit: int = 0) -> SearchRequest:
        """Any stretch of what the question finds, whatever page is asked for; by default only its number."""
        return replace(request_of(self.address, self.question), offset=offset, limit=limit)

    def whole_request(self, *, offset: int, limit: int) -> SearchRequest:
        """The same with the items behind it that have most of the question's words."""
        plain = self.question.plain
        return replace(self.request(offset=offset, limit=limit), most_of=plain.most_of if plain else None)

    def page_request(self, page_length: int, count: tuple[str, ...] = EVERY_FACET) -> SearchRequest:
        """The page that the address asks for, with the facets to count."""
        page = self.whole_request(offset=(self.address.page - 1) * page_length, limit=page_length)
        return replace(page, count=count, count_summaries_below=SUMMARIES_COUNTED_BELOW)


def request_of(address: SearchAddress, question: Question) -> SearchRequest:
    """What to ask of an engine to learn what the question finds, whatever page is asked for."""
    plain = question.plain
    if plain is None:
        plain = PlainQuestion(question.node, question.node)
    return SearchRequest(
        plain.node,
        address.filters,
        address.order,
        limit=0,
        dates=address.dates,
        summaries=address.summaries,
        ranked_by=plain.ranked_by,
        about=plain.about,
        raised=plain.raised,
    )


def read_search(params: QueryParams, *, strict: bool = False, others: Collection[str] = ()) -> Search:
    """The search that these parameters ask for. `others` are parameters that the caller reads itself.

    Strict: raises InvalidSearchError with every error at once, instead of leaving out what cannot be used.
    """
    filters = SearchFilters(params.without(*others))
    question = read_question(filters.address)
    errors = (
        *_name_errors(filters, others),
        *_value_errors(filters),
        *_question_errors(question),
    )
    if strict and errors:
        raise InvalidSearchError(errors)
    if question.error:
        filters.form.add_error("q", question.error)
    return Search(filters, filters.address, question, errors)


def given_twice(name: str) -> InvalidParameter:
    return InvalidParameter(name, f"“{name}” is given more than once, with different values.")


def _name_errors(filters: SearchFilters, others: Iterable[str]) -> Iterator[InvalidParameter]:
    for name in filters.params.names:
        if name not in filters.filters:
            suggestion = nearest(name, (*filters.filters, *others)) or ""
            yield InvalidParameter(name, f"There is no parameter {quoted(name)}.", suggestion)
        elif name not in MULTIPLE and filters.params.differ(name):
            yield given_twice(name)


def _value_errors(filters: SearchFilters) -> Iterator[InvalidParameter]:
    form = filters.form
    for name, messages in form.errors.items():
        choices = form.cleaned_data.get(name)
        if isinstance(choices, FacetChoices):
            for error in choices.errors:
                yield InvalidParameter(name, error.message, error.nearest or "")
        elif name == "page":
            yield InvalidParameter(name, f"The page must be a whole number from 1 to {LAST_PAGE:,}.")
        else:
            known = [value for value, _ in filters.filters[name].extra.get("choices", ())]
            written = filters.params.values(name)[-1]
            for message in messages:
                yield InvalidParameter(name, str(message), nearest(written, known) or "")


def _question_errors(question: Question) -> Iterator[InvalidParameter]:
    if question.error:
        yield InvalidParameter("q", question.error, question.repaired.text if question.repaired else "")
