"""The cover's facts: case number, priority and dates, whatever extraction makes of its two columns.

Cover lines run together and many stay empty ("UR Denial Date: UR Received:"), so a value counts only if it
follows its own label at once, or if it is one of as many values as labels stand before them (a column of
labels and then a column of values). Labels that their values break ("Application 06/25/2015 Received:") or
that cells wrap ("Case CM15-0001234 Date 07/08/2015 / Number: Assigned:") are put together first.

Dates are written 06/20/2014, 3-5-2012, 10/24/97 or May 3, 2007, also split over a line: month before day, as
in the United States. A year of two digits is of the last century from 50 on. What is no calendar date is no
date.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from determinations.letters.parsed_letter import LetterDates, Priority, ReadingWarning
from determinations.letters.text.characters import lowered

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}

_NUMERIC = re.compile(r"(\d{1,2})\s?[-/.–]\s?(\d{1,2})\s?[-/.–]\s?(\d{4}|\d{2})(?!\d)")
_ISO = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})(?!\d)")
_MONTH_FIRST = re.compile(r"([A-Za-z]{3,9})\.?\s?(\d{1,2})(?:st|nd|rd|th)?\s?,?\s?(\d{4})(?!\d)")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[-\s]?([A-Za-z]{3,9})\.?,?[-\s]?(\d{4})(?!\d)")

_CENTURY_TURNS_AT = 50
_EARLIEST, _LATEST = 1900, 2100


def first_date(text: str) -> tuple[re.Match[str] | None, date | None]:
    """The words with which `text` begins like a date, and the date that they are; None for neither."""
    if not text[:1].isdigit():
        found = _MONTH_FIRST.match(text)
        return (
            (found, _date(found[3], _MONTHS.get(found[1].lower(), 0), int(found[2])))
            if found
            else (None, None)
        )
    if found := _NUMERIC.match(text):
        return found, _date(found[3], int(found[1]), int(found[2]))
    if found := _ISO.match(text):
        return found, _date(found[1], int(found[2]), int(found[3]))
    if found := _DAY_FIRST.match(text):
        return found, _date(found[3], _MONTHS.get(found[2].lower(), 0), int(found[1]))
    return None, None


def _date(year: str, month: int, day: int) -> date | None:
    number = int(year)
    if len(year) == 2:
        number += 1900 if number >= _CENTURY_TURNS_AT else 2000
    if not _EARLIEST <= number <= _LATEST:
        return None
    try:
        return date(number, month, day)
    except ValueError:
        return None


CASE_NUMBER = re.compile(
    r"\b(?:CM|IMR)(?: |\s?-\s?)?(?P<year>[\dOIl]{2})"
    r"(?:\s?[-–—]\s?(?P<serial>[\dOIl]{5,7})|\s?(?P<unparted>[\dOIl]{7}))(?![\dOIl])",
    re.IGNORECASE,
)
"""Also with letters that optical recognition takes for digits, and without its hyphen."""
_MISREAD = str.maketrans("OoLlIi", "001111")

_LABEL = re.compile(
    r"""
    \W(?=[acdefimoprstu])
    (?:(?P<case>(?:maximus\ |imr\ )?(?:imr\ )?case\ ?(?:number|no\.?|\#|id)(?:\ ?\(s\))?)
    |(?P<assigned>(?:imr\ )?(?:date\ ?(?:of\ )?(?:imr\ )?assign(?:ed|ment)|assign(?:ed|ment)\ ?date))
    |(?P<injury>dates?\ ?of\ ?injury|injury\ ?date|d\.?o\.?i\b\.?)
    |(?P<ur_denial>(?:date\ ?of\ ?)?(?:ur|utilization\ review)\ ?(?:denial|decision|determination)
         (?:\ ?dated?)?(?:\ ?\(s\))?
       |date\ ?of\ ?(?:ur|utilization\ review)\ ?(?:denial|decision|determination)?)
    |(?P<ur_received>ur\ ?(?:denial\ ?)?received(?:\ ?date)?)
    |(?P<decision>(?:imr\ |final\ )?(?:decision|determination)\ ?date
       |date\ ?of\ ?(?:the\ )?(?:imr\ |final\ )?(?:decision|determination)
       |dated?(?=\ ?:))
    |(?P<application_received>(?:date\ )?(?:of\ )?(?:imr\ )?application\ ?(?:date\ )?received
         (?:\ ?date)?(?:\ ?on)?)
    |(?P<received>received(?:\ ?date)?(?=\ ?:))
    |(?P<priority>(?:review\ |imr\ )?(?:priority|review\ type|application\ type))
    |(?P<other>(?:claim\ (?:number|no\.?)|employee|employer|injured\ worker|provider(?:\ name)?
       |state(?:\(s\))?|claims\ administrator
       |applicant|attorney|to|from|re)(?=\ ?:)))(?!\w)
    """,
    re.VERBOSE,
)
"""A label of the cover, in lower case, with what stands before it: that is found faster than a letter."""

_EXPEDITED = re.compile(r"\W*(?:expedited|urgent)", re.IGNORECASE)
_STANDARD = re.compile(r"\W*(?:standard|regular|routine)", re.IGNORECASE)
_HAS_DIGIT = re.compile(r"[OolI|]?\d")

_VALUE = (
    r"(?:(?:CM|IMR)[ -]?\d\d[ ]?[-–—]?[ ]?\d{5,7}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}"
    r"|[A-Z][a-z]{2,8}\.? \d{1,2}, ?\d{4}|Standard|Expedited|Regular|Urgent)"
)
_HEAD = (
    r"(?:(?:MAXIMUS |IMR )?(?:IMR )?Case|Date of UR|Date of|Date|Decision|UR Denial|UR|(?:IMR )?Application)"
)
_TAIL = r"(?:Number|No\.?|Assigned|Injury|Date|Received)"
_WRAPPED_ROW = re.compile(
    rf"(?<!\w)(?P<heads>(?:{_HEAD}(?: {_VALUE}(?!\w))? ){{1,4}})(?P<tails>(?:{_TAIL} ?:(?: |\Z)){{1,4}})",
    re.IGNORECASE,
)
_HEAD_AND_VALUE = re.compile(rf"({_HEAD})(?: ({_VALUE})(?!\w))? ", re.IGNORECASE)
_TAIL_WORD = re.compile(rf"({_TAIL}) ?:", re.IGNORECASE)
_BROKEN_WORD = re.compile(
    "|".join(
        rf"(?<!\w){'[ ]?'.join(word)}(?!\w)"
        for word in (
            "Application",
            "Received",
            "Assigned",
            "Decision",
            "Priority",
            "Number",
            "Injury",
            "Denial",
        )
    ),
    re.IGNORECASE,
)
_OFTEN_EMPTY = "ur_received"
_LABELS = {
    "case": "Case Number",
    "assigned": "Date Assigned",
    "injury": "Date of Injury",
    "decision": "Decision Date",
    "ur_denial": "UR Denial Date",
    "application_received": "Application Received",
    "priority": "Priority",
}
"""The labels that every cover has, and a warning where a value is missing; "UR Received" is often empty."""
_MOST_WAITING = 10

Value = re.Match[str] | date | Priority
"""A case number as written, a date, or a priority."""


@dataclass(frozen=True, slots=True)
class Cover:
    case_number: str | None
    priority: Priority | None
    dates: LetterDates
    warnings: tuple[ReadingWarning, ...] = ()


def read_cover(text: str, furniture: Sequence[str]) -> Cover:
    """The facts of the cover's text (lines joined by spaces).

    A case number that the cover does not give is looked for in the running headers and footers. A value that
    was not found, or is no calendar date, stays absent, with a warning.
    """
    reading = _read(text)
    if not reading.is_complete and (mended := _mended(text)) != text:
        reading = _read(mended)
    written = reading.written
    for place in (text[:5000], *furniture):
        written = written or CASE_NUMBER.search(place)
    case_number = _case_number(written) if written else None
    warnings = [*reading.warnings, *reading.without_value(case_number)]
    if written is not None and not (written["year"] + (written["serial"] or written["unparted"])).isdigit():
        warnings.append(
            ReadingWarning(
                "misread_case_number",
                f"The case number “{written[0]}” was read as {case_number}. Compare the original.",
                "cover",
            )
        )
    return Cover(case_number, reading.priority, LetterDates(**reading.dates), tuple(warnings))


def _read(text: str) -> "_Reading":
    reading = _Reading()
    labels = list(_LABEL.finditer(f" {lowered(text)}"))  # where a label begins in `text`, one further on
    ends = [*(label.start() for label in labels[1:]), len(text)]
    for label, end in zip(labels, ends, strict=False):
        reading.read(label.lastgroup or "", text[label.end() - 1 : end])
    return reading


def _mended(text: str) -> str:
    """The cover's text with broken words and labels put together, each label before its value."""
    text = _BROKEN_WORD.sub(lambda word: word[0].replace(" ", ""), text)
    return _WRAPPED_ROW.sub(_unwrapped, text)


def _unwrapped(row: re.Match[str]) -> str:
    heads = _HEAD_AND_VALUE.findall(row["heads"])
    tails = _TAIL_WORD.findall(row["tails"])
    names = [f"{head} {tail}" for (head, _), tail in zip(heads, tails, strict=False)]
    if len(heads) != len(tails) or not all(_LABEL.fullmatch(f" {name.lower()}") for name in names):
        return row[0]
    return "".join(
        f"{name}: {value} ".replace("  ", " ") for name, (_, value) in zip(names, heads, strict=True)
    )


class _Reading:
    """Goes from label to label; labels wait where their values come in a column or row of their own."""

    def __init__(self) -> None:
        self.dates: dict[str, date] = {}
        self.priority: Priority | None = None
        self.written: re.Match[str] | None = None
        self.warnings: list[ReadingWarning] = []
        self._waiting: list[str] = []
        self._labeled: dict[str, None] = {}
        self._unreadable: set[str] = set()
        self._application_before = False

    def read(self, name: str, after: str) -> None:
        """Takes the text between a label and the next one."""
        if name == "received" and self._application_before:
            name = "application_received"
        if after.startswith((":", ";", " :", " ;")):
            self._labeled[name] = None
        value = after.lstrip(" :.#-")
        self._application_before = value.rstrip()[-len("application") :].lower() == "application"
        known = name in _LABELS or name == _OFTEN_EMPTY
        if known and len(self._waiting) < _MOST_WAITING:
            self._waiting.append(name)
        if not value:
            return
        labels, self._waiting = self._waiting if known else [], []
        if not known:
            return
        values = list(_values_at_start(value, len(labels) + (len(labels) > 1)))
        if len(labels) == 1:
            if values and _suits(name, values[0]):
                self._take(name, values[0])
        else:
            for one, its_value in _matched(labels, values).items():
                self._take(one, its_value)
        if not values and name not in self.dates:
            self._note_unreadable(name, value)

    def _take(self, name: str, value: Value) -> None:
        if isinstance(value, re.Match):
            self.written = self.written or value
        elif isinstance(value, Priority):
            self.priority = self.priority or value
        elif name in LetterDates.__dataclass_fields__:
            self.dates.setdefault(name, value)

    def _note_unreadable(self, name: str, value: str) -> None:
        if name in LetterDates.__dataclass_fields__ and _HAS_DIGIT.match(value):
            self._unreadable.add(name)
            self.warnings.append(_unreadable_date(name, value))

    @property
    def is_complete(self) -> bool:
        """Whether every label that covers have was found with its value."""
        return self.written is not None and self.priority is not None and len(self.dates) >= len(_LABELS) - 2

    def without_value(self, case_number: str | None) -> Iterator[ReadingWarning]:
        """A warning for each label of the cover whose value was found nowhere."""
        for name in self._labeled:
            missing = name in _LABELS and name not in self.dates and name not in self._unreadable
            if name == "case":
                missing = case_number is None
            elif name == "priority":
                missing = self.priority is None
            if missing:
                yield ReadingWarning(
                    "label_without_value",
                    f"The cover's label “{_LABELS[name]}” has no value that could be read. "
                    "Compare the original.",
                    "cover",
                )


def _values_at_start(text: str, most: int) -> Iterator[Value]:
    """The values that a text begins with, one right after the other."""
    for _ in range(most):
        text = text.lstrip(" .:,;-–*")
        if not text[:1].isdigit() and (number := CASE_NUMBER.match(text)):
            yield number
            text = text[number.end() :]
            continue
        found, day = first_date(text)
        if found is not None and day is not None:
            yield day
            text = text[found.end() :]
            continue
        priority = _priority(text)
        if priority is None:
            return
        yield priority
        _, _, text = text.partition(" ")
        if text.lower().startswith("application"):
            text = text[len("application") :]


def _matched(labels: Sequence[str], values: Sequence[Value]) -> dict[str, Value]:
    """Values given to labels, in order and by their kind.

    One value belongs to the last label, since empty labels before it are common; several belong to as many
    labels, and where they are fewer to those that leave "UR Received" out. What stays open is given to none.
    """
    if not values or len(values) > len(labels) > 1:
        values = values[: len(labels)]
    if len(labels) == 1 or not values:
        return {labels[0]: values[0]} if values and _suits(labels[0], values[0]) else {}
    ways = [
        dict(zip(chosen, values, strict=True))
        for chosen in combinations(labels, len(values))
        if all(map(_suits, chosen, values))
    ]
    if len(values) == 1 and isinstance(values[0], date):
        return {labels[-1]: values[0]} if _suits(labels[-1], values[0]) else {}
    ways = [way for way in ways if _OFTEN_EMPTY not in way] or ways
    if not ways:
        return {}
    return {name: value for name, value in ways[0].items() if all(way.get(name) == value for way in ways)}


def _suits(name: str, value: Value) -> bool:
    if isinstance(value, re.Match):
        return name == "case"
    return (name == "priority") == isinstance(value, Priority) and name != "case"


def _case_number(written: re.Match[str]) -> str:
    """A case number in its one spelling, "CM14-0031877". "IMR 13-000004" is how CM13-0000004 is cited."""
    serial = written["serial"] or written["unparted"]
    return f"CM{written['year']}-{serial:0>7}".translate(_MISREAD)


def _priority(value: str) -> Priority | None:
    if _EXPEDITED.match(value):
        return Priority.EXPEDITED
    return Priority.STANDARD if _STANDARD.match(value) else None


def _unreadable_date(name: str, value: str) -> ReadingWarning:
    label = name.replace("_", " ")
    return ReadingWarning(
        "unreadable_date",
        f"The {label} date “{value[:12].strip()}” is not a calendar date.",
        "cover",
    )
