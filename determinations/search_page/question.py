"""What a person typed into the box, parsed and ready to run: errors, related words, misspellings.

Joins the query language to the site's addresses, and to letters by the names that no search for words finds:
a hash, a cited item, a number without any item. A letter without a case number is called by the beginning of
its content's hash, which is in no letter's text. A letter in which no disputed item could be read is stored
but not in the index. Knows no HTML.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

from django.urls import reverse

from determinations.models import Determination, DisputedItem
from determinations.search.interface import QuerySyntaxError, SearchEngine, SearchRequest
from determinations.search.query.case_numbers import cited_item, numbers_one_slip_away
from determinations.search.query.compounds import in_every_writing
from determinations.search.query.did_you_mean import corrected, other_reading
from determinations.search.query.language import parse_query
from determinations.search.query.nodes import (
    All,
    AnyOf,
    CaseNumber,
    Node,
    Not,
    all_of,
    any_of,
    as_written,
    is_case,
)
from determinations.search.query.synonyms import expand
from determinations.search.query.unparse import query_to_text
from determinations.search_page.address import SearchAddress
from determinations.search_page.plain_question import PlainQuestion, plain_question

_SHOWN = 8
_HASH = re.compile(
    r"(?:(?:imr |case: ?)?letter |case: ?)?(?P<hash>[0-9a-f]{8,64})(?:…|\.{3})?(?:, no case number)?"
    r"(?:(?:,? item |\.)(?P<item>[1-9]\d{0,3}))?(?: \([^()]{1,40}\))?(?: \(superseded version\))?"
    r"(?:, https?://\S+)?(?: [–-] invented sample, not a real determination)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class NamedLetter:
    """A letter, or an item of one, that a question names: why it is shown, what to call it, its address."""

    reason: str
    name: str
    url: str


def letters_named(typed: str) -> tuple[str, ...]:
    """Addresses of the letters that `typed` may name: eight digits of a hash or more, or their citation."""
    named = _HASH.fullmatch(typed.strip())
    if named is None:
        return ()
    beginning = named["hash"].lower()
    # A range, since LIKE would read the whole table on SQLite.
    letters = Determination.objects.current().filter(
        case_number="", content_hash__gte=beginning, content_hash__lt=f"{beginning}g"
    )
    return tuple(letters.order_by("content_hash").values_list("public_id", flat=True)[:_SHOWN])


def item_cited(typed: str) -> NamedLetter | None:
    """The disputed item, where `typed` is the citation of one that is held."""
    if cited := cited_item(typed):
        letter, position = cited
    elif (named := _HASH.fullmatch(typed.strip())) and named["item"] and (letters := letters_named(typed)):
        letter, position = letters[0], int(named["item"])
    else:
        return None
    items = DisputedItem.objects.current().with_letter()
    item = items.filter(determination__public_id=letter, position=position).first()
    if item is None:
        return None
    return NamedLetter("The item cited:", f"{item.determination}, item {position}", item.get_absolute_url())


def letters_without_items(node: Node) -> tuple[NamedLetter, ...]:
    """The letters whose case numbers `node` asks for that are held without any disputed item."""
    asked = set(_case_numbers(node))
    if not asked:
        return ()
    letters = Determination.objects.current().filter(case_number__in=asked, items__isnull=True)
    return tuple(
        NamedLetter(
            f"{number} is on this site, but searches cannot find it because none of its items could be read.",
            f"Read the letter {number}",
            reverse("determinations:determination", args=[address]),
        )
        for number, address in letters.order_by("case_number").values_list("case_number", "public_id")
    )


def letters_with_like_numbers(typed: str) -> tuple[NamedLetter, ...]:
    """The letters whose case numbers are one slip away from the one that is `typed`, which no letter has."""
    numbers = numbers_one_slip_away(typed)
    if not numbers:
        return ()
    letters = Determination.objects.current().filter(case_number__in=numbers).order_by("case_number")
    return tuple(
        NamedLetter("A similar case number:", number, reverse("determinations:determination", args=[address]))
        for number, address in letters.values_list("case_number", "public_id")[:_SHOWN]
    )


def _case_numbers(node: Node) -> Iterator[str]:
    """The full case numbers that `node` asks for, those left out not among them."""
    match node:
        case CaseNumber(number):
            yield number
        case All(parts) | AnyOf(parts):
            for part in parts:
                if not isinstance(part, Not):
                    yield from _case_numbers(part)
        case _:
            return


_MOST_PARTS_TO_DROP = 8


@dataclass(frozen=True, slots=True)
class OtherQuestion:
    """A question to ask instead, or a letter to open, and its address."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class ShorterQuestion:
    """A question that does without the part `dropped`."""

    dropped: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """`typed` is the question as parsed, `node` what must match, `plain` how it was read.

    All three are None for every item.

    `error` says why there is nothing to run. `reading` says how an ambiguous question was read, `other`
    is the question read the other way, or the letter that it names. `letters` are those that it names and
    the results do not show so: a cited item, a letter held without any item. `related` are the words that
    the expansion adds, each with what it stands for; `switch_url` turns it off, or on where it is off.
    """

    typed: Node | None = None
    node: Node | None = None
    plain: PlainQuestion | None = None
    error: str = ""
    repaired: OtherQuestion | None = None
    reading: str = ""
    other: OtherQuestion | None = None
    letters: tuple[NamedLetter, ...] = ()
    related: tuple[str, ...] = ()
    is_expanded: bool = False
    switch_url: str = ""


