"""Hypothesis strategies for questions: typed text that looks like the language, and trees in normal form."""

from dataclasses import replace
from typing import overload

from hypothesis import strategies as st

from determinations.search.interface import QuerySyntaxError
from determinations.search.query.language import parse_query
from determinations.search.query.nodes import (
    SEARCHED_FIELDS,
    All,
    AnyOf,
    CaseNumber,
    DateRange,
    FacetValue,
    Fuzzy,
    Near,
    Nearness,
    Node,
    Not,
    Phrase,
    Wildcard,
    Word,
    all_of,
    any_of,
    negated,
)

_WORDS = """norco and AND or OR NOT not case Case number IMR maximus cm CM14 14-31877 0031877 13-000004
    CM14-0031877? CM14-31877's No. letter L3-4-5 C5/6/7 4-5 5-6,
    L4 L5 to L4-L5 L5-S1 L3-S1 L4-L5-S1 x-ray worker's #60 10/325 50% .5 %5 10:30 1,000
    rationale request s http://a.b/?c=* www.d.ca/x"""
_SIGNS = """/5 w/3 +2 /s /p NEAR ! .. decided:2019 service:opioids level: " ( ) - ~ ~2 * ? : -- | ! ' “ ”
    – — , ."""
_FRAGMENTS = (
    """rationale: case: rational: diagnosis: CM14-31877 CM14-003* L4/5 radic* a* radiculopaty~ "" ()"""
)
_SPACED = (
    " ",
    " - ",
    "L4 - L5",
    "L4 to L5 to S1",
    ", ",
    "; ",
    "<b>",
    "</b>",
    "&amp;",
    "&lt;",
    "&#34;",
    "summary: ",
    "\u200b",
    "ﬁ",
    "½",
    "𝟙",
    "\x00",
    "ſ",
    "İ",
)
TRICKY_WORDS = _WORDS.split()
PIECES = (*TRICKY_WORDS, *_SIGNS.split(), *_FRAGMENTS.split(), *_SPACED)


def typed_text() -> st.SearchStrategy[str]:
    """Any text at all, and text made of pieces of the language in any order."""
    pieces = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=25)
    return st.text(max_size=80) | pieces.map("".join) | pieces.map(" ".join)


def _is_one_word(text: str) -> bool:
    try:
        return in_any_form(parse_query(f'"{text}"')) == Word(text)
    except QuerySyntaxError:
        return False


def _is_kept(phrase: Phrase) -> bool:
    """Whether its words stay apart between quotes: not "L4 to L5", nor the pieces of a case number."""
    parsed = parse_query(f'"{" ".join(phrase.words)}"')
    return isinstance(parsed, Phrase) and parsed.words == phrase.words


def words() -> st.SearchStrategy[str]:
    return (st.sampled_from(TRICKY_WORDS) | st.text(min_size=1, max_size=8)).filter(_is_one_word)


@overload
def in_any_form(node: Node) -> Node: ...
@overload
def in_any_form(node: None) -> None: ...
def in_any_form(node: Node | None) -> Node | None:
    """`node` as if no word of it were to be looked for as it is written."""
    match node:
        case All(parts) | AnyOf(parts) | Near(parts):
            return replace(node, parts=tuple(map(in_any_form, parts)))
        case Not(part):
            return Not(in_any_form(part))
        case Word() | Phrase():
            return replace(node, exact=False)
        case _:
            return node


def _nears() -> st.SearchStrategy[Node]:
    plain = st.sampled_from(("norco", "taper", "x-ray", "L4-L5", "10/325"))
    operands: st.SearchStrategy[Node] = st.one_of(
        st.builds(Word, plain),
        st.builds(Phrase, st.just(("medial", "branch")), exact=st.just(True)),
        st.sampled_from((Wildcard("radic*"), AnyOf((Word("norco"), Wildcard("tap*"))))),
    )
    measures = st.one_of(
        st.tuples(st.integers(2, 100), st.booleans(), st.just(Nearness.WORDS)),
        st.tuples(st.just(0), st.booleans(), st.sampled_from((Nearness.SENTENCE, Nearness.FIELD))),
    )
    parts = st.lists(operands, min_size=2, max_size=3).map(tuple)
    return st.tuples(parts, measures).map(lambda one: Near(one[0], *one[1]))


def _leaves() -> st.SearchStrategy[Node]:
    field = st.none() | st.sampled_from(SEARCHED_FIELDS)
    phrases = st.builds(
        Phrase, st.lists(words(), min_size=2, max_size=4).map(tuple), st.just(1), field, exact=st.just(True)
    ).filter(_is_kept)
    patterns = st.sampled_from(("radic*", "w?ldcard", "*itis", "inject?", "x-ra*", "L4*", "in*t?"))
    numbers = st.integers(0, 9_999_999).map("CM14-{:07}".format)
    return st.one_of(
        st.builds(Word, words(), field),
        phrases,
        _nears(),
        st.sampled_from((FacetValue("service", "opioids"), FacetValue("level", "L4-L5"))),
        st.builds(DateRange, st.just("decided"), st.just(20190101), st.sampled_from((20191231, 99_999_999))),
        st.builds(Wildcard, patterns, field),
        st.builds(Fuzzy, st.sampled_from(("radiculopaty", "fusoin")), st.integers(1, 2), field),
        st.builds(CaseNumber, numbers),
        st.sampled_from((Wildcard("CM14-003*", "case"), Wildcard("CM14-*", "case"))),
    )


def trees() -> st.SearchStrategy[Node]:
    """Trees in normal form, as `parse_query` makes them."""

    def grown(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        several = st.lists(parts, min_size=2, max_size=4)
        return several.map(all_of) | several.map(any_of) | parts.map(negated)

    return st.recursive(_leaves(), grown, max_leaves=8)
