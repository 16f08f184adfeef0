"""Items that were selected in the results, carried from page to page in the address: `item=CM14-0031877.2`.

The page's script keeps them for the browser's tab instead. The address of a search itself never has them.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from determinations.models.querysets import read_item_name
from determinations.research.brief import MOST_ITEMS
from determinations.research.folder import title_of
from determinations.search_page.address import QueryParams
from determinations.search_page.search import read_search

ITEM = "item"


def selected_items(request: HttpRequest) -> tuple[str, ...]:
    """The names of the items that the address carries, each once, as many as a brief takes."""
    names = (name for name in request.GET.getlist(ITEM) if read_item_name(name))
    return tuple(dict.fromkeys(names))[:MOST_ITEMS]


@dataclass(frozen=True, slots=True)
class SelectedItem:
    """An item that is selected and is not on this page; `title` names it to a person."""

    name: str
    title: str
    url: str


def selected_elsewhere(names: Iterable[str], on_page: Collection[str]) -> tuple[SelectedItem, ...]:
    """Those of the names that are not on the page."""
    return tuple(SelectedItem(name, title_of(name), _url(name)) for name in names if name not in on_page)


def _url(name: str) -> str:
    letter, _, position = name.rpartition(".")
    return f"{reverse('determinations:determination', args=[letter])}#item-{position}"


@require_safe
def carry_selection(request: HttpRequest) -> HttpResponse:
    """To the page of results whose query string is `to`, with the items that were selected on this one."""
    url = read_search(QueryParams.of_query(request.GET.get("to", "")).without(ITEM)).address.url
    carried = urlencode([(ITEM, name) for name in selected_items(request)])
    joint = "&" if "?" in url else "?"
    return HttpResponseRedirect(f"{url}{joint}{carried}" if carried else url)
