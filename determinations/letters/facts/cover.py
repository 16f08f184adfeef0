"""The cover's facts: case number, priority and dates, wherever its lines break.

Cover lines run together and many stay empty ("UR Denial Date: UR Received:"), so a value counts only if it
follows its own label at once.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from determinations.letters.facts.dates import date_at_start, dates_at_start
from determinations.letters.parsed_letter import LetterDates, Priority, ReadingWarning

CASE_NUMBER = re.compile(
    r"\b(?:CM|IMR)(?: |\s?-\s?)?(?P<year>[\dOIl]{2})"
    r"(?:\s?[-–—]\s?(?P<serial>[\dOIl]{5,7})|\s?(?P<unparted>[\dOIl]{7}))(?![\dOIl])",
    re.IGNORECASE,
)
"""Also with letters that optical recognition takes for digits, and without its hyphen."""
_MISREAD = str.maketrans("OoLlIi", "001111")

_LABEL = re.compile(
    r"""
    (?<!\w)(?:(?P<case>(?:MAXIMUS\ |IMR\ )?(?:IMR\ )?Case\ ?(?:Number|No\.?|\#|ID)(?:\ ?\(s\))?)
    |(?P<assigned>(?:IMR\ )?(?:Date\ ?(?:of\ )?(?:IMR\ )?Assign(?:ed|ment)|Assign(?:ed|ment)\ ?Date))
    |(?P<injury>Dates?\ ?of\ ?Injury|Injury\ ?Date|D\.?O\.?I\b\.?)
    |(?P<ur_denial>(?:Date\ ?of\ ?)?(?:UR|Utilization\ Review)\ ?(?:Denial|Decision|Determination)
         (?:\ ?Dated?)?(?:\ ?\(s\))?
       |Date\ ?of\ ?(?:UR|Utilization\ Review)\ ?(?:Denial|Decision|Determination)?)
    |(?P<ur_received>UR\ ?(?:Denial\ ?)?Received(?:\ ?Date)?)
    |(?P<decision>(?:IMR\ |Final\ )?(?:Decision|Determination)\ ?Date
       |Date\ ?of\ ?(?:the\ )?(?:IMR\ |Final\ )?(?:Decision|Determination)
       |Dated?(?=\ ?:))
    |(?P<application_received>(?:Date\ )?(?:of\ )?(?:IMR\ )?Application\ ?(?:Date\ )?Received
         (?:\ ?Date)?(?:\ ?on)?)
    |(?P<received>Received(?:\ ?Date)?(?=\ ?:))
    |(?P<priority>(?:Review\ |IMR\ )?(?:Priority|Review\ Type|Application\ Type))
    |(?P<other>(?:Claim\ (?:Number|No\.?)|Employee|Employer|Injured\ Worker|Provider(?:\ Name)?
       |State(?:\(s\))?|Claims\ Administrator
       |Applicant|Attorney|To|From|Re)(?=\ ?:)))(?!\w)
    """,
    re.IGNORECASE | re.VERBOSE,
)

_EXPEDITED = re.compile(r"\W*(?:expedited|urgent)", re.IGNORECASE)
_STANDARD = re.compile(r"\W*(?:standard|regular|routine)", re.IGNORECASE)
_HAS_DIGIT = re.compile(r"[OolI|]?\d")


@dataclass(frozen=True, slots=True)
class Cover:
    case_number: str | None
    priority: Priority | None
    dates: LetterDates
    warnings: tuple[ReadingWarning, ...] = ()


def read_cover(text: str, furniture: Sequence[str]) -> Cover:
    """The facts of the cover's text (lines joined by spaces).

    A case number that the cover does not give is looked for in the running headers and footers. A date that
    is labelled but is no calendar date stays absent, with a warning.
    """
    dates: dict[str, date] = {}
    warnings: list[ReadingWarning] = []
    written: re.Match[str] | None = None
    priority: Priority | None = None
    application_before = False
    waiting: list[str] = []  # labels whose values stand further right, as in a row above a row
    labels = list(_LABEL.finditer(text))
    for index, label in enumerate(labels):
        end = labels[index + 1].start() if index + 1 < len(labels) else len(text)
        value = text[label.end() : end].lstrip(" :.#-")
        name = label.lastgroup or ""
        if name == "case":
            written = written or CASE_NUMBER.search(value[:40])
        elif name == "priority":
            priority = priority or _priority(value)
        elif name == "received" and application_before:
            name = "application_received"
        application_before = value.rstrip().lower().endswith("application")
        if waiting and (number := CASE_NUMBER.match(value)) is not None:
            value = value[number.end() :]
        if not value:
            waiting.append(name)
            continue
        row = [label for label in waiting if label in LetterDates.__dataclass_fields__] if waiting else ()
        waiting = []
        if name not in LetterDates.__dataclass_fields__:
            continue
        if row and len(in_row := list(islice(dates_at_start(value), len(row) + 1))) > len(row):
            for one, its_date in zip((*row, name), in_row, strict=True):
                dates.setdefault(one, its_date)
        elif (found := date_at_start(value)) is not None:
            dates.setdefault(name, found)
        elif name not in dates and _HAS_DIGIT.match(value):
            warnings.append(_unreadable_date(name, value))
    places = (text[:5000], *furniture)
    written = written or next(filter(None, map(CASE_NUMBER.search, places)), None)
    case_number = _case_number(written) if written else None
    if written is not None and not (written["year"] + (written["serial"] or written["unparted"])).isdigit():
        warnings.append(
            ReadingWarning(
                "misread_case_number",
                f"The case number “{written[0]}” was read as {case_number}. Compare the original.",
                "cover",
            )
        )
    return Cover(case_number, priority, LetterDates(**dates), tuple(warnings))


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
