"""Notices above a page about parameters of its address that the page ignores.

The search page and the statistics pages have more parameters; `search_page.form` checks those.
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
    """For a view that takes only these parameters; adds a notice about each other parameter."""

    def decorated(view: View[P]) -> View[P]:
        @wraps(view)
        def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            for name in request.GET:
                if name not in names:
                    tell(request, f"This page has no parameter {shown(name)}, so it was ignored.")
            return view(request, *args, **kwargs)

        return wrapped

    return decorated


def page_of(request: HttpRequest, pages: Paginator[T]) -> Page[T]:
    """The page that `page` asks for; for a number that is none, the nearest page, which says so."""
    typed = request.GET.get("page", "1")
    number = whole_number(typed)
    if not number:
        tell(request, f"{shown(typed)} is not a page number. This is the first page.")
        return pages.page(1)
    if number > pages.num_pages:
        last = f"This is the last, page {pages.num_pages:,}" if pages.num_pages > 1 else "There is only one"
        tell(request, f"There is no page {shown(typed)}. {last}.")
        return pages.page(pages.num_pages)
    return pages.page(number)


def tell(request: HttpRequest, message: str) -> None:
    """Above the page that answers this request."""
    notices: list[str] = getattr(request, _NOTICES, [])
    setattr(request, _NOTICES, [*notices, message])
