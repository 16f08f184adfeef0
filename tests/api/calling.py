"""Calling the API as a program does, and holding every answer to the API's own description."""

from functools import cache
from typing import Any

from django.test import Client
from jsonschema import Draft202012Validator

from determinations.api.description import openapi_document

Json = Any


@cache
def validator(schema: str) -> Draft202012Validator:
    """Checks a value against one of the description's schemas, formats of dates included."""
    document = openapi_document(sign_in_only=False)
    whole = {"$ref": f"#/components/schemas/{schema}", "components": document["components"]}
    return Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER)


def search(client: Client, query: str = "") -> Json:
    """The answer to a search that must succeed."""
    response = client.get(f"/api/search?{query}")
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "application/json"
    validator("SearchAnswer").validate(response.json())
    return response.json()


def letter(client: Client, name: str) -> Json:
    """A letter that must be there."""
    response = client.get(f"/api/determinations/{name}")
    assert response.status_code == 200, response.content
    validator("Determination").validate(response.json())
    return response.json()


def problem(response: Any, status: int) -> Json:
    """The problem that the response tells; its status is the one expected."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    told = response.json()
    validator("Problem").validate(told)
    assert told["status"] == status
    return told


def errors(response: Any) -> list[tuple[str, str | None]]:
    """(field, suggestion) of every parameter that is refused."""
    return [(error["field"], error["suggestion"]) for error in problem(response, 400)["errors"]]


def text_of(fragments: list[Json]) -> str:
    return "".join(fragment["text"] for fragment in fragments)
