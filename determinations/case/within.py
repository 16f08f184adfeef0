"""Words that a person looks for within one letter: `within=medial branch` in its address."""

from dataclasses import dataclass

from determinations.search.interface import QuerySyntaxError
from determinations.search.query.nodes import Node
from determinations.search_page.address import QueryParams
from determinations.search_page.question import marking_query

WITHIN = "within"


@dataclass(frozen=True, slots=True)
class Within:
    """`text` as typed, `node` what to mark, `error` why that cannot be read; empty if nothing is asked.

    Words are read as the search box reads them, with their related words and other forms.
    """

    text: str = ""
    node: Node | None = None
    error: str = ""


def read_within(params: QueryParams) -> Within:
    typed = next(iter(params.values(WITHIN)[-1:]), "").strip()
    if not typed:
        return Within()
    try:
        return Within(typed, marking_query(typed))
    except QuerySyntaxError as error:
        return Within(typed, error=error.message)
