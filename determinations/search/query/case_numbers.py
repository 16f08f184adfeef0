"""Case numbers in the writings people use, read into "CM14-0031877".

A case number is CM, the two digits of the year, a hyphen and seven digits. People leave out
leading zeros, the hyphen or the CM, write the year in full, or put "IMR case number" or "IMR No."
before it; it may end a question ("CM14-0031877?") or own something ("CM14-0031877's").
What a citation writes behind it belongs to it: "CM14-0031877, item 2 (Aug. 13, 2014)", "CM14-0031877.2".
A number with leading zeros but fewer than seven digits is the beginning of one: CM14-003.
"""

import re

from determinations.search.query.nodes import CaseNumber, Wildcard
from determinations.search.text_folding import plain_characters

EXAMPLE = "CM14-0031877"

_YEAR = r"(?:20)?(?P<year>\d\d)"
_LABEL = r"(?:(?:(?:imr|maximus)(?: case)?|case) ?(?:numbers?|no\.?|nr\.?|#)? ?[:#]? ?)?"
_CITED = (
    r"(?:(?:,? item |\.)(?P<item>[1-9]\d{0,3})(?!\d))?"
    r"(?: \((?:(?:assigned )?[a-z]{3,9}\.? \d\d?, \d{4}|undated)\))?"
    r"(?: \(superseded version\))?(?: - invented sample, not a real determination)?"
)
_AFTER = _CITED + r"(?:'s\b|\?+(?=[\s,;.)]|$))?(?![\w*?~])(?!-\w)"
_WRITINGS = tuple(
    re.compile(pattern + _AFTER, re.IGNORECASE)
    for pattern in (
        rf"{_LABEL}cm-?{_YEAR}[-_](?P<serial>\d{{1,7}})",
        rf"{_LABEL}cm ?[#-]? ?{_YEAR} ?[-./]? ?(?P<serial>\d{{5,7}})",
        rf"{_LABEL}{_YEAR}-(?P<serial>\d{{7}})",
        # Citations of the first decisions: "IMR 13-000004".
        r"imr ?#? ?(?P<year>\d\d)-(?P<serial>\d{6})(?P<cited>)",
    )
)
_BEGINNING = re.compile(rf"cm ?-? ?{_YEAR}(?: ?- ?|)(?P<serial>\d{{0,7}})\*(?![\w*?~-])", re.IGNORECASE)
_WITH_GAPS = re.compile(rf"{_LABEL}cm-?{_YEAR}-?(?P<serial>(?=\d*\?)[\d?]{{7}})(?![\w*?~-])", re.IGNORECASE)
_NEXT_SERIAL = re.compile(
    r"(?: ?[,;&] ?(?:and |or )?| and | or )(?P<serial>\d{5,7})(?![\w*?~.,-]*\w)", re.IGNORECASE
)
_TOO_LONG = re.compile(r"cm ?-?(?:20)?\d\d ?- ?(?P<serial>\d{7})\d+(?!\w)", re.IGNORECASE)
_FIELD_VALUE = re.compile(rf"(?:cm)? ?-? ?{_YEAR}(?: ?- ?(?P<serial>\d{{0,7}}))?\*?", re.IGNORECASE)

_MISTYPED = re.compile(
    rf"{_LABEL}cm ?[#-]? ?(?:20(?=\d\d ?[-./]))?(?P<digits>[\doil](?:[ ._/-]?[\doil]){{7,9}})", re.IGNORECASE
)
_LIKE_DIGITS = str.maketrans("oil", "011")
_DIGITS = 9
"""Of the year two, of the serial number seven."""


def case_number_at(text: str, start: int) -> tuple[CaseNumber | Wildcard, int] | None:
    """The case number, or beginning of one, that stands at `start`, and where it ends."""
    if match := _WITH_GAPS.match(text, start):
        return Wildcard(f"CM{match['year']}-{match['serial']}", field="case"), match.end()
    for writing in _WRITINGS:
        if match := writing.match(text, start):
            padded = "cited" in match.groupdict()
            return _read(match["year"], match["serial"], padded), match.end()
    if match := _BEGINNING.match(text, start):
        return _beginning(match["year"], match["serial"]), match.end()
    return None


def next_case_number_at(text: str, at: int, before: CaseNumber | Wildcard) -> tuple[CaseNumber, int] | None:
    """The second number of "CM14-9900001, 9900002", which leaves the year out."""
    if not isinstance(before, CaseNumber) or not before.number.startswith("CM"):
        return None
    match = _NEXT_SERIAL.match(text, at)
    return (CaseNumber(f"{before.number[:5]}{match['serial']:0>7}"), match.end()) if match else None


def cited_item(typed: str) -> tuple[str, int] | None:
    """Case number and position of the disputed item, where `typed` is the citation of one and no more."""
    text = plain_characters(typed)
    for writing in _WRITINGS:
        if (match := writing.fullmatch(text)) and match["item"]:
            number = _read(match["year"], match["serial"], "cited" in match.groupdict())
            return (number.number, int(match["item"])) if isinstance(number, CaseNumber) else None
    return None


def numbers_one_slip_away(typed: str) -> frozenset[str]:
    """The full case numbers that `typed` may be meant for, where it is like one and no more.

    A digit may be wrong, missing, too many or swapped with the next; O, I and L may stand for digits.
    """
    match = _MISTYPED.fullmatch(plain_characters(typed).strip())
    if match is None:
        return frozenset()
    written = re.sub(r"[^\doil]", "", match["digits"].lower())
    digits = written.translate(_LIKE_DIGITS)
    places = range(len(digits))
    if len(digits) == _DIGITS and digits != written:
        meant = {digits}
    elif len(digits) < _DIGITS:
        meant = {
            f"{digits[:at]}{digit}{digits[at:]}" for at in (*places, len(digits)) for digit in "0123456789"
        }
    elif len(digits) > _DIGITS:
        meant = {digits[:at] + digits[at + 1 :] for at in places}
    else:
        meant = {f"{digits[:at]}{digit}{digits[at + 1 :]}" for at in places for digit in "0123456789"}
        meant |= {f"{digits[:at]}{digits[at + 1]}{digits[at]}{digits[at + 2 :]}" for at in places[:-1]}
    return frozenset(f"CM{number[:2]}-{number[2:]}" for number in meant)


def overlong_case_number_at(text: str, start: int) -> tuple[int, int] | None:
    """Where a case number of too many digits ends, and where its seventh digit does; None if none is here."""
    match = _TOO_LONG.match(text, start)
    return (match.end(), match.end("serial")) if match else None


def case_number(text: str) -> CaseNumber | Wildcard | None:
    """What a person may write after `case:`, where CM can be left out and a year is enough."""
    found = case_number_at(text, 0)
    if found and found[1] == len(text):
        return found[0]
    if match := _FIELD_VALUE.fullmatch(text):
        serial = match["serial"] or ""
        if not serial or text.endswith("*"):
            return _beginning(match["year"], serial)
        return _read(match["year"], serial, padded=False)
    return None


def _read(year: str, serial: str, padded: bool) -> CaseNumber | Wildcard:
    if len(serial) < 7 and serial.startswith("0") and not padded:
        return _beginning(year, serial)
    return CaseNumber(f"CM{year}-{serial:0>7}")


def _beginning(year: str, serial: str) -> CaseNumber | Wildcard:
    if len(serial) == 7:
        return CaseNumber(f"CM{year}-{serial}")
    return Wildcard(f"CM{year}-{serial}*", field="case")
