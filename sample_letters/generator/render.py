"""A `ParsedLetter` as the text of a letter, in each of the four layouts, as MAXIMUS prints them.

Everything that a reader can read is taken from the letter; `Manner` holds what it cannot read back: width,
set phrases, where the decision stands. Knows neither how letters are parsed nor how they are invented.
"""

from dataclasses import dataclass

from determinations.letters.parsed_letter import (
    Decision,
    Layout,
    ParsedItem,
    ParsedLetter,
    Reviewer,
)
from determinations.letters.sample_mark import INVENTED_LINE
from sample_letters.generator import boilerplate as say
from sample_letters.generator.cover import cover_lines, labeled, notice_cover_lines, printed
from sample_letters.generator.wording import wrapped

_STANDARD_DECISIONS = {
    Decision.UPHELD: "Upheld",
    Decision.OVERTURNED: "Overturned",
    Decision.PARTIALLY_OVERTURNED: "Overturned in part",
    Decision.UNKNOWN: "",
}
_VERDICTS_2013 = {
    Decision.UPHELD: "is not medically necessary and appropriate",
    Decision.OVERTURNED: "is medically necessary and appropriate",
    Decision.PARTIALLY_OVERTURNED: "is partially medically necessary and appropriate",
    Decision.UNKNOWN: "was reviewed",
}
_EARLY_VERDICTS = {
    Decision.UPHELD: "{tense} NOT",
    Decision.OVERTURNED: "{tense}",
    Decision.PARTIALLY_OVERTURNED: "{tense} PARTIALLY",
    Decision.UNKNOWN: "{tense} OR {tense} NOT",
}


@dataclass(frozen=True, slots=True)
class Manner:
    """How a letter is printed, without regard to what it says.

    `width` in characters; `reviewer` "expert" or "physician"; `decision_after` what stands between the colon
    of a heading and the decision (blanks or a line break); `early_tense` "WAS" or "IS".
    """

    width: int = 95
    reviewer: str = "expert"
    credentials_block: bool = False
    subspecialty: bool = False
    decision_after: str = "  "
    early_tense: str = "WAS"
    marked: bool = True
    closing: bool = True


def render_letter(letter: ParsedLetter, manner: Manner | None = None) -> str:
    """The letter's text: wrapped lines, blank lines between paragraphs, first of all its mark as invented."""
    manner = manner or Manner()
    page = _Page(manner)
    if manner.marked:
        page.add(INVENTED_LINE)
    {
        Layout.STANDARD: _standard,
        Layout.LATE_2013: _late_2013,
        Layout.NOTICE_2013: _notice_2013,
        Layout.EARLY_2013: _early_2013,
    }[letter.layout](letter, page)
    return page.text()


class _Page:
    """Paragraphs as they are added, wrapped to the manner's width."""

    def __init__(self, manner: Manner) -> None:
        self.manner = manner
        self._blocks: list[str] = []

    def add(self, *lines: str) -> None:
        """One paragraph, each of whose lines starts anew; empty ones are left out."""
        wrapped_lines = [part for line in lines if line for part in wrapped(line, self.manner.width)]
        if wrapped_lines:
            self._blocks.append("\n".join(wrapped_lines))

    def say(self, phrase: str, **values: str) -> None:
        reviewer = self.manner.reviewer
        self.add(phrase.format(reviewer=reviewer, article="an" if reviewer[0] in "aeiou" else "a", **values))

    def text(self) -> str:
        return "\n\n".join(self._blocks) + "\n"


def _standard(letter: ParsedLetter, page: _Page) -> None:
    page.add(*cover_lines(letter))
    page.add("HOW THE IMR FINAL DETERMINATION WAS MADE")
    _how_made(letter.reviewer, page)
    page.add("CLINICAL CASE SUMMARY")
    page.say(say.SUMMARY_INTRODUCTION)
    page.add(letter.clinical_summary)
    page.add("IMR ISSUES, DECISIONS AND RATIONALES")
    page.add(say.DECISIONS_INTRODUCTION)
    for item in letter.items:
        heading = f"{item.request} is" if item.disputed_portion else item.request
        page.add(*f"{heading}:{page.manner.decision_after}{_STANDARD_DECISIONS[item.decision]}".split("\n"))
        page.add(labeled("Claims Administrator guideline", item.claims_administrator_guideline))
        page.add(labeled("MAXIMUS guideline", item.reviewer_guideline))
        page.add(labeled("Decision rationale", item.rationale))


def _late_2013(letter: ParsedLetter, page: _Page) -> None:
    page.add(*say.LETTERHEAD)
    page.add(*cover_lines(letter))
    page.add("HOW THE IMR FINAL DETERMINATION WAS MADE")
    _how_made(letter.reviewer, page)
    page.add("DOCUMENTS REVIEWED")
    page.add(say.DOCUMENTS_INTRODUCTION)
    page.add(*say.DOCUMENTS)
    page.add("CLINICAL CASE SUMMARY")
    page.say(say.SUMMARY_INTRODUCTION)
    page.add(letter.clinical_summary)
    page.add("IMR DECISION(S) AND RATIONALE(S)")
    page.add(say.DECISIONS_INTRODUCTION)
    for item in letter.items:
        page.add(f"{item.position}. {item.request} {_VERDICTS_2013[item.decision]}.")
        page.add(
            _spoken("The Claims Administrator based its decision on", item.claims_administrator_guideline)
        )
        page.add(_spoken("The Physician Reviewer based his/her decision on", item.reviewer_guideline))
        page.add(labeled("The Physician Reviewer's decision rationale", item.rationale))


