"""Reads the grounds that a rationale states, each with the sentence that states it.

A sentence gives candidates; the rationale as a whole says which way it leans. What speaks for the other
side is a concession and no reason for the decision, so it is left out. Where no pattern finds a ground, and
in short rationales that repeat no rule of a guideline, a classifier reads the sentences, too.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from operator import attrgetter
from typing import Final, NamedTuple

from determinations.letters.facts.grounds.classifier import (
    Classifier,
    class_features,
    classifier,
    features_of,
)
from determinations.letters.facts.grounds.frames import Frame, Framer
from determinations.letters.facts.grounds.needed_words import NeededWords
from determinations.letters.facts.grounds.patterns import negated_places
from determinations.letters.facts.grounds.polarity import (
    NegationClasses,
    doubly_negates,
    negations_in,
    refusals_in,
)
from determinations.letters.facts.grounds.sentences import Span, only_requests, quotations_of, sentences_of
from determinations.letters.facts.grounds.tagging import Tagged, classes_in
from determinations.letters.facts.grounds.vocabulary import (
    POLARITY_CLASSES,
    GroundEntry,
    GroundsVocabulary,
    Side,
    vocabulary,
)
from determinations.letters.parsed_letter import Ground

# Letters repeat whole sentences of the guidelines from one to the next.
_SENTENCES_REMEMBERED: Final = 32_768
_REQUESTS_REMEMBERED: Final = 2_048

# How much a candidate counts where a rationale draws no conclusion of its own.
_STRONG_VOTE: Final = 2
_WEAK_VOTE: Final = 1

# A rationale of so many sentences that repeats no rule is all argument, worded freely.
_SHORT: Final = 5

# A conclusion of more words gives a reason, too.
_CONCLUSION: Final = 16

# Conclusions so many sentences apart are not parts of one decision: the last one decides.
_ONE_DECISION: Final = 3

# One word says yes or no, and not why.
_FEWEST_WORDS: Final = 2

# From which probability on the classifier's ground counts as stated; its best one of a rationale does from
# the second on; and below the third it dismisses what a pattern finds.
_STATED: Final = 0.15
_BEST: Final = 0.1
_DISMISSED: Final = 0.05

# Grounds that a rule alone states only where the reviewer gives no reason of the case: "experimental" is
# often quoted.
_RELIED_ON: Final = frozenset({"evidence-lacking"})


_LIST_BEGINNINGS: Final = frozenset("(0123456789")
_LIST_ENTRY: Final = re.compile(r"\(?\d{1,2}\) ")


def read_grounds(rationale: str, services: Sequence[str] = (), request: str = "") -> tuple[Ground, ...]:
    """The grounds of a rationale, in the order of their first sentences; each slug once.

    `services` and `request` are what the item asks for. The item's decision is no argument on purpose:
    grounds are read off the text, also where it contradicts its own heading.
    """
    return _reader().read(rationale, services, request)


def grounds_in_narrative(sentence: str) -> tuple[Ground, ...]:
    """What a sentence outside of a rationale, such as one of the clinical summary, would state there.

    Patterns alone read it: the classifier takes every sentence for an argument.
    """
    return _pattern_reader().read(sentence, (), "")


@cache
def needed_words(slugs: frozenset[str]) -> NeededWords:
    """By them a sentence is left out that `grounds_in_narrative` would find none of these grounds in."""
    return NeededWords(vocabulary(), slugs)


class Candidate(NamedTuple):
    """A ground that a sentence may state."""

    entry: GroundEntry
    weak: bool
    ruled: bool
    """Only the guideline's rule states it."""
    conceded: bool
    reported: bool
    """Utilization review said it."""
    wide: bool
    """A wide pattern states it."""
    asked: int
    """The mask of the classes of which the request or its services must have one; 0 for any request."""


class Sentence(NamedTuple):
    """What a sentence gives."""

    candidates: tuple[Candidate, ...]
    asks: bool
    """Some candidates hold for certain requests only: they are yet to be sorted out."""
    conclusions: frozenset[Side]
    weak_conclusions: frozenset[Side]
    """Those that may be of another treatment than the requested one."""
    agrees: bool
    """The reviewer adopts what utilization review said."""
    rule: bool
    """It repeats a rule of a guideline."""
    frame: Frame
    """Of its last clause."""


