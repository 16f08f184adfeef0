"""Cutting a rationale into sentences. All texts are invented."""

import pytest

from determinations.letters.facts.grounds.sentences import sentences_of


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences_of(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Dr. Smith saw the worker on 3/4/12 vs. a nurse.",
        "Simpler measures, e.g. A splint, have not been used.",
        "The dose is 2.5 mg of No. 4 tablets p.o. Daily.",
        "J. Doe, M.D. Examined the knee.",
        "The request, i.e. The cream, is new.",
        "See Labor Code sec. 9792.20(e) on function.",
        "1. Therapy was not tried.",
        "The knee is stable",
    ],
)
def test_one_sentence_stays_one(text: str) -> None:
    assert cut(text) == [text]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It is new. It is not.", ["It is new.", "It is not."]),
        ("It is new.\r\nIt is not.\n", ["It is new.", "It is not."]),
        ('He said "no." The knee is stable.', ['He said "no."', "The knee is stable."]),
        ("Is it new? It is.", ["Is it new?", "It is."]),
        ("No flags were found.The knee is stable.", ["No flags were found.", "The knee is stable."]),
        ("Relief was 70%. None lasted.", ["Relief was 70%.", "None lasted."]),
        ("It was noted (page 3). Nothing else was.", ["It was noted (page 3).", "Nothing else was."]),
        (
            "He took the pills at 3 p.m. on Monday. They helped.",
            ["He took the pills at 3 p.m. on Monday.", "They helped."],
        ),
    ],
)
def test_sentences_end_where_they_end(text: str, sentences: list[str]) -> None:
    assert cut(text) == sentences


def test_a_sentence_beyond_all_measure_is_read_in_pieces() -> None:
    text = "no evidence " * 20_000
    pieces = cut(text)
    assert max(map(len, pieces)) <= 4_000
    assert "".join(pieces).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize("text", ["", " \n ", ".", "...", "?!"])
def test_a_text_of_nothing(text: str) -> None:
    assert "".join(cut(text)) == text.strip()
