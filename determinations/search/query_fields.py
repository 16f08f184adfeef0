"""Names of fields before a colon, told from colons in prose: `rationale:norco`, but "Diagnosis: sprain"."""

import difflib
import re

from determinations.search.facets import FACETS_BY_NAME
from determinations.search.query_faults import QueryFaultError, shown, without
from determinations.search.query_tree import SEARCHED_FIELDS

FIELDS: tuple[str, ...] = (*SEARCHED_FIELDS, "case")
FIELDS_IN_WORDS = "rationale:, summary:, request:, guideline: and case:"

_KNOWN = re.compile(rf"({'|'.join(FIELDS)}) ?:+", re.IGNORECASE)
_BEFORE_WORD = re.compile(r'([^\W\d]+):+(?=[\w"\'(*?#$.~-])')
_BEFORE_SPACE = re.compile(r"([^\W\d_]{6,}):+(?= )")
_NEAR = 0.75
_NEAR_IN_PROSE = 0.9
"""Likeness to a field's name from which a name before a space is taken for it: not "Requested: MRI"."""


def field_at(text: str, at: int) -> tuple[str, int] | None:
    """The field whose name stands at `at`, and where its colon ends.

    Raises QueryFaultError for a name that no field has, unless it is prose.
    """
    if known := _KNOWN.match(text, at):
        return known[1].lower(), known.end()
    if name := _BEFORE_WORD.match(text, at):
        raise _unknown(text, name, _nearest(name[1], _NEAR))
    if (name := _BEFORE_SPACE.match(text, at)) and (nearest := _nearest(name[1], _NEAR_IN_PROSE)):
        raise _unknown(text, name, nearest)
    return None


def _nearest(typed: str, likeness: float) -> str | None:
    return next(iter(difflib.get_close_matches(typed.lower(), FIELDS, n=1, cutoff=likeness)), None)


def _unknown(text: str, name: re.Match[str], nearest: str | None) -> QueryFaultError:
    message = f"There is no field {shown(name[1] + ':')}. The fields are {FIELDS_IN_WORDS}."
    if facet := FACETS_BY_NAME.get(name[1].lower()):
        message += f" {facet.label} is chosen in the filters beside the results."
    if nearest:
        return QueryFaultError(
            f"{message} Did you mean {shown(nearest + ':')}?", without(text, *name.span(), f"{nearest}:")
        )
    return QueryFaultError(
        f"{message} To search {shown(name[1])} as a word, leave the colon out.", without(text, *name.span())
    )