class Said(NamedTuple):
    """A sentence in its rationale."""

    span: Span
    text: str
    """In lower case, without what it quotes."""
    before: Frame
    """That of its predecessor."""
    sentence: Sentence


class PatternMatch(NamedTuple):
    """A pattern that finds a sentence."""

    pattern: int
    ruled: bool
    conceded: bool
    reported: bool


@cache
def _reader() -> "Reader":
    return Reader(vocabulary(), classifier())


@cache
def _pattern_reader() -> "Reader":
    return Reader(vocabulary())


class Reader:
    """Reads with one vocabulary, and with a classifier what is worded freely."""

    def __init__(self, words: GroundsVocabulary, classifier: Classifier | None = None) -> None:
        self._words = words
        self._classifier = classifier
        self._class_features = class_features(words.lexicon)
        number = words.lexicon.number
        self._framer = Framer(number)
        self._negations = NegationClasses(*(number[name] for name in POLARITY_CLASSES))
        self._general_rule = 1 << number["guideline"] | 1 << number["general"]
        self._general = 1 << number["general"]
        self._negating = 1 << words.negation | 1 << words.any_negation
        self._rule_text = 1 << number["rule text"]
        self._ground: dict[str, GroundEntry] = {ground.slug: ground for ground in words.grounds}
        self._asked_for = sum({1 << p.asked for p in words.patterns if p.asked is not None})
        self._all_classes = (1 << len(number)) - 1
        self._matches_of_case = [PatternMatch(n, False, False, False) for n in range(len(words.patterns))]
        self._of_rules = {n for n, pattern in enumerate(words.patterns) if pattern.rule}
        self._candidate = cache(self._candidate_of)
        self._sentence = lru_cache(_SENTENCES_REMEMBERED)(self._read_sentence)
        self._classified_sentence = lru_cache(_SENTENCES_REMEMBERED)(self._classify_sentence)
        self._request = lru_cache(_REQUESTS_REMEMBERED)(self._asked)

    def read(self, rationale: str, services: Sequence[str], request: str) -> tuple[Ground, ...]:
        """What `read_grounds` returns."""
        wanted = " ".join((*services, request))
        asked = self._request(wanted) if wanted else None
        stated: list[tuple[Candidate, Span]] = []
        agrees = rule = False
        before: Frame = "rule"
        said: list[Said] = []
        for span, text in _said(rationale):
            sentence = self._sentence(text, before)
            said.append(Said(span, text, before, sentence))
            candidates = sentence.candidates
            if sentence.asks:
                asked = self._asked(rationale) if asked is None else asked
                candidates = _specific_first([c for c in candidates if not c.asked or c.asked & asked])
            if candidates:
                stated += [(candidate, span) for candidate in candidates]
            agrees = agrees or sentence.agrees
            rule = rule or sentence.rule
            before = sentence.frame
        if not agrees:
            stated = [(candidate, span) for candidate, span in stated if not candidate.reported]
        sentences = [each.sentence for each in said]
        conclusions = _decision(each.conclusions for each in sentences) or _decision(
            each.weak_conclusions for each in sentences
        )
        found = _grounds(stated, conclusions)
        if self._classifier is None or len(conclusions) > 1 or (found and (rule or len(said) > _SHORT)):
            return found
        asked = self._asked(rationale) if asked is None else asked
        return self._classified(said, asked, found, next(iter(conclusions), None))

    def _classified(
        self, said: Sequence[Said], asked: int, found: tuple[Ground, ...], side: Side | None
    ) -> tuple[Ground, ...]:
        """What classifier and patterns find together.

        `found` has the patterns' grounds; `side` is that of the conclusion, or else what the classifier finds
        more probable.
        """
        best: dict[str, tuple[float, Span]] = {}
        unread: set[int] = set()
        for span, text, before, sentence in said:
            probabilities = self._classified_sentence(text, before)
            if probabilities is None or len(text) < span.end - span.start:  # it quotes
                unread.add(span.start)
                continue
            of_others = {c.entry.slug for c in sentence.candidates if c.asked and not c.asked & asked}
            for slug, probability in probabilities.items():
                if slug not in of_others and probability > best.get(slug, (0.0, span))[0]:
                    best[slug] = probability, span
        found = tuple(g for g in found if g.slug in best or g.start in unread)
        if side is None:
            side = self._more_probable(found, best)
        if side is None:
            return found
        grounds = {ground.slug: ground for ground in found if ground.side == side}
        of_side = {slug: p for slug, (p, _) in best.items() if self._ground[slug].side == side}
        most = max(of_side.values(), default=0.0)
        for slug, probability in of_side.items():
            if slug not in grounds and (probability >= _STATED or probability == most >= _BEST):
                grounds[slug] = Ground(slug, side, *best[slug][1])
        return tuple(sorted(grounds.values(), key=attrgetter("start")))

    def _more_probable(self, found: Sequence[Ground], best: Mapping[str, tuple[float, Span]]) -> Side | None:
        """The side whose grounds are more probable together; None where there are none."""
        votes: dict[Side, float] = {"for": 0.0, "against": 0.0}
        for ground in found:
            votes[ground.side] += _STATED
        for slug, (probability, _) in best.items():
            if probability >= _STATED:
                votes[self._ground[slug].side] += probability
        if any(votes.values()):
            return "for" if votes["for"] > votes["against"] else "against"
        return self._ground[max(best, key=lambda slug: best[slug][0])].side if best else None

    def _classify_sentence(self, text: str, before: Frame) -> Mapping[str, float] | None:
        """The grounds that may be stated in a sentence, with their probabilities.

        None for one that the classifier can't read: it knows nothing of double negations, nor of who is
        speaking.
        """
        tagged = Tagged(text, self._words.lexicon)
        if self._classifier is None or len(tagged.words) < _FEWEST_WORDS or only_requests(text):
            return None
        frames = self._framer.frames_of(tagged, self._within_list(text, tagged, before))
        own = "case" in frames or (frames[-1] == "rule" and not self._is_rule(tagged))
        sentence = self._sentence(text, before)
        concluding = sentence.conclusions or sentence.weak_conclusions
        concludes = concluding and not sentence.candidates and len(tagged.words) <= _CONCLUSION
        if not own or concludes or doubly_negates(tagged, self._negations):
            return None
        return self._classifier.probabilities(self._features(tagged, sentence), _DISMISSED)

    def features(self, sentence: str) -> set[str]:
        """What the classifier looks at in a sentence that speaks of the case."""
        text = _plain(sentence)
        return self._features(Tagged(text, self._words.lexicon), self._sentence(text, "case"))

    def _features(self, tagged: Tagged, sentence: Sentence) -> set[str]:
        negated = negated_places(negations_in(tagged, self._negations))
        patterns = {
            f"{'wide ' if candidate.wide else ''}{candidate.entry.slug}"
            for candidate in sentence.candidates
            if not candidate.conceded and not candidate.reported
        }
        return features_of(tagged, self._class_features, negated, patterns)

    def _within_list(self, text: str, tagged: Tagged, before: Frame) -> Frame:
        """The frame before a sentence: of a rule, before an entry of a numbered list of what should be."""
        listed = text[:1] in _LIST_BEGINNINGS and _LIST_ENTRY.match(text) and tagged.present & self._general
        return "rule" if listed else before

    def _is_rule(self, tagged: Tagged) -> bool:
        present = tagged.present
        return present & self._general_rule == self._general_rule or bool(present & self._rule_text)

    def matches(self, text: str, pattern: int) -> bool:
        """Whether a pattern finds a text when it is all that there is."""
        for _, said in _said(text):
            tagged = Tagged(said, self._words.lexicon)
            negations = negations_in(tagged, self._negations)
            frames = self._framer.frames_of(tagged, "case")
            found = self._matches(tagged, self._likely(tagged, frames), frames, negations)
            if any(match.pattern == pattern and not match.reported for match in found):
                return True
        return False

    def _asked(self, text: str) -> int:
        """The mask of the classes in question that the words of the request and of its services have."""
        return classes_in(text.lower(), self._words.lexicon) & self._asked_for

    def _read_sentence(self, text: str, before: Frame) -> Sentence:
        """Reads a sentence in lower case. `before` is the frame of its predecessor."""
        words = self._words
        tagged = Tagged(text, self._words.lexicon)
        if not tagged.words:
            return Sentence((), False, frozenset(), frozenset(), False, False, before)
        frames = self._framer.frames_of(tagged, self._within_list(text, tagged, before))
        likely = self._likely(tagged, frames)
        negations = negations_in(tagged, self._negations)
        agrees = self._framer.agrees(tagged, negations, before)
        candidates: list[Candidate] = []
        plain: set[Side] = set()
        weak: set[Side] = set()
        for match in self._matches(tagged, likely, frames, negations):
            if match.pattern not in words.conclusions:
                candidates.append(self._candidate(match))
            elif not match.conceded and not match.reported:
                conclusions = weak if words.patterns[match.pattern].weak else plain
                conclusions.add("for" if words.meaning[match.pattern] == "for" else "against")
        asks = any(candidate.asked for candidate in candidates)
        kept = tuple(candidates) if asks else _specific_first(candidates)
        rule = self._is_rule(tagged)
        return Sentence(kept, asks, frozenset(plain), frozenset(weak), agrees, rule, frames[-1])

    def _candidate_of(self, match: PatternMatch) -> Candidate:
        pattern = self._words.patterns[match.pattern]
        return Candidate(
            self._ground[self._words.meaning[match.pattern]],
            pattern.weak,
            match.ruled,
            match.conceded,
            match.reported,
            pattern.wide,
            0 if pattern.asked is None else 1 << pattern.asked,
        )

    def _likely(self, tagged: Tagged, frames: Collection[Frame]) -> list[int]:
        """The patterns whose classes all occur; of a guideline's rule those that read rules."""
        needed = self._words.needed
        absent = self._all_classes ^ tagged.present
        tried = set().union(*tagged.patterns)
        if "case" not in frames and "review" not in frames:
            tried &= self._of_rules
        return sorted([number for number in tried if not needed[number] & absent])

    def _matches(
        self, tagged: Tagged, likely: Sequence[int], frames: Sequence[Frame], negations: int
    ) -> list[PatternMatch]:
        """Those of the likely patterns that match, each once, whatever was asked for."""
        if not likely:
            return []
        words = self._words
        case = ruled = reviewed = 0
        for clause, frame in zip(tagged.clauses, frames, strict=True):
            if frame == "case":
                case |= clause.mask
            elif frame == "rule":
                ruled |= clause.mask
            else:
                reviewed |= clause.mask
        conceded = self._framer.conceded(tagged)
        of_case = case & ~conceded
        negated = negated_places(negations & ~conceded)
        present = tagged.present
        if negations or present & self._negating:
            tagged.set_places(words.any_negation, negations)
            tagged.set_places(words.negation, negations & ~refusals_in(tagged, negations, self._negations))
        gone = present & ~tagged.present
        elsewhere = ruled or conceded or reviewed
        found: list[PatternMatch] = []
        for number in likely:
            pattern = words.patterns[number]
            if gone and pattern.needed & gone:
                continue
            if case and pattern.found_in(tagged, of_case, negated, conceded):
                found.append(self._matches_of_case[number])
                continue
            if not elsewhere:
                continue
            allowed = case | ruled if pattern.rule else case
            if ruled & allowed and pattern.found_in(tagged, allowed & ~conceded, negated, conceded):
                found.append(PatternMatch(number, ruled=True, conceded=False, reported=False))
            elif conceded & allowed and pattern.found_in(tagged, allowed, negated):
                found.append(PatternMatch(number, ruled=False, conceded=True, reported=False))
            elif reviewed and pattern.found_in(tagged, reviewed, negated):
                found.append(PatternMatch(number, ruled=False, conceded=False, reported=True))
        return found


