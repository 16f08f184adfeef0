"""Searches to begin with and to learn from, as links. Each is an ordinary address; a test follows it."""

from dataclasses import dataclass, replace

from determinations.models import Determination
from determinations.search.facets import DECISION, GUIDELINE, LEVEL, SERVICE
from determinations.search.query.case_numbers import EXAMPLE
from determinations.search_page.address import SearchAddress

_CASE_NUMBERS = "Case numbers"


@dataclass(frozen=True, slots=True)
class QueryExample:
    """`text` is what to type, `meaning` says what it finds."""

    text: str
    meaning: str


@dataclass(frozen=True, slots=True)
class ExampleGroup:
    title: str
    examples: tuple[QueryExample, ...]


def _case_numbers(number: str) -> tuple[QueryExample, ...]:
    year, serial = number[2:4], number[5:]
    short = serial.lstrip("0")
    beginning = f"{number[:8]}{'' if serial.startswith('0') else '*'}"
    return (
        QueryExample(number, "the letter with this number"),
        QueryExample(
            f"cm{year}-{short}", "the same letter: capitals, leading zeros and hyphen may be left out"
        ),
        QueryExample(f"case:{year}-{short}", "the same letter: after case: not even CM is needed"),
        QueryExample(f"case:{beginning}", "every letter whose number begins so"),
    )


def example_groups(number: str) -> tuple[ExampleGroup, ...]:
    """`EXAMPLE_GROUPS`, with the case number `number` ("CM15-0000200") for the one of the reference."""
    return tuple(
        replace(group, examples=_case_numbers(number)) if group.title == _CASE_NUMBERS else group
        for group in EXAMPLE_GROUPS
    )


EXAMPLE_GROUPS: tuple[ExampleGroup, ...] = (
    ExampleGroup(
        "Words and phrases",
        (
            QueryExample("medial branch block", "all three words, anywhere in the disputed item"),
            QueryExample("injections", "also injection and injected: endings of words make no difference"),
            QueryExample('"severe"', "this word as it is written, and no other form of it"),
            QueryExample('"medial branch block"', "these words side by side, in this order, as written"),
            QueryExample('"medial br* block"', "a wildcard among them; a lone * is any one word or none"),
        ),
    ),
    ExampleGroup(
        "Either, neither, together",
        (
            QueryExample("norco AND flexeril", "both words, as without AND"),
            QueryExample("norco OR vicodin", "at least one of the words"),
            QueryExample("fusion -cervical", "fusion, but not cervical"),
            QueryExample('fusion NOT "disc replacement"', "fusion, but not this phrase"),
            QueryExample("MRI (lumbar OR thoracic)", "MRI, and at least one of the words in parentheses"),
            QueryExample("MRI -(cervical OR shoulder)", "MRI, and none of the words in parentheses"),
            QueryExample("lumbar MRI OR thoracic CT", "lumbar and MRI, or thoracic and CT"),
            QueryExample("-surgery", "everything without the word surgery"),
        ),
    ),
    ExampleGroup(
        "Near each other",
        (
            QueryExample("pain w/5 radiculopathy", "at most 5 words apart, in any order; also /5 and NEAR/5"),
            QueryExample("conservative +5 care", "the same in this order; also pre/5"),
            QueryExample(
                "epidural /3 (steroid OR injection)", "a group, too, can be near a word, a phrase or a group"
            ),
            QueryExample('"low back" /s pain', "in one sentence; also w/s"),
            QueryExample(
                "norco /p taper", "in one part: the request, the rationale, a guideline or the summary"
            ),
            QueryExample(
                '"facet injection"~5', "these words as written, at most 5 words apart, in any order"
            ),
        ),
    ),
    ExampleGroup(
        "Parts of words and misspellings",
        (
            QueryExample("radic*", "radiculopathy, radicular, radiculitis and other words beginning so"),
            QueryExample("inject!", "the same as inject*, as legal databases write it"),
            QueryExample("*otomy", "rhizotomy, neurotomy, laminotomy and other words ending so"),
            QueryExample("dis?ectomy", "discectomy and diskectomy: ? stands for one letter"),
            QueryExample("radiculopaty~", "words that differ by one letter"),
            QueryExample("acupunkture~2", "words that differ by up to two letters"),
        ),
    ),
    ExampleGroup(
        "One part of a determination",
        (
            QueryExample("rationale:rhizotomy", "rhizotomy in the reviewer’s rationale"),
            QueryExample('request:"ankle brace"', "the phrase in the disputed request"),
            QueryExample("summary:fusion", "fusion in the clinical case summary"),
            QueryExample("guideline:(ODG OR ACOEM)", "either name in the guidelines cited"),
            QueryExample('rationale:("red flags" -tumor)', "the phrase in the rationale, and no tumor there"),
            QueryExample(
                "-rationale:radiculopathy", "everything whose rationale does not name radiculopathy"
            ),
        ),
    ),
    ExampleGroup(
        "Filters in the question",
        (
            QueryExample(
                "service:opioids", 'items with this service; words in quotes: service:"home health care"'
            ),
            QueryExample("-decision:upheld", "items with any other decision"),
            QueryExample("level:lumbar decision:overturned", "items at these levels with this decision"),
            QueryExample(
                "decided:2014..2015-06", "decided in this time; also assigned:, received: and injured:"
            ),
            QueryExample("since:2015", "decided in 2015 or later; also until: and before:"),
        ),
    ),
    ExampleGroup(_CASE_NUMBERS, _case_numbers(EXAMPLE)),
    ExampleGroup(
        "Spinal levels and numbers",
        (
            QueryExample("L4-5", "the level L4-L5 in any writing: L4-5, L4/5, L4-L5, L4 to L5"),
            QueryExample(
                "L4-L5-S1", "both joints, L4-L5 and L5-S1, in any writing: L4-5 and L5-S1, L4-5-S1, L4 to S1"
            ),
            QueryExample("L4-S1", "the same: a span is the joints that it is made of"),
            QueryExample('"bulge at L5-S1"', "a level counts as one word in a phrase"),
            QueryExample(
                "norco 10/325 #60", "a dose in any writing (10 mg/325 mg, 10-325 mg), and the quantity"
            ),
            QueryExample("July 5, 2013", "the date in any writing: 7/5/2013, Jul. 5, 2013, 2013-07-05"),
        ),
    ),
)

