"""The reference of the query language is true: its examples run, and the help page has the same ones."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from determinations.search.interface import QuerySyntaxError
from determinations.search.query import language, parser, phrases, words
from determinations.search.query.language import parse_query
from determinations.search.query.nodes import (
    AnyOf,
    CaseNumber,
    DateRange,
    FacetTerm,
    Fuzzy,
    Near,
    Node,
    Not,
    Phrase,
    Wildcard,
    Word,
)
from determinations.search.query.phrases import MAX_SLOP
from determinations.search.query.unparse import query_to_text
from determinations.search_page.examples import (
    EXAMPLE_GROUPS,
    QUERY_EXAMPLES,
    ExampleGroup,
    QueryExample,
    example_groups,
)
from tests.search.query.trees import in_any_form

DOCS = (Path(__file__).resolve().parents[3] / "docs" / "query-language.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(?P<query>[^`]+)` \| (?P<meaning>.+) \|$", re.MULTILINE)


def tables(header: str) -> Iterator[tuple[str, tuple[QueryExample, ...]]]:
    """Title of the section and rows of every table under `header`."""
    for section in DOCS.split("\n## ")[1:]:
        title, _, body = section.partition("\n")
        _, found, table = body.partition(f"{header}\n")
        if found:
            rows = ROW.finditer(table.partition("\n\n")[0])
            yield title, tuple(QueryExample(row["query"], row["meaning"]) for row in rows)


def test_the_help_page_has_the_examples_of_the_reference() -> None:
    documented = tuple(ExampleGroup(title, rows) for title, rows in tables("| query | meaning |"))
    assert documented == EXAMPLE_GROUPS
    assert len({example.text for example in QUERY_EXAMPLES}) == len(QUERY_EXAMPLES)


@pytest.mark.parametrize("example", QUERY_EXAMPLES, ids=lambda example: example.text)
def test_every_example_runs_and_prints(example: QueryExample) -> None:
    tree = parse_query(example.text)
    assert tree is not None
    assert in_any_form(parse_query(query_to_text(tree))) == in_any_form(tree)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ('"facet injection"~5', Near((Word("facet", exact=True), Word("injection", exact=True)), 5)),
        ('"severe"', Word("severe", exact=True)),
        ("conservative +5 care", Near((Word("conservative"), Word("care")), 5, ordered=True)),
        ("-decision:upheld", Not(FacetTerm("decision", "upheld"))),
        ("since:2015", DateRange("decided", 20150101)),
        ("norco OR vicodin", AnyOf((Word("norco"), Word("vicodin")))),
        ("-surgery", Not(Word("surgery"))),
        ("*otomy", Wildcard("*otomy")),
        ("acupunkture~2", Fuzzy("acupunkture", 2)),
        ("rationale:rhizotomy", Word("rhizotomy", "rationale")),
        ("cm14-31877", CaseNumber("CM14-0031877")),
        ("case:14-31877", CaseNumber("CM14-0031877")),
        ("case:CM14-003", Wildcard("CM14-003*", "case")),
        ("L4-5", Word("L4-L5")),
        ('"bulge at L5-S1"', Phrase(("bulge", "at", "L5-S1"), exact=True)),
    ],
)
def test_examples_mean_what_is_said(text: str, tree: Node) -> None:
    assert text in {example.text for example in QUERY_EXAMPLES}
    assert parse_query(text) == tree


@pytest.mark.parametrize("number", ["CM14-0031877", "CM15-9000068", "CM20-0000007"])
def test_the_examples_of_another_number_find_its_letter(number: str) -> None:
    (examples,) = [group.examples for group in example_groups(number) if group.title == "Case numbers"]
    *letter, beginning = [parse_query(example.text) for example in examples]
    assert letter == [CaseNumber(number)] * 3
    assert beginning == Wildcard(f"{number[:8]}*", "case")


@pytest.mark.parametrize(
    ("header", "least"), [("| query | offered instead |", 10), ("| typed there | offered here |", 4)]
)
def test_faults_offer_what_the_reference_says(header: str, least: int) -> None:
    ((_, offered),) = tables(header)
    assert len(offered) >= least
    for row in offered:
        with pytest.raises(QuerySyntaxError) as raised:
            parse_query(row.text.replace("\\|", "|"))
        assert raised.value.suggestion == row.meaning.strip("`")


def test_the_limits_are_those_of_the_reference() -> None:
    text = " ".join(DOCS.split())
    assert (
        f"{language.MAX_CHARACTERS:,} characters and {language.MAX_PARTS} words, phrases and numbers" in text
    )
    assert f"nested {language.MAX_DEPTH} deep" in text
    assert f"the largest distance is {MAX_SLOP}" in text
    assert (
        f"at most {language.MAX_PHRASE_WORDS} words, {phrases.MAX_WILDCARDS} of them with wildcards" in text
    )
    assert f"at most {parser.MAX_PAIRS} pairs" in text
    assert (words.LETTERS_BEFORE_WILDCARD, words.LETTERS_IN_WILDCARD) == (2, 3)
    assert words.LETTERS_IN_FUZZY == {1: 4, 2: 6}
