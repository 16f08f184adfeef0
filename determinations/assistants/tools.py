"""The tools that an assistant can call: their names and descriptions, what each takes and what it returns.

Knows nothing of the protocol: `protocol.py` hands calls to `run`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from determinations.api.json_schema import Schema, schema_of
from determinations.api.parameters import PAGE_SIZE, Parameter, read_api_search, search_parameters
from determinations.assistants.answers import closest_items, found_items, stated_reasons, whole_letter
from determinations.assistants.arguments import Accepted, Arguments, number_of, one_of_each, yes_or_no
from determinations.assistants.schemas import (
    ClosestItemsSchema,
    FoundItemsSchema,
    ReasonsSchema,
    WholeLetterSchema,
)
from determinations.assistants.texts import (
    text_of_closest,
    text_of_letter,
    text_of_reasons,
    text_of_search,
)
from determinations.case.letter_names import find_item, find_letter, no_such_letter
from determinations.case.similar import SHOWN
from determinations.models.querysets import read_item_name
from determinations.search.engines import search_engine
from determinations.search.facets import DECISION, FACETS, REASON
from determinations.search_page.address import QueryParams
from determinations.statistics.reasons import EXAMPLES

Shape = TypeVar("Shape")

COUNTS, WHOLE_TEXT, SENTENCES, MOST = "counts", "text", "examples", "most"
USUAL_MOST = 5


class NothingThereError(Exception):
    """No letter or item has the name that a call gives; the message says so."""


@dataclass(frozen=True, slots=True)
class ToolAnswer:
    """`content` is one of this package's schemas, `text` the same to read."""

    content: object
    text: str


@dataclass(frozen=True, slots=True)
class AssistantTool(Generic[Shape]):
    """`shape` is the schema of what the tool returns."""

    name: str
    title: str
    description: str
    accepted: Accepted
    shape: type[Shape]
    find: Callable[[QueryParams], Shape]
    text_of: Callable[[Shape], str]

    @property
    def input_schema(self) -> Schema:
        return self.accepted.schema

    @property
    def output_schema(self) -> Schema:
        return schema_of(self.shape)

    def run(self, arguments: Arguments) -> ToolAnswer:
        """Raises InvalidSearchError, QuerySyntaxError, NothingThereError and SearchUnavailableError."""
        content = self.find(self.accepted.read(arguments))
        return ToolAnswer(content, self.text_of(content))


def assistant_tools() -> Mapping[str, AssistantTool[Any]]:
    """All tools by name."""
    tools: tuple[AssistantTool[Any], ...] = (_search(), _determination(), _reasons(), _closest())
    return {tool.name: tool for tool in tools}


def _search() -> AssistantTool[FoundItemsSchema]:
    facets = [facet.name for facet in FACETS]
    counts = Parameter(
        COUNTS,
        "Facets whose values are counted among what was found, each with its outcome rate.",
        {"type": "string", "enum": facets},
        DECISION.name,
        multiple=True,
    )

    def find(params: QueryParams) -> FoundItemsSchema:
        counted = one_of_each(params, COUNTS, facets)
        return found_items(read_api_search(params.without(COUNTS)), search_engine(), counted)

    return AssistantTool(
        name="search",
        title="Search IMR determinations",
        description=(
            "Search the disputed items of California Independent Medical Review letters. Returns totals, the "
            "rate of overturned denials, and one page of items with the passages that match, their grounds, "
            "citations and addresses. All words must be in an item’s request, guidelines or rationale; "
            '"..." is a phrase, OR, NOT and parentheses combine. Values of one filter widen the search, '
            "different filters narrow it."
        ),
        accepted=Accepted((*search_parameters(), counts)),
        shape=FoundItemsSchema,
        find=find,
        text_of=text_of_search,
    )


def _determination() -> AssistantTool[WholeLetterSchema]:
    name = Parameter(
        "id",
        "The letter’s case number in any common form, its ID, or its content hash.",
        {"type": "string"},
        "CM14-0031877",
    )
    text = Parameter(
        WHOLE_TEXT,
        "Whether to add the letter’s whole text, which repeats summary, guidelines and rationales.",
        {"type": "boolean", "default": False},
        "true",
    )

    def find(params: QueryParams) -> WholeLetterSchema:
        with_text = yes_or_no(params, WHOLE_TEXT)
        (written,) = params.values("id")
        letter = find_letter(written.strip())
        if letter is None:
            raise NothingThereError(no_such_letter(written))
        return whole_letter(letter, with_text=with_text)

    return AssistantTool(
        name="determination",
        title="Read a determination",
        description=(
            "Read one letter: dates, reviewer, clinical summary, and every disputed item with its decision, "
            "services, spinal levels, both sides’ guidelines, rationale, grounds and citation."
        ),
        accepted=Accepted((name, text), required=(name.name,)),
        shape=WholeLetterSchema,
        find=find,
        text_of=text_of_letter,
    )


def _reasons() -> AssistantTool[ReasonsSchema]:
    left_out = {DECISION.name, REASON.name, "sort", "group", "page", PAGE_SIZE}
    examples = Parameter(
        SENTENCES,
        "How many sentences to quote for each ground.",
        {"type": "integer", "minimum": 0, "maximum": EXAMPLES, "default": 1},
        "3",
    )

    def find(params: QueryParams) -> ReasonsSchema:
        number = number_of(params, SENTENCES, 0, EXAMPLES, default=1)
        return stated_reasons(read_api_search(params.without(SENTENCES)), search_engine(), number)

    return AssistantTool(
        name="reasons",
        title="Why denied, what won",
        description=(
            "For the items of a search, or of a service, guideline or level: how often each ground is stated "
            "in upheld (denied) and in overturned (approved) items, what overturned items show that upheld "
            "ones lack, and sentences that state it with their citations."
        ),
        accepted=Accepted((*(one for one in search_parameters() if one.name not in left_out), examples)),
        shape=ReasonsSchema,
        find=find,
        text_of=text_of_reasons,
    )


def _closest() -> AssistantTool[ClosestItemsSchema]:
    name = Parameter(
        "item", "The item’s ID: case number, period, item.", {"type": "string"}, "CM14-0031877.2"
    )
    most = Parameter(
        MOST,
        "How many items to return of either kind, at most.",
        {"type": "integer", "minimum": 1, "maximum": SHOWN, "default": USUAL_MOST},
        "10",
    )

    def find(params: QueryParams) -> ClosestItemsSchema:
        number = number_of(params, MOST, 1, SHOWN, default=USUAL_MOST)
        (written,) = params.values("item")
        item = find_item(written)
        if isinstance(item, str):
            raise NothingThereError(_with_items_of(written, item))
        return closest_items(item, search_engine(), number)

    return AssistantTool(
        name="closest_determinations",
        title="Closest determinations",
        description=(
            "For one disputed item: the most similar items of other letters, those of the same service with "
            "the opposite outcome, and for each of these the ground on which the two part."
        ),
        accepted=Accepted((name, most), required=(name.name,)),
        shape=ClosestItemsSchema,
        find=find,
        text_of=text_of_closest,
    )


def _with_items_of(written: str, message: str) -> str:
    """The message, and of a letter's own name the names of its items."""
    letter = None if read_item_name(written) else find_letter(written.strip())
    if letter is None:
        return message
    names = ", ".join(item.name for item in letter.items.for_lines())
    return f"{message} The items of this letter: {names}."
