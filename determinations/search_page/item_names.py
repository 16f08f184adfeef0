"""What addresses and forms call a disputed item: "CM14-0031877.2", the letter's address and its position.

Standard library only. Whether there is such an item is for the database to say.
"""

import re
from dataclasses import dataclass

_NAME = re.compile(r"(?P<letter>[A-Za-z0-9_-]{1,80})\.(?P<position>[1-9][0-9]{0,3})")


@dataclass(frozen=True, slots=True)
class ItemName:
    letter: str
    position: int

    def __str__(self) -> str:
        return f"{self.letter}.{self.position}"


def read_item_name(typed: str) -> ItemName | None:
    """The name written so, or None where it is not the name of an item."""
    match = _NAME.fullmatch(typed.strip())
    return ItemName(match["letter"], int(match["position"])) if match else None
