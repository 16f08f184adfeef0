"""Whether the text of a span, read alone, states its fact: asks the reader of that fact and nothing else."""

import re
from collections.abc import Collection
from dataclasses import fields

from determinations.letters.facts.body_parts import body_parts_in
from determinations.letters.facts.cover import read_cover
from determinations.letters.facts.guidelines import citations_in
from determinations.letters.facts.item_levels import spinal_levels_of
from determinations.letters.facts.laterality import laterality_in
from determinations.letters.facts.patient import read_patient
from determinations.letters.facts.reviewer import reviewer_in
from determinations.letters.facts.services import services_in
from determinations.letters.layouts.decisions import decision_at_end, statement_at_end
from determinations.letters.layouts.early_2013 import decision_of_heading
from determinations.letters.parsed_letter import (
    Decision,
    Layout,
    LetterDates,
    LevelsFrom,
    ParsedItem,
    ParsedLetter,
)
from determinations.letters.text.headers_and_footers import without_furniture
from determinations.letters.text.letter_text import letter_text, pages_of
from determinations.letters.text.paragraphs import ParagraphJoiner

TEXTS = ("request", "original_request", "authorized", "disputed_portion", "rationale")
PARAGRAPHS = ("claims_administrator_guideline", "reviewer_guideline")
_LONGEST_HEADER = 100
_ITEM = re.compile(r"items\[(\d+)\]\.(.+?)(?:\[(\d+)\])?\Z")


def states(path: str, text: str, letter: ParsedLetter, furniture: Collection[str]) -> bool:
    """`text` is that of the span, as it is in the letter: with line breaks, page breaks and page headers.

    `furniture` is that of the whole letter: a single header may be known by nothing but the others.
    """
    pages = (
        page.without({index for index, line in enumerate(page.texts) if line in furniture})
        for page in pages_of(text)
    )
    lines = letter_text(without_furniture(pages).lines).text
    return _states(path, ParagraphJoiner(lines).join_text(lines), letter)


def _states(path: str, text: str, letter: ParsedLetter) -> bool:
    found = _ITEM.fullmatch(path)
    if found:
        item = letter.items[int(found[1])]
        return _item_states(found[2], int(found[3] or 0), text, item, letter)
    name, _, index = path.removesuffix("]").partition("[")
    if name == "case_number":
        return read_cover(text, ()).case_number == letter.case_number
    if name == "priority":
        return read_cover(text, ()).priority is letter.priority
    if name.startswith("dates."):
        name = name.removeprefix("dates.")
        return bool(getattr(read_cover(text, ()).dates, name) == getattr(letter.dates, name))
    if name == "reviewer.specialties":
        name = letter.reviewer.specialties[int(index)]
        return name in reviewer_in(f"certified in {text}").specialties + reviewer_in(text).specialties
    if name == "reviewer.licensed_in":
        name = letter.reviewer.licensed_in[int(index)]
        return name in reviewer_in(f"licensed in {text}").licensed_in + reviewer_in(text).licensed_in
    if name == "patient.age":
        return read_patient(text).age == letter.patient.age
    if name == "patient.sex":
        return read_patient(text).sex is letter.patient.sex
    assert name == "clinical_summary", path
    return _says(text, letter.clinical_summary)


def _item_states(name: str, index: int, text: str, item: ParsedItem, letter: ParsedLetter) -> bool:
    if name in TEXTS or name in PARAGRAPHS:
        return _says(text, getattr(item, name))
    if name == "decision":
        return _decision_in(text, letter.layout) is item.decision
    if name == "services":
        return item.services[index] in services_in(text)
    if name == "laterality":
        return laterality_in(text) is item.laterality
    if name == "body_parts":
        return item.body_parts[index] in body_parts_in(text, spinal_levels_of(text, "").levels)
    if name == "spinal_levels":
        from_rationale = item.levels_from is LevelsFrom.RATIONALE
        request = item.disputed_portion or item.request
        levels = spinal_levels_of(request, text) if from_rationale else spinal_levels_of(text, "")
        return item.spinal_levels[index] in levels.levels
    citations = {
        "guidelines.claims_administrator": item.claims_administrator_citations,
        "guidelines.reviewer": item.reviewer_citations,
    }[name]
    return citations[index] in citations_in(text)


def _decision_in(text: str, layout: Layout) -> Decision:
    if layout is Layout.EARLY_2013:
        return decision_of_heading(text)
    decided = decision_at_end(text) or statement_at_end(text)
    return decided.decision if decided else Decision.UNKNOWN


def _says(text: str, fact: str) -> bool:
    """The same words, from the first to the last; one page header may be left between them.

    Hyphens do not count: the words of the whole letter tell which of them belong to the line's end.
    """
    said, expected = text.replace("-", ""), fact.replace("-", "")
    same = next((i for i, pair in enumerate(zip(said, expected, strict=False)) if len(set(pair)) > 1), None)
    if same is None:
        return said == expected
    return len(said) - len(expected) < _LONGEST_HEADER and said.endswith(expected[same:].lstrip())


def paths_of(letter: ParsedLetter) -> list[str]:
    """Every fact of a letter that its text states in a place of its own."""
    paths = [name for name in ("case_number", "priority", "clinical_summary") if getattr(letter, name)]
    paths += [f"dates.{f.name}" for f in fields(LetterDates) if getattr(letter.dates, f.name)]
    for name in ("specialties", "licensed_in"):
        paths += [f"reviewer.{name}[{i}]" for i in range(len(getattr(letter.reviewer, name)))]
    paths += [f"patient.{name}" for name in ("age", "sex") if getattr(letter.patient, name)]
    for number, item in enumerate(letter.items):
        names = [name for name in (*TEXTS, *PARAGRAPHS, "laterality") if getattr(item, name)]
        names += ["decision"] if item.decision is not Decision.UNKNOWN else []
        for name in ("services", "body_parts", "spinal_levels"):
            names += [f"{name}[{i}]" for i in range(len(getattr(item, name)))]
        for side in ("claims_administrator", "reviewer"):
            names += [f"guidelines.{side}[{i}]" for i in range(len(getattr(item, f"{side}_citations")))]
        paths += [f"items[{number}].{name}" for name in names]
    return paths
