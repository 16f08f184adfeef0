"""The address of a search: everything a person chose, in one canonical form; and raw query parameters.

Two searches that mean the same have the same address, so that it can be bookmarked, quoted and compared.
This writes addresses; `search.read_search` reads them. No HTML, no engine and no web request.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Self
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import get_script_prefix, reverse

from determinations.search.facets import FACETS
from determinations.search.interface import FacetFilter, Sort
from determinations.search_page.facet_labels import parent_of


@dataclass(frozen=True, slots=True)
class QueryParams:
    """The parameters of an address, nothing interpreted yet: `pairs` of name and value, repeats included."""

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

    def without(self, *names: str) -> Self:
        return type(self)(tuple(pair for pair in self.pairs if pair[0] not in names))

    def renaming(self, name: str, other: str) -> Self:
        return type(self)(tuple((other if each == name else each, value) for each, value in self.pairs))


EVERY_FACET: tuple[str, ...] = tuple(facet.name for facet in FACETS)


@dataclass(frozen=True, slots=True)
class SearchAddress:
    """`filters` are in the facets' order with sorted values; make them with `choosing`.

    `sort` None leaves the order to the search: by relevance where there is a question, else newest first.
    `by_letter` shows each page's items under their letters.
    """

    text: str = ""
    filters: tuple[FacetFilter, ...] = ()
    sort: Sort | None = None
    expand: bool = True
    by_letter: bool = False
    page: int = 1

    def chosen(self, facet: str) -> tuple[str, ...]:
        """The facet's chosen values."""
        return next((given.values for given in self.filters if given.facet == facet), ())

    def choosing(self, facet: str, values: tuple[str, ...]) -> Self:
        """The first page of this search with these values of the facet instead of the present ones."""
        choices = {given.facet: given.values for given in self.filters} | {facet: tuple(sorted(set(values)))}
        filters = tuple(FacetFilter(name, choices[name]) for name in EVERY_FACET if choices.get(name))
        return replace(self, filters=filters, page=1)

    def toggling(self, facet: str, value: str) -> Self:
        """With the value added, or removed where it is chosen.

        A parent and its child are never chosen together, since the parent already covers the child:
        the one chosen last replaces the other.
        """
        present = self.chosen(facet)
        if value in present:
            return self.choosing(facet, tuple(kept for kept in present if kept != value))
        others = tuple(
            kept for kept in present if parent_of(facet, kept) != value and parent_of(facet, value) != kept
        )
        return self.choosing(facet, (*others, value))

    def without_filters(self) -> Self:
        return replace(self, filters=(), page=1)

    def asking(self, text: str) -> Self:
        """The first page of the same search with another question."""
        return replace(self, text=text, page=1)

    @property
    def order(self) -> Sort:
        """The order that the results come in: without a question nothing is more relevant than the rest."""
        if not self.text:
            return Sort.NEWEST if self.sort in (None, Sort.RELEVANCE) else self.sort
        return self.sort or Sort.RELEVANCE

    @property
    def is_narrowed(self) -> bool:
        return bool(self.text or self.filters)

    @property
    def query_string(self) -> str:
        """The parameters in canonical order, what goes without saying left out."""
        pairs: list[tuple[str, str]] = [("q", self.text)] if self.text else []
        pairs += [(given.facet, value) for given in self.filters for value in given.values]
        if self.order is not (Sort.RELEVANCE if self.text else Sort.NEWEST):
            pairs.append(("sort", self.order.value))
        if self.text and not self.expand:
            pairs.append(("expand", "off"))
        if self.by_letter:
            pairs.append(("group", "letter"))
        if self.page > 1:
            pairs.append(("page", str(self.page)))
        return urlencode(pairs)

    @property
    def url(self) -> str:
        query = self.query_string
        return _search_page(get_script_prefix()) + (f"?{query}" if query else "")


@lru_cache
def _search_page(script_prefix: str) -> str:
    """Remembered, because a page of results links to hundreds of searches."""
    return reverse("determinations:search")
