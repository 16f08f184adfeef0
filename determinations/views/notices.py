"""What an address holds that its page cannot use: told above the page, and left out.

The search page and the pages of figures have many parameters and their own way, in `searching.filters`.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse

from determinations.search.query.errors import shown
from determinations.views.decorators import whole_number

P = ParamSpec("P")
T = TypeVar("T")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

_NOTICES = "address_notices"  # the name that the template knows


def takes(*names: str) -> Callable[[View[P]], View[P]]:
    """For a view that knows no parameters but these; tells those that the address has besides."""

    def decorated(view: View[P]) -> View[P]:
        @wraps(view)
        def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            for name in request.GET:
                if name not in names:
                    tell(request, f"This page has no parameter {shown(name)}, so it was left out.")
            return view(request, *args, **kwargs)

        return wrapped

    return decorated


def page_of(request: HttpRequest, pages: Paginator[T]) -> Page[T]:
    """The page that `page` asks for; for a number that is none, the nearest page, which says so."""
    typed = request.GET.get("page", "1")
    number = whole_number(typed)
    if not number:
        tell(request, f"A page is a whole number from 1, and {shown(typed)} is none: this is the first.")
        return pages.page(1)
    if number > pages.num_pages:
        last = f"this is the last, page {pages.num_pages:,}" if pages.num_pages > 1 else "there is only one"
        tell(request, f"There is no page {shown(typed)}: {last}.")
        return pages.page(pages.num_pages)
    return pages.page(number)


def tell(request: HttpRequest, message: str) -> None:
    """Above the page that answers this request."""
    notices: list[str] = getattr(request, _NOTICES, [])
    setattr(request, _NOTICES, [*notices, message])