def _notice_2013(letter: ParsedLetter, page: _Page) -> None:
    page.add(say.NOTICE_TITLE)
    dates = letter.dates
    page.add(*notice_cover_lines(letter))
    _determinations(letter, page)
    page.add(say.NOTICE_DECISIONS)
    if dates.application_received and dates.ur_denial:
        page.say(
            f"{say.NOTICE_FILED} {say.NOTICE_DECIDED}",
            received=printed(dates.application_received),
            denied=printed(dates.ur_denial),
        )
    else:
        page.add(say.NOTICE_DECIDED)
    _determinations(letter, page)
    page.add(say.NOTICE_QUALIFICATIONS)
    if letter.reviewer.specialties:
        page.say(say.NOTICE_REVIEWER, **_reviewer(letter.reviewer, page.manner))
    page.add("Expert Reviewer Case Summary:")
    page.add(letter.clinical_summary)
    page.add("Documents Reviewed for Determination:")
    page.add(say.DOCUMENTS_INTRODUCTION)
    page.add(*say.DOCUMENTS)
    for item in letter.items:
        page.add(f"{item.position}) Regarding the request for {item.request}:")
        page.add(say.NOTICE_GUIDELINES)
        page.add(
            " ".join(
                (
                    _spoken(
                        "The Claims Administrator based its decision on", item.claims_administrator_guideline
                    ),
                    _spoken("The Expert Reviewer based his/her decision on", item.reviewer_guideline),
                )
            )
        )
        page.add(say.NOTICE_RATIONALE)
        page.add(item.rationale)
    if page.manner.closing:
        for paragraph in (*say.NOTICE_EFFECT, say.DISCLAIMER):
            page.add(paragraph)


def _determinations(letter: ParsedLetter, page: _Page) -> None:
    for item in letter.items:
        page.say(
            f"{item.position}) {say.NOTICE_DETERMINATION}",
            request=item.request,
            verdict=_VERDICTS_2013[item.decision],
        )


def _early_2013(letter: ParsedLetter, page: _Page) -> None:
    page.add(say.EARLY_TITLE)
    page.add(*cover_lines(letter))
    item = letter.items[0] if letter.items else ParsedItem(1, "", Decision.UNKNOWN)
    page.add(say.EARLY_ISSUE)
    page.add(item.request)
    page.add(say.EARLY_SUMMARY)
    page.add(letter.clinical_summary)
    page.add(say.EARLY_DOCUMENTS)
    page.add(*say.DOCUMENTS)
    page.add(say.EARLY_GUIDELINES)
    page.add(item.reviewer_guideline)
    tense = page.manner.early_tense
    page.say(say.EARLY_RATIONALE, verdict=_EARLY_VERDICTS[item.decision].format(tense=tense))
    page.add(item.rationale)
    page.add(say.EARLY_QUALIFICATIONS)
    if letter.reviewer.specialties:
        page.say(say.EARLY_REVIEWER, **_reviewer(letter.reviewer, page.manner))


def _how_made(reviewer: Reviewer, page: _Page) -> None:
    inline = reviewer.specialties and reviewer.licensed_in and not page.manner.credentials_block
    parts = (
        (say.HOW_MADE_START, say.BOARD_CERTIFIED, say.HOW_MADE_END)
        if inline
        else (say.HOW_MADE_START, say.HOW_MADE_END)
    )
    page.say(" ".join(parts), **_reviewer(reviewer, page.manner))
    if not inline and (reviewer.specialties or reviewer.licensed_in):
        page.add(say.CREDENTIALS)
        page.add(
            labeled("State(s) of Licensure", ", ".join(reviewer.licensed_in)),
            labeled("Certification(s)/Specialty", ", ".join(reviewer.specialties)),
        )


def _reviewer(reviewer: Reviewer, manner: Manner) -> dict[str, str]:
    specialties, states = reviewer.specialties, reviewer.licensed_in
    if manner.subspecialty and len(specialties) == 2:
        names = f"{specialties[0]}, has a subspecialty in {specialties[1]}"
    else:
        names = " as well as ".join([" and ".join(specialties[:2]), *specialties[2:]])
    return {
        "specialties": names,
        "states": " and ".join([", ".join(states[:-1]), states[-1]]) if len(states) > 1 else "".join(states),
    }


def _spoken(lead: str, guideline: str) -> str:
    """The paragraph with its opening words, unless the guideline's text has brought them along."""
    return guideline if not guideline or guideline.startswith("The ") else f"{lead} {guideline}"
