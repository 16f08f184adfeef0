"""The lines of a letter's cover, as extraction leaves them: labels run together, some values empty."""

from datetime import date

from determinations.letters.parsed_letter import LetterDates, ParsedLetter


def cover_lines(letter: ParsedLetter) -> tuple[str, ...]:
    """The cover of the standard layout and of late 2013; nothing for a letter without one."""
    dates = letter.dates
    if letter.case_number is None and letter.priority is None and dates == LetterDates():
        return ()
    received = printed(dates.application_received)
    last: tuple[str, ...] = (labeled("IMR Application Received", received),)
    if letter.priority:
        last = (f"Priority: {letter.priority.value.upper()} Application", "Received:", received)
    return (
        f"Case Number: {letter.case_number or ''} Date Assigned: {printed(dates.assigned)}",
        f"Date of Injury: {printed(dates.injury)} Decision Date: {printed(dates.decision)}",
        f"UR Denial Date: {printed(dates.ur_denial)} UR Received:",
        *last,
    )


def notice_cover_lines(letter: ParsedLetter) -> tuple[str, ...]:
    """The cover of the notice of 2013; empty lines stand for what the letter does not have."""
    dates = letter.dates
    return (
        labeled("Dated", printed(dates.decision)),
        "Employee:" if letter.case_number else "",
        "Claim Number:" if letter.case_number else "",
        labeled("Date of UR Decision", printed(dates.ur_denial)),
        labeled("Date of Injury", printed(dates.injury)),
        labeled("IMR Application Received", printed(dates.application_received)),
        labeled("MAXIMUS Case Number", letter.case_number or ""),
        labeled("Date Assigned", printed(dates.assigned)),
        labeled("Priority", letter.priority.value.upper() if letter.priority else ""),
    )


def labeled(label: str, text: str) -> str:
    """ "Label: text", or nothing where there is no text."""
    return f"{label}: {text}" if text else ""


def printed(day: date | None) -> str:
    return f"{day:%m/%d/%Y}" if day else ""
