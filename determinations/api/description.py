"""The API described from the declarations that the code itself uses: OpenAPI 3.1, and a page for people.

Parameters come from the form and the vocabulary, schemas from the dataclasses, errors from the kinds of
problem.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from determinations.api.json_schema import Schema, members, reference, schemas_of
from determinations.api.parameters import Parameter, search_parameters
from determinations.api.problems import (
    CONTENT_TYPE,
    INTERNAL_ERROR,
    KINDS,
    NOT_FOUND,
    NOT_UNDERSTOOD,
    READ_ONLY,
    SIGN_IN,
    TOO_MANY,
    UNAVAILABLE,
    UNREADABLE,
    Problem,
    ProblemKind,
)
from determinations.api.schemas import DeterminationSchema, SearchAnswerSchema
from determinations.models import Determination
from determinations.search.facets import DECISION, LEVEL

VERSION = "1.0"
_LETTER_ID = "CM14-0031877"

_LETTER_PARAMETER: dict[str, Any] = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "The letter’s ID, its case number in any common form, or its whole content hash.",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]+$"},
    "example": _LETTER_ID,
}


def openapi_document(*, sign_in_only: bool) -> dict[str, Any]:
    """The whole document; `sign_in_only` says that every call needs an account."""
    search, letter = reverse("determinations:api_search"), letter_template()
    description = reverse("determinations:openapi")
    document: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {
            "title": "IMR determinations",
            "version": VERSION,
            "summary": "Full-text search over California Independent Medical Review letters.",
            "description": (
                "Read-only. Searches find disputed items. Counts and rates cover only the letters on this "
                "site. IMR determinations are not precedent. Fields may be added. Within a version, no field "
                "is removed or changes its meaning."
            ),
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "paths": {
            search: _operation(
                "search",
                "Search the disputed items",
                "Takes the parameters of the search page and runs them exactly, or returns an error.",
                [_query(parameter) for parameter in search_parameters()],
                {"200": _answer("One page of results.", reference(SearchAnswerSchema))},
                (NOT_UNDERSTOOD, UNREADABLE, TOO_MANY, UNAVAILABLE),
            ),
            letter: _operation(
                "determination",
                "Read one letter",
                "By its ID. Other forms of the case number (cm14-31877) redirect to the letter’s address.",
                [_LETTER_PARAMETER],
                {
                    "200": _answer("The letter.", reference(DeterminationSchema)),
                    "301": {"description": "A redirect to the letter’s own address."},
                },
                (NOT_FOUND, UNREADABLE, TOO_MANY),
            ),
            description: _operation(
                "description",
                "This description",
                "OpenAPI 3.1, as JSON.",
                [],
                {"200": _answer("This document.", {"type": "object"})},
                (UNREADABLE,),
            ),
        },
        "components": {"schemas": schemas_of(SearchAnswerSchema, DeterminationSchema, Problem)},
    }
    if sign_in_only:
        document["components"]["securitySchemes"] = {"account": {"type": "http", "scheme": "basic"}}
        document["security"] = [{"account": []}]
    return document


def letter_template() -> str:
    """The address of a letter with its id left open."""
    return reverse("determinations:api_determination", args=[_LETTER_ID]).replace(_LETTER_ID, "{id}")


def _operation(
    name: str,
    summary: str,
    description: str,
    parameters: list[dict[str, Any]],
    answers: dict[str, Any],
    kinds: tuple[ProblemKind, ...],
) -> dict[str, Any]:
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "description": description,
            "parameters": parameters,
            "responses": {
                **answers,
                "304": {"description": "Unchanged since the response whose ETag was sent."},
                **_problems((*kinds, SIGN_IN, READ_ONLY, INTERNAL_ERROR)),
            },
        }
    }


def _query(parameter: Parameter) -> dict[str, Any]:
    schema = parameter.schema
    return {
        "name": parameter.name,
        "in": "query",
        "description": parameter.description,
        "schema": {"type": "array", "items": schema} if parameter.multiple else schema,
        "example": [parameter.example] if parameter.multiple else _typed(parameter),
    }


def _typed(parameter: Parameter) -> str | int:
    return int(parameter.example) if parameter.schema["type"] == "integer" else parameter.example


def _answer(description: str, schema: Schema) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _problems(kinds: tuple[ProblemKind, ...]) -> dict[str, Any]:
    """Responses by status; kinds with the same status share one response."""
    by_status: dict[str, list[ProblemKind]] = {}
    for kind in sorted(kinds, key=lambda kind: kind.status):
        by_status.setdefault(str(kind.status.value), []).append(kind)
    return {
        status: {
            "description": " ".join(f"{kind.title}. {kind.meaning}" for kind in together),
            "content": {CONTENT_TYPE: {"schema": reference(Problem)}},
        }
        for status, together in by_status.items()
    }


@dataclass(frozen=True, slots=True)
class ApiExample:
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
    examples: tuple[ApiExample, ...]
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class ApiPage:
    endpoints: tuple[Endpoint, ...]
    parameters: tuple[Parameter, ...]
    problems: tuple[ProblemKind, ...]
    description_url: str


def api_page() -> ApiPage:
    search = reverse("determinations:api_search")
    phrase = urlencode([("q", '"medial branch"'), (DECISION.name, "overturned")])
    levels = urlencode([(LEVEL.name, "L4-L5"), (LEVEL.name, "L5-S1"), ("sort", "newest"), ("page_size", "5")])
    return ApiPage(
        endpoints=(
            Endpoint(
                search,
                "One page of search results, with facets and outcome rates. "
                "It takes the parameters of the search page: copy what follows the question mark there.",
                (
                    ApiExample("“medial branch” where the denial was overturned", f"{search}?{phrase}"),
                    ApiExample("L4-L5 or L5-S1, the newest five", f"{search}?{levels}"),
                    ApiExample("a search with an error", f"{search}?servise=opioids"),
                ),
                _fields(SearchAnswerSchema),
            ),
            Endpoint(
                letter_template(),
                "A whole letter: items, rationales, guidelines, dates, versions, citation and text.",
                _letter_examples(),
                _fields(DeterminationSchema),
            ),
        ),
        parameters=search_parameters(),
        problems=KINDS,
        description_url=reverse("determinations:openapi"),
    )


def _letter_examples() -> tuple[ApiExample, ...]:
    """The first letter that has a case number; none on a site without letters."""
    letters = Determination.objects.current().exclude(case_number="")
    held = letters.order_by("case_number").values_list("public_id", flat=True).first()
    if held is None:
        return ()
    return (ApiExample(f"the letter {held}", reverse("determinations:api_determination", args=[held])),)


def _fields(shape: type) -> tuple[Field, ...]:
    return tuple(Field(name, words) for name, _, words in members(shape))
