"""The names of an index's fields, the same in every engine. A text's own name is that of its scored field."""

from determinations.search.interface import LetterDate
from determinations.search.query.nodes import SEARCHED_FIELDS

CASE = "case"
KEY = "key"
DATE = "date"
FINGERPRINT = "fingerprint"
LEVEL_ORDER = "level_order"
CASE_ORDER = "case_order"


def words_field(name: str) -> str:
    return f"{name}_words"


def date_field(date: LetterDate) -> str:
    """The column of one of a letter's dates, yyyymmdd; 0 where the letter does not state it."""
    return f"date_{date.value}"


def facet_field(name: str) -> str:
    """The field of a facet's values; the name alone may be a text's ("guideline" is both)."""
    return f"facet_{name}"


WORDS_FIELDS = tuple(words_field(name) for name in SEARCHED_FIELDS)
