"""The parameters of an address as somebody typed them, with no meaning read into them yet.

What a view hands down in place of the request's own dictionary; `filters` reads a search out of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from django.http import QueryDict


@dataclass(frozen=True, slots=True)
class TypedParameters:
    """`pairs` are names and values; a name that is given several times stands there several times."""

    pairs: tuple[tuple[str, str], ...]

    @classmethod
    def of_lists(cls, lists: Iterable[tuple[str, Iterable[str]]]) -> Self:
        """Of names, each with all of its values."""
        return cls(tuple((name, value) for name, values in lists for value in values))

    @classmethod
    def of_query(cls, query_string: str) -> Self:
        """Of what follows the question mark of an address: `q=norco&level=L4-L5`."""
        return cls.of_lists(QueryDict(query_string).lists())

    @property
    def names(self) -> tuple[str, ...]:
        """Each name once, in the order in which they appear."""
        return tuple(dict.fromkeys(name for name, _ in self.pairs))

    def values(self, name: str) -> tuple[str, ...]:
        return tuple(value for each, value in self.pairs if each == name)

    def differ(self, name: str) -> bool:
        """Whether the name is given more than once, with different values."""
        return len(set(self.values(name))) > 1

    def without(self, name: str) -> Self:
        return type(self)(tuple(pair for pair in self.pairs if pair[0] != name))

    def renaming(self, name: str, other: str) -> Self:
        return type(self)(tuple((other if each == name else each, value) for each, value in self.pairs))
