"""A tree back into text that a person could have typed: for chips and corrected questions.

What is printed parses to the same tree, if the tree is in normal form (see `parse_query`); but a word that
would be read as something else is printed in quotes, and so looked for as it is written.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from determinations.search.query.facet_fields import written_range
from determinations.search.query.lexer import Kind, tokens_of
from determinations.search.query.nodes import (
    All,
    AnyOf,
    CaseNumber,
    DateRange,
    FacetTerm,
    Fuzzy,
    Near,
    Nearness,
    Node,
    Not,
    Phrase,
    Wildcard,
    Word,
    in_field,
    is_case,
)
from determinations.search.query.repair import ParseError
from determinations.search.query.words import NEGATIVE_NUMBER

_Leaf = Word | Phrase | Wildcard | Fuzzy | Near | CaseNumber | FacetTerm | DateRange
_JOINING = re.compile("and|but", re.IGNORECASE)
_TO = re.compile("to|through|thru", re.IGNORECASE)
_VERTEBRA = re.compile(r"[CTLS]-?\d{1,2}", re.IGNORECASE)
_LEVEL = re.compile(r"[CTLS]-?\d{1,2}(?:\W.*)?", re.IGNORECASE)
_CM = re.compile(r"cm-?\d*", re.IGNORECASE)
_DIGITS = re.compile(r"\d.*")
_LABEL = re.compile(r"imr|maximus|case.*", re.IGNORECASE)
_CASE_NUMBER = re.compile(r"\d\d-\d{6,7}|cm.*", re.IGNORECASE)


def query_to_text(node: Node) -> str:
    """The canonical text of a tree in normal form.

    Brackets show what binds together, a minus sign what is left out; a field that all of a group
    shares is written once: `rationale:(fusion OR laminectomy)`.
    """
    return _Printer(list(_leaves(node))).text(node, alone=True)


class _Printer:
    """Quotes words that would be read with their neighbors as something else.

    Beside case numbers and the like these are the labels people write before them ("case", "IMR",
    "CM"), beside vertebrae the "to" of "L4 to L5".
    """

    def __init__(self, leaves: list[_Leaf]) -> None:
        words = [leaf.text for leaf in leaves if isinstance(leaf, Word)]
        self._binding = [_JOINING]
        if any(map(_DIGITS.fullmatch, words)):
            self._binding.append(_CM)
        if any(isinstance(leaf, CaseNumber) for leaf in leaves) or any(map(_CASE_NUMBER.fullmatch, words)):
            self._binding.append(_LABEL)
        levels = [word for word in words if _LEVEL.fullmatch(word)]
        has_vertebra = any(map(_VERTEBRA.fullmatch, levels))
        if levels:
            self._binding.append(_DIGITS)
        if has_vertebra or len(levels) > 1:
            self._binding.append(_TO)
        if any(_LEVEL.fullmatch(one) and _LEVEL.fullmatch(other) for one, other in pairwise(words)):
            self._binding.append(_VERTEBRA)

    def text(self, node: Node, written: str | None = None, alone: bool = False) -> str:
        """`written` is the field already written before the group; `alone`: not a part of anything."""
        match node:
            case Not(Near() as part):
                return f"-({self.text(part, written, alone=True)})"
            case Not(part):
                text = self.text(part, written)
                return f'-"{text}"' if NEGATIVE_NUMBER.fullmatch(f"-{text}") else f"-{text}"
            case Near(field=field) if field not in (None, written):
                return f"{field}:({self._near(node, field)})"
            case Near():
                return self._near(node, written)
            case All(parts) | AnyOf(parts):
                field = written or _shared_field(node)
                texts = [self.text(part, field) for part in parts]
                group = " OR ".join(texts) if isinstance(node, AnyOf) else _side_by_side(parts, texts)
                if field != written:
                    return f"{field}:({group})"
                return group if alone else f"({group})"
            case _:
                leaf = self._leaf(node)
                if (field := _field_of(node)) not in (None, written):
                    leaf = f"{field}:{leaf}"
                # At the end of several words a question mark would be taken for one.
                return f"({leaf})" if leaf.endswith("?") and not alone else leaf

    def _leaf(self, leaf: _Leaf) -> str:
        match leaf:
            case CaseNumber(number):
                return number
            case FacetTerm(facet, value):
                return f"{facet}:{value}"
            case DateRange():
                return written_range(leaf)
            case Near():
                return self._near(leaf, None)
            case Word(text, exact=exact):
                return text if not exact and self._is_read_as_word(text) else f'"{text}"'
            case Phrase(words, slop):
                return f'"{" ".join(words)}"' + (f"~{slop}" if slop > 1 else "")
            case Wildcard(pattern):
                return pattern
            case Fuzzy(text, distance):
                return f"{text}~{distance if distance > 1 else ''}"

    def _near(self, near: Near, written: str | None) -> str:
        if quoted := _in_quotes(near):
            return quoted
        texts = [
            f"({self.text(part, written, alone=True)})"
            if isinstance(part, Near) and _in_quotes(part) is None
            else self.text(part, written)
            for part in near.parts
        ]
        return f" {_connector(near)} ".join(texts)

    def _is_read_as_word(self, text: str) -> bool:
        """Whether `text` without quotes is a word, no operator and nothing that binds its neighbors."""
        if any(binding.fullmatch(text) for binding in self._binding):
            return False
        try:
            found = tokens_of(text)
        except ParseError:
            return False
        if len(found) != 1 or found[0].kind is not Kind.LEAF:
            return False
        return found[0].node in (Word(text), CaseNumber(text))


def _connector(near: Near) -> str:
    if near.nearness is Nearness.WORDS:
        return f"{'+' if near.ordered else 'w/'}{near.distance}"
    return f"{'+' if near.ordered else '/'}{'s' if near.nearness is Nearness.SENTENCE else 'p'}"


def _in_quotes(near: Near) -> str | None:
    """`"facet injection"~5`, `"medial br* block"`; None where connectors are needed."""
    words = [
        part.text
        if isinstance(part, Word) and part.exact
        else part.pattern
        if isinstance(part, Wildcard)
        else ""
        for part in near.parts
    ]
    text = f'"{" ".join(words)}"' + ("" if near.ordered else f"~{near.distance}")
    try:
        found = tokens_of(text) if all(words) else []
    except ParseError:
        return None
    same = (
        len(found) == 1
        and isinstance(found[0].node, Near)
        and in_field(found[0].node, near.field or "") == (in_field(near, near.field or ""))
    )
    return text if same else None


def _field_of(node: Node) -> str | None:
    return getattr(node, "field", None)


def _side_by_side(parts: tuple[Node, ...], texts: list[str]) -> str:
    """Case numbers in a row would be read as a list of which any will do; brackets keep them apart."""
    for place in range(1, len(parts)):
        if is_case(parts[place]) and is_case(parts[place - 1]) and not isinstance(parts[place], AnyOf):
            texts[place] = f"({texts[place]})"
    return " ".join(texts)


def _leaves(node: Node) -> Iterator[_Leaf]:
    match node:
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from _leaves(part)
        case Not(part):
            yield from _leaves(part)
        case Near(parts):
            yield node
            for part in parts:
                yield from _leaves(part)
        case _:
            yield node


def _shared_field(node: Node) -> str | None:
    """The text field of every leaf, if they have one and the same."""
    fields = {_field_of(leaf) for leaf in _leaves(node)}
    field = fields.pop()
    return field if not fields and field != "case" else None
