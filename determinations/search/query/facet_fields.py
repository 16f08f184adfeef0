"""Facet values and dates in a question: `service:opioids`, `-decision:upheld`, `decided:2019..2021`.

The facets are those of `search.facets`, so that a new facet can be named in questions at once. A value is
written as in the address (`medial-branch-blocks`) or in words (`service:"medial branch blocks"`).
"""

import re
from collections.abc import Callable
from functools import cache

from determinations.letters.facts.spine_notation import REGIONS, VERTEBRAE
from determinations.letters.parsed_letter import Decision
from determinations.letters.vocabulary.names import service_categories, specialties
from determinations.search.days import day_bounds, iso_day
from determinations.search.facets import DECISION, INDEXED, LEVEL, REQUEST_LEVEL, SERVICE, SPECIALTY, YEAR
from determinations.search.query.levels import joints_of
from determinations.search.query.nodes import (
    SEARCHED_FIELDS,
    DateRange,
    FacetTerm,
    Node,
    all_of,
    any_of,
)
from determinations.search.query.repair import ParseError, nearest, quoted, replace_span

FACET_FIELDS: tuple[str, ...] = tuple(facet.name for facet in INDEXED if facet.name not in SEARCHED_FIELDS)
"""The facets that can be named; `guideline:` is the text field of that name."""

DATE_FIELDS = {
    "decided": "decided",
    "assigned": "assigned",
    "injured": "injured",
    "injury": "injured",
    "received": "received",
}
_OPEN_RANGES = {"since": True, "after": True, "from": True, "before": False, "until": False}
_FIELD = re.compile(rf"(?P<field>{'|'.join(FACET_FIELDS)}):+(?! )", re.IGNORECASE)
_VALUE = re.compile(r'"(?P<quoted>[^"]*)"|(?P<bare>[^\s()",;]+)|\((?P<several>[^()]*)\)')
_DAY = r"(?:(?:19|20)\d\d(?:-\d\d?(?:-\d\d?)?)?|\d\d?/\d\d?/(?:19|20)\d\d)"
_DATE_FIELD = re.compile(
    rf"(?P<field>{'|'.join((*DATE_FIELDS, *_OPEN_RANGES))}) ?: ?"
    rf"(?:(?P<first>{_DAY})?(?P<dots> ?\.\. ?)(?P<last>{_DAY})?|(?P<sign>[<>]=?)?(?P<one>{_DAY}))"
    r"(?![\w/.-]*\w)",
    re.IGNORECASE,
)
_UNDATED = re.compile(
    rf"(?P<field>{'|'.join((*DATE_FIELDS, *_OPEN_RANGES))}):+(?P<value>[\w<>=.'\"#$~*?-][^\s()\",;]*)",
    re.IGNORECASE,
)
"""A field of dates, and what follows it without a space and is no date."""
_EARLIEST, _LATEST = 0, 99_999_999
_SIGNS = re.compile(r"[^a-z0-9]+")
_LIST = re.compile(r"\s+OR\s+|\s*[,;|]\s*|\s+")


def filter_at(text: str, at: int) -> tuple[Node, int] | None:
    """The facet value or dates whose field stands at `at`, and where they end; None where none does.

    Raises ParseError for a value that the facet cannot have, and for a day that no calendar has.
    """
    if match := _DATE_FIELD.match(text, at):
        return _dates(text, match), match.end()
    if undated := _UNDATED.match(text, at):
        field = undated["field"].lower()
        raise ParseError(
            f"{quoted(undated['value'])} is not a date. Write it like {field}:2014, {field}:2014-03 or "
            f"{field}:03/31/2014.",
            replace_span(text, *undated.span(), undated["value"]),
        )
    if (field := _FIELD.match(text, at)) and (value := _VALUE.match(text, field.end())):
        return _values(text, field, value), value.end()
    return None


