"""What every page says of a disputed item that it names: which one, its request, decision and address."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from determinations.models import Decision, DisputedItem
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
    query = f"?{urlencode({'q': text})}" if text else ""
    return ItemRef(
        name=item.name,
        letter=str(letter),
        item=f"item {item.position}",
        url=f"{letter.get_absolute_url()}{query}#item-{item.position}",
        request=item.title,
        decision=Decision(item.decision),
        date=letter.letter_date,
        year=str(letter.year or ""),
        specialties=tuple(letter.specialties),
        is_invented=letter.is_invented,
    )