def _said(text: str) -> Iterator[tuple[Span, str]]:
    """Each sentence that is not all quotation: its span, and in lower case what it says without quoting."""
    spans = sentences_of(text)
    quotations = quotations_of(text, spans)
    plain = _plain(text)
    if len(plain) != len(text):  # some letters of other languages are longer in lower case
        plain = "".join(_plain(mark) if len(_plain(mark)) == 1 else mark for mark in text)
    if not quotations:
        for span in spans:
            yield span, plain[span.start : span.end]
        return
    index = 0
    for span in spans:
        while index < len(quotations) and quotations[index].end <= span.start:
            index += 1
        if index == len(quotations) or quotations[index].start >= span.end:
            yield span, plain[span.start : span.end]
        else:
            yield span, _without(plain, span, quotations, index)


def _plain(text: str) -> str:
    """In lower case and with straight apostrophes, as the vocabulary is written."""
    return text.lower().replace("’", "'")


def _without(text: str, span: Span, quotations: Sequence[Span], index: int) -> str:
    """A sentence without what it quotes, from quotation `index` on."""
    said: list[str] = []
    at = span.start
    while index < len(quotations) and quotations[index].start < span.end:
        quotation = quotations[index]
        said.append(text[at : max(at, quotation.start)])
        at = max(at, min(quotation.end, span.end))
        index += 1
    said.append(text[at : span.end])
    return " ".join(said)


