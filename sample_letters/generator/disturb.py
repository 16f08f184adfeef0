"""What extraction from PDF does to a letter: the disturbances seen in real ones, each seeded.

Every function takes a letter's text and gives it back disturbed; what the letter says stays the same, so
that a reader must read the same from both.
"""

import re
from random import Random

_LINES_PER_PAGE = 46
_RUNNING_LINES = (
    "Final Determination Letter for IMR Case Number {case}    {page}",
    "Final Determination Letter for IMR Case Number {case} {page}",
    "{case}   Page {page} of {pages}",
)
_GLUED = (
    ("is not medically necessary and appropriate.", "is notmedically necessary and appropriate."),
    ("Board Certified in ", "Board Certified in"),
    ("has been in active", "hasbeen in active"),
    ("Claims Administrator guideline: ", "Claims Administrator guideline:"),
    ("MAXIMUS guideline: ", "MAXIMUS guideline:"),
)
_LONG_WORD = re.compile(r"[a-z]{9,}$")


def blank_after_each_line(text: str, rng: Random, case: str) -> str:
    """Every line is followed by an empty one, and paragraphs by two more."""
    return "".join(f"{line} \n\n" if line else " \n\n" for line in text.splitlines())


def running_footers(text: str, rng: Random, case: str) -> str:
    """Pages are cut every so many lines, in mid-sentence as it comes, with a running line at each cut."""
    lines = text.splitlines()
    pages = -(-len(lines) // _LINES_PER_PAGE)
    form = rng.choice(_RUNNING_LINES)
    out: list[str] = []
    for page in range(1, pages + 1):
        out += lines[(page - 1) * _LINES_PER_PAGE : page * _LINES_PER_PAGE]
        out += ["", form.format(case=case, page=page, pages=pages), ""]
    return "\n".join(out)


def page_breaks(text: str, rng: Random, case: str) -> str:
    """Pages end in mid-sentence and leave empty lines and a form feed behind, nothing else."""
    lines = text.splitlines()
    at = _LINES_PER_PAGE - rng.randint(0, 6)
    return "\n".join(
        f"{line}\n\n\n\f" if number % at == 0 else line for number, line in enumerate(lines, start=1)
    )


def glued_words(text: str, rng: Random, case: str) -> str:
    """Blanks get lost, as in "notmedically" and "Certified inInternal Medicine"."""
    for apart, together in _GLUED:
        if rng.random() < 0.7:
            text = text.replace(apart, together)
    return text


def double_blanks(text: str, rng: Random, case: str) -> str:
    """Two blanks after full stops, blanks at line ends and a blank before the first line."""
    text = re.sub(r"(?<=[a-z)])\. (?=[A-Z])", ".  ", text)
    return " " + re.sub(r"(?m)(?<=\S)$", " ", text)


def hyphenated_line_ends(text: str, rng: Random, case: str) -> str:
    """Some long words are split over two lines with a hyphen."""
    lines = text.splitlines()
    for at in range(len(lines) - 1):
        found = _LONG_WORD.search(lines[at])
        if found and lines[at + 1] and rng.random() < 0.25:
            head, tail = lines[at][: found.start() + 5], lines[at][found.start() + 5 :]
            lines[at], lines[at + 1] = f"{head}-", f"{tail} {lines[at + 1]}"
    return "\n".join(lines) + "\n"


DISTURBANCES = {
    "blank_lines": blank_after_each_line,
    "footers": running_footers,
    "page_breaks": page_breaks,
    "glued_words": glued_words,
    "double_blanks": double_blanks,
    "hyphens": hyphenated_line_ends,
}
"""By name, as `Plan.disturbances` lists them."""


def disturbed(text: str, names: tuple[str, ...], rng: Random, case: str) -> str:
    """The text with the named disturbances, one after the other. `case` stands in running lines."""
    for name in names:
        text = DISTURBANCES[name](text, rng, case)
    return text
