"""Which treatments a request names: its words -> service slugs of the vocabulary.

What counts is what is asked for. A surgery named as history ("status post arthroscopy") or as the reason for
something else is context, an ingredient of a cream is no drug of its own class, and a general word ("injection")
speaks only where nothing more exact does. What nothing matches is "unclassified", never forced.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from determinations.letters.compounds import read_compounds
from determinations.letters.phrases import Clauses
from determinations.letters.service_vocabulary import (
    EVERYTHING,
    Meaning,
    ServiceVocabulary,
    Strength,
    service_vocabulary,
)
from determinations.letters.vocabulary import UNCLASSIFIED


@dataclass(frozen=True, slots=True)
class Mention:
    """A service named in a request, at the word where its name begins."""

    at: int
    meaning: Meaning


def services_in(request: str) -> tuple[str, ...]:
    """Slugs of the services a request names, in order of first mention; ("unclassified",) if it names none."""
    vocabulary = service_vocabulary()
    text = vocabulary.reader.read(request)
    mentions = _mentions(text, vocabulary)
    asked_for = _without_context(mentions, text, vocabulary)
    slugs = dict.fromkeys(mention.meaning.service for mention in _strongest(asked_for))
    return tuple(slug for slug in slugs if slug is not None) or (UNCLASSIFIED,)


def _mentions(text: Clauses, vocabulary: ServiceVocabulary) -> list[Mention]:
    taken: set[int] = set()
    found = vocabulary.exact.matches_in(text, taken)
    found += vocabulary.with_gaps.matches_in(text, taken)
    found += vocabulary.weak.matches_in(text, taken)
    mentions = [
        Mention(match.positions[0], meaning) for match, meaning in found if meaning.service is not None
    ]
    mentions.sort(key=lambda mention: mention.at)
    if any(mention.meaning.category == "pharmaceuticals" for mention in mentions):
        mentions = _with_compounds(mentions, text, vocabulary)
    return mentions


def _with_compounds(mentions: list[Mention], text: Clauses, vocabulary: ServiceVocabulary) -> list[Mention]:
    """Ingredients of creams become one compounded or topical medication; injected agents go with the injection."""
    is_injection = any(mention.meaning.category == "injections" for mention in mentions)
    kept = [
        mention
        for mention in mentions
        if not (
            is_injection and mention.meaning.is_drug and text.words[mention.at] in vocabulary.injected_agents
        )
    ]
    for mixture in read_compounds(text, vocabulary.compounding):
        kept = [mention for mention in kept if mention.at not in mixture.ingredients]
        if mixture.service == "compounded-medications":
            kept = [
                mention
                for mention in kept
                if mention.meaning.service != "topical-analgesics" or mention.meaning.is_drug
            ]
        meaning = Meaning(mixture.service, "pharmaceuticals")
        kept.append(Mention(min(mixture.ingredients), meaning))
    return sorted(kept, key=lambda mention: mention.at)


def _without_context(mentions: list[Mention], text: Clauses, vocabulary: ServiceVocabulary) -> list[Mention]:
    """Leaves out what is only context. Where that would leave nothing, the request is read as it stands."""
    hidden: set[int] = set()
    for match, context in vocabulary.contexts.matches_in(text, set()):
        begin = match.positions[-1] + 1
        if context.needs_earlier_mention and not _has_earlier(mentions, match.positions[0], context.hides):
            continue
        end = begin
        while end < len(text.words) and end not in text.pauses:
            end += 1
        hidden.update(
            mention.at
            for mention in mentions
            if begin <= mention.at < end
            and (mention.meaning.category in context.hides or EVERYTHING in context.hides)
        )
    return [mention for mention in mentions if mention.at not in hidden] or mentions


def _has_earlier(mentions: list[Mention], at: int, hides: frozenset[str]) -> bool:
    return any(
        mention.at < at
        and mention.meaning.strength is Strength.FIRM
        and (
            mention.meaning.category not in hides or mention.meaning.service == "associated-surgical-services"
        )
        for mention in mentions
    )


def _strongest(mentions: list[Mention]) -> Iterable[Mention]:
    firm = {mention.meaning.category for mention in mentions if mention.meaning.strength is Strength.FIRM}
    kept = [
        mention
        for mention in mentions
        if mention.meaning.strength is Strength.FIRM
        or (mention.meaning.strength is Strength.FALLBACK and mention.meaning.category not in firm)
    ]
    return kept or mentions
