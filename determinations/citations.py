"""How an item is cited, as attorneys write it: "IMR Case No. CM14-0031877, item 2 (Aug. 13, 2014)".

A determination is not precedent, and whoever shows a citation says so: NOT_PRECEDENT. Knows no HTML.
"""

from dataclasses import dataclass
from datetime import date

from .models import Determination, DisputedItem

NOT_PRECEDENT = (
    "An IMR determination binds no one but its parties and is not precedent: cite it to show how "
    "reviewers apply a guideline, not as authority."
)

# The months as legal citations abbreviate them, which is neither the calendar's way nor the newspapers'.
_MONTHS = ("Jan.", "Feb.", "Mar.", "Apr.", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.")


@dataclass(frozen=True, slots=True)
class Citation:
    """`markdown` is a link to the item, where the citation was asked for with a site to link to."""

    plain: str
    markdown: str


def citation_of(item: DisputedItem, site: str = "") -> Citation:
    """The item's citation. `site` is what stands before a path: "https://imr.example.org"."""
    name = f"{letter_cited(item.determination)}, item {item.position}"
    day = date_cited(item.determination)
    linked = f"[{name}]({site}{item.get_absolute_url()})" if site else name
    return Citation(f"{name}{day}", f"{linked}{day}")


def letter_cited(letter: Determination) -> str:
    """The letter without its date; one that has no case number is named by its address on this site."""
    if letter.case_number:
        return f"IMR Case No. {letter.case_number}"
    return f"IMR determination without case number ({letter.public_id})"


def date_cited(letter: Determination) -> str:
    """ " (Aug. 13, 2014)", " (2014)" where only the year is known, "" where nothing is."""
    day: date | None = letter.letter_date
    if day:
        return f" ({_MONTHS[day.month - 1]} {day.day}, {day.year})"
    return f" ({letter.year})" if letter.year else ""
