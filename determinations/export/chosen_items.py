"""Items chosen one by one, by their names ("CM14-0031877.2"), however many.

A name is the same after importing the letter again, which a row's key is not.
"""

from collections.abc import Iterable, Mapping

from django.db.models import QuerySet

from determinations.models import DisputedItem
from determinations.search_page.item_names import read_item_name
from determinations.search_page.result_rows import item_name

_LETTERS_AT_A_TIME = 400


def readable_items() -> QuerySet[DisputedItem]:
    """Items with all that is shown of them; only the letter's full text is left out."""
    return (
        DisputedItem.objects.select_related("determination")
        .defer("determination__full_text")
        .prefetch_related("citations")
    )


def items_by_name(names: Iterable[str]) -> Mapping[str, DisputedItem]:
    """The items that these names name, by the names as given; what names nothing held here is left out."""
    wanted = {name: str(read) for name in names if (read := read_item_name(name))}
    letters = sorted({name.rpartition(".")[0] for name in wanted.values()})
    found = {
        item_name(item): item
        for start in range(0, len(letters), _LETTERS_AT_A_TIME)
        for item in readable_items().filter(
            determination__public_id__in=letters[start : start + _LETTERS_AT_A_TIME]
        )
    }
    return {name: found[canonical] for name, canonical in wanted.items() if canonical in found}
