"""Each answer as text, for assistants that read no structured content, and for the people who read along."""

from collections.abc import Iterable, Iterator

from determinations.api.schemas import (
    DeterminationSchema,
    FacetSchema,
    GroundSchema,
    GroundSideName,
    LetterItemSchema,
)
from determinations.assistants.schemas import (
    CitedItemSchema,
    ClosestItemSchema,
    ClosestItemsSchema,
    FoundItemsSchema,
    NamedGroundSchema,
    ReasonSchema,
    ReasonsSchema,
    StatedShareSchema,
    WholeLetterSchema,
)
from determinations.models.choices import DECISION_MEANINGS, outcome_in_words
from determinations.search.facets import REASON, SERVICE
from determinations.search_page.facet_values import facet_label
from determinations.statistics.rates import OutcomeRate


def text_of_search(found: FoundItemsSchema) -> str:
    return _joined(_of_search(found), found.notes)


def text_of_letter(letter: WholeLetterSchema) -> str:
    return _joined(_of_letter(letter.determination), letter.notes)


def text_of_reasons(reasons: ReasonsSchema) -> str:
    return _joined(_of_reasons(reasons), reasons.notes)


def text_of_closest(closest: ClosestItemsSchema) -> str:
    return _joined(_of_closest(closest), closest.notes)


def _joined(parts: Iterable[str], notes: Iterable[str]) -> str:
    return "\n\n".join((*parts, "\n".join(f"Note: {note}" for note in notes)))


def _of_search(found: FoundItemsSchema) -> Iterator[str]:
    rate = OutcomeRate(found.outcomes.overturned, found.outcomes.decided)
    lines = [f"Found: {found.total:,}. Page {found.page:,} of {max(found.pages, 1):,}: {found.address}"]
    in_words = ", ".join(filter(None, (rate.in_words, rate.interval_in_words)))
    lines.append(f"Outcomes, whatever decision is chosen: {in_words}.")
    if found.total_following:
        lines.append(f"With some of the words only: {found.total_following:,}, behind those found.")
    if found.total_in_summaries:
        lines.append(
            f"Further items if summaries are searched (include=summary): {found.total_in_summaries:,}."
        )
    lines += [
        f"Also searched for “{one.word}”: {', '.join(one.alternatives)}." for one in found.related_words
    ]
    lines += [f"A question to ask instead: {one.q} ({one.reason})" for one in found.other_questions]
    lines += [f"A filter that the words name: {one.label} ({one.total:,})." for one in found.filter_offers]
    yield "\n".join(lines)
    first = (found.page - 1) * found.page_size + 1
    for number, hit in enumerate(found.items, start=first):
        said = list(_cited(hit.item))
        said += [f"{passage.part.value.replace('_', ' ')}: {passage.text}" for passage in hit.passages]
        if hit.follows:
            missing = ", ".join(f"“{word}”" for word in hit.missing_words)
            said.append(f"Does not have all of the words{f': {missing} missing' if missing else ''}.")
        yield f"{number}. " + "\n".join(said)
    yield from map(_counted, found.counts)


def _counted(facet: FacetSchema) -> str:
    lines = [f"{facet.label} ({facet.name}):"]
    for value in facet.values:
        rate = OutcomeRate(value.outcomes.overturned, value.outcomes.decided) if value.outcomes else None
        outcome = f"; {rate.in_words}" if rate and rate.decided else ""
        lines.append(
            f"{'  ' if value.parent else ''}- {value.value} ({value.label}): {value.count:,}{outcome}"
        )
    return "\n".join(lines)


def _of_letter(letter: DeterminationSchema) -> Iterator[str]:
    facts = [letter.citation.plain, letter.links.html]
    facts.append(f"Outcome: {outcome_in_words(item.item.decision for item in letter.items)}.")
    dates = {
        "decided": letter.dates.decision,
        "assigned": letter.dates.assigned,
        "injury": letter.dates.injury,
        "UR denial": letter.dates.ur_denial,
        "application received": letter.dates.application_received,
    }
    facts.append("Dates: " + (", ".join(f"{name} {day}" for name, day in dates.items() if day) or "none"))
    if letter.reviewer.specialties:
        facts.append(f"Reviewer: {', '.join(letter.reviewer.specialties)}.")
    if letter.superseded_by:
        facts.append(f"A newer version supersedes this letter: {letter.superseded_by.links.html}")
    facts += [f"Read in part: {warning.message}" for warning in letter.warnings]
    yield "\n".join(facts)
    if letter.clinical_summary:
        yield f"Clinical summary:\n{letter.clinical_summary}"
    for item in letter.items:
        yield from _of_item(item)
    if letter.text:
        yield f"The whole text:\n{letter.text}"