def _specific_first(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """The candidates of a sentence without weak ones of a general ground beside one of its own (rule 1)."""
    if len(candidates) < 2:
        return tuple(candidates)
    specific = {c.entry.side for c in candidates if not c.entry.general and not c.weak}
    return tuple(c for c in candidates if not (c.weak and c.entry.general and c.entry.side in specific))


def _decision(conclusions: Iterable[frozenset[Side]]) -> set[Side]:
    """The sides of a rationale's last conclusions, from those of each sentence."""
    decision: set[Side] = set()
    last = -_ONE_DECISION
    for number, sides in enumerate(conclusions):
        if sides:
            if number - last >= _ONE_DECISION:
                decision = set()
            decision |= sides
            last = number
    return decision


def _grounds(stated: Sequence[tuple[Candidate, Span]], conclusions: set[Side]) -> tuple[Ground, ...]:
    own = [(candidate, span) for candidate, span in stated if not candidate.conceded]
    narrow = [(candidate, span) for candidate, span in own if not candidate.wide]
    return _of_one_side(narrow, conclusions) or _of_one_side(own, conclusions)


def _of_one_side(stated: Sequence[tuple[Candidate, Span]], conclusions: set[Side]) -> tuple[Ground, ...]:
    side = _leaning([candidate for candidate, _ in stated], conclusions)
    reasons = {c.entry.slug for c, _ in stated if c.entry.side == side and not c.ruled and not c.weak}
    grounds: dict[str, Ground] = {}
    for (entry, weak, ruled, *_), span in stated:
        if entry.slug in grounds or (weak if side is None else entry.side != side):
            continue
        if ruled and entry.slug in _RELIED_ON and reasons - {entry.slug}:
            continue
        grounds[entry.slug] = Ground(entry.slug, entry.side, *span)
    return tuple(grounds.values())


def _leaning(candidates: Sequence[Candidate], conclusions: set[Side]) -> Side | None:
    """The side to which a rationale leans; None where it decides on two things in opposite ways, or says
    nothing."""
    if conclusions:
        return next(iter(conclusions)) if len(conclusions) == 1 else None
    votes = 0
    for entry, weak, *_ in {candidate.entry.slug: candidate for candidate in candidates}.values():
        vote = _WEAK_VOTE if weak else _STRONG_VOTE
        votes += vote if entry.side == "for" else -vote
    if votes:
        return "for" if votes > 0 else "against"
    strong = [candidate.entry.side for candidate in candidates if not candidate.weak]
    return strong[-1] if strong else None
