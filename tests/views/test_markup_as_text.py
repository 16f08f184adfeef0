"""What is written into a page without a template is text in every place: no letter, no question is markup."""

from dataclasses import fields, is_dataclass, replace
from enum import Enum
from itertools import count
from typing import Any, TypeVar

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.template import RequestContext
from django.test import RequestFactory

from determinations.case.reasons import Parting, RationalePiece
from determinations.models import Decision
from determinations.search.interface import Fragment
from determinations.search_page.facet_panel import FacetGroup, PanelValue
from determinations.search_page.item_ref import ItemRef
from determinations.search_page.result_rows import ResultRow
from determinations.search_page.shown_passages import LabeledPassages
from determinations.statistics.rates import OutcomeRate
from determinations.templatetags.folder import folder_button
from determinations.templatetags.result_list import result
from determinations.templatetags.results import (
    facet_group,
    marked,
    rationale_paragraph,
    read_from,
)
from tests.views.html import Page

NASTY = "<script>x</script>'\"><i onclick='y'>&lt;{0}{name}"
T = TypeVar("T")

PASSAGE = (Fragment("word", is_match=False), Fragment("word", is_match=True))
ROW = ResultRow(
    ref=ItemRef(
        "word", "word", "word", "word", "word", Decision.UPHELD, None, "word", ("word", "word"), True
    ),
    letter_key=1,
    request=PASSAGE,
    services=("word", "word"),
    levels=("word", "word"),
    levels_are_from_rationale=True,
    guidelines=("word", "word"),
    grounds=(),
    passages=(LabeledPassages("word", "word", (PASSAGE, PASSAGE)),),
    follows=True,
    lacks=("word", "word"),
    in_summary=("word", "word"),
)
VALUE = PanelValue("word", "word", 9, selected=True, toggle_url="word", rate=OutcomeRate(3, 9))
EXCLUDED = PanelValue(
    "word", "word", 9, selected=False, toggle_url="word", include_url="word", is_excluded=True
)
GROUP = FacetGroup(
    name="word",
    label="word",
    values=(replace(VALUE, within=2, children=(VALUE, EXCLUDED)), replace(VALUE, within=2)),
    folded=(VALUE, EXCLUDED),
    chosen=2,
    errors=("word",),
    every_url="word",
    source_url="word",
)


def nasty(value: T, numbers: "count[int]") -> T:
    """The same with each text in it replaced by markup, and a number that tells it from the others."""
    made: Any = value
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        made = f"{NASTY}{next(numbers)}."
    elif isinstance(value, tuple):
        made = tuple(nasty(one, numbers) for one in value)
    elif is_dataclass(value) and not isinstance(value, type | OutcomeRate):
        made = replace(value, **{one.name: nasty(getattr(value, one.name), numbers) for one in fields(value)})
    checked: T = made
    return checked


def shown(html: str) -> list[str]:
    """Every text and every attribute of the markup, once it is sure that nothing became an element."""
    page = Page(f"<body>{html}</body>")
    assert not page.unbalanced
    assert not [element.tag for element in page.elements if element.tag in {"script", "i"}]
    assert not [element for element in page.elements if "onclick" in element.attributes]
    return [*(value for element in page.elements for value in element.attributes.values()), page.text]


def is_shown(number: int, html: str) -> bool:
    return any(f"{NASTY}{number}." in text for text in shown(html))


@pytest.fixture
def context() -> RequestContext:
    request: HttpRequest = RequestFactory().get("/", {"q": NASTY})
    request.user = AnonymousUser()
    request.session = {}  # type: ignore[assignment]
    return RequestContext(request)


@pytest.mark.parametrize("under_letter", [False, True])
@pytest.mark.django_db
def test_each_text_of_a_result_is_text(context: RequestContext, under_letter: bool) -> None:
    numbers = count()
    row, chooser, parting = nasty((ROW, "word", Parting("word", "word")), numbers)
    html = result(
        context, row, chooser=chooser, selected=[row.ref.name], under_letter=under_letter, parting=parting
    )
    missing = {number for number in range(next(numbers)) if not is_shown(number, html)}
    of_letter = {row.ref.year, *row.ref.specialties} if under_letter else set()
    assert {f"{NASTY}{number}." for number in missing} == {row.ref.request, *of_letter}


@pytest.mark.parametrize("any_decision", [False, True])
@pytest.mark.parametrize("in_section", [False, True])
def test_each_text_of_a_facet_is_text(any_decision: bool, in_section: bool) -> None:
    numbers = count()
    group = nasty(GROUP, numbers)
    shown_group = replace(group, fetched_from="", heading=group.heading if in_section else "")
    html = facet_group(shown_group, any_decision)
    missing = {number for number in range(next(numbers)) if not is_shown(number, html)}
    several = (*group.values, *group.values[0].children, *group.folded)
    not_needed = {one.include_url for one in several if not one.is_excluded}
    has_link = [one.within > 0 and not one.is_open for one in several]
    for one, is_fetched in zip(several, has_link, strict=True):
        not_needed |= set() if is_fetched else {one.fetched_from, one.unfolded_url}
    called = group.label if in_section else group.heading
    fetched = {group.fetched_from, group.unfolded_url}
    assert {f"{NASTY}{number}." for number in missing} == not_needed | fetched | {called}


def test_each_text_of_a_facet_that_is_not_drawn_yet_is_text() -> None:
    numbers = count()
    group = nasty(FacetGroup("word", "word", (), ()), numbers)
    html = facet_group(group)
    missing = {number for number in range(next(numbers)) if not is_shown(number, html)}
    assert {f"{NASTY}{number}." for number in missing} == {
        *(group.label, group.every_url, group.source_url, group.figures_url),
    }


@pytest.mark.django_db
def test_the_address_that_a_folder_button_leads_back_to_is_text(context: RequestContext) -> None:
    html = folder_button(context, f"{NASTY}1.")
    assert is_shown(1, html)


def test_each_text_of_a_letters_page_is_text() -> None:
    numbers = count()
    passage, url, what = nasty((PASSAGE, "word", "word"), numbers)
    piece = nasty(RationalePiece(PASSAGE, "word", None, "word"), numbers)
    html = "".join(
        (
            marked(passage),
            *(
                read_from(url, what, short=how == "short", named=how == "named")
                for how in ("", "short", "named")
            ),
            rationale_paragraph((piece, replace(piece, side="against"))),
        )
    )
    assert [number for number in range(next(numbers)) if not is_shown(number, html)] == []