def _values(text: str, field: re.Match[str], value: re.Match[str]) -> Node:
    facet = field["field"].lower()
    if value["several"] is not None:
        written = [one.strip('"') for one in _LIST.split(value["several"].strip()) if one.strip('"')]
    else:
        written = [value["quoted"] if value["bare"] is None else value["bare"].rstrip(".?!")]
    if not any(written):
        raise ParseError(
            f"Nothing follows {quoted(field.group())}. Write a value right after the colon.",
            replace_span(text, field.start(), value.end()),
        )
    found: list[Node] = []
    for one in written:
        slugs = _slugs(facet, one)
        if not slugs:
            near = nearest(_slug(one), _known(facet))
            raise ParseError(
                f"There is no {quoted(one)} among the values of {quoted(f'{facet}:')}."
                + (f" Did you mean {quoted(near)}?" if near else ""),
                replace_span(text, field.start(), value.end(), f"{facet}:{near}" if near else one),
            )
        found.append(all_of(FacetTerm(facet, slug) for slug in slugs))
    return any_of(found)


def _slug(written: str) -> str:
    return _SIGNS.sub("-", written.lower()).strip("-")


def _slugs(facet: str, written: str) -> tuple[str, ...]:
    """The values that are meant; several for a span of levels. Empty where the facet has no such value."""
    if facet in (LEVEL.name, REQUEST_LEVEL.name) and (levels := joints_of(written)):
        return levels
    if facet == YEAR.name:
        return (written,) if re.fullmatch(r"(?:19|20)\d\d", written) else ()
    known = _known(facet)
    if not known:
        return (written.lower(),) if "." in written else (_slug(written),)
    return tuple(value for value in known if _slug(value) == _slug(written))[:1]


@cache
def _known(facet: str) -> tuple[str, ...]:
    """The values of a facet whose vocabulary is known here; those of others are taken as written."""
    sources: dict[str, Callable[[], tuple[str, ...]]] = {
        DECISION.name: lambda: tuple(decision.value for decision in Decision),
        SERVICE.name: lambda: tuple(
            slug
            for category in service_categories()
            for slug in (category.slug, *(service.slug for service in category.services))
        ),
        LEVEL.name: _vertebrae_and_regions,
        REQUEST_LEVEL.name: _vertebrae_and_regions,
        SPECIALTY.name: lambda: tuple(specialty.slug for specialty in specialties()),
    }
    return sources[facet]() if facet in sources else ()


def _vertebrae_and_regions() -> tuple[str, ...]:
    return (*(region for region, _ in REGIONS.values()), *VERTEBRAE)


def _dates(text: str, match: re.Match[str]) -> DateRange:
    field = match["field"].lower()
    try:
        if match["dots"]:
            first = day_bounds(match["first"])[0] if match["first"] else _EARLIEST
            last = day_bounds(match["last"])[1] if match["last"] else _LATEST
        else:
            first, last = day_bounds(match["one"])
            if match["sign"] in (">", ">=") or (_OPEN_RANGES.get(field) is True):
                first, last = (first if match["sign"] != ">" and field != "after" else last + 1), _LATEST
            elif match["sign"] in ("<", "<=") or _OPEN_RANGES.get(field) is False:
                first, last = _EARLIEST, (last if match["sign"] == "<=" or field == "until" else first - 1)
    except ValueError:
        raise ParseError(
            f"{quoted(match.group())} names a day that there is not.", replace_span(text, *match.span())
        ) from None
    if first > last:
        turned = f"{field}:{match['last']}..{match['first']}"
        raise ParseError(
            f"{quoted(match.group())} ends before it begins.",
            replace_span(text, *match.span(), turned if match["first"] and match["last"] else " "),
        )
    return DateRange(DATE_FIELDS.get(field, "decided"), first, last)


def written_range(dates: DateRange) -> str:
    """The range as `filter_at` reads it."""
    first = iso_day(dates.first) if dates.first > _EARLIEST else ""
    last = iso_day(dates.last) if dates.last < _LATEST else ""
    field = next(name for name, meant in DATE_FIELDS.items() if meant == dates.date)
    return f"{field}:{first}" if first == last and first else f"{field}:{first}..{last}"
