"""Puts the parts of a question together into a tree: what binds to what, and what is missing.

    question  = all, {"OR", all}
    all       = near, {["AND"], near}
    near      = part, {connector, part}
    part      = {"NOT" | "-"}, (leaf | field, part | "(", question, ")")

Connectors of words bind before those of sentences, and these before those of fields.

Brackets are paired and not too deep when they get here: `query_text` has checked.
"""

import re
from dataclasses import replace
from itertools import pairwise

from determinations.search.query.case_numbers import EXAMPLE, case_number
from determinations.search.query.connectors import Connector, connector_at
from determinations.search.query.lexer import Kind, QueryToken
from determinations.search.query.nodes import (
    All,
    AnyOf,
    CaseNumber,
    DateRange,
    FacetTerm,
    Near,
    Nearness,
    Node,
    Not,
    Wildcard,
    Word,
    all_of,
    any_of,
    in_field,
    is_case,
    negated,
)
from determinations.search.query.repair import ParseError, quoted, replace_span

BEGINS_A_PART = frozenset({Kind.LEAF, Kind.OPEN, Kind.FIELD, Kind.NOT})
ENDS_A_PART = frozenset({Kind.LEAF, Kind.CLOSE})


class Parser:
    """One reading of the tokens of `text` (at least one), left to right."""

    def __init__(self, text: str, tokens: list[QueryToken]) -> None:
        self._text = text
        self._tokens = tokens
        self._at = 0

    def query(self) -> Node:
        """The tree of all tokens. Raises ParseError where a part is missing or out of place."""
        return self._any_of(None)

    def _peek(self, ahead: int = 0) -> Kind | None:
        place = self._at + ahead
        return self._tokens[place].kind if place < len(self._tokens) else None

    def _any_of(self, field: QueryToken | None) -> Node:
        found = [self._all_of(field)]
        while self._peek() is Kind.OR:
            self._at += 1
            found.append(self._all_of(field))
        return any_of(found)

    def _all_of(self, field: QueryToken | None) -> Node:
        found = [self._near(field)]
        while True:
            before = self._tokens[self._at - 1]
            operator = self._tokens[self._at] if self._peek() is Kind.AND else None
            if operator or self._is_joining_word():
                self._at += 1
            elif self._peek() not in BEGINS_A_PART:
                return all_of(found)
            side_by_side = before.kind is Kind.LEAF and self._peek() in (Kind.LEAF, Kind.FIELD)
            found.append(self._near(field))
            if side_by_side and all(map(is_case, found[-2:])):
                found[-2:] = [self._list_of_cases(found[-2:], operator)]

    def _near(self, field: QueryToken | None) -> Node:
        """A part, or several that connectors join."""
        start = self._tokens[self._at].start if self._at < len(self._tokens) else 0
        parts = [self._part(field)]
        connectors: list[Connector] = []
        while self._peek() is Kind.NEAR and (near := self._tokens[self._at].near):
            self._at += 1
            connectors.append(near)
            parts.append(self._part(field))
        if not connectors:
            return parts[0]
        end = self._tokens[self._at - 1].end
        return self._joined_by(connectors, parts, (start, end))

    def _joined_by(self, connectors: list[Connector], parts: list[Node], span: tuple[int, int]) -> Node:
        for nearness in Nearness:
            at = 0
            while at < len(connectors):
                if connectors[at].nearness is nearness:
                    joined = join_near(parts[at], parts[at + 1], connectors[at], self._text, span)
                    parts[at : at + 2] = [joined]
                    del connectors[at]
                else:
                    at += 1
        return parts[0]

    def _list_of_cases(self, cases: list[Node], operator: QueryToken | None) -> Node:
        """Either of two case numbers side by side, since no letter has two."""
        if operator:
            raise ParseError(
                "A letter has one case number only, so that AND between two finds nothing. Write OR.",
                replace_span(self._text, operator.start, operator.end, "OR"),
            )
        return any_of(cases)

    def _is_joining_word(self) -> bool:
        """Whether the word at hand is an "and" between two parts, or the "but" of "but NOT": a mere space."""
        if self._peek() is not Kind.LEAF or self._peek(1) not in BEGINS_A_PART:
            return False
        token = self._tokens[self._at]
        typed = self._text[token.start : token.end].lower()
        return typed == "and" or (typed == "but" and self._peek(1) is Kind.NOT)

    def _part(self, field: QueryToken | None) -> Node:
        refused = False
        while self._peek() is Kind.NOT:
            refused = not refused
            self._at += 1
        if self._peek() not in BEGINS_A_PART:
            raise self._missing_part()
        token = self._tokens[self._at]
        self._at += 1
        if token.kind is Kind.FIELD:
            node = self._field(token)
        elif token.kind is Kind.OPEN:
            node = self._group(token, field)
        else:
            node = self._leaf(token, field)
        return negated(node) if refused else node

    def _group(self, opening: QueryToken, field: QueryToken | None) -> Node:
        if self._peek() is Kind.CLOSE:
            closing = self._tokens[self._at]
            raise ParseError(
                "There is nothing between the parentheses.",
                replace_span(self._text, opening.start, closing.end),
            )
        node = self._any_of(field)
        self._at += 1
        return node

    def _field(self, name: QueryToken) -> Node:
        if self._peek() is Kind.FIELD:
            second = self._tokens[self._at]
            raise ParseError(
                f"There are two fields in a row: {quoted(self._text[name.start : second.end])}. Keep one.",
                replace_span(self._text, name.start, name.end),
            )
        words = self._words_after_space(name)
        if words:
            first, last = words
            typed = self._text[first.start : last.end]
            raise ParseError(
                f"It is unclear how many words belong to {quoted(f'{name.field}:')}. Put them in "
                f"parentheses, as in {quoted(f'{name.field}:({typed})')}.",
                replace_span(self._text, name.end, last.end, f"({typed})"),
            )
        return self._part(name)

    def _words_after_space(self, name: QueryToken) -> tuple[QueryToken, QueryToken] | None:
        """First and last of several leaves where a space or a comma leaves open how far a field goes."""
        following = self._tokens[self._at : self._at + 2]
        if (
            name.field == "case"
            or [token.kind for token in following] != [Kind.LEAF, Kind.LEAF]
            or not (
                following[0].start > name.end
                or self._text[following[0].end : following[1].start] in (",", ";")
            )
        ):
            return None
        last = following[1]
        for previous, token in pairwise(self._tokens[self._at + 1 :]):
            if previous.kind is not Kind.LEAF or token.kind is not Kind.LEAF:
                break
            last = token
        return following[0], last

    def _leaf(self, token: QueryToken, field: QueryToken | None) -> Node:
        node = token.node
        if node is None:
            raise TypeError(f"a leaf without a node: {token}")
        if field is None or field.field is None:
            return node
        if field.field != "case":
            return in_field(node, field.field)
        if is_case(node):
            return node
        typed = self._text[token.start : token.end]
        found = case_number(typed.strip('"'))
        if found is None:
            beginning = re.split(r"[*?~]", typed, maxsplit=1)[0]
            raise ParseError(
                f"{quoted(typed)} is not a case number. After case: write a number such as {EXAMPLE}, "
                "or the beginning of one, such as CM14-003.",
                replace_span(self._text, token.start, token.end, beginning)
                if beginning != typed and case_number(beginning)
                else replace_span(self._text, field.start, field.end),
            )
        return found

    def _missing_part(self) -> ParseError:
        before = self._tokens[self._at - 1] if self._at else None
        if before is None or before.kind is Kind.OPEN:
            return self._nothing_before(self._tokens[self._at])
        typed = self._text[before.start : before.end]
        repaired = replace_span(self._text, before.start, before.end)
        if before.kind is Kind.FIELD:
            return ParseError(
                f"Nothing to search follows {quoted(typed)}. Write a word or a phrase right after the colon.",
                repaired,
            )
        if before.kind is Kind.NOT:
            return ParseError(
                f"Nothing follows {quoted(typed)} that could be left out. Add a word after it.", repaired
            )
        return ParseError(
            f"Nothing to search follows {quoted(typed)}. "
            "Add a word after it, or write it in small letters to search it as a word.",
            repaired,
        )

    def _nothing_before(self, operator: QueryToken) -> ParseError:
        typed = self._text[operator.start : operator.end]
        if operator.kind is Kind.NEAR:
            return ParseError(
                f"{quoted(typed)} has nothing before it that could be near. Add a word before it, "
                "or put it in quotes to search it as a word.",
                replace_span(self._text, operator.start, operator.end)
                if len(self._tokens) > 1
                else f'"{typed}"',
            )
        return ParseError(
            f"{quoted(typed)} has nothing before it to combine. "
            "Add a word before it, or write it in small letters to search it as a word.",
            replace_span(self._text, operator.start, operator.end),
        )


