"""The letter or disputed item that a name means: a case number in any form, a public ID, a content hash."""

from django.utils.text import capfirst
from django.utils.translation import ngettext

from determinations.models import Determination, DisputedItem
from determinations.models.querysets import ItemName, read_item_name
from determinations.models.row_reads import ModelQuery
from determinations.search.query.case_numbers import case_number
from determinations.search.query.nodes import CaseNumber
from determinations.search.query.repair import quoted

_NAMED = ModelQuery(Determination, lambda names: Determination.objects.filter(public_id__in=names)[:1])


def find_letter(name: str) -> Determination | None:
    """The letter whose address or whole content hash this is, upper and lower case being one."""
    writings = {name, name.upper(), name.lower()}
    written = case_number(name)
    if isinstance(written, CaseNumber):
        writings.add(written.number)
    named = _NAMED.instances(sorted(writings))
    return named[0] if named else _of_hash(name.lower())


def _of_hash(content_hash: str) -> Determination | None:
    return Determination.objects.filter(content_hash=content_hash).order_by("part").first()


def no_such_letter(name: str) -> str:
    """What to say where `find_letter` finds nothing."""
    return f"No letter on this site has the address or case number {quoted(name)}."


def find_item(typed: str) -> DisputedItem | str:
    """The item of this name ("CM14-0031877.2"), for display; or what is wrong with its name."""
    name = read_item_name(typed)
    if name is None:
        example = ItemName("CM14-0031877", 2)
        like = f"Write it like {example} (case number, period, item)"
        return f"{quoted(typed)} is not a disputed item. {like}."
    letter = find_letter(name.letter)
    if letter is None:
        return no_such_letter(name.letter)
    item = letter.items.for_display().filter(position=name.position).first()
    if item is None:
        held = letter.items.count()
        holds = ngettext("It has %d disputed item", "It has %d disputed items", held) % held
        return f"{capfirst(str(letter))} has no item {name.position}. {holds}."
    return item
