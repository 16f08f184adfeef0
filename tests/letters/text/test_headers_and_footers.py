"""Running headers, footers and page numbers: found by repetition, wherever pages break."""

import textwrap

import pytest

from determinations.letters.text.headers_and_footers import without_furniture
from determinations.letters.text.letter_text import pages_of

PROSE = (
    "The applicant has filed a claim for chronic low back pain. Thus far, the applicant has been "
    "treated with "
    "analgesic medications and trigger point injections. There is radiation of pain from the low back to the "
    "right leg, 7/10, and the applicant is on Norco, Motrin and Flexeril. The ACOEM Guidelines, "
    "Chapter 12, page "
    "301, and Table 12-8 apply. A request was made for 12 visits. It was denied, and the denial was upheld. "
) * 3
LINES = textwrap.wrap(PROSE, 60)


def cleaned(text: str) -> str:
    return " ".join(without_furniture(pages_of(text)).lines.texts)


def paged(header: str, footer: str, *, lines_per_page: int = 9, mark: str = "\f") -> str:
    pages = []
    for page, start in enumerate(range(0, len(LINES), lines_per_page), start=1):
        edges = [edge.format(page=page, of=4) for edge in (header, footer)]
        pages.append("\n".join([edges[0], *LINES[start : start + lines_per_page], edges[1]]))
    return f"\n{mark}".join(pages)


@pytest.mark.parametrize(
    ("header", "footer"),
    [
        ("MAXIMUS Federal Services", ""),
        ("", "{page}"),
        ("", "- {page} -"),
        ("", "Page {page} of {of}"),
        ("MAXIMUS Federal Services\nIndependent Medical Review", "Page {page}"),
        ("Final Determination Letter for IMR Case Number CM15-0001234 {page}", ""),
        ("CONFIDENTIAL | printed 3/{page}/2015", "CM15-0001234"),
    ],
)
def test_what_recurs_at_page_edges_goes(header: str, footer: str) -> None:
    assert cleaned(paged(header, footer)) == " ".join(LINES)


@pytest.mark.parametrize(
    "running",
    [
        "Final Determination Letter for IMR Case Number CM15-0001234 {page}",
        "MAXIMUS Federal Services Final Determination Letter for IMR Case Number CM15-0001234 Page "
        "{page} of 4",
        "Final Determination Letter for IMR\nCase Number CM15-0001234 {page}",
        "Page {page} of {of}",
        "Independent review of the file, sheet {page}",
    ],
)
def test_running_lines_go_without_any_page_mark(running: str) -> None:
    assert cleaned(paged("", running, mark="")) == " ".join(LINES)


def test_one_running_line_is_known_by_its_shape_even_inside_a_line() -> None:
    line = "Final Determination Letter for IMR Case Number CM15-0001234 4"
    text = PROSE.replace("trigger point", f"trigger {line} point", 1)
    found = without_furniture(pages_of(text))
    assert cleaned(text) == " ".join(PROSE.split())
    assert found.furniture == (line,)


@pytest.mark.parametrize(
    "header",
    [
        "Page 3 IMR Case Number CM15-0001234",
        "Page 3\nIMR Case Number CM15-0001234",
        "Page 3 of 7\nCase Number: CM15-0001234",
        "PAGE 3\nFinal Determination Letter\nCase No. CM15-0001234",
    ],
)
def test_a_page_number_before_the_case_number_makes_one_running_line(header: str) -> None:
    text = "\n".join([*LINES[:4], header, *LINES[4:]])
    found = without_furniture(pages_of(text))
    assert cleaned(text) == " ".join(LINES)
    assert found.furniture == (header.replace("\n", " "),)


def test_a_page_number_and_case_number_go_from_inside_a_line() -> None:
    line = "Page 3 of 7 IMR Case Number CM15-0001234"
    assert cleaned(PROSE.replace("trigger point", f"trigger {line} point", 1)) == " ".join(PROSE.split())