QUERY_EXAMPLES: tuple[QueryExample, ...] = tuple(
    example for group in EXAMPLE_GROUPS for example in group.examples
)


@dataclass(frozen=True, slots=True)
class Example:
    """A search: what to call it, what it finds, where it is."""

    label: str
    meaning: str
    url: str


@dataclass(frozen=True, slots=True)
class ExampleTable:
    title: str
    examples: tuple[Example, ...]


def first_examples() -> tuple[Example, ...]:
    """What the first visit offers: a phrase with a filter, related words, levels, a guideline."""
    blocks = SearchAddress(text='"medial branch"').choosing(DECISION.name, ("overturned",))
    epidurals = SearchAddress(text="ESI").choosing(LEVEL.name, ("L4-L5", "L5-S1"))
    opioids = (
        SearchAddress()
        .choosing(SERVICE.name, ("opioids",))
        .choosing(DECISION.name, ("upheld",))
        .choosing(GUIDELINE.name, ("mtus-chronic-pain",))
    )
    improvement = SearchAddress(text='rationale:"functional improvement"')
    return (
        Example("“medial branch” where the denial was overturned", "", blocks.url),
        Example("epidural injections at L4-L5 or L5-S1", "", epidurals.url),
        Example("“functional improvement” in the rationale", "", improvement.url),
        Example("opioids, denial upheld under the Chronic Pain guidelines", "", opioids.url),
    )


def help_examples() -> tuple[ExampleTable, ...]:
    """The query language by example, each with its address; the case number is the highest held here."""
    number = _highest_case_number() or EXAMPLE
    return tuple(
        ExampleTable(
            group.title,
            tuple(
                Example(example.text, example.meaning, SearchAddress(text=example.text).url)
                for example in group.examples
            ),
        )
        for group in example_groups(number)
    )


def _highest_case_number() -> str | None:
    """Of the letters that a search finds: those without any disputed item are not among them."""
    letters = Determination.objects.current().filter(
        items__isnull=False, case_number__regex=r"^CM[0-9]{2}-[0-9]{7}$"
    )
    return letters.order_by("-case_number").values_list("case_number", flat=True).first()
