"""Two parts of a question joined by a connector: what may stand beside one, and what `Near` comes of it.

Words, phrases, wildcards, and alternatives of these may; parts that are all wanted ("(a AND b) /5 c") are
each near to the other. What is left out, case numbers, facets and dates have no place in a text, so they
are faults.
"""

from dataclasses import replace

from determinations.search.query.connectors import Connector, connector_at
from determinations.search.query.errors import QueryFaultError, quoted, replace_span
from determinations.search.query.nodes import (
    All,
    AnyOf,
    CaseNumber,
    DateRange,
    FacetValue,
    Near,
    Nearness,
    Node,
    Not,
    Wildcard,
    Word,
    all_of,
    in_field,
)

MAX_PAIRS = 16
"""How many `Near`s may come of one connector between brackets of parts that are all wanted."""


def join_near(one: Node, other: Node, connector: Connector, text: str, span: tuple[int, int]) -> Node:
    """`span` is where both stand in `text`, for the messages. Raises QueryFaultError."""
    wanted = [part.parts if isinstance(part, All) else (part,) for part in (one, other)]
    if len(wanted[0]) * len(wanted[1]) > MAX_PAIRS:
        raise QueryFaultError(
            f"Too many words are to be near each other in {quoted(text[slice(*span)])}: "
            f"at most {MAX_PAIRS} pairs can be searched.",
            None,
        )
    pairs = [
        _near(_placed(left, text, span), _placed(right, text, span), connector, text, span)
        for left in wanted[0]
        for right in wanted[1]
    ]
    return all_of(pairs)


def _placed(part: Node, text: str, span: tuple[int, int]) -> Node:
    """The part, if it has places in a text."""
    match part:
        case CaseNumber(number):
            return Word(number)
        case AnyOf(parts):
            return AnyOf(tuple(_placed(one, text, span) for one in parts))
        case Not() | FacetValue() | DateRange() | All() | Wildcard(field="case"):
            typed = text[slice(*span)]
            kind = "What is left out" if isinstance(part, Not) else "Only a word or a phrase"
            message = (
                f"{kind} cannot be near anything: {quoted(typed)}."
                if isinstance(part, Not)
                else f"{kind} can be near another: {quoted(typed)}."
            )
            raise QueryFaultError(message, replace_span(text, *span, _without_connectors(typed)))
        case _:
            return part


def _without_connectors(typed: str) -> str:
    kept, at = [], 0
    for word in typed.split(" "):
        try:
            is_connector = connector_at(typed, at) is not None
        except QueryFaultError:
            is_connector = True
        if not is_connector:
            kept.append(word)
        at += len(word) + 1
    return " ".join(kept)


def _near(one: Node, other: Node, connector: Connector, text: str, span: tuple[int, int]) -> Near:
    fields = {field for part in (one, other) for field in _fields(part)}
    named = fields - {None}
    if len(named) > 1:
        raise QueryFaultError(
            f"Words near each other are in one field, not in several: {quoted(text[slice(*span)])}.",
            replace_span(text, *span, _without_connectors(text[slice(*span)])),
        )
    field = next(iter(named), None)
    if field is not None:
        one, other = in_field(one, field), in_field(other, field)
    same = (connector.distance, connector.ordered, connector.nearness)
    if isinstance(one, Near) and (one.distance, one.ordered, one.nearness) == same and not _is_phrase(one):
        return replace(one, parts=(*one.parts, other), field=field)
    return Near((one, other), *same, field)


def _is_phrase(near: Near) -> bool:
    return near.distance == 1 and near.ordered and near.nearness is Nearness.WORDS


def _fields(part: Node) -> set[str | None]:
    if isinstance(part, AnyOf | Near):
        return {field for one in part.parts for field in _fields(one)}
    return {getattr(part, "field", None)}
