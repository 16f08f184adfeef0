"""Which passages of an item a list of results shows: two or three lines, about this case where it can be.

Rationales repeat their guideline, so the passage with the most words of the question is often the same in
every result. Of the passages that match, one about the case comes first; where all repeat a guideline, the
best is cut short and what the rationale says of the case is put below it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from determinations.letters.facts.case_sentences import case_passage, is_about_case
from determinations.models.determination import StatedGround
from determinations.search.interface import Fragment, Passage

CONSIDERED = 6
"""Matching passages of a rationale, of which the one to show is chosen."""
_SHORT = 180
"""Characters of a passage that leaves room for another."""


@dataclass(frozen=True, slots=True)
class ItemTexts:
    """The texts from which an item's passages are taken, and the ground that says most for its decision."""

    rationale: str
    clinical_summary: str
    reviewer_guideline: str
    claims_administrator_guideline: str
    main_ground: StatedGround | None


@dataclass(frozen=True, slots=True)
class LabeledPassages:
    """Passages of one part of a letter: `part` is its field, `label` what a reader calls it."""

    part: str
    label: str
    passages: tuple[Passage, ...]


def shown_passages(
    texts: ItemTexts, parts: Sequence[LabeledPassages], mark: Callable[[str], Passage]
) -> tuple[LabeledPassages, ...]:
    """Of all parts that match, what is shown; and what the rationale says of the case where that is missing.

    `mark` gives a text of the rationale with its matches marked.
    """
    matching = [part for part in parts if any(map(_has_match, part.passages))]
    if not matching:
        about_case = _of_the_case(texts)
        return (_rationale(mark(about_case)),) if about_case else tuple(parts)
    first = matching[0]
    best, is_of_the_case = _best(first.passages)
    if first.part == "rationale" and is_of_the_case:
        return (_rationale(best),)
    about_case = _of_the_case(texts)
    if not about_case:
        return (LabeledPassages(first.part, first.label, (best,)),)
    marked = mark(about_case)
    if first.part == "rationale":
        return (_rationale(marked) if _has_match(marked) else _rationale(_cut_short(best), marked),)
    return (LabeledPassages(first.part, first.label, (_cut_short(best),)), _rationale(marked))


def _rationale(*passages: Passage) -> LabeledPassages:
    return LabeledPassages("rationale", "Rationale", passages)


def _of_the_case(texts: ItemTexts) -> str:
    """The sentences of the rationale about this case, else the one that states its main ground."""
    ground = texts.main_ground
    if ground and is_about_case(ground.sentence):
        return ground.sentence
    return case_passage(texts.rationale) or (ground.sentence if ground else "")


def _has_match(passage: Passage) -> bool:
    return any(fragment.is_match for fragment in passage)


def _text(passage: Passage) -> str:
    return "".join(fragment.text for fragment in passage)


def _best(passages: Sequence[Passage]) -> tuple[Passage, bool]:
    """The passage with most of the words, of those about the case if any is; and whether it is one."""
    ranked = sorted(passages, key=_words_matched, reverse=True)
    for passage in ranked:
        if _has_match(passage) and is_about_case(_text(passage)):
            return passage, True
    return ranked[0], False


def _words_matched(passage: Passage) -> tuple[int, int]:
    """How many of the words, and how often."""
    matched = [fragment.text.casefold() for fragment in passage if fragment.is_match]
    return len(set(matched)), len(matched)


def _cut_short(passage: Passage) -> Passage:
    """The stretch of the passage around its first match, cut between words."""
    if len(_text(passage)) <= _SHORT:
        return passage
    before = 0
    for fragment in passage:
        if fragment.is_match:
            break
        before += len(fragment.text)
    start = max(0, before - _SHORT // 2)
    return _between(passage, start, start + _SHORT)


def _between(passage: Passage, start: int, end: int) -> Passage:
    text = _text(passage)
    if start:
        start = text.find(" ", start) + 1
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + 1)
    pieces = [Fragment("… ", is_match=False)] if start else []
    at = 0
    for fragment in passage:
        piece = fragment.text[max(start - at, 0) : max(end - at, 0)]
        if piece:
            pieces.append(Fragment(piece, is_match=fragment.is_match))
        at += len(fragment.text)
    return (*pieces, Fragment(" …", is_match=False)) if end < len(text) else tuple(pieces)
