"""The API's description is valid, and tells of the form, the vocabulary and the answers what they are."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from jsonschema import Draft202012Validator, ValidationError
from openapi_spec_validator import OpenAPIV31SpecValidator

from determinations.api.json_schema import schemas_of, to_json
from determinations.api.parameters import PAGE_SIZE, search_parameters
from determinations.search.facets import FACETS
from determinations.search.interface import Sort
from determinations.search_page.address import EXCLUDED
from determinations.search_page.facet_values import read_values
from determinations.search_page.form import SearchFilters
from tests.api.calling import letter, search, validator

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]


@pytest.fixture
def document(client: Client) -> Any:
    response = client.get("/api/openapi.json")
    assert response.status_code == 200
    return response.json()


def test_the_description_is_valid_openapi_3_1(document: Any) -> None:
    assert document["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(document).validate()


def test_its_paths_are_those_that_answer(client: Client, document: Any) -> None:
    for path in document["paths"]:
        assert client.get(path.replace("{id}", "CM14-0031877")).status_code == 200


def test_its_parameters_are_the_forms_own_and_the_page_size(document: Any) -> None:
    given = [parameter["name"] for parameter in document["paths"]["/api/search"]["get"]["parameters"]]
    assert given == [*SearchFilters.base_filters, PAGE_SIZE]


def test_each_described_parameter_is_understood(client: Client) -> None:
    for parameter in search_parameters():
        Draft202012Validator(parameter.schema).validate(
            int(parameter.example) if parameter.schema["type"] == "integer" else parameter.example
        )
        search(client, urlencode({parameter.name: parameter.example}))


def test_each_value_that_is_named_for_a_facet_is_one_that_it_takes() -> None:
    described = {parameter.name: parameter.schema for parameter in search_parameters()}
    for facet in FACETS:
        for value in described[facet.name].get("enum", ()):
            named = value.removeprefix(EXCLUDED)
            assert read_values(facet.name, named) == (named,)
    assert described["sort"]["enum"] == list(Sort)


def test_each_value_that_a_facet_answers_fits_the_facets_parameter(client: Client) -> None:
    described = {parameter.name: parameter.schema for parameter in search_parameters()}
    for facet in search(client)["facets"]:
        for value in facet["values"]:
            Draft202012Validator(described[facet["name"]]).validate(value["value"])


def test_every_field_is_explained(document: Any) -> None:
    for name, schema in document["components"]["schemas"].items():
        assert schema["description"], name
        for field, described in schema["properties"].items():
            assert re.search(r"\w.*[.]$", described["description"]), f"{name}.{field}"


def test_every_problem_is_described_for_its_status(document: Any) -> None:
    responses = document["paths"]["/api/search"]["get"]["responses"]
    assert set(responses) == {"200", "304", "400", "401", "405", "429", "500", "503"}
    assert "404" in document["paths"]["/api/determinations/{id}"]["get"]["responses"]


def test_a_wrong_answer_would_be_noticed(client: Client) -> None:
    """The validator is no rubber stamp: a missing field, a wrong type and a wrong date are all refused."""
    told = letter(client, "CM14-0031877")
    for name, wrong in (("outcome", "lost"), ("items", None), ("imported_at", "yesterday"), ("year", "2014")):
        with pytest.raises(ValidationError):
            validator("Determination").validate({**told, name: wrong})
        with pytest.raises(ValidationError):
            validator("Determination").validate({key: value for key, value in told.items() if key != name})


class Side(StrEnum):
    LEFT = "left"


@dataclass(frozen=True)
class Inner:
    """Held by another."""

    side: Annotated[Side | None, "Which."]


@dataclass(frozen=True)
class Outer:
    """Holds others."""

    inner: Annotated[tuple[Inner, ...], "Them."]
    share: Annotated[float, "A number."]


@dataclass(frozen=True)
class Silent:
    """Does not say what its field holds."""

    field: int


def test_a_shape_gives_its_json_and_its_schema() -> None:
    assert to_json(Outer((Inner(Side.LEFT), Inner(None)), 0.5)) == {
        "inner": [{"side": "left"}, {"side": None}],
        "share": 0.5,
    }
    schemas = schemas_of(Outer)
    assert list(schemas) == ["Inner", "Outer"]
    assert schemas["Inner"]["properties"]["side"] == {
        "anyOf": [{"type": "string", "enum": ["left"]}, {"type": "null"}],
        "description": "Which.",
    }
    assert schemas["Outer"]["required"] == ["inner", "share"]


def test_what_is_not_explained_or_has_no_json_is_refused() -> None:
    with pytest.raises(TypeError, match=r"Silent\.field does not say"):
        schemas_of(Silent)
    with pytest.raises(TypeError, match="object has no JSON"):
        to_json(object())
