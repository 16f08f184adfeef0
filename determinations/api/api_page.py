"""The page about the API: its endpoints with examples, its parameters, its problems. Values only, no HTML."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from determinations.api.letter_schemas import Determination as LetterShape
from determinations.api.openapi import letter_template
from determinations.api.parameters import Parameter, search_parameters
from determinations.api.problems import KINDS, Kind
from determinations.api.schemas import members
from determinations.api.search_schemas import SearchAnswer
from determinations.models import Determination
from determinations.search.facets import DECISION, LEVEL


@dataclass(frozen=True, slots=True)
class Example:
    meaning: str
    url: str


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`fields` are those of the answer's outermost object."""

    path: str
    meaning: str
    examples: tuple[Example, ...]
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class ApiPage:
    endpoints: tuple[Endpoint, ...]
    parameters: tuple[Parameter, ...]
    problems: tuple[Kind, ...]
    description_url: str


def api_page() -> ApiPage:
    search = reverse("determinations:api_search")
    phrase = urlencode([("q", '"medial branch"'), (DECISION.name, "overturned")])
    levels = urlencode([(LEVEL.name, "L4-L5"), (LEVEL.name, "L5-S1"), ("sort", "newest"), ("page_size", "5")])
    return ApiPage(
        endpoints=(
            Endpoint(
                search,
                "One page of what a search finds, with its facets and outcome rates. "
                "The parameters are those of the search page: put what follows its question mark here.",
                (
                    Example("“medial branch” where the denial was overturned", f"{search}?{phrase}"),
                    Example("L4-L5 or L5-S1, the newest five", f"{search}?{levels}"),
                    Example("a search with a fault, and how it is told", f"{search}?servise=opioids"),
                ),
                _fields(SearchAnswer),
            ),
            Endpoint(
                letter_template(),
                "A whole letter: items, rationales, guidelines, dates, versions, citation and text.",
                _letter_examples(),
                _fields(LetterShape),
            ),
        ),
        parameters=search_parameters(),
        problems=KINDS,
        description_url=reverse("determinations:openapi"),
    )


def _letter_examples() -> tuple[Example, ...]:
    """The first letter held here that has a case number; none on a site without letters."""
    letters = Determination.objects.filter(is_current=True).exclude(case_number="")
    held = letters.order_by("case_number").values_list("public_id", flat=True).first()
    if held is None:
        return ()
    return (Example(f"the letter {held}", reverse("determinations:api_determination", args=[held])),)


def _fields(shape: type) -> tuple[Field, ...]:
    return tuple(Field(name, words) for name, _, words in members(shape))
