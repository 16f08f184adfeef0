"""The parameters of `/api/search`: those of the search page, and the size of a page.

Their descriptions come from the form and the vocabulary.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from django.conf import settings

from determinations.api.json_schema import Schema
from determinations.letters.facts.grounds.names import SIDE_LABELS, grounds_by_slug
from determinations.letters.parsed_letter import Decision, Laterality
from determinations.letters.vocabulary.body_parts import body_parts
from determinations.letters.vocabulary.names import guideline_sources, service_categories
from determinations.search import facets
from determinations.search.interface import LetterDate
from determinations.search.query.repair import quoted
from determinations.search_page.address import (
    EVERY,
    EXACT,
    EXCLUDED,
    FROM,
    INCLUDE,
    LEVELS_FROM,
    REQUEST,
    SUMMARY,
    TO,
    QueryParams,
    SearchAddress,
    date_parameter,
)
from determinations.search_page.facet_values import DATE_LABELS, REGIONS
from determinations.search_page.form import LAST_PAGE, SearchFilters
from determinations.search_page.question import Question
from determinations.search_page.search import (
    InvalidParameter,
    InvalidSearchError,
    Search,
    given_twice,
    read_search,
)

PAGE_SIZE = "page_size"
LARGEST_PAGE = 100
_SLUG = "[a-z0-9]+(-[a-z0-9]+)*"


@dataclass(frozen=True, slots=True)
class Parameter:
    """`multiple` parameters may be given several times; `schema` describes one value."""

    name: str
    description: str
    schema: Schema
    example: str
    multiple: bool = False


@dataclass(frozen=True, slots=True)
class ApiSearch:
    """`page_size` is how many items a page has; `address` and `question` are the search page's own."""

    search: Search
    page_size: int

    @property
    def address(self) -> SearchAddress:
        return self.search.address

    @property
    def question(self) -> Question:
        return self.search.question


def read_api_search(params: QueryParams) -> ApiSearch:
    """The search that is asked for. Raises InvalidSearchError, with every error at once."""
    search = read_search(params, others=(PAGE_SIZE,))
    errors = [*search.errors, *_without_value(params)]
    sizes = set(params.values(PAGE_SIZE))
    size = settings.RESULTS_PER_PAGE
    if len(sizes) > 1:
        errors.append(given_twice(PAGE_SIZE))
    for written in sizes:
        number = whole_number(written, 1, LARGEST_PAGE)
        if number is None:
            message = f"A page has 1 to {LARGEST_PAGE} items, not {quoted(written)}."
            errors.append(InvalidParameter(PAGE_SIZE, message, str(LARGEST_PAGE)))
        else:
            size = number
    if errors:
        raise InvalidSearchError(tuple(errors))
    return ApiSearch(search, size)


def whole_number(written: str, least: int, most: int) -> int | None:
    """The number in plain digits, None for anything but `least` to `most` (eight digits or fewer)."""
    # int() would also take "１０", " 10" and "1_0"; of some thousands of digits it raises ValueError.
    if not (written.isascii() and written.isdecimal() and least <= int(written[:9]) <= most):
        return None
    return int(written)


def _without_value(params: QueryParams) -> Iterator[InvalidParameter]:
    """Empty values: the page takes them for fields left open, but a program may have lost a value."""
    for name in params.names:
        if (
            name in SearchFilters.base_filters
            and name != "q"
            and not all(map(str.strip, params.values(name)))
        ):
            yield InvalidParameter(name, f"“{name}” has no value. Give it one or leave it out.")


def search_parameters() -> tuple[Parameter, ...]:
    """Every parameter in the form's order. Raises KeyError for one that nobody describes."""
    return tuple(
        _facet(facets.FACETS_BY_NAME[name]) if name in facets.FACETS_BY_NAME else _OTHERS[name]()
        for name in (*SearchFilters.base_filters, PAGE_SIZE)
    )


def _facet(facet: facets.Facet) -> Parameter:
    schema, example, words = _FACETS[facet.name]()
    words = f"{facet.label}. {words} A minus sign before the value leaves items with it out."
    return Parameter(facet.name, words, _or_excluded(schema), example, multiple=True)


def _or_excluded(schema: Schema) -> Schema:
    """The schema of a value, or of one with a minus sign before it."""
    if "enum" in schema:
        return schema | {"enum": [*schema["enum"], *(f"{EXCLUDED}{value}" for value in schema["enum"])]}
    if "pattern" in schema:
        return schema | {"pattern": f"^{EXCLUDED}?{schema['pattern'].removeprefix('^')}"}
    return schema


def _decision() -> tuple[Schema, str, str]:
    known = [decision.value for decision in Decision]
    return {"type": "string", "enum": known}, "overturned", "“upheld” means that treatment remains denied."


def _service() -> tuple[Schema, str, str]:
    categories = [category.slug for category in service_categories()]
    services = [service.slug for category in service_categories() for service in category.services]
    words = "A category includes all of its services."
    return {"type": "string", "enum": categories + services}, "medial-branch-blocks", words


def _reason() -> tuple[Schema, str, str]:
    words = "A ground that the rationale states, or for or against: the side on which it speaks."
    return {"type": "string", "enum": [*SIDE_LABELS, *grounds_by_slug()]}, "no-functional-benefit", words