def read_question(address: SearchAddress) -> Question:
    """The address's question, parsed and, unless that is switched off, expanded."""
    try:
        node = parse_query(address.text)
    except QuerySyntaxError as error:
        repaired = error.suggestion and OtherQuestion(error.suggestion, address.asking(error.suggestion).url)
        return Question(error=error.message, repaired=repaired or None)
    if node is None:
        return Question()
    reading, other = _read_otherwise(address)
    cited = item_cited(address.text)
    letters = (*((cited,) if cited else ()), *letters_without_items(node))
    question = Question(
        typed=node, node=in_every_writing(node), reading=reading, other=other, letters=letters
    )
    if address.exact:
        exact = in_every_writing(as_written(node))
        return replace(question, node=exact, plain=PlainQuestion(exact, exact))
    expansion = expand(node)
    written = in_every_writing(expansion.node if address.expand else node)
    plain = plain_question(written)
    question = replace(question, node=plain.node, plain=plain)
    if not expansion.added:
        return question
    return replace(
        question,
        related=tuple(map(str, expansion.added)),
        is_expanded=address.expand,
        switch_url=replace(address, expand=not address.expand, page=1).url,
    )


def _read_otherwise(address: SearchAddress) -> tuple[str, OtherQuestion | None]:
    """What else the question may mean: a message and where to go; an empty message where it is clear."""
    if letters := letters_named(address.text):
        url = reverse("determinations:determination", args=letters[:1])
        return "Did you mean the letter with this ID?", OtherQuestion(f"letter {letters[0]}", url)
    if unclear := other_reading(address.text):
        return unclear.message, OtherQuestion(unclear.text, address.asking(unclear.text).url)
    return "", None


def did_you_mean(address: SearchAddress, engine: SearchEngine) -> OtherQuestion | None:
    """The question with its misspelled words corrected by the index's own, or None. It must parse."""
    if letters_named(address.text):
        return None
    node = parse_query(address.text)
    better = corrected(node, engine.suggest_word, partial(_finds, engine)) if node is not None else None
    if better is None:
        return None
    text = query_to_text(better)
    return OtherQuestion(text, address.asking(text).url)


def _finds(engine: SearchEngine, node: Node) -> bool:
    return engine.search(SearchRequest(in_every_writing(node), limit=0)).total > 0


def has_one_part(node: Node | None) -> bool:
    """Whether an item matches the question or not as a whole: a word, a phrase, words near each other."""
    return node is not None and not isinstance(node, All)


def case_number_asked(node: Node | None) -> str:
    """The case number that is the whole question; else ""."""
    return node.number if isinstance(node, CaseNumber) else ""


def shorter_questions(node: Node | None) -> tuple[ShorterQuestion, ...]:
    """The question without each of its parts in turn; none where it has one part or very many.

    Of a sentence that names a letter ("see CM14-0031877, page 3") the case number by itself comes first.
    """
    if not isinstance(node, All):
        return ()
    cases = [part for part in node.parts if is_case(part)]
    others = [part for part in node.parts if not is_case(part)]
    by_number: tuple[ShorterQuestion, ...] = ()
    if cases and len(others) > 1:
        by_number = (ShorterQuestion(query_to_text(all_of(others)), query_to_text(any_of(cases))),)
    if len(node.parts) > _MOST_PARTS_TO_DROP:
        return by_number
    kept = [node.parts[:at] + node.parts[at + 1 :] for at in range(len(node.parts))]
    by_part = (
        ShorterQuestion(query_to_text(dropped), query_to_text(all_of(rest)))
        for dropped, rest in zip(node.parts, kept, strict=True)
    )
    return (*by_number, *by_part)


def marking_query(text: str) -> Node | None:
    """What to mark in a letter in which these words are looked for. Raises QuerySyntaxError."""
    node = parse_query(text)
    return plain_question(in_every_writing(expand(node).node)).node if node is not None else None