def _of_item(item: LetterItemSchema) -> Iterator[str]:
    shape = item.item
    facts = [f"Item {shape.position}: {shape.citation}", item.html, f"Request: {shape.request}"]
    facts.append(f"Decision: {DECISION_MEANINGS[shape.decision]}.")
    facts += _services_and_levels(shape.services, shape.spinal_levels)
    facts += _grounds(shape.grounds)
    yield "\n".join(facts)
    for name, text in (
        ("Claims administrator’s guideline", item.claims_administrator_guideline),
        ("Reviewer’s guideline", item.reviewer_guideline),
        ("Rationale", item.rationale),
    ):
        if text:
            yield f"{name}:\n{text}"


def _of_reasons(reasons: ReasonsSchema) -> Iterator[str]:
    yield (
        f"{reasons.upheld:,} upheld (still denied) and {reasons.overturned:,} overturned items; "
        f"{reasons.read:,} state a ground that could be read.\n{reasons.address}"
    )
    if reasons.opposed:
        lines = [
            f"- {pair.topic}: {_name(pair.lacking)} in {_share(pair.upheld)} upheld items; "
            f"{' or '.join(map(_name, pair.shown))} in {_share(pair.overturned)} overturned items."
            for pair in reasons.opposed
        ]
        yield "\n".join(["What is lacking, and what is shown instead:", *lines])
    for side, heading in (("against", "Why denied:"), ("for", "What won:")):
        rows = [_reason(row) for row in reasons.grounds if row.side == side]
        if rows:
            yield "\n".join([heading, *rows])


def _reason(row: ReasonSchema) -> str:
    lines = [
        f"- {row.label} ({row.ground}): in {_share(row.upheld)} upheld and in "
        f"{_share(row.overturned)} overturned items. {row.address}"
    ]
    lines += [f"  “{one.sentence}” {one.citation}, {one.address}" for one in row.examples]
    return "\n".join(lines)


def _name(ground: NamedGroundSchema) -> str:
    return f"{ground.label} ({ground.ground})"


def _share(stated: StatedShareSchema) -> str:
    percentage = OutcomeRate(stated.stating, stated.items).percentage
    return f"{stated.stating:,} of {stated.items:,}" + (f" ({percentage})" if percentage else "")


def _of_closest(closest: ClosestItemsSchema) -> Iterator[str]:
    yield "\n".join(["Compared with:", *_cited(closest.item), f"As a page: {closest.address}"])
    for heading, items, why_none in (
        ("Most similar, whatever the outcome:", closest.similar, closest.why_none_similar),
        ("Same service, opposite outcome:", closest.opposite, closest.why_none_opposite),
    ):
        yield heading + (f" {why_none}" if why_none else "")
        yield from (f"{number}. {_close(one)}" for number, one in enumerate(items, start=1))


def _close(one: ClosestItemSchema) -> str:
    parting = one.parting
    where = [f"They part here: {parting.here}; there: {parting.there}."] if parting else []
    return "\n".join([*_cited(one.item), *where])


def _cited(item: CitedItemSchema) -> Iterator[str]:
    yield f"{item.citation} [{item.id}]"
    yield item.address
    yield f"Request: {item.request}"
    yield f"Decision: {DECISION_MEANINGS[item.decision]}."
    yield from _services_and_levels(item.services, item.spinal_levels)
    if item.reviewer_guidelines:
        yield f"Reviewer’s guidelines: {', '.join(item.reviewer_guidelines)}."
    yield from _grounds(item.grounds)


def _grounds(grounds: Iterable[GroundSchema]) -> Iterator[str]:
    """A line for each sentence: some sentences state several grounds."""
    stated: dict[tuple[GroundSideName, str], list[str]] = {}
    for ground in grounds:
        stated.setdefault((ground.side, ground.sentence), []).append(facet_label(REASON.name, ground.ground))
    for (side, sentence), labels in stated.items():
        yield f"{facet_label(REASON.name, side.value)}: {', '.join(labels)}: “{sentence}”"


def _services_and_levels(services: tuple[str, ...], levels: tuple[str, ...]) -> Iterator[str]:
    if services:
        yield f"Services: {', '.join(facet_label(SERVICE.name, slug) for slug in services)}."
    if levels:
        yield f"Levels: {', '.join(levels)}."
