"""Guideline paragraphs of all layouts -> citations."""

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from determinations.letters.facts.guidelines import citations_in, remembered_citations
from determinations.letters.parsed_letter import Citation
from determinations.letters.vocabulary.names import guideline_sources
from tests.letters.tables import guideline_paragraphs, shared


def stated(citation: Citation) -> dict[str, Any]:
    """What a citation says, without its raw text and what is absent."""
    values = {
        "source": citation.source,
        "chapter": citation.chapter,
        "year": citation.year,
        "sections": list(citation.sections),
        "pages": list(citation.pages),
        "tables": list(citation.tables),
    }
    return {name: value for name, value in values.items() if value}


@pytest.mark.parametrize("paragraph", guideline_paragraphs(), ids=lambda row: row["text"][:80])
def test_a_paragraph_cites(paragraph: dict[str, Any]) -> None:
    assert [stated(citation) for citation in citations_in(paragraph["text"])] == paragraph["citations"]


@pytest.mark.parametrize("paragraph", guideline_paragraphs(), ids=lambda row: row["text"][:80])
def test_line_breaks_make_no_difference(paragraph: dict[str, Any]) -> None:
    wrapped = paragraph["text"].replace(" ", " \n\n ")
    assert citations_in(wrapped) == citations_in(paragraph["text"])


@pytest.mark.parametrize("paragraph", guideline_paragraphs(), ids=lambda row: row["text"][:80])
def test_each_citation_keeps_its_own_words(paragraph: dict[str, Any]) -> None:
    text = " ".join(paragraph["text"].split())
    citations = citations_in(text)
    assert all(citation.text and citation.text in text for citation in citations)
    assert sum(len(citation.text) for citation in citations) <= len(text)


def test_the_table_holds_what_was_asked_for() -> None:
    assert len(guideline_paragraphs()) >= 80


def test_an_empty_paragraph_cites_nothing_at_all() -> None:
    assert citations_in("") == ()
    assert citations_in(" \n ") == ()


def test_the_year_is_absent_where_the_letter_does_not_tell_it() -> None:
    (citation,) = citations_in("Decision based on MTUS Chronic Pain Medical Treatment Guidelines Page(s): 9.")
    assert citation.year is None


def test_a_date_of_update_is_no_year_of_edition() -> None:
    (citation,) = citations_in("Decision based on Non-MTUS Citation ODG, Knee (updated 10/27/14), MRI")
    assert citation.year is None


@given(st.text())
def test_any_text_gives_known_sources(text: str) -> None:
    known = {source.slug for source in guideline_sources()}
    assert all(citation.source in known for citation in citations_in(text))


@given(st.lists(st.sampled_from(guideline_paragraphs()), min_size=2, max_size=3))
def test_statements_one_after_another_are_read_one_by_one(rows: list[dict[str, Any]]) -> None:
    rows = [row for row in rows if row["text"].startswith("Decision based on") and row["text"].endswith(".")]
    together = citations_in(" ".join(row["text"] for row in rows))
    assert [stated(citation) for citation in together] == [
        found for row in rows for found in row["citations"]
    ]


CHAPTERS = shared("failing", "letters", "guideline_chapters.tsv")


@pytest.mark.skipif(not CHAPTERS.is_file(), reason="no list of chapters beside the repository")
def test_every_chapter_that_letters_cite_is_of_the_mtus() -> None:
    rows = [line.split("\t") for line in CHAPTERS.read_text("utf-8").splitlines()[1:]]
    wrong = []
    for chapter, year in rows:
        first = f"Decision based on MTUS {chapter} {year}".strip()
        paragraphs = {f"{first}.": 1, f"{first}, Section(s): Summary.": 1}
        if year:
            knee = "Knee Complaints 2004, Section(s): Initial Care"
            paragraphs[f"{first}, Section(s): Summary, and {knee}."] = 2
            paragraphs[f"Decision based on MTUS {knee}, and {chapter} {year}, Section(s): Summary."] = 2
        for paragraph, count in paragraphs.items():
            cited = citations_in(paragraph)
            of_mtus = all(one.source.startswith("mtus-") for one in cited)
            has_year = not year or int(year) in [one.year for one in cited]
            if not (of_mtus and len(cited) == count and has_year):
                wrong.append((paragraph, [stated(one) for one in cited]))
    assert wrong == []


def test_statements_read_one_by_one_cite_what_they_cite_together() -> None:
    """Each "Decision based on ..." is read and remembered by itself: nothing may lean on the one before."""
    statements = [
        row["text"] for row in guideline_paragraphs() if row["text"].startswith("Decision based on")
    ]
    assert len(statements) > 10
    for first, second in itertools.pairwise(statements):
        together = " ".join(f"{first.rstrip('.')}. {second}".split())
        assert citations_in(together) == remembered_citations(together)[0]
