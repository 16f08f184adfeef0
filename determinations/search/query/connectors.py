"""The connectors of legal databases: `w/5`, `/5`, `+5`, `pre/5`, `NEAR/5`, `/s`, `/p`, "within 5 words of".

Westlaw, Lexis and dtSearch write nearness alike, and so does this language. What they have and this has not
(`TI(…)`, `atleast3(…)`, `NOT w/5`) is an error whose repair says the same, or the nearest to it.
"""

import re
from dataclasses import dataclass

from determinations.search.positions import MAX_DISTANCE
from determinations.search.query.nodes import Nearness
from determinations.search.query.repair import ParseError, quoted, replace_span

USUAL_DISTANCE = 10
"""Words apart at most, where a NEAR is written without a number."""

_CONNECTOR = re.compile(
    r"""(?: (?P<how>w|with|near|onear|pre|adj)?/(?P<distance>\d{1,3}|s(?:ent)?|p(?:ara?)?|seg|n)
          | (?P<plus>\+)(?P<plus_distance>\d{1,3}|[sp])
          | (?P<capital>(?-i:NEAR|ONEAR|ADJ))(?P<capital_distance>\d{0,3})
          | within\ (?P<words>\d{1,3})\ words?\ (?:of|from)
        )(?=[\s("]|$)""",
    re.VERBOSE | re.IGNORECASE,
)
_ORDERED = {"pre", "onear", "adj"}
_NEGATED = re.compile(r"(?:BUT )?NOT (?=(?:w|with|near)/(?:\d{1,3}|[sp])(?:\s|$))", re.IGNORECASE)
_OPERAND = re.compile(r'"[^"]+"|\([^()]*\)|[^\s()"]+')
_FUNCTION = re.compile(
    r"(?P<name>(?-i:TI|PR|SY|DI|HE|CO|JU|AT|CI|DA|CR|OP|NEAR|ONEAR)|at(?:least|l) ?\d+|(?:all|no)?caps?|"
    r"singular|"
    r"plural|title|headnotes?|hlead|segment)\((?P<inside>[^()]*)\)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Connector:
    """`distance` is 0 in a sentence and in a field."""

    distance: int
    ordered: bool
    nearness: Nearness


def connector_at(text: str, at: int) -> tuple[Connector, int] | None:
    """The connector that stands at `at`, the beginning of a part, and its end.

    Raises ParseError for one that cannot be run.
    """
    match = _CONNECTOR.match(text, at)
    if match is None or (match["how"] is None and match["distance"] and _is_score(text, at)):
        return None
    return _read(text, match), match.end()


def _is_score(text: str, at: int) -> bool:
    """Whether a number stands before the sign, as in "7 /10", or nothing does."""
    before = text[:at].split()
    return not before or before[-1].isdecimal()


def _read(text: str, match: re.Match[str]) -> Connector:
    distances = match.group("distance", "plus_distance", "capital_distance", "words")
    typed = next(filter(None, distances), "").lower()
    how = (match["how"] or match["capital"] or "").lower()
    ordered = bool(match["plus"]) or how in _ORDERED
    if typed[:2] in ("s", "se") and typed != "seg":
        return Connector(0, ordered, Nearness.SENTENCE)
    if typed[:1] in ("p", "s"):
        return Connector(0, ordered, Nearness.FIELD)
    if typed == "n":
        raise ParseError(
            f"{quoted(match.group())} needs a number: how many words apart at most, as in “/5”.",
            replace_span(text, *match.span(), f"/{USUAL_DISTANCE}"),
        )
    distance = int(typed) if typed else 1 if how == "adj" else USUAL_DISTANCE
    if not 1 <= distance <= MAX_DISTANCE:
        written = match.group().replace(typed, str(min(max(distance, 1), MAX_DISTANCE)))
        raise ParseError(
            f"Words can be from 1 to {MAX_DISTANCE} words apart, not {quoted(match.group())}.",
            replace_span(text, *match.span(), written),
        )
    return Connector(distance, ordered, Nearness.WORDS)


def check_foreign_connector(text: str, at: int) -> None:
    """Raise ParseError if a form of another search service that cannot be run begins at `at`."""
    if negated := _NEGATED.match(text, at):
        _refuse_negated(text, negated)
    if function := _FUNCTION.match(text, at):
        name, inside = function["name"], function["inside"].strip()
        is_near = name.lower().endswith("near")
        joined = f" {name.upper()} ".join(inside.replace(",", " ").split()) if is_near else ""
        raise ParseError(
            f"{quoted(name + '(…)')} has no meaning here. Search what is in the parentheses without it.",
            replace_span(text, *function.span(), joined or inside),
        )


def _refuse_negated(text: str, negated: re.Match[str]) -> None:
    """Of "a NOT w/5 b" the nearest that can be run leaves out every letter in which both are near."""
    connector = _CONNECTOR.match(text, negated.end())
    before = list(_OPERAND.finditer(text, 0, negated.start()))[-1:]
    after = _OPERAND.match(text, connector.end() + 1) if connector else None
    if connector is None or not before or after is None:
        return
    one, other = before[0].group(), after.group()
    raise ParseError(
        f"{quoted(negated.group() + connector.group())} cannot be run: it is about single places of a text. "
        f"Items in which both are near each other can be left out.",
        replace_span(text, before[0].start(), after.end(), f"{one} -({one} {connector.group()} {other})"),
    )
