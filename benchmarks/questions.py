"""What is asked, and what a page of the answer holds. Knows no engine."""

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random

from benchmarks.corpus import SEED, Corpus
from determinations.search.facets import DECISION
from determinations.search.interface import FacetFilter
from determinations.search.query.compounds import in_every_writing
from determinations.search.query.language import parse_query
from determinations.search.query.nodes import Node
from determinations.search.query.synonyms import expand
from determinations.search_page.plain_question import PlainQuestion, plain_question, plain_words
from determinations.statistics.rates import DECIDED, OVERTURNED

HITS = 20
PASSAGES = {"rationale": 2, "summary": 1, "request": 1}
"""How many passages of each text a page shows for each hit."""

_WORD = re.compile(r"[a-z]{4,}")
_THREE_WORDS = re.compile(r"(?<![\w'-])[a-z]+(?: [a-z]+){2}(?![\w'-])")


@dataclass(frozen=True, slots=True)
class Question:
    """`typed` as a person types it."""

    kind: str
    typed: str
    filters: tuple[FacetFilter, ...] = ()

    def read(self) -> PlainQuestion:
        """As the site reads it: related words and other writings added, function words dropped."""
        node = parse_query(self.typed)
        return (
            PlainQuestion(None, None) if node is None else plain_question(in_every_writing(expand(node).node))
        )

    @property
    def node(self) -> Node | None:
        """What must match, whoever is asked; None for every item."""
        return self.read().node


@dataclass(frozen=True, slots=True)
class Page:
    """What the page shows.

    `counts`: facet -> value -> items, each facet without its own filter. `outcomes`: facet -> value ->
    (overturned, decided), each without its own filter and that of decisions.
    """

    total: int
    keys: tuple[int, ...]
    counts: Mapping[str, Mapping[str, int]]
    outcomes: Mapping[str, Mapping[str, tuple[int, int]]]
    passages: int


ByDecision = Mapping[str, Mapping[str, Mapping[str, int]]]
"""Facet -> value -> decision -> items, each facet without its own filter, all without that of decisions."""


def page_of(
    found: ByDecision, filters: tuple[FacetFilter, ...], keys: tuple[int, ...], passages: int
) -> Page:
    """The page of an engine that counts each value by decision: total, counts and outcomes in one pass."""
    chosen = next((given.values for given in filters if given.facet == DECISION.name), None)
    decisions = {value: sum(counted.values()) for value, counted in found[DECISION.name].items()}
    counts = {
        facet: {
            value: sum(number for decision, number in counted.items() if chosen is None or decision in chosen)
            for value, counted in values.items()
        }
        for facet, values in found.items()
        if facet != DECISION.name
    }
    outcomes = {
        facet: {value: (_of(OVERTURNED, counted), _of(DECIDED, counted)) for value, counted in values.items()}
        for facet, values in found.items()
        if facet != DECISION.name
    }
    return Page(
        sum(decisions.values()) if chosen is None else _of(chosen, decisions),
        keys,
        {DECISION.name: decisions} | {facet: _held(values) for facet, values in counts.items()},
        {
            facet: {value: rate for value, rate in values.items() if rate[1]}
            for facet, values in outcomes.items()
        },
        passages,
    )


def _of(decisions: tuple[str, ...], counted: Mapping[str, int]) -> int:
    return sum(counted.get(decision, 0) for decision in decisions)


def _held(values: Mapping[str, int]) -> dict[str, int]:
    return {value: number for value, number in values.items() if number}


class NotSupportedError(Exception):
    """The peer has no means for this kind of question."""


def unseen_questions(corpus: Corpus, of_each: int) -> dict[str, tuple[Question, ...]]:
    """Kind -> `of_each` questions made of the items' own words, fewer where there are not enough words.

    The same for a given corpus; no two are alike, and as far as the words go round no two have a word in
    common, so that an engine that remembers what it did for a word gains nothing by it.
    """
    random = Random(SEED)
    with closing(corpus.connect()) as database:
        texts = [row[0].lower() for row in database.execute("select rationale from items where key % 5 = 0")]
        facets = [json.loads(row[0]) for row in database.execute("select facets from items limit 1000")]
    held = Counter(word for text in texts for word in set(_WORD.findall(text)))
    most = len(texts)
    common = _Deck(random, [word for word, items in held.items() if items > most / 5 and _asks(word)])
    medium = _Deck(
        random, [word for word, items in held.items() if most / 100 < items <= most / 5 and _asks(word)]
    )
    longer = _Deck(random, [word for word in medium.things if len(word) > 4])
    rare = _Deck(random, [word for word, items in held.items() if items <= 2])
    services = _Deck(random, list({value for one in facets for value in one["service"]}))

    def phrase() -> str:
        found: list[str] = _THREE_WORDS.findall(random.choice(texts))
        return random.choice(found or [medium.draw()])

    def asked() -> Iterator[Question]:
        in_2015 = (FacetFilter("decision", ("overturned",)), FacetFilter("year", ("2015",)))
        upheld = FacetFilter("decision", ("upheld",))
        yield Question("very common term", common.draw())
        yield Question("rare term", rare.draw())
        yield Question("two AND", f"{medium.draw()} {medium.draw()}")
        yield Question("a common and a rare word", f"{common.draw()} {rare.draw()}")
        yield Question("three AND", f"{common.draw()} {medium.draw()} {medium.draw()}")
        yield Question("three OR", f"{common.draw()} OR {medium.draw()} OR {medium.draw()}")
        yield Question("phrase", f'"{phrase()}"')
        yield Question("phrase with slop", f'"{phrase()}"~5')
        yield Question("prefix", f"{medium.draw()[:4]}*")
        yield Question("field", f"rationale:{medium.draw()}")
        yield Question("NOT", f"{common.draw()} NOT {medium.draw()}")
        yield Question("facets only", "", (FacetFilter("service", (services.draw(),)), upheld))
        yield Question("query with two filters", medium.draw(), in_2015)
        yield Question("fuzzy", f"{longer.draw()[:-1]}~1")
        yield Question("no words, one filter", "", (FacetFilter("service", (services.draw(),)),))

    kinds: dict[str, dict[Question, None]] = {}
    for _ in range(of_each):
        for question in asked():
            kinds.setdefault(question.kind, {})[question] = None
    return {kind: tuple(questions) for kind, questions in kinds.items()}


class _Deck:
    """Things in random order, each drawn once before any is drawn again."""

    def __init__(self, random: Random, things: list[str]) -> None:
        self._random, self.things = random, sorted(things)
        self._left: list[str] = []

    def draw(self) -> str:
        if not self._left:
            self._left = self._random.sample(self.things, len(self.things))
        return self._left.pop()


def _asks(word: str) -> bool:
    """Whether the word is looked for: the site drops "with" and raises items of a decision for "upheld"."""
    words = plain_words()
    return word not in words.dropped and word not in words.frame and word not in words.decisions


def attorneys_questions() -> list[str]:
    """What attorneys type, without repetitions."""
    file = Path(__file__).parent / "attorneys_questions.toml"
    questions: list[str] = tomllib.loads(file.read_text("utf-8"))["questions"]
    return questions
