"""Every fact of a letter with the span of the text that states it.

The letter is read a second time, by the same readers, with a joiner that remembers where each paragraph was.
Reading letters for the import is not slowed down by it: places are found only when somebody asks for them.
A fact's span is the fewest words in which its reader finds it, so the text of a span states the fact by
itself; `tests/letters/spans` says for which facts that is tested.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum

from determinations.letters.facts.body_parts import body_parts_in
from determinations.letters.facts.cover import CASE_NUMBER, read_cover
from determinations.letters.facts.guidelines import citations_in
from determinations.letters.facts.item_levels import spinal_levels_of
from determinations.letters.facts.laterality import laterality_in
from determinations.letters.facts.patient import read_patient
from determinations.letters.facts.reviewer import reviewer_in
from determinations.letters.facts.services import services_in
from determinations.letters.layouts.decisions import (
    decision_at_end,
    find_statement,
    statement_at_end,
    statement_decision,
)
from determinations.letters.layouts.headings import Section
from determinations.letters.layouts.parts import ItemParts, LetterParts
from determinations.letters.parse import PreparedLetter, parts_of, prepared_and_read
from determinations.letters.parsed_letter import (
    Citation,
    Decision,
    Layout,
    LetterDates,
    LevelsFrom,
    ParsedItem,
    ParsedLetter,
)
from determinations.letters.spans.places import Paragraph, RecordingJoiner, SourcePlaces, narrowest

_LONGEST_HEADING_REST = 80
"""Letters that a heading has besides its request: numbering, decision, "the request for"."""
_LONGEST_STATEMENT = 200
_PRONOUN = re.compile(r"(?:he|she|him|his|hers?|himself|herself)", re.IGNORECASE)
_UNCLASSIFIED = "unclassified"
DOUBTS_ON_DECISION = frozenset(
    {"rationale_contradicts_decision", "conflicting_decisions", "several_decisions"}
)


class Certainty(StrEnum):
    """How surely a fact is what the letter says: low where it was inferred, or the letter disagrees."""

    SURE = "sure"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class FactSpan:
    """Where a fact is stated. `fact_path` names it as `parse_letter` prints it: "items[0].services[1]".

    `start` and `end` are offsets in the text that was read, in the characters of `normalized`.
    """

    fact_path: str
    start: int
    end: int
    certainty: Certainty = Certainty.SURE


def spans_of(text: str, letter: ParsedLetter) -> tuple[FactSpan, ...]:
    """Where each fact of a letter is stated in the text that it was read from, in the letter's order.

    A fact that no words state by themselves has no span. Of a text with several letters, `letter` says which
    is meant. Raises ValueError if it is none of them, as a letter that an older reader read may be.
    """
    for prepared, read in prepared_and_read(text):
        if _without_file_warnings(read) == _without_file_warnings(letter):
            return tuple(_Places(text, prepared, read).spans())
    raise ValueError("The letter was not read from this text.")


def _without_file_warnings(letter: ParsedLetter) -> tuple[object, ...]:
    """All that the text alone decides: warnings may be about the file."""
    return tuple(getattr(letter, field.name) for field in fields(letter) if field.name != "warnings")


Found = tuple[Paragraph, int, int]
"""From where to where in the text of a paragraph."""


class _Places:
    """The second reading of one letter."""

    def __init__(self, text: str, prepared: PreparedLetter, letter: ParsedLetter) -> None:
        self._source = SourcePlaces(text, prepared.line_sources, prepared.letter)
        self._prepared = prepared
        self._letter = letter
        joiner = RecordingJoiner(prepared.letter.text)
        self._parts: LetterParts = parts_of(prepared, joiner)
        self._paragraphs = sorted(joiner.paragraphs.values(), key=lambda paragraph: paragraph.start)
        self._used: set[tuple[int, int]] = set()

    def spans(self) -> Iterator[FactSpan]:
        yield from self._of_cover()
        yield from self._of_reviewer()
        yield from self._of_summary()
        after = 0
        for item, parts in zip(self._letter.items, self._parts.items, strict=True):
            read = _ItemPlaces(self, item, parts, after)
            yield from read.spans()
            after = read.request_end

    def span(
        self, path: str, found: Found | None, certainty: Certainty = Certainty.SURE
    ) -> Iterator[FactSpan]:
        if found is not None:
            paragraph, start, end = found
            yield self.span_of(path, *paragraph.place(start, end), certainty)

    def span_of(self, path: str, start: int, end: int, certainty: Certainty = Certainty.SURE) -> FactSpan:
        """The span of a piece of the cleaned letter."""
        return FactSpan(path, self._source.at(start), self._source.at(end - 1) + 1, certainty)

    def stated(
        self, text: str, states: Callable[[str], bool], alone: Callable[[str], bool] | None = None
    ) -> Found | None:
        """The fewest words that state a fact, of the paragraphs that a text was made of."""
        for paragraph, start, end in self.made_of(text):
            found = narrowest(paragraph.text[start:end], states, alone)
            if found is not None:
                return paragraph, start + found[0], start + found[1]
        return None

    def made_of(self, text: str) -> Iterator[Found]:
        """The paragraphs that hold a text, or that make it up one after the other."""
        whole = list(self.holding(text, 0))
        if whole:
            yield min(whole, key=lambda found: len(found[0].text))
            return
        for paragraph in self._paragraphs:
            if paragraph.text in text:
                yield paragraph, 0, len(paragraph.text)

    def holding(self, text: str, after: int) -> Iterator[Found]:
        """Every paragraph behind an offset of the cleaned letter that holds a text."""
        if not text:
            return
        for paragraph in self._paragraphs:
            if paragraph.start >= after and (at := paragraph.text.find(text)) != -1:
                yield paragraph, at, at + len(text)

    def take(self, text: str, after: int) -> Found | None:
        """The first paragraph behind an offset that is a text, and is not taken yet."""
        for paragraph, start, end in self.holding(text, after):
            key = paragraph.start, paragraph.end
            if len(paragraph.text) == len(text) and key not in self._used:
                self._used.add(key)
                return paragraph, start, end
        return None

    @property
    def cleaned(self) -> str:
        return self._prepared.letter.text

    @property
    def lowered(self) -> str:
        return self._prepared.letter.lowered

    @property
    def letter(self) -> ParsedLetter:
        return self._letter

    def heading_of_decision(self) -> tuple[int, int] | None:
        """The heading that decides in the layout of early 2013."""
        for heading in self._prepared.headings:
            if heading.section is Section.EARLY_RATIONALE:
                return heading.start, heading.end
        return None

    def _of_cover(self) -> Iterator[FactSpan]:
        letter, cover = self._letter, self._parts.cover
        number = letter.case_number
        if number is not None:
            found = self.stated(cover, lambda text: read_cover(text, ()).case_number == number)
            if found is not None:
                yield from self.span("case_number", found)
            else:
                yield from self._case_number_of_header(number)
        if letter.priority is not None:
            found = self.stated(cover, lambda text: read_cover(text, ()).priority is letter.priority)
            yield from self.span("priority", found)
        for field in fields(LetterDates):
            if (day := getattr(letter.dates, field.name)) is not None:
                yield from self.span(f"dates.{field.name}", self._date(field.name, day))

    def _date(self, name: str, day: date) -> Found | None:
        return self.stated(self._parts.cover, lambda text: getattr(read_cover(text, ()).dates, name) == day)

    def _case_number_of_header(self, number: str) -> Iterator[FactSpan]:
        """A page header may be all that gives the number."""
        for found in CASE_NUMBER.finditer(self._source.source):
            if read_cover(found[0], ()).case_number == number:
                yield FactSpan("case_number", *found.span(), Certainty.LOW)
                return

    def _of_reviewer(self) -> Iterator[FactSpan]:
        for index, name in enumerate(self._letter.reviewer.specialties):
            yield from self.span(f"reviewer.specialties[{index}]", self._specialty(name))
        for index, state in enumerate(self._letter.reviewer.licensed_in):
            yield from self.span(f"reviewer.licensed_in[{index}]", self._state(state))

    def _specialty(self, name: str) -> Found | None:
        return self.stated(
            self._parts.reviewer,
            lambda text: name in reviewer_in(text).specialties,
            lambda text: reviewer_in(f"certified in {text}").specialties == (name,),
        )

    def _state(self, name: str) -> Found | None:
        return self.stated(
            self._parts.reviewer,
            lambda text: name in reviewer_in(text).licensed_in,
            lambda text: reviewer_in(f"licensed in {text}").licensed_in == (name,),
        )

    def _of_summary(self) -> Iterator[FactSpan]:
        patient, summary = self._letter.patient, self._parts.summary
        if patient.age is not None:
            yield from self.span(
                "patient.age", self.stated(summary, lambda text: read_patient(text).age == patient.age)
            )
        if patient.sex is not None:
            found = self.stated(summary, lambda text: read_patient(text).sex is patient.sex)
            by_pronoun = found is not None and _PRONOUN.fullmatch(found[0].text[found[1] : found[2]])
            yield from self.span("patient.sex", found, Certainty.LOW if by_pronoun else Certainty.SURE)
        yield from self.span("clinical_summary", next(self.made_of(summary), None))


class _ItemPlaces:
    """Where the facts of one item are stated; it is looked for behind `after`, the item before it."""

    def __init__(self, places: _Places, item: ParsedItem, parts: ItemParts, after: int) -> None:
        self._places = places
        self._item = item
        self._parts = parts
        self._path = f"items[{item.position - 1}]"
        self._request = self._find_request(after)
        self.request_end = self._request[0].end if self._request else after

    def spans(self) -> Iterator[FactSpan]:
        item, places = self._item, self._places
        yield from places.span(f"{self._path}.request", self._request)
        yield from self._of_decision()
        yield from self._of_partial_authorization()
        yield from self._of_request()
        behind = self._request[0].start if self._request else 0
        if self._request and places.letter.layout is not Layout.NOTICE_2013:
            behind = self.request_end
        claims = places.take(item.claims_administrator_guideline, behind)
        reviewer = places.take(item.reviewer_guideline, behind)
        rationale = places.take(item.rationale, behind)
        yield from places.span(f"{self._path}.claims_administrator_guideline", claims)
        yield from places.span(f"{self._path}.reviewer_guideline", reviewer)
        yield from self._of_citations("claims_administrator", item.claims_administrator_citations, claims)
        yield from self._of_citations("reviewer", item.reviewer_citations, reviewer, adopted_from=claims)
        yield from places.span(f"{self._path}.rationale", rationale)
        yield from self._of_levels(rationale)
        yield from self._of_body_parts()

    def _find_request(self, after: int) -> Found | None:
        """The heading or sentence that states the request, and whose decision is the item's."""
        text = self._item.request
        found = list(self._places.holding(text, after))
        headings = [one for one in found if len(one[0].text) - len(text) <= _LONGEST_HEADING_REST]
        deciding = [one for one in headings if self._decision_of(one) is not None]
        return next(iter(deciding or headings or found), None)

    def _decision_of(self, request: Found) -> tuple[int, int] | None:
        """Where the decision is in the cleaned letter, which the text of a request is followed by."""
        paragraph, _, end = request
        decision, places = self._item.decision, self._places
        if decision is Decision.UNKNOWN:
            return None
        if places.letter.layout is Layout.EARLY_2013:
            return places.heading_of_decision()
        if places.letter.layout is Layout.NOTICE_2013:
            limit = min(paragraph.end + _LONGEST_STATEMENT, len(places.cleaned))
            statement = find_statement(places.lowered, paragraph.end, limit)
            if statement is None or statement_decision(statement) is not decision:
                return None
            return statement.span()
        if self._parts.says_both:
            return paragraph.place(0, len(paragraph.text))
        rest = paragraph.text[end:]
        found = narrowest(rest[::-1], lambda reversed_text: _decides(reversed_text[::-1], decision))
        if found is None:
            return None
        return paragraph.place(len(paragraph.text) - found[1], len(paragraph.text) - found[0])

    def _of_decision(self) -> Iterator[FactSpan]:
        place = self._decision_of(self._request) if self._request else None
        if place is None:
            return
        where = f"item {self._item.position}"
        doubted = any(
            warning.place == where and warning.code in DOUBTS_ON_DECISION
            for warning in self._places.letter.warnings
        )
        certainty = Certainty.LOW if doubted else Certainty.SURE
        yield self._places.span_of(f"{self._path}.decision", *place, certainty)

    def _of_partial_authorization(self) -> Iterator[FactSpan]:
        for name in ("original_request", "authorized", "disputed_portion"):
            yield from self._places.span(f"{self._path}.{name}", self._piece(getattr(self._item, name)))

    def _piece(self, text: str) -> Found | None:
        """A piece of the request: the disputed portion is the last that says so, the others the first."""
        if not text or self._request is None:
            return None
        paragraph, start, end = self._request
        find = paragraph.text.rfind if text == self._item.disputed_portion else paragraph.text.find
        at = find(text, start, end)
        return (paragraph, at, at + len(text)) if at != -1 else None

    def _asked_for(self) -> Iterator[Found]:
        """The words that say what is in dispute, before the whole request."""
        for text in (self._item.disputed_portion, self._item.original_request, self._item.request):
            if (found := self._piece(text)) is not None:
                yield found

    def _in_request(self, states: Callable[[str], bool]) -> Found | None:
        for paragraph, start, end in self._asked_for():
            found = narrowest(paragraph.text[start:end], states)
            if found is not None:
                return paragraph, start + found[0], start + found[1]
        return None

    def _of_request(self) -> Iterator[FactSpan]:
        item, span = self._item, self._places.span
        for index, service in enumerate(item.services):
            found = self._service(service)
            yield from span(f"{self._path}.services[{index}]", found)
        if item.laterality is not None:
            found = self._in_request(lambda text: laterality_in(text) is item.laterality)
            yield from span(f"{self._path}.laterality", found)

    def _service(self, service: str) -> Found | None:
        if service == _UNCLASSIFIED:
            return next(self._asked_for(), None)
        return self._in_request(lambda text: service in services_in(text))

    def _body_part(self, part: str) -> Found | None:
        return self._in_request(lambda text: part in _body_parts_of(text))

    def _level(self, level: str, rationale: Found | None) -> Found | None:
        if self._item.levels_from is LevelsFrom.REQUEST:
            return self._in_request(lambda text: level in spinal_levels_of(text, "").levels)
        if rationale is None:
            return None
        paragraph, start, end = rationale
        request = self._item.disputed_portion or self._item.request
        found = narrowest(
            paragraph.text[start:end], lambda text: level in spinal_levels_of(request, text).levels
        )
        return (paragraph, start + found[0], start + found[1]) if found else None

    def _of_levels(self, rationale: Found | None) -> Iterator[FactSpan]:
        certainty = Certainty.LOW if self._item.levels_from is LevelsFrom.RATIONALE else Certainty.SURE
        for index, level in enumerate(self._item.spinal_levels):
            found = self._level(level, rationale)
            yield from self._places.span(f"{self._path}.spinal_levels[{index}]", found, certainty)

    def _of_body_parts(self) -> Iterator[FactSpan]:
        for index, part in enumerate(self._item.body_parts):
            yield from self._places.span(f"{self._path}.body_parts[{index}]", self._body_part(part))

    def _of_citations(
        self,
        side: str,
        citations: tuple[Citation, ...],
        paragraph: Found | None,
        adopted_from: Found | None = None,
    ) -> Iterator[FactSpan]:
        """A reviewer who adopts the other side's guidelines cites what that side's paragraph names."""
        for index, citation in enumerate(citations):
            path = f"{self._path}.guidelines.{side}[{index}]"
            found = _citation_in(citation, paragraph)
            if found is not None:
                yield from self._places.span(path, found)
            else:
                yield from self._places.span(path, _citation_in(citation, adopted_from), Certainty.LOW)


def _decides(text: str, decision: Decision) -> bool:
    decided = decision_at_end(text) or statement_at_end(text)
    return decided is not None and decided.decision is decision


def _body_parts_of(text: str) -> tuple[str, ...]:
    return body_parts_in(text, spinal_levels_of(text, "").levels)


def _citation_in(citation: Citation, place: Found | None) -> Found | None:
    if place is None:
        return None
    paragraph, start, end = place
    at = paragraph.text.find(citation.text, start, end) if citation.text else -1
    if at != -1 and citation in citations_in(citation.text):
        return paragraph, at, at + len(citation.text)
    found = narrowest(paragraph.text[start:end], lambda text: citation in citations_in(text))
    return (paragraph, start + found[0], start + found[1]) if found else None
