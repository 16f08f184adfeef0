"""What the reader must not care about: wrapping, blank lines, page breaks, spaces. And it never fails.

Letters are the sample generator's, so that there are many, of all four layouts.
"""

import textwrap
from functools import cache

from hypothesis import assume, given
from hypothesis import strategies as st

from determinations.letters.parse import parse_letter
from determinations.letters.parsed_letter import ParsedLetter, UnreadableLetterError
from sample_letters.generator import invented_letters
from tests.letters.invented import HOW_MADE, ISSUES, SUMMARY, item, standard_letter
from tests.letters.one_letter import read_letter

_PIECES = st.sampled_from(
    [
        "Norco 10/325mg #60: Upheld\n",
        ": Overturned\n",
        "Upheld\n",
        "Claims Administrator guideline: ",
        "MAXIMUS guideline: ",
        "Decision rationale: ",
        "CLINICAL CASE SUMMARY\n",
        "IMR ISSUES, DECISIONS AND RATIONALES\n",
        "IMR DECISION(S) AND RATIONALE(S)\n",
        "HOW THE IMR FINAL DETERMINATION WAS MADE\n",
        "INDEPENDENT MEDICAL REVIEW DECISION AND RATIONALE\n",
        "1) MAXIMUS Federal Services, Inc. has determined the request for ",
        "is notmedically necessary and appropriate.\n",
        "1) Regarding the request for x:\n",
        "Section of the Medical Treatment Utilization Schedule Relied Upon",
        "Rationale for the Decision:\n",
        "MEDICAL PROFESSIONAL REVIEW\n",
        "ISSUE AT DISPUTE:\n",
        "RATIONALE FOR WHY THE REQUESTED TREATMENT/SERVICE IS/WAS NOT\nMEDICALLY NECESSARY:\n",
        "Final Determination Letter for IMR Case Number CM15-0001234 4",
        "Case Number: CM14-0031877 Date Assigned: 13/45/2014 ",
        "The Claims Administrator based its decision on ODG. ",
        "A 52 year old female. ",
        "\f",
        "\n\n",
        "-\n",
    ]
)
_TEXTS = st.lists(_PIECES | st.text(max_size=20), max_size=40).map("".join)


@cache
def letters() -> list[str]:
    """Clean letters of all layouts: disturbed ones break lines on purpose where these tests break them."""
    return [invented.text for invented in invented_letters(160, seed=11) if not invented.peculiarities]


def paragraphs_of(text: str) -> list[str]:
    return [paragraph for paragraph in text.split("\n\n") if paragraph.strip()]


def read(text: str) -> ParsedLetter:
    return parse_letter(text)


@given(_TEXTS)
def test_no_text_raises_anything_but_its_own_error(text: str) -> None:
    try:
        letter = parse_letter(text)
    except UnreadableLetterError as error:
        assert error.message
    else:
        assert [i.position for i in letter.items] == list(range(1, len(letter.items) + 1))


@given(st.binary(max_size=200) | _TEXTS.map(lambda text: text.encode("utf-16", errors="replace")))
def test_no_bytes_raise_anything_but_its_own_error(data: bytes) -> None:
    try:
        read_letter(data)
    except UnreadableLetterError as error:
        assert error.message


@given(_TEXTS)
def test_whatever_stands_between_known_parts_they_are_read(prose: str) -> None:
    letter = parse_letter("\n".join((HOW_MADE, SUMMARY, ISSUES, item("Norco: Upheld"))) + "\n" + prose)
    assert letter.items


@given(st.integers(0, 1000), st.integers(45, 160))
def test_wrapping_does_not_matter(number: int, width: int) -> None:
    text = letters()[number % len(letters())]
    rewrapped = "\n\n".join(
        "\n".join(
            part
            for line in unwrapped(paragraph)
            for part in textwrap.wrap(line, width, break_on_hyphens=False, break_long_words=False)
        )
        for paragraph in paragraphs_of(text)
    )
    assert read(rewrapped) == read(text)


def unwrapped(paragraph: str) -> list[str]:
    """A paragraph on one line. Lists and covers keep their lines, which are no wrapping."""
    lines = paragraph.split("\n")
    wrapped = all(len(line) > 60 for line in lines[:-1])
    return [" ".join(lines)] if wrapped else lines


@given(st.integers(0, 1000), st.integers(1, 3), st.sampled_from(["", " ", "\t", "\u00a0 "]))
def test_blank_lines_between_lines_do_not_matter(number: int, blanks: int, blank: str) -> None:
    text = letters()[number % len(letters())]
    spaced = text.replace("\n", "\n" + f"{blank}\n" * blanks)
    assert read(spaced) == read(text)


@given(
    st.integers(0, 1000), st.sampled_from([" ", "   ", "\t", "\u00a0"]), st.sampled_from(["\n", "\r\n", "\r"])
)
def test_trailing_spaces_and_line_ends_do_not_matter(number: int, trailing: str, line_end: str) -> None:
    text = letters()[number % len(letters())]
    assert read(text.replace("\n", trailing + line_end)) == read(text)


@given(st.integers(0, 1000), st.integers(18, 60), st.booleans())
def test_page_breaks_do_not_matter(number: int, lines_per_page: int, numbered: bool) -> None:
    text = letters()[number % len(letters())]
    lines = text.split("\n")
    pages = [lines[start : start + lines_per_page] for start in range(0, len(lines), lines_per_page)]
    assume(len(pages) > 1)  # what stands once cannot be told to recur
    foot = "Page {page}" if numbered else "Confidential"
    broken = "\f".join(
        "\n".join(["MAXIMUS Federal Services, review unit", *page, foot.format(page=at)])
        for at, page in enumerate(pages, start=1)
    )
    assert read(broken) == read(text)


@given(st.integers(0, 1000), st.integers(9, 50))
def test_running_lines_without_page_marks_do_not_matter(number: int, lines_per_page: int) -> None:
    text = letters()[number % len(letters())]
    expected = read(text)
    case_number = expected.case_number or "CM15-0001234"
    lines = text.split("\n")
    for page, at in enumerate(range(lines_per_page, len(lines), lines_per_page + 1), start=2):
        lines.insert(at, f"Final Determination Letter for IMR Case Number {case_number} {page}")
    got = read("\n".join(lines))
    assert (got.items, got.clinical_summary, got.dates) == (
        expected.items,
        expected.clinical_summary,
        expected.dates,
    )
    assert got.case_number in (expected.case_number, case_number)


@given(
    st.lists(
        st.sampled_from(["Norco", "Soma 350mg", "PT 2x6", "MRI: open", "1 block at L4-5"]),
        min_size=1,
        max_size=9,
    )
)
def test_items_are_as_many_as_were_written(requests: list[str]) -> None:
    letter = parse_letter(standard_letter(*(item(f"{request}: Upheld") for request in requests)))
    assert [i.request for i in letter.items] == requests
