"""Letters by the names that no search for words finds: a hash, a cited item, a number without any item.

A letter without a case number is called by the beginning of its content's hash, which stands in no
letter's text. A letter in which no disputed item could be read is held, but is not in the index.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from determinations.models import Determination, DisputedItem
from determinations.search.query.case_numbers import cited_item
from determinations.search.query.nodes import All, AnyOf, CaseNumber, Node, Not

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
