"""What every page says of a disputed item that it names: which one, its request, decision and address."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from determinations.models import Decision, DisputedItem
from determinations.models.item_rows import ItemRow
from determinations.search_page.sentence_case import text_in_sentence_case


@dataclass(frozen=True, slots=True)
class ItemRef:
    """`letter` and `item` name it to a person: "CM14-0031877", "item 2"; `name` to forms and addresses.

    `request` is what is in dispute. `date`, `year`, `specialties` and `is_invented` are the letter's.
    """

    name: str
    letter: str
    item: str
    url: str
    request: str
    decision: Decision
    date: date | None
    year: str
    specialties: tuple[str, ...]
    is_invented: bool

    @property
    def listed_request(self) -> str:
        """The request as lists show it, not in capitals."""
        return text_in_sentence_case(self.request)

    @property
    def title(self) -> str:
        """ "CM14-0031877, item 2"."""
        return f"{self.letter}, {self.item}"


def item_ref(item: DisputedItem, text: str = "") -> ItemRef:
    """The item's letter is best fetched with it. `url` carries the question `text`, to be marked there."""
    letter = item.determination
    return ItemRef(
        name=item.name,
        letter=str(letter),
        item=_item(item.position),
        url=_url(letter.get_absolute_url(), item.position, text),
        request=item.title,
        decision=Decision(item.decision),
        date=letter.letter_date,
        year=str(letter.year or ""),
        specialties=tuple(letter.specialties),
        is_invented=letter.is_invented,
    )


def row_ref(row: ItemRow, text: str = "") -> ItemRef:
    """The same of a row."""
    return ItemRef(
        name=row.name,
        letter=row.letter,
        item=_item(row.position),
        url=_url(row.letter_url, row.position, text),
        request=row.title,
        decision=Decision(row.decision),
        date=row.letter_date,
        year=str(row.year or ""),
        specialties=tuple(row.specialties),
        is_invented=row.is_invented,
    )


def _item(position: int) -> str:
    return f"item {position}"


def _url(letter_url: str, position: int, text: str) -> str:
    query = f"?{urlencode({'q': text})}" if text else ""
    return f"{letter_url}{query}#item-{position}"
