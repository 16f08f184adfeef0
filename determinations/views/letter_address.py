"""A letter by its address: in any letter case, by any writing of its case number, by its content hash.

Each letter has one address of its own; the other ways in lead there.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse

from determinations.models import Determination
from determinations.search.query.case_numbers import case_number
from determinations.search.query.errors import shown
from determinations.search.query.nodes import CaseNumber

P = ParamSpec("P")


def find_letter(public_id: str) -> Determination | None:
    """The letter whose address or whole content hash this is, upper and lower case being one."""
    writings = {public_id, public_id.upper(), public_id.lower()}
    written = case_number(public_id)
    if isinstance(written, CaseNumber):
        writings.add(written.number)
    letters = Determination.objects.select_related("superseded_by")
    return (
        letters.filter(public_id__in=writings).first()
        or letters.filter(content_hash=public_id.lower()).order_by("part").first()
    )


def shows_letter(
    view: Callable[Concatenate[HttpRequest, Determination, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Hands the view its letter, 404 where there is none; any other address of it redirects to its own."""

    @wraps(view)
    def wrapped(request: HttpRequest, public_id: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        letter = find_letter(public_id)
        if letter is None:
            raise Http404(f"No letter held here has the address or case number {shown(public_id)}.")
        if letter.public_id != public_id:
            return HttpResponsePermanentRedirect(_own_address(request, letter))
        return view(request, letter, *args, **kwargs)

    return wrapped


def _own_address(request: HttpRequest, letter: Determination) -> str:
    match = request.resolver_match
    assert match is not None  # noqa: S101  (a view is only ever called through a resolved address)
    path = reverse(match.view_name, kwargs={**match.kwargs, "public_id": letter.public_id})
    query = request.META.get("QUERY_STRING", "")
    return f"{path}?{query}" if query else path
