"""The cover's facts: case number, priority and dates, wherever its lines break.

Cover lines run together and many stay empty ("UR Denial Date: UR Received:"), so a value counts only if it
follows its own label at once.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from determinations.letters.dates import date_at_start
from determinations.letters.parsed_letter import LetterDates, Priority, ReadingWarning

CASE_NUMBER = re.compile(
    r"\b(?:CM|IMR)(?: |\s?-\s?)?(?P<year>\d{2})\s?[-–—]\s?(?P<serial>\d{5,7})(?!\d)", re.IGNORECASE
)

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
_HAS_DIGIT = re.compile(r"\d")


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
    case_number: str | None = None
    priority: Priority | None = None
    application_before = False
    labels = list(_LABEL.finditer(text))
    for index, label in enumerate(labels):
        end = labels[index + 1].start() if index + 1 < len(labels) else len(text)
        value = text[label.end() : end].lstrip(" :.#-")
        name = label.lastgroup or ""
        if name == "case":
            case_number = case_number or _case_number(value[:40])
        elif name == "priority":
            priority = priority or _priority(value)
        elif name == "received" and application_before:
            name = "application_received"
        application_before = value.rstrip().lower().endswith("application")
        if name in LetterDates.__dataclass_fields__ and name not in dates:
            found = date_at_start(value)
            if found is not None:
                dates[name] = found
            elif _HAS_DIGIT.match(value):
                warnings.append(_unreadable_date(name, value))
    if case_number is None:
        case_number = _case_number(text[:5000]) or next(filter(None, map(_case_number, furniture)), None)
    return Cover(case_number, priority, LetterDates(**dates), tuple(warnings))


def _case_number(text: str) -> str | None:
    """A case number in its one spelling, "CM14-0031877". "IMR 13-000004" is how CM13-0000004 is cited."""
    found = CASE_NUMBER.search(text)
    return f"CM{found['year']}-{found['serial']:0>7}" if found else None


def _priority(value: str) -> Priority | None:
    if _EXPEDITED.match(value):
        return Priority.EXPEDITED
    return Priority.STANDARD if _STANDARD.match(value) else None


def _unreadable_date(name: str, value: str) -> ReadingWarning:
    label = name.replace("_", " ")
    return ReadingWarning(
        "unreadable_date",
        f"The {label} date reads “{value[:12].strip()}”, which is no calendar date.",
        "cover",
    )