def _guideline() -> tuple[Schema, str, str]:
    sources = "|".join(source.slug for source in guideline_sources())
    words = "A guideline, or one of its chapters or topics after a period."
    return {"type": "string", "pattern": rf"^({sources})(\.{_SLUG})?$"}, "odg.low-back", words


def _level() -> tuple[Schema, str, str]:
    words = f"A motion segment, a vertebra or a region ({', '.join(REGIONS)}); L3-S1 means all its segments."
    return {"type": "string", "minLength": 2}, "L4-L5", words


def _body_part() -> tuple[Schema, str, str]:
    return _enum(part.slug for part in body_parts()), "shoulder", "A part that the request names."


def _side() -> tuple[Schema, str, str]:
    return _enum(side.value for side in Laterality), "left", "The side that the request names."


def _agreement() -> tuple[Schema, str, str]:
    words = "How the reviewer’s guidelines compare with those that the claims administrator cited."
    return _enum(facets.AGREEMENTS), facets.OTHER_SOURCE, words


def _contradiction() -> tuple[Schema, str, str]:
    words = "The rationale concludes otherwise than the decision, or treats other levels than the request."
    return _enum(facets.CONTRADICTIONS), facets.RATIONALE_CONTRADICTS, words


def _enum(values: Iterable[str]) -> Schema:
    return {"type": "string", "enum": list(values)}


def _specialty() -> tuple[Schema, str, str]:
    return {"type": "string", "pattern": f"^{_SLUG}$"}, "pain-medicine", "The specialty’s slug."


def _year() -> tuple[Schema, str, str]:
    return {"type": "string", "pattern": "^(19|20)[0-9]{2}$"}, "2014", "The year of the letter’s date."


_FACETS: Mapping[str, Callable[[], tuple[Schema, str, str]]] = {
    facets.DECISION.name: _decision,
    facets.SERVICE.name: _service,
    facets.REASON.name: _reason,
    facets.GUIDELINE.name: _guideline,
    facets.LEVEL.name: _level,
    facets.SPECIALTY.name: _specialty,
    facets.YEAR.name: _year,
    facets.CLAIMS_ADMINISTRATOR_GUIDELINE.name: _guideline,
    facets.BODY_PART.name: _body_part,
    facets.SIDE.name: _side,
    facets.AGREEMENT.name: _agreement,
    facets.CONTRADICTION.name: _contradiction,
}


def _question() -> Parameter:
    words = "The query, in the query language of the search box. If empty or absent, every item matches."
    return Parameter("q", words, {"type": "string", "default": ""}, '"medial branch" rationale:relief')


def _all() -> Parameter:
    words = "A facet of which an item must have all chosen values instead of any."
    return Parameter(EVERY, words, _choices(EVERY), "level", multiple=True)


def _include() -> Parameter:
    words = "“summary” searches the clinical summaries of the letters too, for words without a field."
    return Parameter(INCLUDE, words, _choices(INCLUDE), SUMMARY)


def _levels_from() -> Parameter:
    words = (
        "“request” leaves out the levels that were read in a rationale, in the level filter and its counts."
    )
    return Parameter(LEVELS_FROM, words, _choices(LEVELS_FROM), REQUEST)


def _exact() -> Parameter:
    words = "1 looks for every word as it is written: no other forms of it and no other names."
    return Parameter(EXACT, words, _choices(EXACT), "1")


def _day(date: LetterDate, end: str) -> Parameter:
    words = f"{DATE_LABELS[date]}, {'first' if end == FROM else 'last'} day. A month or a year is enough."
    schema = {"type": "string", "pattern": r"^(19|20)[0-9]{2}(-[0-9]{1,2}(-[0-9]{1,2})?)?$"}
    return Parameter(date_parameter(date, end), words, schema, "2014-03-31")


def _sort() -> Parameter:
    words = "The sort order. The default is relevance for a query, else newest first."
    return Parameter("sort", words, _choices("sort"), "newest")


def _expand() -> Parameter:
    words = "Whether abbreviations and drug names also find their other names."
    return Parameter("expand", words, _choices("expand"), "off")


def _group() -> Parameter:
    words = "“letter” groups the items on a page by letter."
    return Parameter("group", words, _choices("group"), "letter")


def _page() -> Parameter:
    words = "The page of results. A page beyond the last is an error."
    return Parameter("page", words, _number(LAST_PAGE, 1), "1")


def _page_size() -> Parameter:
    words = f"The number of items per page. More than {LARGEST_PAGE} is an error, never reduced silently."
    return Parameter(PAGE_SIZE, words, _number(LARGEST_PAGE, settings.RESULTS_PER_PAGE), "50")


def _choices(name: str) -> Schema:
    return {"type": "string", "enum": [v for v, _ in SearchFilters.base_filters[name].extra["choices"]]}


def _number(largest: int, default: int) -> Schema:
    return {"type": "integer", "minimum": 1, "maximum": largest, "default": default}


_OTHERS: Mapping[str, Callable[[], Parameter]] = {
    "q": _question,
    "sort": _sort,
    "expand": _expand,
    "group": _group,
    "page": _page,
    PAGE_SIZE: _page_size,
    EVERY: _all,
    INCLUDE: _include,
    EXACT: _exact,
    LEVELS_FROM: _levels_from,
    **{date_parameter(date, end): partial(_day, date, end) for date in LetterDate for end in (FROM, TO)},
}
