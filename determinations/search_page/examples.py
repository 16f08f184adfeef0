"""Searches to begin with and to learn from, as links. Each is an ordinary address; a test follows it."""

from dataclasses import dataclass

from determinations.models import Determination
from determinations.search.facets import DECISION, GUIDELINE, LEVEL, SERVICE
from determinations.search.query.case_numbers import EXAMPLE
from determinations.search.query.examples import example_groups
from determinations.search_page.address import SearchAddress


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
