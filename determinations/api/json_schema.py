"""JSON and its schema from one declaration: frozen dataclasses with a description for each field.

    @dataclass(frozen=True)
    class Count:
        "How many."
        total: Annotated[int, "How many items were found."]

`to_json` writes such a value and `schemas_of` describes it, so both always have the same fields. An OpenAPI
document holds its schemas in one place; `schema_of` gives one that is complete by itself.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

Schema = dict[str, Any]

COMPONENTS, DEFINITIONS = "#/components/schemas/", "#/$defs/"
"""Where references lead: in an OpenAPI document, and in a schema of its own."""

_PLAIN: Mapping[Any, Schema] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
}


def to_json(value: object) -> object:
    """The value as `json.dumps` takes it. Raises TypeError for what no shape may hold."""
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [to_json(part) for part in value]
    if is_dataclass(value):
        return {field.name: to_json(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"{type(value).__name__} has no JSON")


def schema_of(shape: type) -> Schema:
    """The JSON Schema of one dataclass, with the schemas of all that it holds."""
    schemas = schemas_of(shape, place=DEFINITIONS)
    return {**schemas.pop(component(shape)), "$defs": schemas}


def schemas_of(*shapes: type, place: str = COMPONENTS) -> dict[str, Schema]:
    """Name -> JSON Schema of the dataclasses and of all that they hold, in alphabetical order."""
    found: dict[str, Schema] = {}
    waiting = list(shapes)
    while waiting:
        shape = waiting.pop()
        if component(shape) in found:
            continue
        types = {name: kind for name, kind, _ in members(shape)}
        found[component(shape)] = {
            "type": "object",
            "description": _in_one_line(shape.__doc__),
            "properties": {
                name: {**_schema(kind, place), "description": words} for name, kind, words in members(shape)
            },
            "required": list(types),
        }
        waiting += [inner for kind in types.values() for inner in _shapes_in(kind)]
    return dict(sorted(found.items()))


def members(shape: type) -> Iterator[tuple[str, Any, str]]:
    """Each field of a shape: its name, its type, what it holds. Raises TypeError where that is not said."""
    for name, hint in get_type_hints(shape, include_extras=True).items():
        if get_origin(hint) is not Annotated:
            raise TypeError(f"{shape.__name__}.{name} does not say what it holds")
        kind, words = get_args(hint)
        yield name, kind, words


def component(shape: type) -> str:
    """What the description calls a dataclass: its name without "Schema"."""
    return shape.__name__.removesuffix("Schema")


def reference(shape: type, place: str = COMPONENTS) -> Schema:
    return {"$ref": f"{place}{component(shape)}"}


def _schema(kind: Any, place: str) -> Schema:
    if kind in _PLAIN:
        return dict(_PLAIN[kind])
    origin, inner = get_origin(kind), get_args(kind)
    if origin is tuple:
        return {"type": "array", "items": _schema(inner[0], place)}
    if origin in (Union, UnionType):
        (present,) = (each for each in inner if each is not NoneType)
        return {"anyOf": [_schema(present, place), {"type": "null"}]}
    if is_dataclass(kind) and isinstance(kind, type):
        return reference(kind, place)
    if issubclass(kind, Enum):
        return {"type": "string", "enum": [member.value for member in kind]}
    raise TypeError(f"{kind} has no schema")


def _shapes_in(kind: Any) -> list[type]:
    if is_dataclass(kind) and isinstance(kind, type):
        return [kind]
    return [shape for inner in get_args(kind) for shape in _shapes_in(inner)]


def _in_one_line(text: str | None) -> str:
    return " ".join((text or "").split())