def test_two_running_lines_in_a_row_leave_no_page_number() -> None:
    footer = "CM15-0001234 Page 1 of 3"
    header = "Final Determination Letter for IMR Case Number CM15-0001234 1"
    cover = "Case Number: CM15-0001234 Date Assigned: 06/20/2015"
    text = "\n".join([cover, *LINES[:4], footer, header, *LINES[4:]])
    assert cleaned(text) == " ".join([cover, *LINES])


@pytest.mark.parametrize("header", ["IMR Case Number CM15-0001234", "MAXIMUS Case No.: CM15-0001234"])
def test_a_line_that_only_says_the_case_number_again_goes(header: str) -> None:
    cover = "Case Number: CM15-0001234 Date Assigned: 06/20/2015"
    text = "\n".join([cover, *LINES[:4], header, *LINES[4:]])
    assert cleaned(text) == " ".join([cover, *LINES])


def test_a_case_number_of_another_letter_stays() -> None:
    text = "\n".join(["Case Number: CM15-0001234", *LINES[:4], "Case Number: CM15-0009999", *LINES[4:]])
    assert "Case Number: CM15-0009999" in cleaned(text)


def test_prose_that_names_a_case_number_stays() -> None:
    prose = "An earlier review on page 3 of IMR Case Number CM15-0001234 upheld the denial."
    assert cleaned("\n".join(["Case Number: CM15-0001234", *LINES, prose])).endswith(prose)


def test_prose_that_ends_like_a_running_line_keeps_its_end() -> None:
    line = "Final Determination Letter for IMR Case Number CM15-0001234 4"
    assert cleaned(f"This is how the Final\n{line}\nDetermination was made.") == (
        "This is how the Final Determination was made."
    )


def test_bare_numbers_that_do_not_count_pages_stay() -> None:
    pages = ["\n".join([*LINES[:5], number]) for number in ("12", "10", "11")]
    assert cleaned("\f".join(pages)).count(" 12 The applicant") == 1


def test_content_that_recurs_at_page_edges_stays() -> None:
    page = "Norco #{0}: Upheld\n\nDecision rationale: none.\nThe request is non-certified."
    text = "\f".join(page.format(number) for number in (1, 2, 3))
    assert cleaned(text).count("The request is non-certified.") == 3
    assert cleaned(text).count(": Upheld") == 3


def test_numbered_lists_stay() -> None:
    text = "\n".join(f"{n}) MAXIMUS Federal Services, Inc. has determined the request for" for n in (1, 2, 3))
    assert cleaned(text).count("has determined") == 3


def test_a_cover_keeps_its_case_number() -> None:
    cover = "Case Number: CM14-0031877 Date Assigned: 06/20/2014\n" + "\n".join(LINES)
    assert cleaned(cover).startswith("Case Number: CM14-0031877 Date Assigned")


@pytest.mark.parametrize(
    "line",
    [
        "Printed 11/28/2026 by intranet",
        "Printed on November 28, 2026 at 9:15 AM",
        "Print date: 2026-11-28 09:15",
        "Printed by: Records Department",
        "11/28/26, 9:15 AM IMR Letter",
        "file:///C:/letters/letter.txt 1/3",
        "https://records.example/letter?id=5 2 of 3",
    ],
)
def test_lines_that_a_program_prints_are_taken_out(line: str) -> None:
    whole = "\n".join(LINES)
    for text in (f"{line}\n{whole}", f"{whole}\n{line}", "\n".join([*LINES[:3], line, *LINES[3:]])):
        assert cleaned(text) == cleaned(whole)


@pytest.mark.parametrize(
    "line",
    [
        "Printed materials were handed out on 5/6/2014 at the visit.",
        "05/06/2014 at 10:30 AM for a visit.",
        "05/06/2014, the worker was seen.",
        "https://guidelines.example/opioids",
    ],
)
def test_prose_like_print_lines_stays(line: str) -> None:
    assert line in cleaned("\n".join([*LINES[:3], line, *LINES[3:]]))
