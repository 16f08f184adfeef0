"""Items that were selected in the results, carried from page to page in the address: `item=CM14-0031877.2`.

The page's script keeps them for the browser's tab instead. The address of a search itself never has them.
"""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from determinations.models.querysets import read_item_name
from determinations.research.brief import MOST_ITEMS
from determinations.search_page.address import QueryParams
from determinations.search_page.search import read_search

ITEM = "item"


def selected_items(request: HttpRequest) -> tuple[str, ...]:
    """The names of the items that the address carries, each once, as many as a brief takes."""
    names = (name for name in request.GET.getlist(ITEM) if read_item_name(name))
    return tuple(dict.fromkeys(names))[:MOST_ITEMS]


@require_safe
def carry_selection(request: HttpRequest) -> HttpResponse:
    """To the page of results whose query string is `to`, with the items that were selected on this one."""
    url = read_search(QueryParams.of_query(request.GET.get("to", "")).without(ITEM)).address.url
    carried = urlencode([(ITEM, name) for name in selected_items(request)])
    joint = "&" if "?" in url else "?"
    return HttpResponseRedirect(f"{url}{joint}{carried}" if carried else url)
