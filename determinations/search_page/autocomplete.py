"""What the search box offers while a person types: words for the box, values to filter by, letters to open.

`suggestions` ranks the texts of given vocabularies; `completions` gives it the field's vocabulary, the
index's words and the letters' case numbers. The search box works without it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from itertools import islice

from django.db.models import QuerySet
from django.urls import reverse

from determinations.letters.facts.spine import levels_in
from determinations.letters.vocabulary.names import (
    drug_names,
    guideline_sources,
    service_categories,
)
from determinations.models import Decision, Determination
from determinations.search.facets import BODY_PART, DECISION, GUIDELINE, LEVEL, SERVICE, SPECIALTY
from determinations.search.interface import SearchEngine, SearchRequest
from determinations.search.query.facet_fields import FACET_FIELDS
from determinations.search.query.lexer import FIELDS
from determinations.search.query.synonyms import known_term
from determinations.search.text_folding import plain_characters
from determinations.search_page.address import SearchAddress
from determinations.search_page.facet_panel import full_label
from determinations.search_page.facet_values import read_values
from determinations.search_page.question import letters_named, read_question
from determinations.search_page.search import request_of

MAX_PREFIX = 200
"""Nobody goes on typing a longer beginning; it has no completions."""


class SuggestionKind(StrEnum):
    SERVICE = "service"
    DRUG = "drug"
    GUIDELINE = "guideline"
    DECISION = "decision"
    LEVEL = "level"
    BODY_PART = "body part"
    SPECIALTY = "specialty"
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
    decisions: Iterable[str] = (),
    levels: Iterable[str] = (),
    body_parts: Iterable[str] = (),
    specialties: Iterable[str] = (),
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
        (SuggestionKind.DECISION, decisions),
        (SuggestionKind.LEVEL, levels),
        (SuggestionKind.BODY_PART, body_parts),
        (SuggestionKind.SPECIALTY, specialties),
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


SHOWN = 8
_CONSIDERED = 24
"""Of so many suggestions those are offered that find something."""
_LONGEST_TERM = 4
_FACET = re.compile(rf"(?P<sign>-?)(?P<facet>{'|'.join(FACET_FIELDS)}):(?P<value>\S*)$", re.IGNORECASE)
_SIGNS_AND_FIELD = re.compile(rf"""(?:[-("]|(?:{"|".join(FIELDS)}):)*""", re.IGNORECASE)
_CASE = re.compile(
    r"(?:cm[ -]?(?=\d\d)|(?=\d\d-\d))(?P<year>\d\d)(?:[ -]{0,3}(?P<serial>\d{1,7}))?", re.IGNORECASE
)

_KIND_LABELS: dict[SuggestionKind, str] = {
    SuggestionKind.SERVICE: "service",
    SuggestionKind.DRUG: "drug",
    SuggestionKind.GUIDELINE: "guideline",
    SuggestionKind.DECISION: "decision",
    SuggestionKind.LEVEL: "spinal level",
    SuggestionKind.BODY_PART: "body part",
    SuggestionKind.SPECIALTY: "reviewer’s specialty",
    SuggestionKind.CASE: "case number",
    SuggestionKind.WORD: "word",
}


@dataclass(frozen=True, slots=True)
class Completion:
    """`query` is what to put into the box; where it is empty, `url` is where to go instead.

    `words` is a question for a box that can only search; empty where no words mean the same. `total` is how
    many items it finds together with the rest of the search; None for a letter, and for a value whose name
    was typed with its filter.
    """

    label: str
    kind: str
    query: str = ""
    url: str = ""
    words: str = ""
    total: int | None = None


def completions(address: SearchAddress, engine: SearchEngine) -> tuple[Completion, ...]:
    """Completions of the question's last words, the longest run of them first that has any."""
    if facet := _FACET.search(address.text):
        return tuple(_of_facet(address.text[: facet.start()], facet, engine))
    words = address.text.split()
    for length in range(min(_LONGEST_TERM, len(words)), 0, -1):
        kept, last = " ".join(words[:-length]), " ".join(words[-length:])
        opening, typed = _opening(last)
        in_quotes = kept.count('"') % 2 == 1
        rest = address.asking(kept)
        found = tuple(_found(rest, opening, typed, engine, in_part=in_quotes or bool(opening)))
        if found:
            return found
    return ()


def _of_facet(kept: str, facet: re.Match[str], engine: SearchEngine) -> Iterator[Completion]:
    """Values of the facet that is being named, of those that items have, commonest first."""
    name, typed = facet["facet"].lower(), facet["value"].casefold()
    counts = engine.search(SearchRequest(limit=0, count=(name,))).counts.get(name, ())
    held = [one.value for one in counts]
    labels = {value: full_label(name, value).casefold() for value in held}
    begins = [
        value for value in held if value.casefold().startswith(typed) or labels[value].startswith(typed)
    ]
    within = [value for value in held if value not in begins and typed in labels[value]]
    for value in (*begins, *within)[:SHOWN]:
        query = f"{kept}{facet['sign']}{name}:{value}"
        yield Completion(full_label(name, value), name, query=query, words=query)


def _request(rest: SearchAddress, words: str, alone: str) -> SearchRequest:
    """What a search for these words asks for; where an open quote keeps them from being read, for `alone`."""
    address = rest.asking(words)
    question = read_question(address)
    if question.error:
        address = rest.asking(alone)
        question = read_question(address)
    return request_of(address, question)


def _opening(last: str) -> tuple[str, str]:
    """The signs and the field's name that stand before the words being typed, and these words."""
    signs = _SIGNS_AND_FIELD.match(last)
    end = signs.end() if signs else 0
    return last[:end], last[end:]


def _found(
    rest: SearchAddress, opening: str, typed: str, engine: SearchEngine, *, in_part: bool
) -> Iterator[Completion]:
    """What finds something together with the rest of the search. `in_part`: behind a minus sign, a quote or a
    field's name, where no filter says the same.
    """
    last_word = typed.casefold() if typed.isalpha() else ""
    held = {} if in_part else _held_values(rest, engine)
    found = suggestions(
        typed,
        services=() if in_part else _facet_values(SERVICE.name),
        drugs=drug_names(),
        guidelines=() if in_part else _facet_values(GUIDELINE.name),
        decisions=_labels(held, DECISION.name) if len(typed) > 2 else (),
        levels=_labels(held, LEVEL.name),
        body_parts=_labels(held, BODY_PART.name),
        specialties=_labels(held, SPECIALTY.name) if len(typed) > 2 else (),
        case_numbers=(*_case_numbers(typed), *letters_named(typed)),
        words=engine.words_with_prefix(last_word, SHOWN) if last_word else (),
        limit=_CONSIDERED,
    )
    by_other_names = () if in_part else _by_other_names(typed)
    offered = dict.fromkeys((*by_other_names, *found))
    return islice(_that_find_something(offered, rest, opening, held, engine), SHOWN)


Held = dict[str, dict[str, int]]
"""Facet -> value -> how many items have it."""

_FACET_OF = {
    SuggestionKind.SERVICE: SERVICE.name,
    SuggestionKind.GUIDELINE: GUIDELINE.name,
    SuggestionKind.DECISION: DECISION.name,
    SuggestionKind.LEVEL: LEVEL.name,
    SuggestionKind.BODY_PART: BODY_PART.name,
    SuggestionKind.SPECIALTY: SPECIALTY.name,
}


def _that_find_something(
    offered: Iterable[Suggestion], rest: SearchAddress, opening: str, held: Held, engine: SearchEngine
) -> Iterator[Completion]:
    """Values that items have, drugs and words that they contain, letters."""
    for one in offered:
        if one.kind is SuggestionKind.CASE:
            yield _completion(one, rest, opening, None)
            continue
        if facet := _FACET_OF.get(one.kind):
            total = held[facet].get(_value_of(facet, one.text), 0)
        else:
            total = engine.search(_request(rest, _with_rest(one.text, rest, opening), one.text)).total
        if total:
            yield _completion(one, rest, opening, total)


def _held_values(rest: SearchAddress, engine: SearchEngine) -> Held:
    request = replace(_request(rest, rest.text, ""), count=tuple(_FACET_OF.values()))
    counts = engine.search(request).counts
    return {facet: {one.value: one.count for one in values} for facet, values in counts.items()}


def _labels(held: Held, facet: str) -> tuple[str, ...]:
    """What the values are called that items have, the commonest first."""
    values = sorted(held.get(facet, {}).items(), key=lambda counted: -counted[1])
    return tuple(full_label(facet, value) for value, _ in values)


def _value_of(facet: str, label: str) -> str:
    if facet in (SERVICE.name, GUIDELINE.name, DECISION.name):
        return _facet_values(facet)[label]
    (value, *_) = read_values(facet, label)
    return value


def _by_other_names(typed: str) -> Iterator[Suggestion]:
    """Services and guidelines that an abbreviation stands for, "MBB"; levels in any writing, "L4-5"."""
    for level in levels_in(typed) if " " not in typed else ():
        yield Suggestion(level, SuggestionKind.LEVEL)
    if known := known_term(typed):
        for name in known[1].terms:
            yield from suggestions(
                name, services=_facet_values(SERVICE.name), guidelines=_facet_values(GUIDELINE.name), limit=1
            )


def _with_rest(text: str, rest: SearchAddress, opening: str) -> str:
    """The question with the words that complete it."""
    phrase = f'"{text}"' if opening and " " in text and not opening.endswith(('"', "(")) else text
    return f"{rest.text} {opening}{phrase}".strip()


def _completion(offered: Suggestion, rest: SearchAddress, opening: str, total: int | None) -> Completion:
    """`rest` is the search without the words being completed, `opening` stands right before these."""
    text, kind = offered.text, offered.kind
    label = _KIND_LABELS[kind]
    words = _with_rest(text, rest, opening)
    if kind is SuggestionKind.CASE:
        url = reverse("determinations:determination", args=[text])
        # The name of a letter without a number stands in no text, so that no words find it.
        is_number = text.startswith("CM")
        return Completion(text, label if is_number else "letter", url=url, words=text if is_number else "")
    if facet := _FACET_OF.get(kind):
        value = _value_of(facet, text)
        chosen = value in rest.chosen(facet)
        url = (rest if chosen else rest.toggling(facet, value)).url
        # A guideline's name would be looked for word by word, and most letters abbreviate it.
        has_words = kind in (SuggestionKind.SERVICE, SuggestionKind.LEVEL)
        return Completion(text, label, url=url, words=words if has_words else "", total=total)
    return Completion(text, label, query=words, words=words, total=total)


@cache
def _facet_values(facet: str) -> dict[str, str]:
    """Label -> value, of every service, every decision, or every guideline source and chapter."""
    if facet == SERVICE.name:
        values = [service.slug for category in service_categories() for service in category.services]
    elif facet == DECISION.name:
        values = [decision.value for decision in Decision]
    else:
        values = [
            value
            for source in guideline_sources()
            for value in (source.slug, *(f"{source.slug}.{chapter.slug}" for chapter in source.chapters))
        ]
    return {full_label(facet, value): value for value in values}


def _case_numbers(typed: str) -> list[str]:
    """Case numbers that `typed` may begin, leading zeros typed or not; the lowest ones."""
    match = _CASE.fullmatch(typed)
    if match is None:
        return []
    serial = match["serial"] or ""
    begins = [f"CM{match['year']}-{'0' * zeros}{serial}" for zeros in range(8 - len(serial) if serial else 1)]
    return sorted({number for beginning in begins for number in _beginning_with(beginning)})[:SHOWN]


def _beginning_with(beginning: str) -> QuerySet[Determination, str]:
    """The lowest of them. A range each, read in the index's order: LIKE and OR would read all of a year."""
    letters = Determination.objects.current().filter(
        case_number__gte=beginning, case_number__lt=f"{beginning}:"
    )
    return letters.order_by("case_number").values_list("case_number", flat=True)[:SHOWN]
