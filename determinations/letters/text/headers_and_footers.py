"""Running headers, footers and page numbers, found by repetition and taken out of the letter.

Where pages are marked by form feeds, furniture is what is outermost on half of the pages, digits aside.
Where they are not, it is a line that recurs with a number running up by one, a running line that gives the
letter's case number behind or before a page number, or a line that only says the case number again. Knows
the shape of a case number and the words that may never be furniture (labels and decisions), but no list of
headers.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from determinations.letters.text.letter_text import Lines, joined

_EDGE = 4
"""Most lines at the top, and at the foot, of a page that are furniture."""

_NUMBER = re.compile(r"\d+")
# What is no furniture, in lower case.
_CONTENT_WORDS = (
    "medically necessary",
    "medicallynecessary",
    "has determined",
    "regarding the request",
    "certified",
)
_LABEL = re.compile(r"(?:guidelines?|rationales?|decision|summary)\s*:")
_DECISION_WORDS = ("upheld", "overturned", "modified")
_DECIDED = re.compile(r"(?:upheld|overturned|modified)\W*\Z")
_SENTENCE = re.compile(r"\b(?:is|are|was|were|be|has|have)\b.*[.]\Z")
_CONTENT_BEGINS = re.compile(
    r"\W*\d{1,2}[.)]\s*[a-z]|(?:the )?(?:claims administrator|(?:expert|physician) reviewer)\b"
)
_PAGE_OF = re.compile(r"\W*page:? ?\d{1,3} ?(?:of|/) ?\d{1,3}\W*", re.IGNORECASE)
_BARE_NUMBER = re.compile(r"[-–\[(| ]*\d{1,3}[-–\])| ]*")


def _either_case(words: str) -> str:
    return "|".join(sorted({form for word in words.split() for form in (word, word.upper())}))


_FIRST_NAME = _either_case("MAXIMUS Final Determination Letter Notice Independent IMR Case")
_NAME = _either_case(
    "MAXIMUS Federal Services Final Determination Letter Notice Independent Medical Review IMR Case"
)
_SMALL = _either_case("for of the Number No File ID") + r"|Inc\.?|INC\.?|\#"
_CASE = r"CM ?\d\d ?[-–] ?\d{5,8}"
_RUNNING_CASE_LINE = re.compile(
    rf"(?<!\S)(?:{_FIRST_NAME}),?[ \n](?:(?:(?:{_NAME}),?|(?:{_SMALL})[.,:#]*)[ \n]){{0,16}}"
    rf"{_CASE}(?:,?[ \n](?:Page|PAGE|page|Pg\.?))?:?[ \n]\d{{1,3}}(?: of \d{{1,3}})?(?!\S)"
)
_RUNNING_PAGE_AND_CASE = re.compile(
    r"(?<!\S)(?:Page|PAGE|Pg\.?):?[ \n]\d{1,3}(?:[ \n]?(?:of|/)[ \n]?\d{1,3})?[ \n]"
    rf"(?:(?:(?:{_NAME}),?|(?:{_SMALL})[.,:#]*)[ \n]){{1,16}}{_CASE}(?!\S)"
)
_NAMED_CASE_LINE = re.compile(rf"(?:(?:{_NAME}|{_SMALL})[.,:#]* ){{1,16}}(?P<case>{_CASE})")
_RUNNING_LETTER_LINE = re.compile(rf"(?:(?:{_NAME}|{_SMALL})[.,:#]* ){{4,16}}{_CASE}")
_SHORT_RUNNING_CASE_LINE = re.compile(
    rf"(?:Page:? ?\d{{1,3}}(?: of \d{{1,3}})? )?(?:IMR )?(?:Case )?(?:(?:Number|No\.?|#):? ?)?{_CASE}"
    r"(?: (?:Page:? ?)?\d{1,3}(?: of \d{1,3})?)?",
    re.IGNORECASE,
)
_DAY = r"(?:\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}|[A-Z][a-z]{2,8}\.? \d{1,2},? \d{4}|\d{1,2} [A-Z][a-z]{2,8} \d{4})"
_PRINT_LINE = re.compile(
    rf"Print(?:ed)?(?: date)?:? ?(?:(?:on|at|by|from|via)\b.{{0,80}}?)?{_DAY}.{{0,80}}"
    rf"|Printed (?:by|from|for|via)\b:? .{{1,60}}"
    rf"|{_DAY}, \d{{1,2}}:\d\d(?::\d\d)?(?: ?[AaPp]\.?[Mm]\.?)?(?: [^a-z].{{0,120}})?"
    r"|(?:https?|file):/\S{1,180} \d{1,3} ?(?:/|of) ?\d{1,3}"
)
_PRINT_LINE_BEGINS = frozenset("0123456789PJFMASONDhf")
_SURE_BEGINNING = re.compile(r"MAXIMUS\b|Final\b", re.IGNORECASE)
_LONGEST_BEFORE_NUMBER, _LONGEST_AFTER_NUMBER = 160, 40
_HAS_CASE_NUMBER = re.compile(_CASE)


@dataclass(frozen=True, slots=True)
class WithoutFurniture:
    lines: Lines
    furniture: tuple[str, ...]
    """What was taken out, each line once: a running header may be all that gives the case number."""


def without_furniture(pages: Iterable[Lines]) -> WithoutFurniture:
    """The letter's lines without its furniture, pages put together. Linear in the letter's length."""
    removed: list[str] = []
    filled = [kept for page in pages if (kept := _without_print_lines(page, removed)).texts]
    if len(filled) > 1:
        filled = _without_page_edges(filled, removed)
    lines = _without_running_case_lines(joined(filled), removed)
    lines = _without_running_numbers(lines, removed)
    return WithoutFurniture(lines, tuple(dict.fromkeys(removed)))


def _without_print_lines(lines: Lines, removed: list[str]) -> Lines:
    """Takes away what a browser or a records system sets above and below the pages that it prints."""
    printed = {
        index: text
        for index, text in enumerate(lines.texts)
        if (":" in text or "Print" in text)
        and text[0] in _PRINT_LINE_BEGINS
        and len(text) < 200
        and _PRINT_LINE.fullmatch(text)
    }
    removed.extend(printed.values())
    return lines.without(printed)


def _signature(line: str) -> str:
    return _NUMBER.sub("#", line)


def _may_be_furniture(line: str) -> bool:
    return len(line) < 200 and not line[0].islower() and not _is_content(line.lower())


def _is_content(lower: str) -> bool:
    """Whether a line, in lower case, has a label, a decision or a sentence in it."""
    return (
        any(words in lower for words in _CONTENT_WORDS)
        or (":" in lower and _LABEL.search(lower) is not None)
        or (any(word in lower for word in _DECISION_WORDS) and _DECIDED.search(lower) is not None)
        or (lower.endswith(".") and _SENTENCE.search(lower) is not None)
        or _CONTENT_BEGINS.match(lower) is not None
    )


def _without_page_edges(pages: list[Lines], removed: list[str]) -> list[Lines]:
    """Peels away, from top and foot, what is the outermost line of at least half of the pages."""
    needed = max(2, (len(pages) + 1) // 2)
    for edge in (0, -1):
        for _ in range(_EDGE):
            outermost = [page.texts[edge] if page.texts else "" for page in pages]
            furniture = _recurring(outermost, needed)
            if not any(furniture):
                break
            removed.extend(line for line, goes in zip(outermost, furniture, strict=True) if goes)
            pages = [
                page.between(1 if edge == 0 else 0, len(page) if edge == 0 else len(page) - 1)
                if goes
                else page
                for page, goes in zip(pages, furniture, strict=True)
            ]
    return pages


def _recurring(outermost: Sequence[str], needed: int) -> list[bool]:
    """For each page, whether its outermost line recurs on enough other pages, or counts them up."""
    counts = Counter(_signature(line) for line in outermost if line and _may_be_furniture(line))
    numbered = _numbers_run(outermost)
    return [
        bool(line)
        and (
            numbered
            if _BARE_NUMBER.fullmatch(line)
            else _PAGE_OF.fullmatch(line) is not None or counts[_signature(line)] >= needed
        )
        for line in outermost
    ]


def _numbers_run(edge_lines: Sequence[str]) -> bool:
    """Whether bare numbers at this edge count the pages up, so that they are page numbers."""
    numbered = [
        (page, int(found[0]))
        for page, line in enumerate(edge_lines)
        if _BARE_NUMBER.fullmatch(line) and (found := _NUMBER.search(line))
    ]
    return len(numbered) > 1 and len({number - page for page, number in numbered}) == 1


def _without_running_numbers(lines: Lines, removed: list[str]) -> Lines:
    """Takes away lines that recur with one number running up by one, and "Page 3 of 7" by its shape."""
    texts = lines.texts
    ending = [index for index, text in enumerate(texts) if text[-1].isdigit() or text[-2:-1].isdigit()]
    furniture = {
        index for index in ending if "page" in texts[index].lower() and _PAGE_OF.fullmatch(texts[index])
    }
    for signature, indexes in _by_signature(texts, ending):
        needed = 2 if len(signature.split()) > 3 or signature.upper() == "PAGE #" else 3
        if len(indexes) >= needed:
            recurring = [
                index for index in indexes if index not in furniture and _may_be_furniture(texts[index])
            ]
            if len(recurring) >= needed and _run_up([texts[index] for index in recurring]):
                furniture.update(recurring)
    removed.extend(texts[index] for index in sorted(furniture))
    return lines.without(furniture)


def _by_signature(texts: Sequence[str], indexes: Iterable[int]) -> Iterator[tuple[str, list[int]]]:
    """The lines that share a signature with another one: most have as many words as no other line."""
    by_length: defaultdict[int, list[int]] = defaultdict(list)
    for index in indexes:
        by_length[texts[index].count(" ")].append(index)
    for alike in by_length.values():
        if len(alike) > 1:
            by_signature: defaultdict[str, list[int]] = defaultdict(list)
            for index in alike:
                by_signature[_signature(texts[index])].append(index)
            yield from by_signature.items()


def _run_up(texts: Sequence[str]) -> bool:
    """Whether exactly one number differs from line to line, and grows by one each time."""
    rows = [[int(number) for number in _NUMBER.findall(text[:200])] for text in texts]
    steps = [tuple(b - a for a, b in zip(before, after, strict=False)) for before, after in pairwise(rows)]
    return len(set(steps)) == 1 and sorted(steps[0], reverse=True)[:1] == [1] and sum(map(abs, steps[0])) == 1


def _without_running_case_lines(lines: Lines, removed: list[str]) -> Lines:
    """Takes away "... IMR Case Number CM15-0001234 4", also from inside a line or wrapped over two."""
    text = "\n".join(lines.texts)
    if _HAS_CASE_NUMBER.search(text) is None:
        return lines
    spans = list(_running_spans(text))
    removed.extend(text[start:end].replace("\n", " ") for start, end in spans)
    lines = _cut(lines, spans) if spans else lines
    numbers: set[str] = set()
    running: set[int] = set()
    for index in [index for index, line in enumerate(lines.texts) if "CM" in line]:
        line = lines.texts[index]
        if _is_running_case_line(line, first=index == len(running)) or _repeats_case_number(line, numbers):
            removed.append(line)
            running.add(index)
        else:
            numbers.update(_HAS_CASE_NUMBER.findall(line))
    return lines.without(running)


def _repeats_case_number(line: str, numbers: Collection[str]) -> bool:
    """Whether a line only names a case number, which an earlier line gave: a header that lost its page."""
    named = _NAMED_CASE_LINE.fullmatch(line)
    return named is not None and named["case"] in numbers


def _running_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where running lines stand. Looks around case numbers only, since most text has none."""
    last = 0
    for number in _HAS_CASE_NUMBER.finditer(text):
        low = max(last, number.start() - _LONGEST_BEFORE_NUMBER)
        match = _RUNNING_PAGE_AND_CASE.search(text, low, number.end() + 1)
        if match is None or match.end() < number.end():
            match = _RUNNING_CASE_LINE.search(text, low, number.end() + _LONGEST_AFTER_NUMBER)
        if match is not None:
            last = _running_end(text, match)
            yield _running_start(text, *match.span()), last


