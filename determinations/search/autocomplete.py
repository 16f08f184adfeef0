"""What a person may be about to type: completions from vocabularies that the caller supplies.

Pure ranking: knows no index, no database and no request. The search box works without it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from determinations.search.query.characters import plain_characters

MAX_PREFIX = 200
"""Nobody goes on typing a longer beginning; it has no completions."""


class SuggestionKind(StrEnum):
    SERVICE = "service"
    DRUG = "drug"
    GUIDELINE = "guideline"
    CASE = "case"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Suggestion:
    text: str
    kind: SuggestionKind


def suggestions(
    prefix: str,
    *,
    services: Iterable[str] = (),
    drugs: Iterable[str] = (),
    guidelines: Iterable[str] = (),
    case_numbers: Iterable[str] = (),
    words: Iterable[str] = (),
    limit: int = 10,
) -> tuple[Suggestion, ...]:
    """At most `limit` texts that hold `prefix` at the beginning of a word, capitals aside.

    First those that begin with it, then those with it further in; among equals in the order of the
    parameters above, and within one vocabulary in its own order (give the commonest first). A text
    in two vocabularies comes once. Case numbers are found in any writing: "cm14 31" and "14-31" are
    the beginning of CM14-0031877. The name of a letter without a number is found by eight digits or more.
    """
    wanted = plain_characters(prefix[: MAX_PREFIX + 1]).casefold()
    if not wanted or len(prefix) > MAX_PREFIX:
        return ()
    inside = re.compile(rf"(?<![^\W_]){re.escape(wanted)}")
    sources = (
        (SuggestionKind.SERVICE, services),
        (SuggestionKind.DRUG, drugs),
        (SuggestionKind.GUIDELINE, guidelines),
        (SuggestionKind.CASE, _cases(wanted, case_numbers)),
        (SuggestionKind.WORD, words),
    )
    beginning: dict[str, Suggestion] = {}
    within: dict[str, Suggestion] = {}
    for kind, texts in sources:
        for text in texts:
            folded = text.casefold()
            if kind is SuggestionKind.CASE or folded.startswith(wanted):
                beginning.setdefault(folded, Suggestion(text, kind))
            elif inside.search(folded):
                within.setdefault(folded, Suggestion(text, kind))
    ranked = beginning | {folded: found for folded, found in within.items() if folded not in beginning}
    return tuple(ranked.values())[:limit]


_TYPED_NAME = re.compile(r"(?:letter )?(?P<hash>[0-9a-f]{8,64})")
_TYPED_CASE = re.compile(r"(?:cm)? ?-?(?P<year>\d\d)(?: ?-? ?(?P<serial>\d{1,7}))?")


def _cases(wanted: str, case_numbers: Iterable[str]) -> Iterator[str]:
    """Case numbers that `wanted` may be the beginning of, with or without leading zeros; letters' names."""
    if named := _TYPED_NAME.fullmatch(wanted):
        yield from (name for name in case_numbers if name.startswith(named["hash"][: len(name)]))
    typed = _TYPED_CASE.fullmatch(wanted)
    if wanted in ("c", "cm"):
        yield from case_numbers
    if typed is None or (typed["serial"] is None and not wanted.startswith("cm")):
        return
    year, serial = typed["year"], typed["serial"] or ""
    for number in case_numbers:
        begins, _, digits = number.partition("-")
        if begins.casefold() == f"cm{year}" and (
            digits.startswith(serial) or digits.lstrip("0").startswith(serial)
        ):
            yield number
