"""The description of the API (OpenAPI 3.1), made of the declarations that the code itself runs on.

Parameters come from the form and the vocabulary, schemas from the shapes, errors from the kinds of problem.
"""

from typing import Any

from django.urls import reverse

from determinations.api.letter_schemas import Determination
from determinations.api.parameters import Parameter, search_parameters
from determinations.api.problems import (
    CONTENT_TYPE,
    FAULT,
    NOT_FOUND,
    NOT_UNDERSTOOD,
    READ_ONLY,
    SIGN_IN,
    UNAVAILABLE,
    UNREADABLE,
    Kind,
    Problem,
)
from determinations.api.schemas import Schema, reference, schemas_of
from determinations.api.search_schemas import SearchAnswer

VERSION = "1.0"
_LETTER_ID = "CM14-0031877"


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
                "Read-only. What is searched is the disputed item. Counts and rates are those of the letters "
                "held here. IMR determinations are not precedent. Fields may be added; none changes its "
                "meaning or goes away within a version."
            ),
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "paths": {
            search: _operation(
                "search",
                "Search the disputed items",
                "Takes the parameters of the search page and runs them exactly, or says why it cannot.",
                [_query(parameter) for parameter in search_parameters()],
                {"200": _answer("One page of results.", reference(SearchAnswer))},
                (NOT_UNDERSTOOD, UNREADABLE, UNAVAILABLE),
            ),
            letter: _operation(
                "determination",
                "Read one letter",
                "By its id. Another writing of a case number (cm14-31877) is redirected to the letter’s own.",
                [_LETTER_PARAMETER],
                {
                    "200": _answer("The letter.", reference(Determination)),
                    "301": {"description": "The letter’s own address, for another writing of it."},
                },
                (NOT_FOUND, UNREADABLE),
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
        "components": {"schemas": schemas_of(SearchAnswer, Determination, Problem)},
    }
    if sign_in_only:
        document["components"]["securitySchemes"] = {"account": {"type": "http", "scheme": "basic"}}
        document["security"] = [{"account": []}]
    return document


def letter_template() -> str:
    """The address of a letter with its id left open."""
    return reverse("determinations:api_determination", args=[_LETTER_ID]).replace(_LETTER_ID, "{id}")


_LETTER_PARAMETER: dict[str, Any] = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "The letter’s id, its case number in any usual writing, or its whole content hash.",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]+$"},
    "example": _LETTER_ID,
}


def _operation(
    name: str,
    summary: str,
    description: str,
    parameters: list[dict[str, Any]],
    answers: dict[str, Any],
    kinds: tuple[Kind, ...],
) -> dict[str, Any]:
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "description": description,
            "parameters": parameters,
            "responses": {
                **answers,
                "304": {"description": "Unchanged since the answer whose ETag was sent along."},
                **_problems((*kinds, SIGN_IN, READ_ONLY, FAULT)),
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


def _problems(kinds: tuple[Kind, ...]) -> dict[str, Any]:
    """Responses by status; kinds that share a status are told together."""
    by_status: dict[str, list[Kind]] = {}
    for kind in sorted(kinds, key=lambda kind: kind.status):
        by_status.setdefault(str(kind.status.value), []).append(kind)
    return {
        status: {
            "description": " ".join(f"{kind.title}. {kind.meaning}" for kind in together),
            "content": {CONTENT_TYPE: {"schema": reference(Problem)}},
        }
        for status, together in by_status.items()
    }