MAX_PAIRS = 16
"""How many `Near`s may come of one connector between brackets of parts that are all wanted."""


def join_near(one: Node, other: Node, connector: Connector, text: str, span: tuple[int, int]) -> Node:
    """`span` is where both stand in `text`, for the messages. Raises ParseError."""
    wanted = [part.parts if isinstance(part, All) else (part,) for part in (one, other)]
    if len(wanted[0]) * len(wanted[1]) > MAX_PAIRS:
        raise ParseError(
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
        case Not() | FacetTerm() | DateRange() | All() | Wildcard(field="case"):
            typed = text[slice(*span)]
            kind = "What is left out" if isinstance(part, Not) else "Only a word or a phrase"
            message = (
                f"{kind} cannot be near anything: {quoted(typed)}."
                if isinstance(part, Not)
                else f"{kind} can be near another: {quoted(typed)}."
            )
            raise ParseError(message, replace_span(text, *span, _without_connectors(typed)))
        case _:
            return part


def _without_connectors(typed: str) -> str:
    kept, at = [], 0
    for word in typed.split(" "):
        try:
            is_connector = connector_at(typed, at) is not None
        except ParseError:
            is_connector = True
        if not is_connector:
            kept.append(word)
        at += len(word) + 1
    return " ".join(kept)


def _near(one: Node, other: Node, connector: Connector, text: str, span: tuple[int, int]) -> Near:
    fields = {field for part in (one, other) for field in _fields(part)}
    named = fields - {None}
    if len(named) > 1:
        raise ParseError(
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
