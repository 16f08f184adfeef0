"""Why a search cannot be run exactly as its address asks, fault by fault.

For those who have no page to say that a filter was left out: files, alerts, the API. Knows no HTML.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from determinations.search.query.errors import shown
from determinations.search_page.address import EVERY_FACET
from determinations.search_page.form import LAST_PAGE, ReadChoices, SearchFilters, nearest
from determinations.search_page.question import Question


@dataclass(frozen=True, slots=True)
class Fault:
    """`suggestion` is what to write in the value's place; of an unknown parameter, its right name."""

    parameter: str
    message: str
    suggestion: str = ""

    @property
    def in_words(self) -> str:
        return f"{self.message} Did you mean “{self.suggestion}”?" if self.suggestion else self.message


def faults_of(filters: SearchFilters, question: Question) -> tuple[Fault, ...]:
    """Every fault of the search page's parameters and of their question; none: run it as asked."""
    found = [*_of_names(filters), *_of_values(filters)]
    if question.fault:
        found.append(Fault("q", question.fault, question.mended.text if question.mended else ""))
    return tuple(found)


def unknown_parameter(name: str, known: Iterable[str]) -> Fault:
    return Fault(name, f"There is no parameter {shown(name)}.", nearest(name, known) or "")


def given_twice(name: str) -> Fault:
    return Fault(name, f"“{name}” is given more than once, with different values.")


def _of_names(filters: SearchFilters) -> Iterator[Fault]:
    for name in filters.typed.names:
        if name not in filters.filters:
            yield unknown_parameter(name, filters.filters)
        elif name not in EVERY_FACET and filters.typed.differ(name):
            yield given_twice(name)


def _of_values(filters: SearchFilters) -> Iterator[Fault]:
    form = filters.form
    for name, messages in form.errors.items():
        choices = form.cleaned_data.get(name)
        if isinstance(choices, ReadChoices):
            for problem in choices.problems:
                yield Fault(name, problem.message, problem.nearest or "")
        elif name == "page":
            yield Fault(name, f"A page is a whole number from 1 to {LAST_PAGE:,}.")
        else:
            known = [value for value, _ in filters.filters[name].extra.get("choices", ())]
            typed = filters.typed.values(name)[-1]
            for message in messages:
                yield Fault(name, str(message), nearest(typed, known) or "")
