"""Letters without a case number, by the name the site gives them: the beginning of their content's hash.

Their name stands in no letter's text, so that no search for words can find it; here it is looked up.
"""

import re

from ..models import Determination

_SHOWN = 8
_HASH = re.compile(r"(?:(?:case: ?)?letter |case: ?)?(?P<hash>[0-9a-f]{8,64})(?:…|\.{3})?", re.IGNORECASE)


def letters_named(typed: str) -> tuple[str, ...]:
    """Addresses of the letters that `typed` may name: eight digits of a hash or more."""
    named = _HASH.fullmatch(typed.strip())
    if named is None:
        return ()
    beginning = named["hash"].lower()
    # A range, since LIKE would read the whole table on SQLite.
    letters = Determination.objects.filter(
        case_number="", is_current=True, content_hash__gte=beginning, content_hash__lt=f"{beginning}g"
    )
    return tuple(letters.order_by("content_hash").values_list("public_id", flat=True)[:_SHOWN])