def _running_end(text: str, match: re.Match[str]) -> int:
    """Where a running line ends: behind the page number of the second where two stand in a row
    ("... Page 1 of 3", "... IMR Case Number CM15-0001234 1")."""
    newline = text.find("\n", *match.span())
    second = _RUNNING_CASE_LINE.match(text, newline + 1) if newline != -1 else None
    return max(match.end(), second.end()) if second else match.end()


def _running_start(text: str, start: int, end: int) -> int:
    """Where a running line begins: after prose that ends in words which could begin it ("Independent
    Medical"), or in a word which the running line says again."""
    newline = text.find("\n", start, end)
    if newline == -1 or start == 0 or text[start - 1] == "\n":
        return start
    if not _SURE_BEGINNING.match(text, start) and _RUNNING_CASE_LINE.match(text, newline + 1):
        return newline + 1
    said_again = set(text[start:newline].split()) & set(text[newline:end].split())
    return newline + 1 if said_again else start


def _is_running_case_line(line: str, *, first: bool) -> bool:
    """A case number alone may be the cover's; with a page number or a letter's title it runs."""
    if _RUNNING_LETTER_LINE.fullmatch(line):
        return True
    has_page_number = len(_NUMBER.findall(line)) > 2
    return has_page_number and not first and _SHORT_RUNNING_CASE_LINE.fullmatch(line) is not None


def _cut(lines: Lines, spans: Sequence[tuple[int, int]]) -> Lines:
    """The lines without the given spans of their joined text."""
    texts: list[str] = []
    offset = 0
    span = 0
    for line in lines.texts:
        end = offset + len(line)
        pieces, at = [], offset
        while span < len(spans) and spans[span][0] < end:
            start, stop = spans[span]
            pieces.append(line[at - offset : max(start, offset) - offset])
            at = min(max(stop, at), end)
            if stop > end:
                break
            span += 1
        pieces.append(line[at - offset :])
        texts.append(" ".join(" ".join(pieces).split()))
        offset = end + 1
    emptied = {index for index, text in enumerate(texts) if not text}
    return Lines(texts, lines.blanks_before, lines.starts).without(emptied)
