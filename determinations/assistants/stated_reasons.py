"""What the tool for reasons returns: why denied, what won, with sentences that can be cited."""

from collections.abc import Iterable, Mapping

from determinations.api.parameters import ApiSearch
from determinations.api.schemas import GroundSideName
from determinations.assistants.citing import absolute, notes_on
from determinations.assistants.schemas import (
    NamedGroundSchema,
    OpposedReasonsSchema,
    ReasonExampleSchema,
    ReasonSchema,
    ReasonsSchema,
    StatedShareSchema,
)
from determinations.case.citation import item_citation
from determinations.models import DisputedItem
from determinations.search.interface import SearchEngine
from determinations.statistics.reasons import (
    OpposedRow,
    RationaleExample,
    ReasonRow,
    Stated,
    reasons_of_search,
)

Items = Mapping[str, DisputedItem]


def stated_reasons(search: ApiSearch, engine: SearchEngine, examples: int) -> ReasonsSchema:
    """The grounds of all that the search finds, each with at most so many examples.

    Raises QuerySyntaxError and SearchUnavailableError.
    """
    found = reasons_of_search(engine, search.search.request(), search.address, examples=examples)
    shown = [example for row in found.rows for example in row.examples]
    items = DisputedItem.objects.by_name(example.ref.name for example in shown)
    return ReasonsSchema(
        q=search.address.text,
        address=absolute(search.address.url_at("reasons")),
        upheld=found.items.upheld,
        overturned=found.items.overturned,
        read=found.read,
        opposed=tuple(map(_opposed, found.opposed)),
        grounds=tuple(_reason(row, items) for row in found.rows),
        notes=notes_on((example.ref.is_invented for example in shown), has_rates=True),
    )


def _reason(row: ReasonRow, items: Items) -> ReasonSchema:
    return ReasonSchema(
        ground=row.slug,
        label=row.label,
        meaning=row.meaning,
        side=GroundSideName(row.side),
        upheld=_share(row.upheld),
        overturned=_share(row.overturned),
        address=absolute(row.url),
        examples=tuple(_examples(row.examples, items)),
    )


def _examples(examples: Iterable[RationaleExample], items: Items) -> Iterable[ReasonExampleSchema]:
    for example in examples:
        if item := items.get(example.ref.name):
            address = absolute(example.ref.url)
            citation = item_citation(item, address).plain
            yield ReasonExampleSchema(example.sentence, item.name, citation, address, example.ref.is_invented)


def _opposed(row: OpposedRow) -> OpposedReasonsSchema:
    return OpposedReasonsSchema(
        topic=row.topic,
        lacking=_named(row.lacking),
        upheld=_share(row.lacking.upheld),
        shown=tuple(map(_named, row.shown)),
        overturned=_share(row.overturned),
    )


def _named(row: ReasonRow) -> NamedGroundSchema:
    return NamedGroundSchema(row.slug, row.label)


def _share(stated: Stated) -> StatedShareSchema:
    share, low, high = stated.rate.figures or (None, None, None)
    return StatedShareSchema(stated.items, stated.of, share, low, high)
