"""Which items an address or a form chose to compare, and in words what could not be used.

Looking a letter up is a function that the caller hands in.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.text import capfirst

from determinations.comparing.comparison import FEWEST, MOST
from determinations.models import Determination, DisputedItem
from determinations.search.query_faults import shown
from determinations.searching.item_names import ItemName, read_item_name

FindLetter = Callable[[str], Determination | None]


@dataclass(frozen=True, slots=True)
class ChosenItems:
    """`asked` tells whether anything was named at all. `problems` are messages for the reader."""

    items: tuple[DisputedItem, ...]
    problems: tuple[str, ...]
    asked: bool


def chosen_items(typed: Sequence[str], find_letter: FindLetter) -> ChosenItems:
    """The items named, each once, in the order named: the first four of them."""
    wanted = list(dict.fromkeys(filter(None, map(str.strip, typed))))
    problems: list[str] = []
    if len(wanted) > MOST:
        named = ", ".join(name[:60] for name in wanted[MOST : MOST + 10])
        left_out = named + (", …" if len(wanted) > MOST + 10 else "")
        problems.append(
            f"{MOST} items at most can stand side by side, and {len(wanted)} were chosen. "
            f"The first {MOST} are compared; left out: {left_out}."
        )
    items: dict[int, DisputedItem] = {}
    for name in wanted[:MOST]:
        found = _item(name, find_letter)
        if isinstance(found, str):
            problems.append(found)
        else:
            items.setdefault(found.pk, found)
    return ChosenItems(tuple(items.values()), tuple(problems), asked=bool(wanted))


def is_enough(chosen: ChosenItems) -> bool:
    return len(chosen.items) >= FEWEST


def _item(typed: str, find_letter: FindLetter) -> DisputedItem | str:
    """The item, or what is wrong with its name."""
    name = read_item_name(typed)
    if name is None:
        example = ItemName("CM14-0031877", 2)
        like = f"write it like {example} (case number, full stop, item)"
        return f"{shown(typed)} names no disputed item: {like}."
    letter = find_letter(name.letter)
    if letter is None:
        return f"No letter held here has the address or case number {shown(name.letter)}."
    items = letter.items.select_related("determination").prefetch_related("citations")
    item = items.filter(position=name.position).first()
    if item is None:
        held = letter.items.count()
        holds = f"it has {held} disputed item{'' if held == 1 else 's'}"
        return f"{capfirst(str(letter))} has no item {name.position}: {holds}."
    return item
