"""The arguments of a tool: what it takes, and a call's JSON as the parameters that the API reads.

Arguments are read strictly: an unknown one, or a value that cannot be used, is an error that says what to
write instead. null is an argument left out.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from determinations.api.json_schema import Schema
from determinations.api.parameters import Parameter, whole_number
from determinations.search.query.repair import nearest, quoted
from determinations.search_page.address import QueryParams
from determinations.search_page.search import InvalidParameter, InvalidSearchError

Arguments = Mapping[str, object]
"""A call's arguments as JSON has them."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a tool takes; `required` are the names of those that a call must give."""

    parameters: tuple[Parameter, ...]
    required: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(parameter.name for parameter in self.parameters)

    @property
    def schema(self) -> Schema:
        """The JSON Schema of a call's arguments."""
        return {
            "type": "object",
            "properties": {parameter.name: _schema(parameter) for parameter in self.parameters},
            "required": list(self.required),
            "additionalProperties": False,
        }

    def read(self, given: Arguments) -> QueryParams:
        """The call as parameters of an address. Raises InvalidSearchError, with every error at once."""
        present = {name: value for name, value in given.items() if value is not None}
        errors = list(self._errors(present))
        if errors:
            raise InvalidSearchError(tuple(errors))
        return QueryParams.of_lists((name, _texts(value)) for name, value in present.items())

    def _errors(self, present: Arguments) -> Iterator[InvalidParameter]:
        by_name = {parameter.name: parameter for parameter in self.parameters}
        for name in self.required:
            if name not in present:
                example = by_name[name].example
                yield InvalidParameter(name, f"“{name}” is missing. Write it like “{example}”.")
        for name, value in present.items():
            if name not in by_name:
                known = nearest(name, self.names) or ""
                yield InvalidParameter(name, f"This tool has no argument {quoted(name)}.", known)
            elif isinstance(value, list) and not by_name[name].multiple:
                yield InvalidParameter(name, f"“{name}” takes one value, not a list.")
            elif not all(map(_is_plain, value if isinstance(value, list) else [value])):
                yield InvalidParameter(name, f"“{name}” takes text or a number.")
            elif not all(map(_is_storable, _texts(value))):
                yield InvalidParameter(name, f"“{name}” contains a character that no letter can contain.")


def number_of(params: QueryParams, name: str, least: int, most: int, default: int) -> int:
    """The argument's number. Raises InvalidSearchError for anything but `least` to `most`."""
    written = next(iter(params.values(name)), str(default))
    number = whole_number(written, least, most)
    if number is None:
        message = f"“{name}” is a whole number from {least} to {most}, not {quoted(written)}."
        raise InvalidSearchError((InvalidParameter(name, message),))
    return number


def yes_or_no(params: QueryParams, name: str) -> bool:
    """Whether the argument is true; false if it is left out. Raises InvalidSearchError for other values."""
    written = next(iter(params.values(name)), "false")
    if written not in ("true", "false"):
        message = f"“{name}” is true or false, not {quoted(written)}."
        raise InvalidSearchError((InvalidParameter(name, message),))
    return written == "true"


def one_of_each(params: QueryParams, name: str, known: Iterable[str]) -> tuple[str, ...]:
    """The argument's values, each once. Raises InvalidSearchError for one that is not known."""
    names = tuple(known)
    values = tuple(dict.fromkeys(params.values(name)))
    errors = tuple(
        InvalidParameter(
            name,
            f"“{name}” takes {', '.join(names)}, not {quoted(value)}.",
            nearest(value, names) or "",
        )
        for value in values
        if value not in names
    )
    if errors:
        raise InvalidSearchError(errors)
    return values


def _schema(parameter: Parameter) -> Schema:
    described: Schema = {"description": f"{parameter.description} Example: {parameter.example}"}
    if parameter.multiple:
        return {**described, "type": "array", "items": parameter.schema}
    return {**described, **parameter.schema}


def _is_plain(value: object) -> bool:
    return isinstance(value, str | int | float)


def _is_storable(text: str) -> bool:
    """JSON can hold halves of characters and NUL, which no address and no database takes."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def _texts(value: object) -> list[str]:
    return [_text(one) for one in (value if isinstance(value, list) else [value])]


def _text(value: object) -> str:
    """As an address writes it. Programs that know no whole numbers send 2.0 for 2."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
